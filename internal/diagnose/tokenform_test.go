package diagnose

import (
	"slices"
	"strings"
	"testing"
	"time"

	"mailprobe/internal/auth/token"
	"mailprobe/internal/finding"
	"mailprobe/internal/probe"
	"mailprobe/internal/settings"
)

// Every form that is no access token is told as what it is, with what is
// wanted, and nothing of it but what may be shown.
func TestNotAToken(t *testing.T) {
	for form := range notTokens {
		r := &probe.Result{
			Endpoint: settings.Endpoint{Protocol: settings.IMAP, Host: "imap.example.com", Port: 993, Security: settings.TLS},
			Token:    &token.Reading{Form: form, Length: 17, Lines: 1}, Auth: probe.Auth{Status: probe.AuthSkipped, Open: true},
		}
		found := tokenFindings(r, Context{})
		sound(t, found)
		if len(found) != 1 || found[0].Code != "auth.token_form" || found[0].Severity != finding.Error || !strings.Contains(found[0].Says(), "it was not sent") || found[0].Advises() == "" {
			t.Errorf("%s\ngot  %+v\nwant one error with advice", form, found)
		}
		if r.Token.Usable() {
			t.Errorf("%s is called none and may be sent", form)
		}
	}
}

// What a sign-in server said in place of a token is explained.
func TestRefusalAsToken(t *testing.T) {
	for _, row := range []struct {
		reading token.Reading
		want    string
	}{
		{token.Reading{Form: token.JSONError, Said: "invalid_grant: AADSTS700082: The refresh token has expired due to inactivity."}, "was not used for long and has expired"},
		{token.Reading{Form: token.JSONError, Said: "something_new"}, "it was not sent."},
		{token.Reading{Form: token.Words, Said: "ERROR: AADSTS50076: you must use multi-factor authentication"}, "second factor (MFA)"},
	} {
		if got := notAToken(row.reading).Says(); !strings.Contains(got, row.want) {
			t.Errorf("%q\ngot  %q\nwant %q", row.reading.Said, got, row.want)
		}
	}
}

// A server that accepts a token and keeps the mailbox shut speaks of what the
// token shows, not of a protocol that is switched off.
func TestTokenAcceptedAndNotOpened(t *testing.T) {
	now := time.Date(2026, 11, 23, 10, 0, 0, 0, time.UTC)
	good := token.Claims{Audience: []string{"https://outlook.office.com"}, Scopes: []string{"IMAP.AccessAsUser.All"}, Username: "me@corp.example"}
	for name, row := range map[string]struct {
		change  func(*token.Claims)
		want    string // codes of errors in the phase access
		message string
	}{
		"its own":       {func(*token.Claims) {}, "auth.not_enabled", ""},
		"another owner": {func(c *token.Claims) { c.Username = "you@corp.example" }, "auth.token_user", "does not open the mailbox of me@corp.example"},
		"missing scope": {func(c *token.Claims) { c.Scopes = []string{"SMTP.Send"} }, "auth.token_scope", "lacks IMAP.AccessAsUser.All"},
		"no role of its": {func(c *token.Claims) {
			c.Username, c.Scopes, c.AppOnly, c.Roles = "", nil, true, []string{"POP.AccessAsApp"}
		}, "auth.token_scope", "lacks the permission IMAP.AccessAsApp"},
	} {
		claims := good
		row.change(&claims)
		refusal := probe.Reply{Text: "BAD User is authenticated but not connected.", Status: "BAD"}
		r := &probe.Result{
			Endpoint: settings.Endpoint{Protocol: settings.IMAP, Host: "outlook.office365.com", Port: 993, Security: settings.TLS},
			Started:  now, Token: reading(&claims), AccessReply: &refusal, SecretSent: true,
			Auth:  probe.Auth{Status: probe.AuthAccepted, Mechanism: "XOAUTH2", Username: "me@corp.example", Sent: true},
			Steps: []probe.Step{{Phase: probe.SignIn, Status: probe.OK}, {Phase: probe.Access, Status: probe.Failed, Err: &probe.ReplyError{Command: "EXAMINE", Reply: refusal}}},
		}
		known := *microsoft
		known.ID = "office365"
		found := Result(r, Context{Provider: &known, Kind: "token"})
		sound(t, found)
		var codes, said []string
		for _, f := range found {
			if f.Phase == probe.Access && f.Severity == finding.Error {
				codes, said = append(codes, f.Code), append(said, f.Says())
			}
		}
		if got := strings.Join(codes, ", "); got != row.want && !(row.message == "" && len(codes) == 1 && !strings.HasPrefix(got, "auth.token_")) || !strings.Contains(strings.Join(said, " "), row.message) {
			t.Errorf("%s\ngot  %s %s\nwant %s %q", name, got, said, row.want, row.message)
		}
		if row.message != "" && !slices.ContainsFunc(found, func(f finding.Finding) bool {
			return len(f.Evidence) > 0 && strings.Contains(f.Evidence[0].What, "not connected")
		}) {
			t.Errorf("%s: the server's words are not shown", name)
		}
	}
}

