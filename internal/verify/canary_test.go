package verify_test

import (
	"slices"
	"strings"
	"testing"

	"mailprobe/internal/auth"
	"mailprobe/internal/lab/realserver"
	"mailprobe/internal/probe"
	"mailprobe/internal/settings"
	"mailprobe/internal/tlscheck"
	"mailprobe/internal/verify"
)

// TestOneRejectionAtRealServers: whichever service is the first, a wrong
// password costs one failed sign-in, which the servers have logged themselves,
// and a right one is taken everywhere.
func TestOneRejectionAtRealServers(t *testing.T) {
	d := realserver.Dovecot(t, realserver.DovecotOptions{Accounts: []realserver.Account{{User: "alice@example.org", Password: "correct horse"}}})
	x := realserver.Postfix(t, realserver.PostfixOptions{Dovecot: d})
	doors := []settings.Endpoint{
		d.Endpoint(settings.IMAP, settings.TLS), d.Endpoint(settings.POP3, settings.TLS), x.Endpoint(settings.SMTP, settings.TLS),
		d.Endpoint(settings.IMAP, settings.StartTLS), d.Endpoint(settings.POP3, settings.StartTLS), x.Endpoint(settings.SMTP, settings.StartTLS),
	}
	run := func(first int, password string) *verify.Report {
		p := verify.Plan{NoAlternatives: true, NoControl: true, Options: probe.Options{
			Username: "alice@example.org", Credential: auth.NewCredential(auth.Password, auth.NewSecret(password)), TLS: tlscheck.Config{System: d.CAPool()}, Transcript: true,
		}}
		for _, e := range slices.Concat(doors[first:], doors[:first]) {
			p.Endpoints = append(p.Endpoints, settings.Setting{Endpoint: e})
		}
		return verify.Run(t.Context(), p)
	}
	for _, first := range []int{2, 1, 0} { // Postfix is the first to be first: its log may be behind by a line
		before := d.FailedLogins(t, "")
		count := map[probe.AuthStatus]int{}
		for _, e := range run(first, "wrong horse").Endpoints {
			count[e.Result.Auth.Status]++
		}
		if got := d.FailedLogins(t, "") - before; got != 1 || count[probe.AuthRejected] != 1 || count[probe.AuthSkipped] != len(doors)-1 {
			t.Errorf("%s first\ngot  %d failed sign-ins in the log, %v\nwant 1, and the others held back", doors[first].Protocol, got, count)
		}
	}
	before := d.FailedLogins(t, "")
	for _, e := range run(0, "correct horse").Endpoints {
		if e.Result.Auth.Status != probe.AuthAccepted || e.Verdict != verify.Works {
			t.Errorf("%s\ngot  %s, %s\nwant accepted", e.Address(), e.Result.Auth.Status, e.Verdict)
		}
		if asked, first := asks(e.Result.Transcript); asked != 1 || !first {
			t.Errorf("%s\ngot  the mailbox asked for %d times, in one flight with the sign-in: %v\nwant once, and so\n%s", e.Address(), asked, first, transcripts(&verify.Report{Endpoints: []verify.Endpoint{e}}))
		}
	}
	if got := d.FailedLogins(t, "") - before; got != 0 {
		t.Errorf("got  %d failed sign-ins with the right password\nwant none", got)
	}
	if got := strings.Count(x.Log(t), "authentication failed"); got != 1 {
		t.Errorf("got  %d failed sign-ins in Postfix's own log\nwant 1, of the run that began there", got)
	}
}

// asks counts how often a mailbox was asked for, and reports whether the first
// time was before the answer to the sign-in.
func asks(lines []probe.Line) (n int, first bool) {
	for i, l := range lines {
		if l.Sent && (strings.HasSuffix(l.Text, "EXAMINE INBOX") || l.Text == "STAT" || strings.HasPrefix(l.Text, "MAIL FROM")) {
			n++
			first = first || n == 1 && lines[i-1].Sent
		}
	}
	return n, first
}
