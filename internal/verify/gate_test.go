package verify

import (
	"testing"

	"mailprobe/internal/probe"
	"mailprobe/internal/settings"
)

func TestGateGoesOn(t *testing.T) {
	first := settings.Endpoint{Protocol: settings.SMTP, Host: "smtp.example.com", Port: 465}
	next := settings.Endpoint{Protocol: settings.IMAP, Host: "imap.example.com", Port: 993}
	for _, row := range []struct {
		name         string
		status       probe.AuthStatus
		reply, text  string
		another, too bool // whether another service, and another run, may sign in
	}{
		{"accepted", probe.AuthAccepted, "235", "in", true, true},
		{"rejected", probe.AuthRejected, "535", "5.7.8 wrong", false, false},
		{"temporary", probe.AuthUnknown, "454", "4.7.0 Temporary authentication failure", true, true},
		{"asked too often", probe.AuthUnknown, "454", "4.7.0 Too many login attempts, please try again later.", false, false},
		{"no mechanism", probe.AuthRejected, "504", "5.5.4 Unrecognized authentication type", true, true},
	} {
		t.Run(row.name, func(t *testing.T) {
			reply, g := probe.NewReply(row.reply, row.text), newGate("", Plan{}.mayGoOn)
			if err := g.Enter(t.Context(), first); err != nil {
				t.Fatal(err)
			}
			g.Leave(first, probe.Auth{Status: row.status, Reply: &reply, Sent: true})
			if got := g.Enter(t.Context(), next) == nil; got != row.another {
				t.Errorf("got  another service: %v\nwant %v", got, row.another)
			}
			if got := newGate(g.whyStopped(), Plan{}.mayGoOn).Enter(t.Context(), next) == nil; got != row.too {
				t.Errorf("got  another run: %v\nwant %v", got, row.too)
			}
		})
	}
}
