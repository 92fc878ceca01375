package verify_test

import (
	"fmt"
	"net/netip"
	"strings"
	"testing"

	"mailprobe/internal/auth"
	"mailprobe/internal/lab/pki"
	"mailprobe/internal/lab/script"
	"mailprobe/internal/probe"
	"mailprobe/internal/settings"
	"mailprobe/internal/tlscheck"
	"mailprobe/internal/verify"
)

const spoken = "secret of the script"

// What servers say up to the sign-in, and a whole dialogue that works.
var (
	upTo = map[settings.Protocol]string{
		settings.IMAP: "TLS\nS: * OK [CAPABILITY IMAP4rev1 SASL-IR AUTH=PLAIN] hi\n",
		settings.POP3: "TLS\nS: +OK hi\nC: CAPA\nS: +OK\nS: SASL PLAIN\nS: .\n",
		settings.SMTP: "TLS\nS: 220 hi\nC: EHLO\nS: 250-me\nS: 250 AUTH PLAIN\n",
	}
	shows  = map[settings.Protocol]string{settings.IMAP: "C: * AUTHENTICATE PLAIN\n", settings.POP3: "C: AUTH PLAIN\n", settings.SMTP: "C: AUTH PLAIN\n"}
	agreed = map[settings.Protocol]string{
		settings.IMAP: "S: $tag OK [CAPABILITY IMAP4rev1] in\nC: * EXAMINE INBOX\nS: * 0 EXISTS\nS: $tag OK [READ-ONLY] done\nC: * LOGOUT\n",
		settings.POP3: "S: +OK in\nC: STAT\nS: +OK 0 0\nC: CAPA\nS: +OK\nS: UIDL\nS: .\nC: QUIT\n",
		settings.SMTP: "S: 235 in\nC: MAIL FROM\nS: 250 ok\nC: RCPT TO\nS: 250 ok\nC: QUIT\n",
	}
)

// A stage is three scripted servers, one for each service, and the plan to
// sign in to them.
type stage struct {
	servers []*script.Server
	plan    verify.Plan
}

// newStage lets the service odd answer a sign-in in its own way; those before it
// accept one, and so do those behind it if the run goes on, or if one before it
// has judged the credential. The plan lists them in the order of services.
func newStage(t *testing.T, ca *pki.CA, services []settings.Protocol, odd settings.Protocol, answer string, goesOn bool) stage {
	t.Helper()
	loopback := netip.MustParseAddr("127.0.0.1")
	s := stage{plan: verify.Plan{NoAlternatives: true, NoControl: true, Options: probe.Options{
		Address: &loopback, Username: "me@example.com", Credential: auth.NewCredential(auth.Password, auth.NewSecret(spoken)),
		TLS: tlscheck.Config{System: ca.Pool()},
	}}}
	signsIn := odd != ""
	for i, p := range services {
		after := shows[p] + agreed[p]
		switch {
		case p == odd:
			after, signsIn = shows[p]+answer, goesOn || i > 0
		case !signsIn:
			after = "silence"
		}
		server := script.Start(t, script.Options{CA: ca}, upTo[p]+after)
		s.servers = append(s.servers, server)
		s.plan.Endpoints = append(s.plan.Endpoints, settings.Setting{Endpoint: settings.Endpoint{Protocol: p, Host: "localhost", Port: server.Port(), Security: settings.TLS}})
	}
	s.plan.Options.Dialer = script.Servers(s.servers)
	return s
}

// shown lists the services that were shown the credential, as the servers saw
// it: a line with the sign-in arrived.
func (s stage) shown() string {
	var words []string
	for i, server := range s.servers {
		server.Close()
		for _, line := range server.Lines() {
			if strings.Contains(line, "AUTH PLAIN ") || strings.Contains(line, "AUTHENTICATE PLAIN ") {
				words = append(words, string(s.plan.Endpoints[i].Protocol))
			}
		}
	}
	return strings.Join(words, " ")
}

// orders are orders of the three services, each of which is once the first, the
// second and the last.
func orders() [][]settings.Protocol {
	i, p, s := settings.IMAP, settings.POP3, settings.SMTP
	return [][]settings.Protocol{{i, p, s}, {p, s, i}, {s, i, p}}
}

