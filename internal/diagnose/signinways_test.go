package diagnose

import (
	"strings"
	"testing"

	"mailprobe/internal/auth"
	"mailprobe/internal/probe"
	"mailprobe/internal/settings"
)

// triedBy is a probe that came as far as its sign-in, which ended so.
func triedBy(a probe.Auth) *probe.Result {
	r := stopped(imapTLS, probe.SignIn, &probe.AuthError{Auth: a})
	if a.Status == probe.AuthAccepted {
		r = ready(imapTLS, []string{"IMAP4rev1"}, []string{"PLAIN"}, "IMAP LOGIN")
	}
	r.Auth = a
	return r
}

// What a sign-in comes to that no server has judged, and who must act.
func TestSignInWithoutVerdict(t *testing.T) {
	no := probe.NewReply("NO", "what")
	ways := []probe.RefusedWay{{Mechanism: "PLAIN", InLine: true, Reply: &no}, {Mechanism: "PLAIN"}}
	unknown := func(mechanism string, cause error) probe.Auth {
		return probe.Auth{Status: probe.AuthUnknown, Mechanism: mechanism, Cause: cause, Reason: "x"}
	}
	left := unknown("PLAIN", &probe.ProtocolError{Fault: probe.NoWayLeft})
	left.Refused, left.Reply = ways, &no
	for _, row := range []struct {
		name, want string
		auth       probe.Auth
		says       string // in the message
	}{
		{"accepted before the password", "auth.accepted_unseen error provider", unknown("LOGIN", &probe.ProtocolError{Fault: probe.Unseen, Detail: "OK in"}), "shown the password"},
		{"accepted before the token", "auth.accepted_unseen error provider", unknown("XOAUTH2", &probe.ProtocolError{Fault: probe.Unseen}), "shown the access token"},
		{"a broken exchange", "auth.exchange_broken error provider", unknown("CRAM-MD5", &auth.ExchangeError{Mechanism: "CRAM-MD5", Detail: "the challenge is odd"}), "CRAM-MD5: the challenge is odd"},
		{"a line that is none", "proto.malformed error provider", unknown("PLAIN", &probe.ProtocolError{Fault: probe.Malformed, Detail: "???"}), "not IMAP"},
		{"too much", "proto.too_many error provider", unknown("PLAIN", &probe.ProtocolError{Fault: probe.TooMuch}), "far more"},
		{"cut", "auth.no_verdict warning unknown", unknown("PLAIN", &probe.ProtocolError{Fault: probe.ClosedEarly}), "by the server or by something on the way"},
		{"silent", "auth.no_verdict warning provider", unknown("PLAIN", &probe.ProtocolError{Fault: probe.Silent}), "without a verdict"},
		{"all ways refused", "auth.all_ways_refused error provider", left, "PLAIN with the first message on the command's line, PLAIN"},
		{"one works", "auth.way_refused warning provider", probe.Auth{Status: probe.AuthAccepted, Mechanism: "IMAP LOGIN", Refused: ways}, "Signing in by IMAP LOGIN works"},
		{"one is judged", "auth.rejected error account; auth.way_refused warning provider", probe.Auth{Status: probe.AuthRejected, Mechanism: "IMAP LOGIN", Refused: ways, Reply: &no, Sent: true}, ""},
	} {
		t.Run(row.name, func(t *testing.T) {
			found := Result(triedBy(row.auth), Context{})
			if got := codesOf(t, found); got != row.want {
				t.Errorf("got  %q\nwant %q", got, row.want)
			}
			if len(found) == 0 || !strings.Contains(found[0].Says(), row.says) {
				t.Errorf("got  %v\nwant it to say %q", found, row.says)
			}
		})
	}
}

