package verify_test

import (
	"context"
	"net/netip"
	"strings"
	"testing"
	"time"

	"mailprobe/internal/auth"
	"mailprobe/internal/lab"
	"mailprobe/internal/lab/realserver"
	"mailprobe/internal/lab/script"
	"mailprobe/internal/probe"
	"mailprobe/internal/settings"
	"mailprobe/internal/tlscheck"
	"mailprobe/internal/verify"
)

// sendTest runs a plan with a test message from user to itself.
func sendTest(ctx context.Context, user, password string, opt probe.Options, endpoints ...settings.Endpoint) *verify.Report {
	p := verify.Plan{Username: func(settings.Setting) string { return user }, Options: opt}
	reader := settings.POP3
	for _, e := range endpoints {
		p.Endpoints = append(p.Endpoints, settings.Setting{Endpoint: e, Role: settings.Documented})
		if e.Protocol == settings.IMAP {
			reader = settings.IMAP
		}
	}
	p.Options.Credential = auth.NewCredential(auth.Password, auth.NewSecret(password))
	p.Options.Transcript = true
	if p.Options.Message == nil {
		p.Options.Message = probe.NewTestMessage(user, reader, 10*time.Second)
	}
	return verify.Run(ctx, p)
}

// delivery describes what each endpoint saw of the message.
func delivery(r *verify.Report) string {
	var words []string
	for _, e := range r.Endpoints {
		d := e.Result.Message
		switch {
		case d == nil:
			words = append(words, "nothing")
		case d.Sent && d.Took > 0:
			words = append(words, "sent")
		case d.Seen && d.Deleted && d.Took > 0:
			words = append(words, "seen and deleted")
		case d.Seen:
			words = append(words, "seen, "+d.Reason)
		default:
			words = append(words, d.Reason)
		}
	}
	return strings.Join(words, "; ")
}

// codes lists the findings about the message.
func codes(r *verify.Report) string {
	var all []string
	for _, e := range r.Endpoints {
		for _, f := range e.Findings {
			if strings.HasPrefix(f.Code, "access.") || strings.HasPrefix(f.Code, "send.") {
				all = append(all, string(f.Severity)+" "+f.Code)
			}
		}
	}
	return strings.Join(all, ", ")
}

func transcripts(r *verify.Report) string {
	var b strings.Builder
	for _, e := range r.Endpoints {
		for _, l := range e.Result.Transcript {
			b.WriteString(string(e.Protocol) + " " + l.Text + "\n")
		}
	}
	return b.String()
}

// TestSendTestAtRealServers sends by Postfix and looks for the message at
// Dovecot. Mail that was there before must stay.
func TestSendTestAtRealServers(t *testing.T) {
	d := realserver.Dovecot(t, realserver.DovecotOptions{})
	p := realserver.Postfix(t, realserver.PostfixOptions{Dovecot: d})
	opt := probe.Options{TLS: tlscheck.Config{System: d.CAPool()}}
	for i, reader := range []settings.Protocol{settings.IMAP, settings.POP3} {
		t.Run(string(reader), func(t *testing.T) {
			a := d.Accounts()[i]
			r := sendTest(t.Context(), a.User, a.Password, opt, d.Endpoint(reader, settings.TLS), p.Endpoint(settings.SMTP, settings.StartTLS))
			if got, want := delivery(r), "seen and deleted; sent"; got != want || r.Verdict != verify.Works {
				t.Errorf("got  %s, %s (%s)\nwant %s\n%s", got, r.Verdict, codes(r), want, transcripts(r))
			}
			// A second run finds an empty maildrop.
			after := verify.Run(t.Context(), verify.Plan{
				Endpoints: []settings.Setting{{Endpoint: d.Endpoint(settings.POP3, settings.TLS)}}, Username: func(settings.Setting) string { return a.User },
				Options: probe.Options{TLS: opt.TLS, Credential: auth.NewCredential(auth.Password, auth.NewSecret(a.Password))},
			})
			if got := after.Endpoints[0].Result.AccessReply; got == nil || got.Text != "+OK 0 0" {
				t.Errorf("maildrop afterwards\ngot  %+v\nwant it empty", got)
			}
		})
	}
	if got := d.FailedLogins(t, ""); got != 0 {
		t.Errorf("failed sign-ins\ngot  %d\nwant 0", got)
	}
}