func TestNobodyAfterAnAnswerThatLeavesOpen(t *testing.T) {
	t.Parallel()
	ca, err := pki.NewCA("held back")
	if err != nil {
		t.Fatal(err)
	}
	imap, pop3, smtp := settings.IMAP, settings.POP3, settings.SMTP
	for _, row := range []struct {
		service settings.Protocol
		answer  string
	}{
		{imap, "S: $tag NO [UNAVAILABLE] Authentication failed\nC: T1 EXAMINE\nC: * LOGOUT"},
		{imap, "S: $tag NO [LIMIT] too many failed logins\nC: T1 EXAMINE\nC: * LOGOUT"},
		{imap, "S: $tag NO [INUSE] account busy\nC: T1 EXAMINE\nC: * LOGOUT"},
		{imap, "S: $tag NO [UNAVAILABLE] Temporary authentication failure: invalid credentials\nC: T1 EXAMINE\nC: * LOGOUT"},
		{imap, "S: $tag NO [SERVERBUG] Internal error occurred\nC: T1 EXAMINE\nC: * LOGOUT"},
		{imap, "S: $tag NO [CONTACTADMIN] see the helpdesk\nC: T1 EXAMINE\nC: * LOGOUT"},
		{imap, "S: $tag NO [ALERT] Kontosperre aktiv, bitte später versuchen\nC: T1 EXAMINE\nC: * LOGOUT"},
		{imap, "S: $tag NO [PRIVACYREQUIRED-ISH] nein\nC: T1 EXAMINE\nC: * LOGOUT"},
		{imap, "S: $tag NO system temporarily unavailable, try again later\nC: T1 EXAMINE\nC: * LOGOUT"},
		{imap, "S: $tag NO Server busy\nC: T1 EXAMINE\nC: * LOGOUT"},
		{imap, "S: * BYE [UNAVAILABLE] Temporary problem, please try again later\nclose"},
		{imap, "S: * BYE Autologout; too many invalid logins\nS: $tag NO no\nclose"},
		{imap, "close"},
		{imap, "reset"},
		{imap, "silence"},
		{pop3, "S: -ERR [SYS/TEMP] account temporarily locked\nC: QUIT"},
		{pop3, "S: -ERR [SYS/TEMP] Temporary authentication failure, wrong password\nC: QUIT"},
		{pop3, "S: -ERR [IN-USE] user locked out\nC: QUIT"},
		{pop3, "S: -ERR [LOGIN-DELAY] minimum time between failed logins\nC: QUIT"},
		{pop3, "S: -ERR [SYS/PERM] no\nC: QUIT"},
		{pop3, "S: -ERR mailbox is locked\nC: QUIT"},
		{pop3, "S: -ERR try again in 5 minutes\nC: QUIT"},
		{pop3, "S-raw: -ERR\\r\\n\nclose"},
		{pop3, "silence"},
		{smtp, "S: 454 4.7.8 credentials invalid\nC: QUIT"},
		{smtp, "S: 454 4.7.0 Temporary authentication failure; the password is wrong\nC: QUIT"},
		{smtp, "S: 421 4.7.0 Too many errors on this connection---closing\nclose"},
		{smtp, "S: 421 bye\nclose"},
		{smtp, "S: 450 4.7.1 try again later\nC: QUIT"},
		{smtp, "S: 432 4.7.12 A password transition is needed\nC: QUIT"},
		{smtp, "S: 451 4.3.0 lookup failure for the account\nC: QUIT"},
		{smtp, "S: 530 5.7.0 Authentication required\nC: QUIT"},
		{smtp, "S: 550 5.7.1 no\nC: QUIT"},
		{smtp, "S: 503 5.5.1 you may not\nC: QUIT"},
		{smtp, "S: 250 fine"},
		{smtp, "S: 535 4.7.8 later\nC: QUIT"},
		{smtp, "close"},
	} {
		for _, services := range orders() {
			t.Run(fmt.Sprintf("%s %s/%v", row.service, firstLine(row.answer), services), func(t *testing.T) {
				t.Parallel()
				s := newStage(t, ca, services, row.service, row.answer, false)
				next := newStage(t, ca, services[:1], "", "", false)
				var reports []*verify.Report
				// The second target has a credential of its own, with the same secret.
				verify.Each(t.Context(), []verify.Plan{s.plan, next.plan}, 2, func(_ int, r *verify.Report) { reports = append(reports, r) })
				shown := services[:1]
				if services[0] != row.service { // which has judged the credential
					shown = services
				}
				want := strings.Trim(fmt.Sprint(shown), "[]")
				if got := s.shown(); got != want {
					t.Errorf("got  shown to %q\nwant %q", got, want)
				}
				if got := next.shown(); got != "" {
					t.Errorf("got  shown to the next target's %q\nwant to nobody", got)
				}
				held(t, reports, len(shown))
			})
		}
	}
}

func firstLine(s string) string {
	line, _, _ := strings.Cut(s, "\n")
	return strings.ReplaceAll(line, "/", "|")
}