// A command that is refused says nothing of a password: only then another way
// is tried.
func TestWayRefused(t *testing.T) {
	for _, row := range []struct {
		protocol     settings.Protocol
		status, text string
		begun        bool
		want         bool
	}{
		{settings.IMAP, "BAD", "Unrecognized command", false, true},
		{settings.IMAP, "NO", "[AUTHENTICATIONFAILED] no", false, true}, // of what?
		{settings.IMAP, "NO", "[UNAVAILABLE] later", false, false},
		{settings.IMAP, "NO", "Too many failed logins", false, false},
		{settings.IMAP, "NO", "[LIMIT] enough", false, false},
		{settings.IMAP, "BYE", "bye", false, false},
		{settings.IMAP, "OK", "in", false, false},
		{settings.IMAP, "BAD", "Too many arguments", true, true},
		{settings.IMAP, "BAD", "invalid login or password", true, false},
		{settings.IMAP, "BAD", "[AUTHENTICATIONFAILED] no", true, false},
		{settings.IMAP, "NO", "Unsupported authentication mechanism", true, true},
		{settings.IMAP, "NO", "nope", true, false},
		{settings.IMAP, "BAD", "Missing or unexpected arguments", true, true},
		{settings.IMAP, "BAD", "Missing password", true, false},
		{settings.IMAP, "BAD", "", true, true},
		{settings.IMAP, "NO", "", true, false},
		{settings.IMAP, "NO", "AUTHENTICATE unknown mechanism", true, true},
		{settings.IMAP, "NO", "SASL-IR not supported", true, true},
		{settings.IMAP, "NO", "Initial response not allowed here", true, true},
		{settings.POP3, "-ERR", "bad arguments", true, true},
		{settings.POP3, "-ERR", "bad password", true, false},
		{settings.SMTP, "501", "5.5.4 Initial response is not supported", true, true},
		{settings.IMAP, "NO", "AUTHENTICATE not implemented", true, true},
		{settings.IMAP, "NO", "不支持的命令", true, true},
		{settings.IMAP, "NO", "Login failed", true, false},
		{settings.IMAP, "NO", "Falsches Passwort, Syntax beachten", true, false},
		{settings.POP3, "-ERR", "Unknown command.", true, true},
		{settings.POP3, "-ERR", "Befehl unbekannt", true, true},
		{settings.POP3, "-ERR", "Commande inconnue", true, true},
		{settings.POP3, "-ERR", "Неизвестная команда", true, true},
		{settings.POP3, "-ERR", "不支持的命令", true, true},
		{settings.POP3, "-ERR", "命令错误", true, true},
		{settings.POP3, "-ERR", "コマンドエラー", true, true},
		{settings.POP3, "-ERR", "too many arguments", true, true},
		{settings.POP3, "-ERR", "falsches Passwort", true, false},
		{settings.POP3, "-ERR", "Неверный пароль", true, false},
		{settings.POP3, "-ERR", "密码错误", true, false},
		{settings.POP3, "-ERR", "パスワードエラー", true, false},
		{settings.POP3, "-ERR", "command PASS: wrong password", true, false},
		{settings.POP3, "-ERR", "[AUTH] no", true, false},
		{settings.POP3, "-ERR", "nope", true, false},
		{settings.SMTP, "500", "5.5.1 Unknown command", true, true},
		{settings.SMTP, "501", "Syntax error in parameters", true, true},
		{settings.SMTP, "502", "Command not implemented", true, true},
		{settings.SMTP, "503", "5.5.1 Bad sequence", true, false},
		{settings.SMTP, "504", "Unrecognized authentication type", true, true},
		{settings.POP3, "-ERR", "too many bad commands", true, false},
		{settings.IMAP, "BAD", "Too many bad commands", true, false},
		{settings.SMTP, "432", "4.7.12 A password transition is needed", true, true},
		{settings.IMAP, "NO", "Mecanismo de autenticación no soportado", true, true},
		{settings.IMAP, "NO", "Mécanisme d'authentification non pris en charge", true, true},
		{settings.IMAP, "NO", "Authentifizierungsmechanismus nicht unterstützt", true, true},
		{settings.IMAP, "NO", "Mecanismo de autenticação não suportado", true, true},
		{settings.IMAP, "NO", "Meccanismo di autenticazione non supportato", true, true},
		{settings.IMAP, "NO", "Authenticatiemechanisme niet ondersteund", true, true},
		{settings.IMAP, "NO", "Mechanizm uwierzytelniania nie jest obsługiwany", true, true},
		{settings.IMAP, "NO", "Механизм аутентификации не поддерживается", true, true},
		{settings.IMAP, "NO", "不支持的认证机制", true, true},
		{settings.IMAP, "NO", "サポートされていない認証方式", true, true},
		{settings.IMAP, "NO", "[CANNOT] AUTHENTICATE not supported", true, true},
		{settings.IMAP, "NO", "[CANNOT] wrong password", true, false},
		{settings.IMAP, "NO", "This authentication method is disabled", true, true},
		{settings.IMAP, "NO", "Method disabled for this account", true, false},
		{settings.IMAP, "NO", "authentication failed: mechanism not supported or wrong password", true, false},
		{settings.IMAP, "BAD", "[CLIENTBUG] expected end of line", true, true},
		{settings.IMAP, "BAD", "[CLIENTBUG] Invalid credentials", true, false},
		{settings.IMAP, "NO", "[CLIENTBUG] wrong password", true, false},
		{settings.IMAP, "BAD", "Error in IMAP command AUTHENTICATE: Unknown command (0.001 + 0.000 secs).", true, true},
		{settings.POP3, "-ERR", "[CANNOT]", true, true},
		{settings.POP3, "-ERR", "[CANNOT] no such account", true, false},
		{settings.POP3, "-ERR", "method disabled", true, true},
		{settings.POP3, "-ERR", "expected end of line", true, true},
		{settings.POP3, "-ERR", "Invalid command or password", true, false},
		{settings.POP3, "-ERR", "Invalid command. Wrong password.", true, false},
		{settings.SMTP, "501", "5.5.4 Syntax: AUTH mechanism", true, true},
		{settings.SMTP, "501", "5.7.0 no", true, false},
		{settings.SMTP, "500", "Unknown command or wrong password", true, false},
		{settings.SMTP, "535", "5.7.4 Mechanism not supported", true, true},
		{settings.SMTP, "535", "5.7.8 Error: authentication failed: no mechanism available", true, false},
		{settings.SMTP, "454", "4.7.0 Temporary authentication failure", false, false},
		{settings.SMTP, "421", "4.7.0 bye", false, false},
		{settings.SMTP, "534", "5.7.9 too weak", true, false},
		{settings.SMTP, "535", "5.7.8 wrong", true, false},
		{settings.SMTP, "550", "5.7.1 no", true, false},
	} {
		reply := probe.NewReply(row.status, row.text)
		got := WayRefused(settings.Endpoint{Protocol: row.protocol}, probe.Auth{Reply: &reply, Begun: row.begun}, nil)
		if got != row.want {
			t.Errorf("%s %s, begun %t\ngot  %t\nwant %t", row.status, row.text, row.begun, got, row.want)
		}
	}
	unknown := probe.NewReply("-ERR", "invalid command")
	if WayRefused(settings.Endpoint{Protocol: settings.POP3}, probe.Auth{Reply: &unknown, Begun: true, Taken: true, Sent: true}, nil) {
		t.Error("got  another way for a secret that the server had asked for")
	}
	if WayRefused(settings.Endpoint{}, probe.Auth{}, nil) {
		t.Error("got  a refusal where there is no reply")
	}
}