func TestChallengeIssuer(t *testing.T) {
	for _, row := range []struct {
		challenge, issuer string
		want              bool // it is another's
	}{
		{`{"status":"invalid_token","openid-configuration":"https://idp.example/.well-known/openid-configuration"}`, "https://idp.example/", false},
		{`{"status":"invalid_token","openid-configuration":"https://idp.example/.well-known/openid-configuration"}`, "https://other.example", true},
		{`{"status":"invalid_token","openid-configuration":"https://idp.example/realms/a/.well-known/openid-configuration"}`, "https://idp.example/realms/b", true},
		{`{"status":"invalid_token","openid-configuration":"https://login.microsoftonline.com/common/.well-known/openid-configuration"}`, "https://sts.windows.net/0f3c/", false},
		{`{"status":"401","schemes":"bearer","scope":"mail"}`, "https://other.example", false},
		{`no JSON`, "https://other.example", false},
		{``, "https://other.example", false},
	} {
		r := &probe.Result{Token: reading(&token.Claims{Issuer: row.issuer}), Auth: probe.Auth{Status: probe.AuthRejected, Challenge: row.challenge}}
		found := tokenFindings(r, Context{})
		sound(t, found)
		if got := len(found) == 1 && found[0].Code == "auth.token_issuer"; got != row.want || len(found) > 1 {
			t.Errorf("%s of %s\ngot  %+v\nwant %v", row.challenge, row.issuer, found, row.want)
		}
	}
}

// An opaque token that has the form of another provider's is called that.
func TestForeignToken(t *testing.T) {
	at := func(host string) Context {
		return Context{Provider: &settings.Provider{OAuth: &settings.OAuth{TokenURL: "https://" + host + "/token"}}}
	}
	for _, row := range []struct {
		maker token.Maker
		c     Context
		want  string
	}{
		{token.Google, at("login.microsoftonline.com"), "auth.token_issuer error"},
		{token.Google, at("oauth2.googleapis.com"), ""},
		{token.Microsoft, at("oauth2.googleapis.com"), "auth.token_issuer error"},
		{token.Microsoft, at("login.microsoftonline.com"), ""},
		{token.Yandex, at("oauth.yandex.ru"), ""},
		{token.Google, Context{}, ""},
		{"", at("oauth2.googleapis.com"), ""},
	} {
		r := &probe.Result{Token: &token.Reading{Form: token.Opaque, Maker: row.maker, Length: 200}, Auth: probe.Auth{Status: probe.AuthRejected, Username: "me@corp.example"}}
		found := tokenFindings(r, row.c)
		sound(t, found)
		got := ""
		for _, f := range found {
			got += f.Code + " " + string(f.Severity)
		}
		if got != row.want {
			t.Errorf("%s\ngot  %q\nwant %q", row.maker, got, row.want)
		}
	}
}

func TestTokenSize(t *testing.T) {
	for length, want := range map[int]string{2000: "", 6000: "", 7300: "auth.token_too_long"} {
		r := &probe.Result{Token: &token.Reading{Form: token.Opaque, Length: length}, Auth: probe.Auth{Status: probe.AuthRejected, Username: "me@corp.example"}}
		got := ""
		for _, f := range tokenFindings(r, Context{}) {
			got += f.Code
		}
		if got != want {
			t.Errorf("%d\ngot  %q\nwant %q", length, got, want)
		}
	}
}

// A server that cannot bear the line takes its end for further commands: what
// it says of these is not what is wrong.
func TestTokenTooLongForTheServer(t *testing.T) {
	reply := probe.NewReply("535", "5.7.0 Too many bad commands, too many login attempts")
	r := &probe.Result{
		Endpoint:   settings.Endpoint{Protocol: settings.SMTP, Host: "mail.example.com", Port: 465, Security: settings.TLS},
		SecretSent: true, Token: &token.Reading{Form: token.Opaque, Length: 12196},
		Auth: probe.Auth{Status: probe.AuthRejected, Mechanism: "XOAUTH2", Username: "me@corp.example", Reply: &reply, Sent: true, Begun: true, Taken: true},
	}
	found := signInFindings(r, Context{Kind: "token"})
	sound(t, found)
	if len(found) != 1 || found[0].Code != tokenRejected || !strings.Contains(found[0].Advises(), "Cure first") {
		t.Errorf("got  %+v\nwant advice to cure first what the token shows", found)
	}
}

// With a token the user name of a shared mailbox is its address alone.
func TestSharedForm(t *testing.T) {
	for user, want := range map[string]string{
		`me@corp.example\box@corp.example`: "--username box@corp.example", "me@corp.example/box@corp.example": "--username box@corp.example",
		"box@corp.example": "", `CORP\me`: "", "me": "",
	} {
		r := &probe.Result{Token: reading(nil), Auth: probe.Auth{Status: probe.AuthRejected, Username: user}}
		found := tokenFindings(r, Context{})
		sound(t, found)
		got := ""
		for _, f := range found {
			got += f.Advises()
		}
		if !strings.Contains(got, want) || (got == "") != (want == "") {
			t.Errorf("%s\ngot  %q\nwant %q", user, got, want)
		}
	}
}
