package verify_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"mailprobe/internal/auth"
	"mailprobe/internal/finding"
	"mailprobe/internal/lab/realserver"
	"mailprobe/internal/probe"
	"mailprobe/internal/settings"
	"mailprobe/internal/tlscheck"
	"mailprobe/internal/verify"
)

// senders is what a Postfix thinks of the account's own address, by the local
// part of the name.
const senders = `
virtual_mailbox_maps = inline:{ {owner@example.org=1} {robbed@example.org=1} {grey@example.org=1} {full@example.org=1} {barred@example.org=1} }
smtpd_sender_login_maps = inline:{ {robbed@example.org=owner@example.org} {owner@example.org=owner@example.org,login} {grey@example.org=grey@example.org}
  {full@example.org=full@example.org} {barred@example.org=barred@example.org} {ghost@example.org=ghost@example.org} {away@example.net=away@example.net} }
smtpd_sender_restrictions = reject_authenticated_sender_login_mismatch
smtpd_recipient_restrictions = check_recipient_access inline:{
  { grey@example.org = 450 4.7.1 Greylisted, come back later }
  { full@example.org = 552 5.2.2 The mailbox is full }
  { barred@example.org = 554 5.7.1 Access denied } }
`

// TestSenderAtRealPostfix: Postfix looks at the sender when it is told the
// recipient (smtpd_delay_reject), unless it is told otherwise.
func TestSenderAtRealPostfix(t *testing.T) {
	var accounts []realserver.Account
	for _, name := range []string{"owner@example.org", "robbed@example.org", "grey@example.org", "full@example.org", "barred@example.org", "ghost@example.org", "away@example.net", "login"} {
		accounts = append(accounts, realserver.Account{User: name, Password: "correct horse"})
	}
	d := realserver.Dovecot(t, realserver.DovecotOptions{Accounts: accounts})
	late := realserver.Postfix(t, realserver.PostfixOptions{Dovecot: d, Extra: senders + "virtual_mailbox_domains = example.org\n"})
	soon := realserver.Postfix(t, realserver.PostfixOptions{Dovecot: d, Extra: senders + "smtpd_delay_reject = no\n"})
	closed := realserver.Postfix(t, realserver.PostfixOptions{Dovecot: d, Extra: "virtual_mailbox_domains = example.org\nsmtpd_relay_restrictions = reject_unauth_destination\n"})
	submission, bare := late.Endpoint(settings.SMTP, settings.StartTLS), closed.Endpoint(settings.SMTP, settings.Plain)
	bare.Security = settings.StartTLS
	for _, row := range []struct {
		name         string
		endpoint     settings.Endpoint
		user, sender string
		want         string
		seen         string
	}{
		{"own address", submission, "owner@example.org", "", "works", ""},
		{"over TLS", late.Endpoint(settings.SMTP, settings.TLS), "owner@example.org", "", "works", ""},
		{"a name and its address", submission, "login", "owner@example.org", "works", ""},
		{"a name alone", submission, "login", "", "works", ""},
		{"a name and the address of another", submission, "login", "robbed@example.org", "fails error send.sender_refused account", "553 5.7.1 <robbed@example.org>: Sender address rejected: not owned by user login"},
		{"not owned", submission, "robbed@example.org", "", "fails error send.sender_refused account", "553 5.7.1 <robbed@example.org>: Sender address rejected: not owned by user robbed@example.org"},
		{"not owned, said at once", soon.Endpoint(settings.SMTP, settings.TLS), "robbed@example.org", "", "fails error send.sender_refused account", "553 5.7.1 <robbed@example.org>: Sender address rejected: not owned by user robbed@example.org"},
		{"greylisted", submission, "grey@example.org", "", "unknown warning send.greylisted provider", "450 4.7.1 <grey@example.org>: Recipient address rejected: Greylisted, come back later"},
		{"full", submission, "full@example.org", "", "unknown warning send.mailbox_full account", "552 5.2.2 <full@example.org>: Recipient address rejected: The mailbox is full"},
		{"barred", submission, "barred@example.org", "", "fails error send.recipient_refused account", "554 5.7.1 <barred@example.org>: Recipient address rejected: Access denied"},
		{"no mailbox of that name", submission, "ghost@example.org", "", "unknown warning send.recipient_refused account", "550 5.1.1 <ghost@example.org>: Recipient address rejected: User unknown in virtual mailbox table"},
		{"mailbox elsewhere", submission, "away@example.net", "", "works", ""},
		{"relaying denied", bare, "away@example.net", "", "fails error send.relay_denied provider", "554 5.7.1 <away@example.net>: Relay access denied"},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			r := verify.Run(t.Context(), verify.Plan{
				Endpoints: []settings.Setting{{Endpoint: row.endpoint}}, NoAlternatives: true, NoControl: true,
				Options: probe.Options{Username: row.user, Sender: row.sender, Credential: auth.NewCredential(auth.Password, auth.NewSecret("correct horse")), TLS: tlscheck.Config{System: d.CAPool()}, Transcript: true},
			})
			if got, seen := judged(r.Endpoints[0]); got != row.want || seen != row.seen {
				t.Errorf("got  %s, %q\nwant %s, %q\n%s", got, seen, row.want, row.seen, transcripts(r))
			}
		})
	}
}

// judged describes the verdict on an endpoint, and what it comes from.
func judged(e verify.Endpoint) (what, seen string) {
	i := slices.IndexFunc(e.Findings, func(f finding.Finding) bool {
		return f.Severity != finding.Info && !strings.HasPrefix(f.Code, "perf.") // a busy computer is slow
	})
	if i < 0 {
		return string(e.Verdict), ""
	}
	f := e.Findings[i]
	return strings.TrimSpace(fmt.Sprintf("%s %s %s %s", e.Verdict, f.Severity, f.Code, f.Blame)), f.Seen()
}
