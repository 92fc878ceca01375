package main

import (
	"slices"
	"strings"
	"testing"
	"time"

	"mailprobe/internal/lab/realserver"
	"mailprobe/internal/probe/imap"
	"mailprobe/internal/probe/pop3"
	"mailprobe/internal/settings"
)

// A door is one service of a real server.
type door struct {
	name   string
	server func(testing.TB) *realserver.Server
	settings.Endpoint
}

// doors are the services that people sign in to, under the name mail.test.
func doors(t *testing.T) []door {
	t.Helper()
	var all []door
	for _, d := range []struct {
		name   string
		server func(testing.TB) *realserver.Server
		p      settings.Protocol
	}{
		{"IMAP", servers.Dovecot, settings.IMAP},
		{"POP3", servers.Dovecot, settings.POP3},
		{"submission by Dovecot", servers.Dovecot, settings.SMTP},
		{"submission by Postfix", servers.Postfix, settings.SMTP},
	} {
		for _, s := range []settings.Security{settings.TLS, settings.StartTLS} {
			all = append(all, door{d.name + ", " + string(s), d.server, d.server(t).Endpoint(d.p, s)})
		}
	}
	return all
}

// visit leads the usual setting of a protocol to the door.
func (d door) visit(t *testing.T) visit {
	e := settings.Endpoint{Protocol: d.Protocol, Host: "mail.test", Port: settings.DefaultPort(d.Protocol, d.Security), Security: d.Security}
	return visit{target: e.String(), ca: d.server(t).CAPEM(), routes: map[settings.Endpoint]settings.Endpoint{e: d.Endpoint}}
}

// accounts are those to try here: odd ones where TLS comes first, for what
// STARTTLS changes lies behind when they are sent.
func (d door) accounts(t *testing.T) []realserver.Account {
	all := slices.DeleteFunc(slices.Clone(d.server(t).Accounts()), func(a realserver.Account) bool {
		return !strings.HasSuffix(a.User, "@example.org") || a.User == modesUser
	})
	if d.Security == settings.StartTLS {
		return all[:1]
	}
	return all
}

// passwordMechanisms are those that real servers take a password by.
var passwordMechanisms = []string{"PLAIN", "LOGIN", "CRAM-MD5", "SCRAM-SHA-1", "SCRAM-SHA-256"}

// Every mechanism carries odd user names and passwords unharmed, through
// every protocol.
func TestRealMechanisms(t *testing.T) {
	t.Parallel()
	for _, d := range doors(t) {
		for _, mechanism := range passwordMechanisms {
			t.Run(d.name+"/"+mechanism, func(t *testing.T) {
				t.Parallel()
				for _, a := range d.accounts(t) {
					v := d.visit(t)
					v.user, v.secret, v.args = a.User, a.Password, []string{"--auth", mechanism}
					v.expect(t, "accepted", mechanism)
				}
				if d.Security == settings.StartTLS && mechanism != "PLAIN" {
					return // Dovecot answers a wrong password only after half a second
				}
				v := d.visit(t)
				v.user, v.secret, v.args = "bob@example.org", "wrong "+realPassword, []string{"--auth", mechanism}
				v.expect(t, "rejected", mechanism)
			})
		}
	}
}

// The commands that take a password without SASL carry it unharmed as well.
func TestRealCommands(t *testing.T) {
	t.Parallel()
	server := realserver.Dovecot(t, realserver.DovecotOptions{Accounts: realAccounts(), Mechanisms: []string{"PLAIN"}})
	of := func(testing.TB) *realserver.Server { return server }
	for _, d := range []struct {
		door
		flag, command string
	}{
		{door{"IMAP", of, server.Endpoint(settings.IMAP, settings.TLS)}, "LOGIN", imap.NativeLogin},
		{door{"POP3", of, server.Endpoint(settings.POP3, settings.TLS)}, "USER", pop3.NativeLogin},
	} {
		t.Run(d.name, func(t *testing.T) {
			for _, a := range d.accounts(t) {
				v := d.visit(t)
				v.user, v.secret, v.args = a.User, a.Password, []string{"--auth", d.flag}
				v.expect(t, "accepted", d.command)
			}
			v := d.visit(t)
			v.user, v.secret, v.args = "bob@example.org", "wrong "+realPassword, []string{"--auth", d.flag}
			v.expect(t, "rejected", d.command)
		})
	}
}

