package verify_test

import (
	"fmt"
	"slices"
	"testing"

	"mailprobe/internal/auth"
	"mailprobe/internal/lab/realserver"
	"mailprobe/internal/probe"
	"mailprobe/internal/settings"
	"mailprobe/internal/tlscheck"
	"mailprobe/internal/verify"
)

// TestAlso: what is looked at as well is seen without a credential, so that the
// server's own log knows of the one sign-in alone; the verdict is not about it,
// and it is bounded.
func TestAlso(t *testing.T) {
	t.Parallel()
	d := realserver.Dovecot(t, realserver.DovecotOptions{Accounts: []realserver.Account{{User: "alice@example.org", Password: "correct horse"}}})
	imap, starttls := d.Endpoint(settings.IMAP, settings.TLS), d.Endpoint(settings.IMAP, settings.StartTLS)
	wrong := imap
	wrong.Security = settings.StartTLS
	also := []settings.Endpoint{d.Endpoint(settings.POP3, settings.TLS), starttls, wrong}
	for range 20 {
		also = append(also, also[0])
	}
	for _, row := range []struct {
		password string
		want     verify.Verdict
		failed   int
	}{{"correct horse", verify.Works, 0}, {"wrong horse", verify.Fails, 1}} {
		before := d.FailedLogins(t, "")
		r := verify.Run(t.Context(), verify.Plan{
			Endpoints: []settings.Setting{{Endpoint: imap}}, Also: also, NoAlternatives: true, NoControl: true,
			Options: probe.Options{Username: "alice@example.org", Credential: auth.NewCredential(auth.Password, auth.NewSecret(row.password)), TLS: tlscheck.Config{System: d.CAPool()}},
		})
		if got := d.FailedLogins(t, "") - before; r.Verdict != row.want || got != row.failed {
			t.Errorf("%s\ngot  %s, %d failed sign-ins in the log\nwant %s, %d", row.password, r.Verdict, got, row.want, row.failed)
		}
		got := ""
		for _, e := range r.Also {
			if e.Result.Auth.Status != probe.AuthNotTested || e.Result.SecretSent {
				t.Errorf("%s\ngot  %s, sent: %v\nwant no sign-in", e.Endpoint, e.Result.Auth.Status, e.Result.SecretSent)
			}
			got += fmt.Sprint(e.Verdict, " ")
		}
		if len(r.Also) != 16 || got[:18] != "works works fails " {
			t.Errorf("got  %d: %s\nwant 16, of which the third fails", len(r.Also), got)
		}
	}

	// Of a collection each plan has its own, and each server is dialled once.
	pop := d.Endpoint(settings.POP3, settings.TLS)
	plan := func(also ...settings.Endpoint) verify.Plan {
		return verify.Plan{Endpoints: []settings.Setting{{Endpoint: imap}}, Also: also, NoAlternatives: true, NoControl: true, Options: probe.Options{TLS: tlscheck.Config{System: d.CAPool()}}}
	}
	got := make([]string, 3)
	verify.Shared(t.Context(), []verify.Plan{plan(pop), plan(starttls, pop), plan()}, 2, func(i int, r *verify.Report) {
		got[i] = fmt.Sprint(len(r.Endpoints), " ", r.Verdict)
		for _, e := range r.Also {
			got[i] += fmt.Sprint(" ", e.Protocol, " ", e.Security, " ", e.Verdict)
		}
	})
	if want := []string{"1 works pop3 tls works", "1 works imap starttls works pop3 tls works", "1 works"}; !slices.Equal(got, want) {
		t.Errorf("got  %q\nwant %q", got, want)
	}
}
