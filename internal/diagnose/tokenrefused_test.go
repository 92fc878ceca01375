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

// A refused token is told by what the challenge and the token itself show, and
// never as a password.
func TestRefusedToken(t *testing.T) {
	now := time.Date(2026, 11, 23, 10, 0, 0, 0, time.UTC)
	office := *microsoft
	office.ID, office.Name = "office365", "Office 365"
	oauth := *microsoft.OAuth
	oauth.AppScope = "https://outlook.office365.com/.default"
	office.OAuth = &oauth
	good := &token.Claims{Audience: []string{"https://outlook.office.com"}, Scopes: []string{"IMAP.AccessAsUser.All"}, Username: "me@corp.example", Expires: now.Add(time.Hour)}
	app := &token.Claims{Audience: []string{"https://outlook.office365.com"}, Roles: []string{"IMAP.AccessAsApp"}, AppOnly: true, Application: "0f3c", Expires: now.Add(time.Hour)}
	gmail := &settings.Provider{ID: "gmail", Name: "Gmail", OAuth: &settings.OAuth{Scopes: map[settings.Protocol][]string{settings.IMAP: {"https://mail.google.com/"}}}}
	for _, row := range []struct {
		name, reply, challenge string
		claims                 *token.Claims
		provider               *settings.Provider
		code                   string
		says                   string
	}{
		{"Gmail, 400", "NO [AUTHENTICATIONFAILED] Invalid credentials (Failure)", `{"status":"400","schemes":"Bearer","scope":"https://mail.google.com/"}`, nil, gmail, "auth.token_rejected", "another account, or does not allow mail"},
		{"Gmail, 401", "NO [AUTHENTICATIONFAILED] Invalid credentials (Failure)", `{"status":"401","schemes":"bearer mac","scope":"https://mail.google.com/"}`, nil, gmail, "auth.token_rejected", "run out, was revoked"},
		{"Gmail, no challenge", "NO [AUTHENTICATIONFAILED] Invalid credentials (Failure)", "", nil, gmail, "auth.token_rejected", "does not say why"},
		{"Gmail, SMTP", "535-5.7.8 Username and Password not accepted. For more information, go to https://support.google.com/mail/?p=BadCredentials", "", nil, gmail, "auth.token_rejected", "does not say why"},
		{"Exchange", "535 5.7.3 Authentication unsuccessful [FR3P281CA0094.DEUP281.PROD.OUTLOOK.COM 2026-11-29T08:22:10.123Z 08DD]", "", nil, &office, "auth.token_rejected", "does not say why"},
		{"Exchange, a token that looks right", "NO AUTHENTICATE failed.", "", good, &office, "auth.token_rejected", "right by what it says of itself"},
		{"Exchange, an application", "NO AUTHENTICATE failed.", "", app, &office, "auth.app_access", "does not let the application"},
		{"number as status", "NO refused", `{"status":401}`, nil, nil, "auth.token_rejected", "run out, was revoked"},
		{"Dovecot", "NO [AUTHENTICATIONFAILED] Authentication failed.", `{"status":"invalid_token"}`, nil, nil, "auth.token_rejected", "run out, was revoked"},
		{"Dovecot, another's", "NO [AUTHENTICATIONFAILED] Authentication failed.", `{"status":"invalid_token"}`, nil, nil, "auth.token_rejected", "belongs to another account than me@corp.example"},
		{"Gmail calls the command wrong", "BAD [CLIENTBUG] Invalid SASL argument (Failure)", `{"status":"400","schemes":"Bearer","scope":"https://mail.google.com/"}`, nil, gmail, "auth.token_rejected", "another account, or does not allow mail"},
		{"too little", "NO refused", `{"status":"insufficient_scope","scope":"mail.all"}`, nil, nil, "auth.token_scope", "it wants mail.all"},
		{"too little, unnamed", "NO refused", `{"status":"insufficient_scope"}`, nil, nil, "auth.token_scope", "does not allow enough for mail"},
		{"another scheme", "NO refused", `{"status":"401","schemes":"dpop"}`, nil, nil, "auth.token_rejected", "takes no bearer token: it wants dpop"},
		{"malformed", "NO refused", `{"status":"invalid_request"}`, nil, nil, "auth.token_rejected", "cannot read the sign-in"},
		{"expired word behind a 400", "NO [EXPIRED] Token expired", `{"status":"400","schemes":"Bearer","scope":"https://mail.google.com/"}`, nil, gmail, "auth.expired", "has run out"},
		{"Exchange, an application, without its registration", "BAD User is authenticated but not connected.", "", app, &office, "auth.app_access", "does not let the application"},
		{"a stranger's token", "NO AUTHENTICATE failed.", "", &token.Claims{Audience: []string{"https://outlook.office.com"}, Scopes: []string{"IMAP.AccessAsUser.All"}, Username: "you@corp.example", Expires: now.Add(time.Hour)}, &office, "auth.token_rejected", "does not accept the access token."},
		{"an application without the role", "NO AUTHENTICATE failed.", "", &token.Claims{Audience: []string{"https://outlook.office365.com"}, Roles: []string{"Mail.Read"}, AppOnly: true, Application: "0f3c", Expires: now.Add(time.Hour)}, &office, "auth.token_rejected", "does not accept the access token."},
		{"IMAP off", "NO [ALERT] Your account is not enabled for IMAP use. Please visit your Gmail settings page", "", nil, gmail, "auth.not_enabled", ""},
	} {
		t.Run(row.name, func(t *testing.T) {
			reply := probe.Reply{Text: row.reply, Status: strings.Fields(strings.ReplaceAll(row.reply, "-", " "))[0]}
			r := &probe.Result{
				Endpoint: settings.Endpoint{Protocol: settings.IMAP, Host: "mail.example.com", Port: 993, Security: settings.TLS},
				Started:  now, Token: reading(row.claims), SecretSent: true,
				Auth: probe.Auth{Status: probe.AuthRejected, Mechanism: "XOAUTH2", Username: "me@corp.example", Reply: &reply, Challenge: row.challenge, Sent: true, Begun: true, Taken: true},
			}
			found := signInFindings(r, Context{Provider: row.provider, Kind: "token", Now: now})
			sound(t, found)
			if len(found) != 1 || found[0].Code != row.code || !strings.Contains(found[0].Says(), row.says) || found[0].Severity != finding.Error {
				t.Errorf("got  %+v\nwant %s: %s", found, row.code, row.says)
			}
			for _, f := range found {
				if words := strings.ToLower(f.Says() + f.Advises()); row.code != "auth.not_enabled" && strings.Contains(words, "password") {
					t.Errorf("got  %q\nwant nothing of passwords", words)
				}
			}
		})
	}
}

