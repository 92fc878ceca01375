package verify

import (
	"crypto/tls"
	"fmt"
	"testing"
	"time"

	"mailprobe/internal/probe"
	"mailprobe/internal/settings"
	"mailprobe/internal/tlscheck"
)

// gateOf returns a gate with a place for each endpoint, in their order.
func gateOf(stopped string, list ...settings.Endpoint) (*gate, []*place) {
	g := newGate(stopped, new(Plan).stopReason)
	var places []*place
	for _, e := range list {
		places = append(places, g.add(e, account{}, ""))
	}
	return g, places
}

func TestGateGoesOn(t *testing.T) {
	first := settings.Endpoint{Protocol: settings.SMTP, Host: "smtp.example.com", Port: 465}
	next := settings.Endpoint{Protocol: settings.IMAP, Host: "imap.example.com", Port: 993}
	for _, row := range []struct {
		name         string
		status       probe.AuthStatus
		reply, text  string
		sent         bool
		another, too bool // whether another service, and another run, may sign in
	}{
		{"accepted", probe.AuthAccepted, "235", "in", true, true, true},
		{"rejected", probe.AuthRejected, "535", "5.7.8 wrong", true, false, false},
		{"temporary, in words that are known", probe.AuthUnknown, "454", "4.7.0 Temporary authentication failure", true, true, true},
		{"temporary", probe.AuthUnknown, "454", "4.7.8 credentials invalid", true, false, false},
		{"asked too often", probe.AuthUnknown, "454", "4.7.0 Too many login attempts, please try again later.", true, false, false},
		{"asked too often before the secret", probe.AuthUnknown, "454", "4.7.0 Too many login attempts, please try again later.", false, false, false},
		{"refused before the secret", probe.AuthRejected, "535", "5.7.8 no", false, true, true},
		{"no mechanism", probe.AuthRejected, "504", "5.5.4 Unrecognized authentication type", true, true, true},
		{"hung up", probe.AuthUnknown, "421", "4.7.0 bye", true, false, false},
		{"no answer", probe.AuthUnknown, "", "", true, false, false},
	} {
		t.Run(row.name, func(t *testing.T) {
			g, places := gateOf("", first, next)
			if _, err := places[0].Enter(t.Context(), first); err != nil {
				t.Fatal(err)
			}
			a := probe.Auth{Status: row.status, Sent: row.sent}
			if row.reply != "" {
				reply := probe.NewReply(row.reply, row.text)
				a.Reply = &reply
			}
			places[0].Leave(first, a)
			if _, err := places[1].Enter(t.Context(), next); (err == nil) != row.another {
				t.Errorf("got  another service: %v\nwant %v", err == nil, row.another)
			}
			_, later := gateOf(g.whyStopped(), next)
			if _, err := later[0].Enter(t.Context(), next); (err == nil) != row.too {
				t.Errorf("got  another run: %v\nwant %v", err == nil, row.too)
			}
		})
	}
}

// TestGateSaysWhy: who must not sign in is told why, and who did not after all
// has used up nothing.
func TestGateSaysWhy(t *testing.T) {
	one := settings.Endpoint{Protocol: settings.IMAP, Host: "imap.example.com", Port: 993}
	two := settings.Endpoint{Protocol: settings.IMAP, Host: "imap.example.com", Port: 143}
	ok, no, later := probe.NewReply("OK", "in"), probe.NewReply("NO", "[AUTHENTICATIONFAILED] no"), probe.NewReply("NO", "[UNAVAILABLE] later")
	down := probe.NewReply("NO", "[UNAVAILABLE] Temporary authentication failure.")
	for _, row := range []struct {
		name string
		auth probe.Auth // what became of the first
		want string     // what the second is told
	}{
		{"accepted", probe.Auth{Status: probe.AuthAccepted, Reply: &ok, Sent: true}, ""},
		{"not judged", probe.Auth{Status: probe.AuthUnknown, Reply: &down, Sent: true}, "skipped: one attempt per service until one is accepted: signing in was tried at imap.example.com:993"},
		{"perhaps judged", probe.Auth{Status: probe.AuthUnknown, Reply: &later, Sent: true}, "skipped: the answer of imap.example.com:993 leaves open whether it rejected the credential; trying it again could lock the account"},
		{"rejected", probe.Auth{Status: probe.AuthRejected, Reply: &no, Sent: true}, "skipped: the credential was rejected at imap.example.com:993; trying it again could lock the account"},
		{"no answer", probe.Auth{Status: probe.AuthUnknown, Sent: true}, "skipped: the outcome at imap.example.com:993 is not known; trying again could lock the account"},
		{"not sent", probe.Auth{Status: probe.AuthSkipped}, ""},
	} {
		_, places := gateOf("", one, two)
		got := ""
		if _, err := places[0].Enter(t.Context(), one); err != nil {
			t.Fatal(err)
		}
		places[0].Leave(one, row.auth)
		if _, err := places[1].Enter(t.Context(), two); err != nil {
			got = err.Error()
		}
		if got != row.want {
			t.Errorf("%s\ngot  %q\nwant %q", row.name, got, row.want)
		}
	}
}

// TestHurried: what is probed beside the settings takes five seconds a phase
// at most.
func TestHurried(t *testing.T) {
	for given, want := range map[time.Duration]time.Duration{0: 5 * time.Second, time.Second: time.Second, time.Minute: 5 * time.Second} {
		p := Plan{Options: probe.Options{Timeouts: probe.Timeouts{Phase: given}}}
		if got := p.hurried().Timeouts.Phase; got != want {
			t.Errorf("%v\ngot  %v\nwant %v", given, got, want)
		}
	}
}

// TestStartable: nothing is started twice, nor what could sign in at once.
func TestStartable(t *testing.T) {
	with := probe.Options{TLS: tlscheck.Config{ClientCert: new(tls.Certificate)}}
	for _, row := range []struct {
		opt  probe.Options
		want string
	}{{probe.Options{}, "[PLAIN EXTERNAL LOGIN]"}, {with, "[PLAIN LOGIN]"}} {
		if got := fmt.Sprint(startable([]string{"PLAIN", "ANONYMOUS", "EXTERNAL", "PLAIN", "LOGIN"}, row.opt)); got != row.want {
			t.Errorf("got  %s\nwant %s", got, row.want)
		}
	}
}
