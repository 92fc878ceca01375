package main

import (
	"slices"
	"strings"
	"testing"

	"mailprobe/internal/catalog"
	"mailprobe/internal/settings"
)

// The most used providers of the catalogue, as documented and under their own
// host names, at a real Dovecot and a real Postfix.
func TestRealProviders(t *testing.T) {
	t.Parallel()
	for _, p := range servedProviders() {
		t.Run(p.ID, func(t *testing.T) {
			t.Parallel()
			v := providerVisit(t, p)
			t.Run("right password", func(t *testing.T) { rightPassword(t, p, v) })
			t.Run("wrong password", func(t *testing.T) { wrongPassword(t, p, v) })
		})
	}
}

// providerVisit leads a provider's documented settings to the real servers.
func providerVisit(t *testing.T, p *settings.Provider) visit {
	t.Helper()
	dovecot, postfix := servers.Dovecot(t), servers.Postfix(t)
	v := visit{target: p.ID, ca: dovecot.CAPEM(), routes: map[settings.Endpoint]settings.Endpoint{}}
	for _, s := range p.Settings() {
		server := dovecot
		if s.Protocol == settings.SMTP {
			server = postfix
		}
		if s.Role == settings.Documented {
			v.routes[s.Endpoint] = server.Endpoint(s.Protocol, s.Security)
		}
	}
	v.args = []string{"--user", providerUsers(p)[0]}
	v.secret = realPassword
	return v
}

func rightPassword(t *testing.T, p *settings.Provider, v visit) {
	before := failedLogins(t, p)
	status, d := v.run(t)
	if takesNoPassword(p.Settings()) {
		notSent(t, status, d)
		return
	}
	if got, want := status, exitWorks; got != want {
		t.Errorf("exit status:\n got %d\nwant %d", got, want)
	}
	if got, want := len(d.Endpoints), len(v.routes); got != want {
		t.Fatalf("endpoints:\n got %d\nwant %d", got, want)
	}
	for i, e := range d.Endpoints {
		if e.Auth.Status != "accepted" || d.phase(i, "access") != "ok" {
			t.Errorf("%s: sign-in %s (%s), access %s\nwant every documented endpoint signed in to", e.Protocol, e.Auth.Status, e.Auth.Reason, d.phase(i, "access"))
		}
	}
	if failed := failedLogins(t, p) - before; failed != 0 {
		t.Errorf("the servers have refused %d sign-ins", failed)
	}
}

// notSent holds a run against having shown a password to anybody.
func notSent(t *testing.T, status int, d jsonReport) {
	t.Helper()
	if status != exitUnknown {
		t.Errorf("exit status:\n got %d\nwant %d", status, exitUnknown)
	}
	for i, e := range d.Endpoints {
		if e.CredentialSent || e.Auth.Status != "skipped" || !slices.Contains(d.codes(i), "auth.documented_refusal") {
			t.Errorf("%s: sign-in %s (%s), sent: %t, %v\nwant it not sent, as documented", e.Protocol, e.Auth.Status, e.Auth.Reason, e.CredentialSent, d.codes(i))
		}
	}
}

// rejections are the findings that a wrong password may bring: what it means
// differs by what the provider documents.
var rejections = []string{"auth.rejected", "auth.app_password_required", "auth.not_enabled"}

func wrongPassword(t *testing.T, p *settings.Provider, v visit) {
	v.secret = "wrong-password"
	before := failedLogins(t, p)
	status, d := v.run(t)
	if takesNoPassword(p.Settings()) {
		notSent(t, status, d)
		if failed := failedLogins(t, p) - before; failed != 0 {
			t.Errorf("the servers have refused %d sign-ins, want none", failed)
		}
		return
	}
	if got, want := status, exitFails; got != want {
		t.Errorf("exit status:\n got %d\nwant %d", got, want)
	}
	rejected := 0
	for i, e := range d.Endpoints {
		switch e.Auth.Status {
		case "rejected":
			rejected++
			if codes := d.codes(i); len(codes) == 0 || !slices.Contains(rejections, codes[0]) {
				t.Errorf("%s: findings %v, want one of %v first", e.Protocol, codes, rejections)
			}
		case "skipped":
			if e.CredentialSent || !strings.HasPrefix(e.Auth.Reason, "the credential was rejected at ") {
				t.Errorf("%s: credential sent: %t, reason %q", e.Protocol, e.CredentialSent, e.Auth.Reason)
			}
		default:
			t.Errorf("%s: sign-in %s", e.Protocol, e.Auth.Status)
		}
	}
	if rejected != 1 {
		t.Errorf("rejected at %d endpoints, want one", rejected)
	}
	if failed := failedLogins(t, p) - before; failed != 1 {
		t.Errorf("the servers have refused %d sign-ins, want one", failed)
	}
}

// Several targets with one account cost one failed sign-in together.
func TestRealTargetsShareOneRejection(t *testing.T) {
	t.Parallel()
	dovecot, postfix := servers.Dovecot(t), servers.Postfix(t)
	const user = "shared@example.org"
	v := visit{target: "imaps://mail.test", user: user, secret: "wrong-password", ca: dovecot.CAPEM(), routes: map[settings.Endpoint]settings.Endpoint{
		{Protocol: settings.IMAP, Host: "mail.test", Port: 993, Security: settings.TLS}:      dovecot.Endpoint(settings.IMAP, settings.TLS),
		{Protocol: settings.POP3, Host: "mail.test", Port: 995, Security: settings.TLS}:      dovecot.Endpoint(settings.POP3, settings.TLS),
		{Protocol: settings.SMTP, Host: "mail.test", Port: 587, Security: settings.StartTLS}: postfix.Endpoint(settings.SMTP, settings.StartTLS),
	}}
	v.args = []string{"pop3s://mail.test", "submission://mail.test"}
	before := dovecot.FailedLogins(t, user)
	if status, _ := v.run(t); status != exitFails {
		t.Errorf("exit status:\n got %d\nwant %d", status, exitFails)
	}
	if failed := dovecot.FailedLogins(t, user) - before; failed != 1 {
		t.Errorf("the servers have refused %d sign-ins, want one", failed)
	}
}

// A test message goes out through a real Postfix, comes back by a real Dovecot
// and is deleted there.
func TestRealMessage(t *testing.T) {
	t.Parallel()
	gmail, _ := catalog.Load().Lookup("gmail")
	v := providerVisit(t, gmail)
	v.args = append(v.args, "--send-test", "--send-test-wait", "30s")
	status, d := v.run(t)
	if got, want := status, exitWorks; got != want {
		t.Errorf("exit status:\n got %d\nwant %d", got, want)
	}
	for _, e := range d.Endpoints {
		got := e.Message
		want := map[settings.Protocol]message{settings.IMAP: {Seen: true, Deleted: true}, settings.SMTP: {Sent: true}}[e.Protocol]
		if got != want {
			t.Errorf("message at %s:\n got %+v\nwant %+v", e.Protocol, got, want)
		}
	}
}

// failedLogins counts in the servers' own log, since they started, under every
// name of a provider's account.
func failedLogins(t *testing.T, p *settings.Provider) int {
	t.Helper()
	n := 0
	for _, user := range providerUsers(p) {
		n += servers.Dovecot(t).FailedLogins(t, user)
	}
	return n
}