func TestSendTestInLab(t *testing.T) {
	at := func(p settings.Protocol, port uint16) settings.Endpoint {
		return settings.Endpoint{Protocol: p, Host: string(p) + ".example.com", Port: port, Security: settings.TLS}
	}
	imap, pop, smtp := at(settings.IMAP, 993), at(settings.POP3, 995), at(settings.SMTP, 465)
	for _, row := range []struct {
		name      string
		endpoints []settings.Endpoint
		fault     map[settings.Protocol]lab.Fault
		want      string
		codes     string
		left      int // in the maildrop of POP3, which is not IMAP's
	}{
		{"all three", []settings.Endpoint{imap, pop, smtp}, nil, "seen and deleted; nothing; sent", "", 1},
		{"SMTP first", []settings.Endpoint{smtp, imap}, nil, "sent; seen and deleted", "", 1},
		{"POP3", []settings.Endpoint{pop, smtp}, nil, "seen and deleted; sent", "", 0},
		{"no mailbox", []settings.Endpoint{imap, smtp}, map[settings.Protocol]lab.Fault{settings.IMAP: lab.NotConnected},
			"nothing; not sent: there is no mailbox to look for it in", "error access.mailbox_not_opened, warning access.message_not_sent", 0},
		{"sender refused", []settings.Endpoint{pop, smtp}, map[settings.Protocol]lab.Fault{settings.SMTP: lab.SenderRefused},
			"nothing; not sent", "error send.sender_refused, warning access.message_not_sent", 0},
		{"no sender", []settings.Endpoint{imap, smtp}, map[settings.Protocol]lab.Fault{settings.SMTP: lab.Refused}, "nothing; nothing", "", 0},
		{"no sender for POP3", []settings.Endpoint{pop, smtp}, map[settings.Protocol]lab.Fault{settings.SMTP: lab.TemporaryFailure}, "nothing; nothing", "", 0},
		{"nobody to send", []settings.Endpoint{imap}, nil, "nothing", "", 0},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			servers := lab.Servers(row.endpoints...)
			for i, s := range servers {
				servers[i].Fault = row.fault[s.Endpoint.Protocol]
			}
			l, err := lab.Start(t.Context(), lab.Options{Servers: servers, Accounts: []lab.Account{{Address: "me@example.com", Password: "secret of the lab"}}})
			if err != nil {
				t.Fatal(err)
			}
			defer l.Close()
			r := sendTest(t.Context(), "me@example.com", "secret of the lab",
				probe.Options{Overrides: l.Overrides(), TLS: tlscheck.Config{System: l.CAPool()}}, row.endpoints...)
			if got := delivery(r); got != row.want || codes(r) != row.codes {
				t.Errorf("got  %s (%s)\nwant %s (%s)\n%s", got, codes(r), row.want, row.codes, transcripts(r))
			}
			mail := l.Mail("me@example.com")
			if len(mail) != row.left {
				t.Fatalf("messages\ngot  %d\nwant %d", len(mail), row.left)
			}
			for _, text := range mail {
				for _, want := range []string{"Auto-Submitted: auto-generated\r\n", "Subject: mailprobe test message ", "Message-ID: <", "Date: "} {
					if !strings.Contains(text, want) {
						t.Errorf("got  %q\nwant %q in it", text, want)
					}
				}
			}
			if got := l.Total().SignIns(); got > len(row.endpoints) {
				t.Errorf("sign-ins\ngot  %d\nwant one per service", got)
			}
		})
	}
}

