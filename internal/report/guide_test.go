package report

import (
	"strings"
	"testing"

	"mailprobe/internal/clients"
	"mailprobe/internal/settings"
)

func guideOf(t *testing.T, program string, a clients.Account) clients.Instructions {
	t.Helper()
	for _, g := range clients.Guides() {
		if g.ID == program {
			return g.For(a, "en")
		}
	}
	t.Fatalf("there is no guide for %s", program)
	return clients.Instructions{}
}

func sampleAccount() clients.Account {
	app := settings.SignIn{Way: "app-password", Status: settings.DocumentedWay, Note: "Make one in the settings.", Form: &settings.Form{Looks: "16 letters"}, Source: settings.Source{URL: "https://example.com/app"}}
	refused := settings.SignIn{Way: "password", Status: settings.RefusedWay}
	return clients.Account{Address: "me@example.com", Settings: []settings.Setting{
		{Endpoint: settings.Endpoint{Protocol: settings.IMAP, Host: "imap.example.com", Port: 993, Security: settings.TLS}, Username: settings.LocalPart, SignIn: []settings.SignIn{app, refused}},
		{Endpoint: settings.Endpoint{Protocol: settings.SMTP, Host: "smtp.example.com", Port: 587, Security: settings.StartTLS}, Username: settings.FullAddress, SignIn: []settings.SignIn{app, refused}},
	}}
}

func TestGuideText(t *testing.T) {
	const want = `me@example.com in Thunderbird

First: Switch it on.
    https://example.com/on

  Press   ≡ > New Account > Email
  Type    Full name              your name
  Type    Email address          me@example.com
  Press   Configure Manually

  Incoming server
  Choose  Protocol               IMAP
  Type    Hostname               imap.example.com
  Type    Port                   993
  Choose  Connection security    SSL/TLS
  Choose  Authentication method  Normal password
  Type    Username               me
  Press   Continue

  Outgoing server
  Type    Hostname               smtp.example.com
  Type    Port                   587
  Choose  Connection security    STARTTLS
  Choose  Authentication method  Normal password
  Type    Username               me@example.com
  Press   Continue
  Type    Password               an app password, not the password of the account
  Press   Continue

App passwords here are 16 letters.

App passwords: Make one in the settings.
    https://example.com/app

Known by the program's own files: Thunderbird, accountHub.ftl, accountSetup.ftl, appmenu.ftl and the templates of
    the account hub, read 2026-11-30.
`
	var b strings.Builder
	known := &settings.Provider{Enable: []settings.Enable{{Text: "Switch it on.", HelpURL: "https://example.com/on"}, {Text: "For POP", Protocols: []settings.Protocol{settings.POP3}}}}
	if err := GuideText(&b, guideOf(t, "thunderbird", sampleAccount()), "me@example.com", known, Options{Width: 120}); err != nil || b.String() != want {
		t.Errorf("got  %s, %v\nwant %s", b.String(), err, want)
	}
}

// TestGuideEscapes: what comes from outside controls no terminal.
func TestGuideEscapes(t *testing.T) {
	for _, g := range clients.Guides() {
		a := sampleAccount()
		for i := range a.Settings {
			a.Settings[i].Host, a.Settings[i].Username = "x\x1b[2J\u202e", "%EMAILLOCALPART%\x1b]0;x\x07"
			a.Settings[i].SignIn[0].Note, a.Settings[i].SignIn[0].Source.URL = "\x1b[1m", "https://x/\x07"
			a.Settings[i].SignIn[0].Form = &settings.Form{Looks: "\x9b"}
		}
		var b strings.Builder
		known := &settings.Provider{Enable: []settings.Enable{{Text: "\x1b[31m", HelpURL: "\x08"}}}
		if err := GuideText(&b, guideOf(t, g.ID, a), "me\x1b@example.com", known, Options{}); err != nil || strings.ContainsAny(b.String(), "\x1b\x07\x08\u009b\u202e") {
			t.Errorf("%s\ngot  %q, %v\nwant no control characters", g.ID, b.String(), err)
		}
	}
}

// TestGuideOfNothing: an account that cannot be set up is said not to be.
func TestGuideOfNothing(t *testing.T) {
	var b strings.Builder
	a := sampleAccount()
	a.Settings = a.Settings[:1]
	if err := GuideText(&b, guideOf(t, "ios", a), "x", nil, Options{Width: 120}); err != nil || !strings.Contains(b.String(), "This account cannot be set up in Mail on iPhone and iPad: it has no server for sending (SMTP).") {
		t.Errorf("got  %s, %v", b.String(), err)
	}
}