// A server that has refused a token by its challenge has given its verdict,
// whatever follows: nothing, or words about a fault of its own.
func TestChallengeIsVerdict(t *testing.T) {
	for _, row := range []struct {
		name, challenge, reply string
		want                   string // code and severity
	}{
		{"hung up behind 401", `{"status":"401","schemes":"bearer","scope":"https://mail.google.com/"}`, "", "auth.token_rejected error"},
		{"hung up behind 400", `{"status":"400","schemes":"Bearer"}`, "", "auth.token_rejected error"},
		{"hung up behind invalid_token", `{"status":"invalid_token"}`, "", "auth.token_rejected error"},
		{"hung up behind insufficient_scope", `{"status":"insufficient_scope","scope":"mail"}`, "", "auth.token_scope error"},
		{"hung up behind a fault of the server", `{"status":"500"}`, "", "auth.temporary warning"},
		{"hung up without a challenge", "", "", "auth.no_verdict warning"},
		{"hung up behind another text", "hello", "", "auth.no_verdict warning"},
		{"a fault behind 400", `{"status":"400"}`, "535 5.7.8 Error: authentication failed: Connection lost to authentication server", "auth.temporary warning"},
		{"a fault behind invalid_token", `{"status":"invalid_token"}`, "454 4.7.0 Temporary authentication failure: Connection lost to authentication server", "auth.temporary warning"},
		{"a fault as status", `{"status":"503"}`, "535 5.7.8 Error: authentication failed", "auth.temporary warning"},
	} {
		r := &probe.Result{
			Endpoint: settings.Endpoint{Protocol: settings.SMTP, Host: "mail.example.com", Port: 465, Security: settings.TLS},
			Token:    reading(nil), SecretSent: true,
			Steps: []probe.Step{{Phase: probe.SignIn, Status: probe.Failed, Err: &probe.ProtocolError{Fault: probe.ClosedEarly}}},
			Auth: probe.Auth{Status: probe.AuthUnknown, Mechanism: "XOAUTH2", Username: "me@corp.example", Challenge: row.challenge, Sent: true, Begun: true, Taken: true,
				Reason: "the connection was closed", Cause: &probe.ProtocolError{Fault: probe.ClosedEarly}},
		}
		if status, text, replied := strings.Cut(row.reply, " "); replied {
			reply := probe.NewReply(status, text)
			r.Auth.Reply, r.Auth.Status, r.Auth.Cause, r.Auth.Reason = &reply, probe.AuthRejected, nil, ""
		}
		found := signInFindings(r, Context{Kind: "token"})
		sound(t, found)
		if len(found) != 1 || found[0].Code+" "+string(found[0].Severity) != row.want {
			t.Errorf("%s\ngot  %+v\nwant %s", row.name, found, row.want)
		}
	}
}

