package diagnose

import (
	"strings"
	"testing"
	"time"

	"mailprobe/internal/auth/token"
	"mailprobe/internal/finding"
	"mailprobe/internal/probe"
	"mailprobe/internal/settings"
)

var microsoft = &settings.Provider{OAuth: &settings.OAuth{
	Audiences: []string{"https://outlook.office.com", "https://outlook.office365.com"},
	Scopes: map[settings.Protocol][]string{
		settings.IMAP: {"https://outlook.office.com/IMAP.AccessAsUser.All"},
		settings.SMTP: {"https://outlook.office.com/SMTP.Send"},
	},
	AppRoles: map[settings.Protocol]string{settings.IMAP: "IMAP.AccessAsApp"},
}}

// reading is that of a token with claims; nil: of an opaque one.
func reading(c *token.Claims) *token.Reading {
	if c == nil {
		return &token.Reading{Form: token.Opaque}
	}
	return &token.Reading{Form: token.Access, Claims: c}
}

func TestTokenFindings(t *testing.T) {
	now := time.Date(2026, 11, 23, 10, 0, 0, 0, time.UTC)
	good := token.Claims{
		Audience: []string{"https://outlook.office365.com/"}, Scopes: []string{"IMAP.AccessAsUser.All"},
		Expires: now.Add(time.Hour), NotBefore: now.Add(-time.Hour), Username: "Me@corp.example",
	}
	with := func(change func(*token.Claims)) *token.Claims {
		c := good
		change(&c)
		return &c
	}
	graph := with(func(c *token.Claims) { c.Audience = []string{"https://graph.microsoft.com"} })
	for _, row := range []struct {
		name     string
		claims   *token.Claims
		settings *settings.Provider
		status   probe.AuthStatus
		want     string // codes with severities
		message  string
	}{
		{"opaque", nil, microsoft, probe.AuthRejected, "", ""},
		{"all is well and refused", &good, microsoft, probe.AuthRejected, "", ""},
		{"expired", with(func(c *token.Claims) { c.Expires = now.Add(-3 * time.Minute) }), microsoft, probe.AuthSkipped,
			"auth.token_expired error", "expired 3 minutes ago"},
		{"expired at this moment", with(func(c *token.Claims) { c.Expires = now }), microsoft, probe.AuthSkipped,
			"auth.token_expired error", "expired less than a minute ago"},
		{"expired, provider not known", with(func(c *token.Claims) { c.Expires = now.Add(-49 * time.Hour) }), nil, probe.AuthSkipped,
			"auth.token_expired error", "expired 2 days ago"},
		{"for another service", graph, microsoft, probe.AuthRejected,
			"auth.token_audience error", "for graph.microsoft.com; IMAP needs one for outlook.office.com"},
		{"for another service, not refused yet", graph, microsoft, probe.AuthSkipped, "auth.token_audience warning", ""},
		{"for another service, accepted", graph, microsoft, probe.AuthAccepted, "auth.token_audience info", ""},
		{"for another service, provider not known", graph, nil, probe.AuthRejected, "", ""},
		{"service by number", with(func(c *token.Claims) { c.Audience = []string{"00000002-0000-0FF1-CE00-000000000000"} }), microsoft, probe.AuthRejected, "", ""},
		{"another service by number", with(func(c *token.Claims) { c.Audience = []string{"00000003-0000-0000-c000-000000000000"} }), microsoft, probe.AuthRejected,
			"auth.token_audience error", "graph.microsoft.com"},
		{"one of two services", with(func(c *token.Claims) { c.Audience = []string{"x", "https://outlook.office.com"} }), microsoft, probe.AuthRejected, "", ""},
		{"without the permission", with(func(c *token.Claims) { c.Scopes = []string{"SMTP.Send", "Mail.Read"} }), microsoft, probe.AuthRejected,
			"auth.token_scope error", "lacks IMAP.AccessAsUser.All, which IMAP needs"},
		{"an application's", with(func(c *token.Claims) { c.Scopes, c.Roles, c.AppOnly = nil, []string{"IMAP.AccessAsApp"}, true }), microsoft, probe.AuthRejected, "", ""},
		{"an application's without the role", with(func(c *token.Claims) { c.Scopes, c.Roles, c.AppOnly = nil, []string{"SMTP.SendAsApp"}, true }), microsoft, probe.AuthRejected,
			"auth.token_scope error", "lacks the permission IMAP.AccessAsApp, which IMAP needs"},
		{"an application's without any role", with(func(c *token.Claims) { c.Scopes, c.Roles, c.AppOnly = nil, nil, true }), microsoft, probe.AuthRejected,
			"auth.token_scope error", "lacks the permission IMAP.AccessAsApp"},
		{"of another user", with(func(c *token.Claims) { c.Username = "you@corp.example" }), microsoft, probe.AuthRejected,
			"auth.token_user error", "for you@corp.example, and the sign-in is as me@corp.example"},
		{"of a number", with(func(c *token.Claims) { c.Username = "4711" }), microsoft, probe.AuthRejected, "", ""},
		{"of tomorrow", with(func(c *token.Claims) { c.NotBefore = now.Add(25 * time.Hour) }), microsoft, probe.AuthRejected,
			"auth.token_not_yet_valid error", "valid in 1 day"},
		{"of a clock a little ahead", with(func(c *token.Claims) { c.NotBefore = now.Add(50 * time.Second) }), microsoft, probe.AuthRejected, "", ""},
		{"three minutes left", with(func(c *token.Claims) { c.Expires = now.Add(3 * time.Minute) }), microsoft, probe.AuthAccepted,
			"auth.token_ends_soon info", "good for 3 minutes more"},
		{"three minutes left, refused", with(func(c *token.Claims) { c.Expires = now.Add(3 * time.Minute) }), microsoft, probe.AuthRejected,
			"auth.token_ends_soon warning", ""},
		{"run out during the run", with(func(c *token.Claims) { c.Expires = now.Add(time.Second) }), microsoft, probe.AuthRejected,
			"auth.token_expired error", "ran out during the run"},
		{"run out behind the sign-in", with(func(c *token.Claims) { c.Expires = now.Add(time.Second) }), microsoft, probe.AuthAccepted,
			"auth.token_ends_soon info", ""},
		{"five minutes left", with(func(c *token.Claims) { c.Expires = now.Add(5 * time.Minute) }), microsoft, probe.AuthAccepted, "", ""},
		{"no end said", with(func(c *token.Claims) { c.Expires = time.Time{} }), microsoft, probe.AuthAccepted, "", ""},
		{"two faults", with(func(c *token.Claims) { c.Audience, c.Scopes = []string{"x"}, []string{"y"} }), microsoft, probe.AuthUnknown,
			"auth.token_audience warning, auth.token_scope warning", ""},
	} {
		t.Run(row.name, func(t *testing.T) {
			r := &probe.Result{
				Endpoint: settings.Endpoint{Protocol: settings.IMAP, Host: "outlook.office365.com", Port: 993, Security: settings.TLS},
				Started:  now, Took: 2 * time.Second, Token: reading(row.claims),
				Auth: probe.Auth{Status: row.status, Username: "me@corp.example"},
			}
			var codes, messages []string
			found := tokenFindings(r, Context{Provider: row.settings})
			sound(t, found)
			for _, f := range found {
				codes = append(codes, f.Code+" "+string(f.Severity))
				messages = append(messages, f.Says())
				if f.Blame == "" && f.Severity != finding.Info || f.Phase != probe.SignIn || f.Advises() == "" {
					t.Errorf("got  %+v\nwant blame, phase and remedy", f)
				}
			}
			if got := strings.Join(codes, ", "); got != row.want || !strings.Contains(strings.Join(messages, " "), row.message) {
				t.Errorf("got  %s: %s\nwant %s: %s", got, messages, row.want, row.message)
			}
		})
	}
}