// expect runs a visit to one endpoint and holds what became of signing in. A
// sign-in that is skipped is one that must not be tried.
func (v visit) expect(t *testing.T, auth, mechanism string) {
	t.Helper()
	status, d := v.run(t)
	want := map[string]int{"accepted": exitWorks, "rejected": exitFails, "skipped": exitFails}[auth]
	e := d.Endpoints[0]
	if auth == "skipped" {
		mechanism = ""
	}
	if sent := auth != "skipped"; e.CredentialSent != sent {
		t.Errorf("%s as %q: credential sent:\n got %t\nwant %t", v.target, v.user, e.CredentialSent, sent)
	}
	if status != want || e.Auth.Status != auth || e.Auth.Mechanism != mechanism {
		t.Errorf("%s as %q:\n got status %d, %s by %s: %s%s %v\nwant status %d, %s by %s", v.target, v.user,
			status, e.Auth.Status, e.Auth.Mechanism, e.Auth.Reply, e.Auth.Reason, e.Findings, want, auth, mechanism)
	}
	access := "ok"
	if e.Protocol == settings.SMTP && slices.Contains(noSenders, v.user) {
		access = "skipped"
	}
	if got := d.phase(0, "access"); auth == "accepted" && got != access {
		t.Errorf("%s as %q: access:\n got %s\nwant %s", v.target, v.user, got, access)
	}
}

func TestRealTokens(t *testing.T) {
	t.Parallel()
	const user = "alice@example.org"
	server := servers.Dovecot(t)
	good := server.Token(user, time.Hour)
	rows := []struct {
		name, token, want string
		at                func(settings.Endpoint) bool
	}{
		{"good", good, "accepted", func(settings.Endpoint) bool { return true }},
		{"expired", server.Token(user, -time.Hour), "skipped", func(settings.Endpoint) bool { return true }},
		{"of somebody else", server.Token("bob@example.org", time.Hour), "rejected", implicitTLS},
		{"forged", good[:len(good)-8] + "AAAAAAAA", "rejected", implicitIMAP},
		{"no token at all", "nonsense", "rejected", implicitIMAP},
	}
	for _, d := range doors(t) {
		for _, mechanism := range []string{"XOAUTH2", "OAUTHBEARER"} {
			for _, row := range rows {
				if !row.at(d.Endpoint) {
					continue
				}
				t.Run(d.name+"/"+mechanism+"/"+row.name, func(t *testing.T) {
					t.Parallel()
					v := d.visit(t)
					v.user, v.secret, v.token, v.args = user, row.token, true, []string{"--auth", mechanism}
					v.expect(t, row.want, mechanism)
				})
			}
		}
	}
}

func implicitTLS(e settings.Endpoint) bool { return e.Security == settings.TLS }

func implicitIMAP(e settings.Endpoint) bool { return implicitTLS(e) && e.Protocol == settings.IMAP }

// A server that punishes a failed sign-in with waiting is waited for: a wrong
// password is told as such, and the right one works although the punishment
// is still on.
func TestRealFailureDelay(t *testing.T) {
	t.Parallel()
	account := realserver.Account{User: "slow@example.org", Password: realPassword}
	server := realserver.Dovecot(t, realserver.DovecotOptions{Accounts: []realserver.Account{account}, DelayFailures: true})
	d := door{"IMAP", func(testing.TB) *realserver.Server { return server }, server.Endpoint(settings.IMAP, settings.TLS)}
	v := d.visit(t)
	v.user, v.secret, v.args = account.User, "not-it-at-all", []string{"--auth", "PLAIN"}
	started := time.Now()
	v.expect(t, "rejected", "PLAIN")
	if took := time.Since(started); took < time.Second {
		t.Errorf("the server answered after %v: it does not delay", took)
	}
	v.secret = account.Password
	v.expect(t, "accepted", "PLAIN")
}