// What is announced, and what is not.
func TestOffersInTheirOwnWords(t *testing.T) {
	uidl := ready(popTLS, []string{"USER"}, nil, "USER/PASS")
	uidl.SignedInCaps = []string{"UIDL"}
	none := ready(popTLS, []string{"USER"}, nil, "USER/PASS")
	none.SignedInCaps = []string{}
	domain := stopped(imapTLS, probe.SignIn, &auth.MechanismError{Kind: auth.Password, Offered: []string{"NTLM"}, Reason: auth.DomainOnly})
	domain.Auth.Status = probe.AuthSkipped
	inbox := ended(settings.IMAP, probe.Access, &probe.ReplyError{Command: "EXAMINE INBOX"})
	missing := probe.NewReply("NO", "[NONEXISTENT] no such mailbox")
	inbox.Auth.Status, inbox.AccessReply = probe.AuthAccepted, &missing
	for _, row := range []struct {
		name string
		r    *probe.Result
		want string
	}{
		{"UIDL behind the sign-in", uidl, ""},
		{"no UIDL there either", none, "pop3.no_uidl warning provider"},
		{"GSSAPI alone", ready(imapTLS, []string{"IMAP4rev1", "AUTH=GSSAPI"}, []string{"GSSAPI"}, ""), "auth.domain_only info "},
		{"NTLM alone, a password given", domain, "auth.domain_only warning tool"},
		{"an empty list in SMTP", ready("submissions://smtp.example.com", []string{"AUTH"}, nil, ""), "auth.empty_list error provider"},
		{"an empty list in SMTP, old", ready("submissions://smtp.example.com", []string{"AUTH="}, nil, ""), "auth.empty_list error provider"},
		{"an empty list in POP3", ready(popTLS, []string{"UIDL", "SASL"}, nil, ""), "auth.empty_list error provider"},
		{"an empty list in IMAP", ready(imapTLS, []string{"IMAP4rev1", "AUTH="}, nil, "IMAP LOGIN"), "auth.empty_list warning provider"},
		{"an inbox that is not there", inbox, "access.no_inbox error account"},
	} {
		found := Result(row.r, Context{})
		if got := codesOf(t, found); got != row.want {
			t.Errorf("%s\ngot  %q\nwant %q", row.name, got, row.want)
		}
	}
}
