package diagnose

import (
	"strings"
	"testing"

	"mailprobe/internal/catalog"
	"mailprobe/internal/probe"
	"mailprobe/internal/settings"
)

// Servers say of tokens what they say of passwords. What it means is told in
// the words of tokens: nobody is sent after a password, or round in a circle.
func TestTokenWords(t *testing.T) {
	providers := catalog.Load()
	for _, row := range []struct {
		provider string
		protocol settings.Protocol
		text     string
		code     string
	}{
		{"gmail", settings.IMAP, "NO [AUTHENTICATIONFAILED] Invalid credentials (Failure)", "auth.token_rejected"},
		{"gmail", settings.SMTP, "535 5.7.8 Username and Password not accepted. For more information, go to https://support.google.com/mail/?p=BadCredentials", "auth.token_rejected"},
		{"gmail", settings.POP3, "-ERR [AUTH] Username and password not accepted.", "auth.token_rejected"},
		{"gmail", settings.SMTP, "534 5.7.9 Application-specific password required.", "auth.token_rejected"},
		{"gmail", settings.IMAP, "NO [ALERT] Please log in via your web browser: https://support.google.com/mail/accounts/answer/78754 (Failure)", "auth.browser_required"},
		{"gmail", settings.IMAP, "NO [WEBALERT https://accounts.google.com/signin/continue] Web login required.", "auth.browser_required"},
		{"gmail", settings.SMTP, "454 4.7.0 Too many login attempts, please try again later.", "auth.throttled"},
		{"gmail", settings.SMTP, "535 5.7.1 Username and Password not accepted", "auth.token_rejected"},
		{"office365", settings.IMAP, "NO AUTHENTICATE failed.", "auth.token_rejected"},
		{"office365", settings.SMTP, "535 5.7.3 Authentication unsuccessful [AM0PR02CA0123.eurprd02.prod.outlook.com 2026-11-29T08:22:10.123Z 08DD]", "auth.token_rejected"},
		{"office365", settings.SMTP, "535 5.7.139 Authentication unsuccessful, SmtpClientAuthentication is disabled for the Tenant. Visit https://aka.ms/smtp_auth_disabled", "auth.smtp_auth_disabled"},
		{"office365", settings.SMTP, "535 5.7.139 Authentication unsuccessful, SmtpClientAuthentication is disabled for the Mailbox.", "auth.smtp_auth_disabled"},
		{"office365", settings.SMTP, "535 5.7.139 Authentication unsuccessful, the user credentials were incorrect.", "auth.token_rejected"},
		{"office365", settings.SMTP, "535 5.7.139 Authentication unsuccessful, basic authentication is disabled.", "auth.token_rejected"},
		{"office365", settings.SMTP, "535 5.7.139 Authentication unsuccessful, the request did not meet the criteria to be authenticated successfully. Contact your administrator.", "auth.policy_blocked"},
		{"office365", settings.SMTP, "535 5.7.139 Authentication unsuccessful, user is locked by your organization's security defaults policy.", "auth.policy_blocked"},
		{"office365", settings.POP3, "-ERR Authentication failure: unknown user name or bad password.", "auth.token_rejected"},
		{"office365", settings.IMAP, "NO [UNAVAILABLE] Server Unavailable. 15", "auth.temporary"},
		{"office365", settings.IMAP, "BYE Connection is closed. 15", "auth.temporary"},
		{"", settings.IMAP, "NO AUTHENTICATE failed. Command parsing failed.", "auth.malformed"},
		{"office365", settings.POP3, "-ERR Protocol error. Connection is closed. 10", "proto.client_fault"},
		{"yahoo", settings.IMAP, "NO [AUTHENTICATIONFAILED] AUTHENTICATE Invalid credentials", "auth.token_rejected"},
		{"yahoo", settings.SMTP, "535 5.7.0 (#AUTH005) Too many bad auth attempts.", "auth.token_rejected"},
		{"yahoo", settings.IMAP, "NO [AUTHORIZATIONFAILED] AUTHENTICATE Permission denied", "auth.authz_failed"},
		{"", settings.IMAP, "NO [AUTHENTICATIONFAILED] Authentication failed.", "auth.token_rejected"},
		{"", settings.SMTP, "535 5.7.8 Error: authentication failed: ", "auth.token_rejected"},
		{"", settings.SMTP, "500 5.5.2 Line too long", "auth.token_too_long"},
		{"", settings.IMAP, "BAD Command line too long", "auth.token_too_long"},
		{"", settings.IMAP, "BAD Too long argument.", "auth.token_too_long"},
		{"", settings.IMAP, "BAD Too large a string", "auth.token_too_long"},
		{"", settings.POP3, "-ERR Input buffer overflow", "auth.token_too_long"},
		{"yandex", settings.IMAP, "NO [AUTHENTICATIONFAILED] AUTHENTICATE invalid credentials or IMAP is disabled sc=cYXlpv732Cg1", "auth.not_enabled"},
		{"", settings.SMTP, "535 5.7.8 Error: authentication failed: Invalid base64 data in initial response", "auth.malformed"},
		{"", settings.IMAP, "NO [AUTHORIZATIONFAILED] Authorization failed", "auth.authz_failed"},
		{"", settings.IMAP, "NO [CONTACTADMIN] Account disabled", "auth.contact_admin"},
		{"", settings.IMAP, "NO [EXPIRED] Token expired", "auth.expired"},
		{"", settings.POP3, "-ERR [SYS/PERM] not allowed", "auth.contact_admin"},
		{"", settings.SMTP, "530 5.7.0 Authentication required", "auth.required"},
		{"", settings.SMTP, "504 5.5.4 Unrecognized authentication type", "auth.mechanism_missing"},
	} {
		p, _ := providers.Lookup(row.provider)
		status, text, _ := strings.Cut(row.text, " ")
		reply := probe.NewReply(status, text)
		r := &probe.Result{
			Endpoint:   settings.Endpoint{Protocol: row.protocol, Host: "mail.example.com", Port: 993, Security: settings.TLS},
			SecretSent: true, Token: reading(nil),
			Auth: probe.Auth{Status: probe.AuthRejected, Mechanism: "XOAUTH2", Username: "me@corp.example", Reply: &reply, Sent: true, Begun: true, Taken: true},
		}
		if reply.Temporary() || reply.Ends() {
			r.Auth.Status = probe.AuthUnknown
		}
		found := signInFindings(r, Context{Provider: p, Kind: "token"})
		for i := range found {
			found[i] = Context{Provider: p, Kind: "token", Setting: &settings.Setting{Endpoint: r.Endpoint}}.advise(found[i])
		}
		sound(t, found)
		if len(found) != 1 || found[0].Code != row.code {
			t.Errorf("%s\ngot  %+v\nwant %s", row.text, found, row.code)
			continue
		}
		says, advises := strings.ToLower(found[0].Says()), strings.ToLower(bearable.ReplaceAllString(found[0].Advises(), ""))
		if strings.Contains(says, "password") || strings.Contains(advises, "app password") || strings.Contains(advises, "new password") {
			t.Errorf("%s\ngot  %s %s\nwant nothing of passwords", row.text, says, advises)
		}
	}
}