// Exchange calls a mailbox that an application may not open a passing fault.
func TestApplicationBarred(t *testing.T) {
	office := *microsoft
	oauth := *microsoft.OAuth
	oauth.AppScope = "https://outlook.office365.com/.default"
	office.OAuth = &oauth
	app := &token.Claims{Roles: []string{"SMTP.SendAsApp"}, AppOnly: true, Application: "0f3c"}
	reply := probe.Reply{Text: "430 4.2.0 STOREDRV; mailbox logon failure; code:140", Status: "430", Enhanced: "4.2.0"}
	r := &probe.Result{
		Endpoint: settings.Endpoint{Protocol: settings.SMTP, Host: "smtp.office365.com", Port: 587, Security: settings.StartTLS},
		Token:    reading(app), SecretSent: true,
		Auth: probe.Auth{Status: probe.AuthUnknown, Mechanism: "XOAUTH2", Username: "box@corp.example", Reply: &reply, Sent: true},
	}
	found := signInFindings(r, Context{Provider: &office, Kind: "token"})
	sound(t, found)
	if len(found) != 1 || found[0].Code != "auth.app_access" || found[0].Severity != finding.Warning || !strings.Contains(found[0].Advises(), "New-ServicePrincipal -AppId 0f3c") {
		t.Errorf("got  %+v\nwant the application's access, as a warning", found)
	}
	reply.Text = "BAD User is authenticated but not connected."
	reply.Status, reply.Enhanced, app.Roles = "BAD", "", []string{"IMAP.AccessAsApp"}
	r.Endpoint.Protocol, r.Auth.Status, r.AccessReply = settings.IMAP, probe.AuthAccepted, &reply
	r.Steps = []probe.Step{{Phase: probe.SignIn, Status: probe.OK}, {Phase: probe.Access, Status: probe.Failed, Err: &probe.ReplyError{Command: "EXAMINE", Reply: reply}}}
	office.ID = "office365"
	all := Result(r, Context{Provider: &office, Kind: "token"})
	sound(t, all)
	if all[0].Code != "auth.app_access" || all[0].Severity != finding.Error || all[0].Blame != finding.Account {
		t.Errorf("got  %+v\nwant the application's access, as an error", all)
	}
}
