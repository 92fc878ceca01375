package main

import (
	"slices"
	"strings"
	"testing"

	"mailprobe/internal/lab/pki"
	"mailprobe/internal/settings"
)

// modesUser signs in nowhere else: the servers' log must never have heard of
// it.
const modesUser = "modes@example.org"

// A setting that takes the encryption of a port for the other kind is named
// as that, and no byte of the credential leaves.
func TestRealWrongMode(t *testing.T) {
	t.Parallel()
	for _, d := range doors(t) {
		t.Run(d.name, func(t *testing.T) {
			t.Parallel()
			wrong, code := settings.StartTLS, "mode.implicit_on_starttls_port"
			if d.Security == settings.StartTLS {
				wrong, code = settings.TLS, "mode.starttls_on_implicit_port"
			}
			e := settings.Endpoint{Protocol: d.Protocol, Host: "mail.test", Port: settings.DefaultPort(d.Protocol, d.Security), Security: wrong}
			v := d.visit(t)
			v.target, v.routes = e.String(), map[settings.Endpoint]settings.Endpoint{e: d.Endpoint}
			status, report := v.refused(t)
			if got, want := status, exitFails; got != want {
				t.Errorf("exit status:\n got %d\nwant %d", got, want)
			}
			if got := report.codes(0); !slices.Contains(got, code) {
				t.Errorf("findings:\n got %v\nwant %s", got, code)
			}
		})
	}
}

// A server that does not prove who it is never works, and no byte of the
// credential goes to it.
func TestRealUnproven(t *testing.T) {
	t.Parallel()
	stranger, err := pki.NewCA("a stranger")
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range doors(t) {
		t.Run("wrong authority/"+d.name, func(t *testing.T) {
			t.Parallel()
			v := d.visit(t)
			v.ca = stranger.PEM()
			if status, _ := v.refused(t); status != exitFails && status != exitUnknown {
				t.Errorf("exit status:\n got %d\nwant %d or %d", status, exitFails, exitUnknown)
			}
		})
		t.Run("wrong name/"+d.name, func(t *testing.T) {
			t.Parallel()
			e := settings.Endpoint{Protocol: d.Protocol, Host: "other.test", Port: d.Port, Security: d.Security}
			v := d.visit(t)
			v.target, v.routes = e.String(), map[settings.Endpoint]settings.Endpoint{e: d.Endpoint}
			if status, _ := v.refused(t); status != exitFails && status != exitUnknown {
				t.Errorf("exit status:\n got %d\nwant %d or %d", status, exitFails, exitUnknown)
			}
		})
	}
}

// refused runs a visit that must not show its credential, and asks the
// server's own log as well.
func (v visit) refused(t *testing.T) (int, jsonReport) {
	t.Helper()
	v.user, v.secret = modesUser, realPassword
	status, d := v.run(t)
	e := d.Endpoints[0]
	if e.CredentialSent || e.Auth.Status == "accepted" || e.Auth.Status == "rejected" {
		t.Errorf("credential sent: %t, sign-in %s", e.CredentialSent, e.Auth.Status)
	}
	if log := servers.Dovecot(t).Log(t); strings.Contains(log, modesUser) {
		t.Errorf("the server was asked to let %s in", modesUser)
	}
	return status, d
}

// The log does tell of a sign-in: what refused does not find in it would be
// there.
func TestRealLogTells(t *testing.T) {
	t.Parallel()
	const user = "heard@example.org"
	v := doors(t)[0].visit(t)
	v.user, v.secret, v.args = user, realPassword, []string{"--auth", "PLAIN"}
	v.expect(t, "accepted", "PLAIN")
	if log := servers.Dovecot(t).Log(t); !strings.Contains(log, user) {
		t.Errorf("no word of %s in the log", user)
	}
}
