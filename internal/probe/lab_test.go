package probe_test

import (
	"fmt"
	"testing"
	"time"

	"mailprobe/internal/lab"
	"mailprobe/internal/probe"
	"mailprobe/internal/settings"
	"mailprobe/internal/tlscheck"
)

const token = "ya29.a0AfH6SMBx"

var account = lab.Account{Address: user, Password: password, Token: token}

func at(p settings.Protocol, s settings.Security) settings.Endpoint {
	return settings.Endpoint{Protocol: p, Host: "mail.example.com", Port: settings.DefaultPort(p, s), Security: s}
}

// everyEndpoint lists an encrypted endpoint of each protocol and mode.
func everyEndpoint() []settings.Endpoint {
	var list []settings.Endpoint
	for _, p := range settings.Protocols() {
		list = append(list, at(p, settings.TLS), at(p, settings.StartTLS))
	}
	return list
}

func startLab(t testing.TB, servers ...lab.Server) *lab.Lab {
	t.Helper()
	l, err := lab.Start(t.Context(), lab.Options{Servers: servers, Accounts: []lab.Account{account}, Slow: 450 * time.Millisecond})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	return l
}

func probeLab(t testing.TB, l *lab.Lab, e settings.Endpoint, opt probe.Options) *probe.Result {
	t.Helper()
	opt.Overrides, opt.TLS, opt.Transcript = l.Overrides(), tlscheck.Config{System: l.CAPool()}, true
	if opt.Timeouts == (probe.Timeouts{}) {
		opt.Timeouts = patient
	}
	return dialogues[e.Protocol](e, opt).Probe(t.Context())
}

func TestFaultsOfTheLab(t *testing.T) {
	t.Parallel()
	works := "ok ok ok ok - ok ok ok ok"
	rows := []struct {
		fault lab.Fault
		want  map[settings.Protocol]string // with implicit TLS; no entry: the fault does not fit
	}{
		{lab.None, all(works)},
		{lab.Silent, all("ok ok FAILED - - - - - -; handshake timeout")},
		{lab.AnswersHTTP, all("ok ok FAILED - - - - - -; wrong_protocol http")},
		{lab.RejectsGreeting, each("ok ok ok FAILED - - - - -; BYE", "ok ok ok FAILED - - - - -; -ERR", "ok ok ok FAILED - - - - -; 421")},
		{lab.LegacyTLS, all("ok ok FAILED - - - - - -; handshake alert")},
		{lab.Expired, all("ok ok ok ok - ok - - ok")},
		{lab.WrongName, all("ok ok ok ok - ok - - ok")},
		{lab.SelfSigned, all("ok ok ok ok - ok - - ok")},
		{lab.UnknownCA, all("ok ok ok ok - ok - - ok")},
		{lab.NoIntermediate, all("ok ok ok ok - ok - - ok")},
		{lab.UnfitKey, all("ok ok ok ok - ok - - ok")},
		{lab.WeakKey, all("ok ok ok ok - ok - - ok")},
		{lab.StaticRSA, all(works)},
		{lab.ExpiresSoon, all(works)},
		{lab.LoginRefused, each("ok ok ok ok - ok FAILED - ok; PLAIN NO", "ok ok ok ok - ok FAILED - ok; PLAIN -ERR", "ok ok ok ok - ok FAILED - ok; PLAIN 535")},
		{lab.OAuthOnly, all("ok ok ok ok - ok FAILED - ok; *auth.MechanismError")},
		{lab.TemporaryFailure, each("ok ok ok ok - ok FAILED - ok; PLAIN NO", "ok ok ok ok - ok FAILED - ok; PLAIN -ERR", "ok ok ok ok - ok FAILED - ok; PLAIN 454")},
		{lab.NotConnected, map[settings.Protocol]string{
			settings.IMAP: "ok ok ok ok - ok ok FAILED ok; EXAMINE INBOX BAD", settings.POP3: "ok ok ok ok - ok ok FAILED ok; STAT -ERR"}},
		{lab.WantsID, map[settings.Protocol]string{settings.IMAP: "ok ok ok ok - ok ok ok ok"}},
		{lab.SenderRefused, map[settings.Protocol]string{settings.SMTP: "ok ok ok ok - ok ok FAILED ok; RCPT TO 553"}},
		{lab.SMTPAuthDisabled, map[settings.Protocol]string{settings.SMTP: "ok ok ok ok - ok FAILED - ok; PLAIN 535"}},
	}
	for _, row := range rows {
		for p, want := range row.want {
			t.Run(fmt.Sprintf("%s %q", p, row.fault), func(t *testing.T) {
				t.Parallel()
				e := at(p, settings.TLS)
				l := startLab(t, lab.Server{Endpoint: e, Fault: row.fault})
				opt := withPassword()
				if row.fault == lab.Silent {
					opt.Timeouts.Phase = 2 * time.Second // its connection alone comes before
				}
				r := probeLab(t, l, e, opt)
				if got := summary(r); got != want {
					t.Errorf("got  %s\nwant %s\n%s", got, want, transcript(r))
				}
				if got, want := l.Total().SignIns() > 0, r.Auth.Sent; got != want {
					t.Errorf("got  a sign-in at the server: %v\nwant %v", got, want)
				}
			})
		}
	}
}

func all(want string) map[settings.Protocol]string { return each(want, want, want) }

func each(imap, pop3, smtp string) map[settings.Protocol]string {
	return map[settings.Protocol]string{settings.IMAP: imap, settings.POP3: pop3, settings.SMTP: smtp}
}

func TestIDOpensTheMailbox(t *testing.T) {
	e := at(settings.IMAP, settings.TLS)
	for _, known := range []bool{true, false} {
		opt := withPassword()
		opt.IMAPID = known
		r := probeLab(t, startLab(t, lab.Server{Endpoint: e, Fault: lab.WantsID}), e, opt)
		if got, want := summary(r), "ok ok ok ok - ok ok ok ok"; got != want || r.WantsID == known {
			t.Errorf("known to want it: %t\ngot  %s, refused before it: %t\nwant %s\n%s", known, got, r.WantsID, want, transcript(r))
		}
	}
}

// BenchmarkProbe is one whole dialogue with sign-in, on loopback.
func BenchmarkProbe(b *testing.B) {
	for _, e := range everyEndpoint() {
		b.Run(e.String(), func(b *testing.B) {
			l := startLab(b, lab.Server{Endpoint: e})
			for b.Loop() {
				if r := probeLab(b, l, e, withPassword()); r.FailedStep() != nil {
					b.Fatal(summary(r))
				}
			}
		})
	}
}