// TestSendTestRefused plays servers that take the sign-in and not the
// message, or lose it.
func TestSendTestRefused(t *testing.T) {
	const (
		hello   = "TLS\nS: 220 hi\nC: EHLO\nS: 250-me\nS: 250 AUTH PLAIN\nC: AUTH PLAIN\nS: 235 ok\n"
		popped  = "TLS\nS: +OK hi\nC: CAPA\nS: +OK\nS: UIDL\nS: SASL PLAIN\nS: .\nC: AUTH PLAIN\nS: +OK\nC: STAT\nS: +OK 1 100\n"
		lost    = popped + "C: TOP 1 0\nS: +OK\nS: Subject: another\nS: .\nC: QUIT\n"
		mailed  = "C: MAIL FROM\nS: 250 ok\nC: RCPT TO\nS: 250 ok\n"
		written = "C: DATA\nS: 354 go\nC: Date:\nC: From:\nC: To:\nC: Message-ID:\nC: Subject:\nC: Auto-Submitted:\nC: MIME-Version:\nC: Content-Type:\nC: *\nC: mailprobe\nC: It deletes\nC: .\n"
	)
	for _, row := range []struct {
		name, smtp, pop3 string
		want, codes      string
	}{
		{"recipient refused", hello + "C: MAIL FROM\nS: 250 ok\nC: RCPT TO\nS: 550 5.7.1 no relaying\nC: QUIT\n", popped + "C: QUIT\n",
			"nothing; not sent", "error send.relay_denied, warning access.message_not_sent"},
		{"not now", hello + "C: MAIL FROM\nS: 250 ok\nC: RCPT TO\nS: 451 4.7.1 greylisted\nC: QUIT\n", popped + "C: QUIT\n",
			"nothing; not sent", "warning access.message_not_sent, warning send.greylisted"},
		{"sender refused", hello + "C: MAIL FROM\nS: 553 5.7.1 not yours\nC: QUIT\n", popped + "C: QUIT\n",
			"nothing; not sent", "error access.refused, warning access.message_not_sent"},
		{"an answer to MAIL that is none", hello + "C: MAIL FROM\nS: 221 2.0.0 bye\n", popped + "C: QUIT\n",
			"nothing; not sent", "warning access.message_not_sent"},
		{"a consent to DATA that is none", hello + mailed + "C: DATA\nS: 250 ok\n", popped + "C: QUIT\n",
			"nothing; not sent", "error access.send_failed"},
		{"DATA refused", hello + mailed + "C: DATA\nS: 554 5.5.1 no valid recipients\nC: QUIT\n", popped + "C: QUIT\n",
			"nothing; not sent", "error access.send_failed"},
		{"message refused", hello + mailed + written + "S: 554 5.7.1 spam\nC: QUIT\n", popped + "C: QUIT\n",
			"nothing; not sent", "error access.send_failed"},
		{"message refused for now", hello + mailed + written + "S: 451 4.7.1 later\nC: QUIT\n", popped + "C: QUIT\n",
			"nothing; not sent", "warning access.send_failed"},
		{"another answer to the message", hello + mailed + written + "S: 251 forwarded\n", lost,
			"", "warning access.message_not_seen, error access.send_failed"},
		{"go on, after the message", hello + mailed + written + "S: 354 go on\n", lost,
			"", "warning access.message_not_seen, error access.send_failed"},
		{"leaves with the message", hello + mailed + written + "S: 221 2.0.0 bye\nclose\n", lost,
			"", "warning access.message_not_seen, error access.send_failed"},
		{"hangs up behind the message", hello + mailed + written + "close\n", lost,
			"", "warning access.message_not_seen, warning access.send_failed"},
		{"hangs up in the middle", hello + "C: MAIL FROM\nS: 250 ok\nC: RCPT TO\nS: 250 ok\nC: DATA\nS: 354 go\nclose\n", popped + "C: TOP 1 0\nS: +OK\nS: Subject: another\nS: .\nC: QUIT\n",
			"", "warning access.message_not_seen, warning access.send_failed"},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			smtp := script.Start(t, script.Options{}, row.smtp)
			pop3 := script.Start(t, script.Options{CA: smtp.CA()}, row.pop3)
			loopback := netip.MustParseAddr("127.0.0.1")
			r := sendTest(t.Context(), "me@example.com", "secret of the script",
				probe.Options{Address: &loopback, TLS: tlscheck.Config{System: smtp.CA().Pool()}, Message: probe.NewTestMessage("me@example.com", settings.POP3, 200*time.Millisecond)},
				settings.Endpoint{Protocol: settings.POP3, Host: "localhost", Port: pop3.Port(), Security: settings.TLS},
				settings.Endpoint{Protocol: settings.SMTP, Host: "localhost", Port: smtp.Port(), Security: settings.TLS})
			if got := delivery(r); row.want != "" && got != row.want || codes(r) != row.codes {
				t.Errorf("got  %s (%s)\nwant %s (%s)\n%s", got, codes(r), row.want, row.codes, transcripts(r))
			}
		})
	}
}