// held holds that after so many sign-ins every further endpoint is held back,
// says why, and is no success.
func held(t *testing.T, reports []*verify.Report, tried int) {
	t.Helper()
	var rejected bool
	for _, r := range reports {
		for _, e := range r.Endpoints {
			a := e.Result.Auth
			rejected = rejected || a.Status == probe.AuthRejected
			if e.Verdict == verify.Unknown && a.Status == probe.AuthRejected {
				t.Errorf("%s\ngot  unknown, and rejected by %q\nwant not judged", e.Address(), a.Reply.Text)
			}
			if !rejected && strings.Contains(a.Reason, "was rejected at") {
				t.Errorf("%s\ngot  %s\nwant nobody called rejecting who was not", e.Address(), a.Reason)
			}
			if tried--; tried >= 0 {
				continue
			}
			if a.Status != probe.AuthSkipped || !a.Open || !strings.Contains(a.Reason, "could lock the account") || e.Result.SecretSent || e.Verdict != verify.Unknown {
				t.Errorf("%s\ngot  %s %q, sent: %t, %s\nwant it held back, and why", e.Protocol, a.Status, a.Reason, e.Result.SecretSent, e.Verdict)
			}
		}
	}
}

// Where the words say that nothing was judged, the other services go on.
func TestOthersGoOnWhereNothingWasJudged(t *testing.T) {
	t.Parallel()
	ca, err := pki.NewCA("not judged")
	if err != nil {
		t.Fatal(err)
	}
	for service, answers := range map[settings.Protocol][]string{
		settings.IMAP: {"NO [UNAVAILABLE] Temporary authentication failure. [mail1:2026-11-23 01:20:00]", "NO [LIMIT] Maximum number of connections from user+IP exceeded (mail_max_userip_connections=10)"},
		settings.POP3: {"-ERR [SYS/TEMP] Temporary authentication failure. [mail1:2026-11-23 01:20:00]", "-ERR [IN-USE] Mailbox is locked by another POP3 session."},
		settings.SMTP: {"454 4.7.0 Temporary authentication failure: Connection lost to authentication server", "535 5.7.139 Authentication unsuccessful, SmtpClientAuthentication is disabled for the Tenant."},
	} {
		for _, answer := range answers {
			for _, services := range orders() {
				t.Run(fmt.Sprintf("%s %s/%v", service, strings.ReplaceAll(answer, "/", "|"), services), func(t *testing.T) {
					t.Parallel()
					tag := map[settings.Protocol]string{settings.IMAP: "$tag "}[service]
					s := newStage(t, ca, services, service, "S: "+tag+answer+"\nsilence", true)
					r := verify.Run(t.Context(), s.plan)
					if got, want := s.shown(), strings.Trim(fmt.Sprint(services), "[]"); got != want || r.Stopped != "" {
						t.Errorf("got  shown to %q (%s)\nwant %q", got, r.Stopped, want)
					}
					for _, e := range r.Endpoints {
						if got := e.Result.Auth.Status; e.Protocol == service && got != probe.AuthUnknown {
							t.Errorf("got  %s\nwant %s: nothing was judged", got, probe.AuthUnknown)
						}
					}
				})
			}
		}
	}
}

// Where a server refuses every way without having judged anything, the others
// go on, and nothing calls that a rejection.
func TestOthersGoOnWhereEveryWayWasRefused(t *testing.T) {
	t.Parallel()
	ca, err := pki.NewCA("refused")
	if err != nil {
		t.Fatal(err)
	}
	for _, row := range []struct {
		service settings.Protocol
		answer  string
		code    string
	}{
		{settings.IMAP, "$tag NO [PRIVACYREQUIRED] Plaintext authentication disallowed on non-secure (SSL/TLS) connections.", "auth.privacy_required"},
		{settings.SMTP, "538 5.7.11 Encryption required for requested authentication mechanism", "auth.privacy_required"},
		{settings.SMTP, "534 5.7.9 Authentication mechanism is too weak", "auth.mechanism_weak"},
		{settings.SMTP, "503 5.5.1 Error: authentication not enabled", "auth.all_ways_refused"},
	} {
		for _, services := range orders() {
			t.Run(fmt.Sprintf("%s/%v", strings.ReplaceAll(row.answer, "/", "|"), services), func(t *testing.T) {
				t.Parallel()
				no := "S: " + row.answer + "\n"
				play := no + shows[row.service] + no + "C: QUIT"
				if row.service == settings.IMAP {
					play = no + "C: T1 EXAMINE\n" + shows[row.service] + no + "C: * LOGIN\n" + no + "C: * LOGOUT"
				}
				s := newStage(t, ca, services, row.service, play, true)
				r := verify.Run(t.Context(), s.plan)
				if got, want := s.shown(), strings.Trim(fmt.Sprint(services), "[]"); got != want || r.Stopped != "" {
					t.Errorf("got  shown to %q (%s)\nwant %q", got, r.Stopped, want)
				}
				for _, e := range r.Endpoints {
					if e.Protocol == row.service && (e.Result.Auth.Status != probe.AuthUnknown || e.Verdict != verify.Fails || e.Findings[0].Code != row.code) {
						t.Errorf("got  %s, %s, %v\nwant %s, fails, %s", e.Result.Auth.Status, e.Verdict, e.Findings, probe.AuthUnknown, row.code)
					}
				}
			})
		}
	}
}