// TestSendTestNotSeen sends in the lab and plays mailboxes in which the
// message never shows, or from which it cannot go.
func TestSendTestNotSeen(t *testing.T) {
	const (
		popped = "TLS\nS: +OK hi\nC: CAPA\nS: +OK\nS: UIDL\nS: SASL PLAIN\nS: .\nC: AUTH PLAIN\nS: +OK\nC: STAT\nS: +OK 1 100\n"
		mapped = "TLS\nS: * OK [CAPABILITY IMAP4rev1 SASL-IR AUTH=PLAIN] hi\nC: * AUTHENTICATE PLAIN\nS: $tag OK [CAPABILITY IMAP4rev1] in\n" +
			"C: * EXAMINE\nS: * 1 EXISTS\nS: $tag OK [READ-ONLY] done\nC: * SELECT\nS: * 1 EXISTS\nS: $tag OK [READ-WRITE] done\nC: * NOOP\nS: $tag OK\n" +
			"C: * UID SEARCH\nS: * SEARCH 7\nS: $tag OK\nC: * UID FETCH 7\n"
		ours = "S: * 1 FETCH (UID 7 BODY[HEADER.FIELDS (Subject)] {62}\nS: Subject: SUBJECT\nS: \nS: )\nS: $tag OK\n"
	)
	for _, row := range []struct {
		name     string
		protocol settings.Protocol
		script   string
		codes    string
		reason   string
	}{
		{"another's mail", settings.POP3, popped + "C: TOP 1 0\nS: +OK\nS: Subject: private matter\nS: .\nC: QUIT\n", "warning access.message_not_seen", "not seen"},
		{"TOP is not known", settings.POP3, popped + "C: TOP 1 0\nS: -ERR what?\nC: QUIT\n", "warning access.message_not_seen", "TOP"},
		{"DELE refused", settings.POP3, popped + "C: TOP 1 0\nS: +OK\nS: Subject: SUBJECT\nS: .\nC: DELE 1\nS: -ERR no\nC: QUIT\n", "warning access.message_left", "-ERR no"},
		{"QUIT not confirmed", settings.POP3, popped + "C: TOP 1 0\nS: +OK\nS: Subject: SUBJECT\nS: .\nC: DELE 1\nS: +OK\nC: QUIT\nclose\n", "warning access.message_left", "perhaps not deleted"},
		{"search finds another message", settings.IMAP, mapped + "S: * 1 FETCH (UID 7 BODY[HEADER.FIELDS (Subject)] {27}\nS: Subject: private matter\nS: )\nS: $tag OK\nC: * NOOP\nclose\n",
			"warning access.message_not_seen", "not seen"},
		{"fetch answers about another message", settings.IMAP, mapped + strings.Replace(ours, "UID 7", "UID 77", 1) + "C: * NOOP\nclose\n",
			"warning access.message_not_seen", "not seen"},
		{"others are marked as deleted", settings.IMAP, mapped + ours + "C: * CAPABILITY\nS: * CAPABILITY IMAP4rev1\nS: $tag OK\nC: * UID SEARCH DELETED\nS: * SEARCH 3\nS: $tag OK\nC: * LOGOUT\n",
			"warning access.message_left", "other messages are marked"},
		{"deleted without UIDPLUS", settings.IMAP, mapped + ours + "C: * CAPABILITY\nS: * CAPABILITY IMAP4rev1\nS: $tag OK\nC: * UID SEARCH DELETED\nS: * SEARCH\nS: $tag OK\n" +
			"C: * UID STORE 7 +FLAGS.SILENT (\\Deleted)\nS: $tag OK\nC: * EXPUNGE\nS: * 1 EXPUNGE\nS: $tag OK\nC: * LOGOUT\n", "", ""},
		{"deleted with UIDPLUS", settings.IMAP, mapped + ours + "C: * CAPABILITY\nS: * CAPABILITY IMAP4rev1 UIDPLUS\nS: $tag OK\n" +
			"C: * UID STORE 7 +FLAGS.SILENT (\\Deleted)\nS: $tag OK\nC: * UID EXPUNGE 7\nS: * 1 EXPUNGE\nS: $tag OK\nC: * LOGOUT\n", "", ""},
		{"the server leaves", settings.IMAP, mapped[:strings.Index(mapped, "C: * NOOP")] + "C: * NOOP\nS: * BYE maintenance\nclose\n", "warning access.message_not_seen", "not seen"},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			smtp := settings.Endpoint{Protocol: settings.SMTP, Host: "smtp.example.com", Port: 465, Security: settings.TLS}
			l, err := lab.Start(t.Context(), lab.Options{Servers: lab.Servers(smtp), Accounts: []lab.Account{{Address: "me@example.com", Password: "secret of the lab"}}})
			if err != nil {
				t.Fatal(err)
			}
			defer l.Close()
			patience := 100 * time.Millisecond
			if row.protocol == settings.IMAP {
				patience = 30 * time.Second // the scripts end before
			}
			m := probe.NewTestMessage("me@example.com", row.protocol, patience)
			box := script.Start(t, script.Options{}, strings.ReplaceAll(row.script, "SUBJECT", m.Subject()))
			roots := l.CAPool()
			roots.AddCert(box.CA().Certificate())
			overrides := l.Overrides()
			overrides.ConnectTo = append(overrides.ConnectTo, probe.ConnectRule{Host: "localhost", ToHost: "127.0.0.1", ToPort: box.Port()})
			r := sendTest(t.Context(), "me@example.com", "secret of the lab",
				probe.Options{Overrides: overrides, TLS: tlscheck.Config{System: roots}, Message: m},
				settings.Endpoint{Protocol: row.protocol, Host: "localhost", Port: 999, Security: settings.TLS}, smtp)
			d := r.Endpoints[0].Result.Message
			if codes(r) != row.codes || d == nil || !strings.Contains(d.Reason, row.reason) || d.Deleted != (row.codes == "") {
				t.Errorf("got  %s, %+v\nwant %s because of %q\n%s", codes(r), d, row.codes, row.reason, transcripts(r))
			}
			if row.protocol == settings.POP3 && strings.Contains(transcripts(r), "private matter") {
				t.Error("got  somebody's mail in the transcript\nwant none")
			}
			if strings.Contains(row.codes, "not_seen") && r.Verdict != verify.Unknown {
				t.Errorf("got  %s\nwant %s: whether mail arrives is an open question", r.Verdict, verify.Unknown)
			}
			if got := len(l.Mail("me@example.com")); got != 1 {
				t.Errorf("messages sent\ngot  %d\nwant 1", got)
			}
		})
	}
}
