package diagnose

import (
	"errors"
	"strings"
	"testing"

	"mailprobe/internal/finding"
	"mailprobe/internal/probe"
	"mailprobe/internal/settings"
)

// one fails unless there is one finding, as described, that says and advises
// these words.
func one(t *testing.T, name string, found []finding.Finding, want, says, advises string) {
	t.Helper()
	if got := codesOf(t, found); got != want {
		t.Errorf("%s\ngot  %q\nwant %q", name, got, want)
		return
	}
	if want != "" && (!strings.Contains(found[0].Says(), says) || !strings.Contains(found[0].Advises(), advises)) {
		t.Errorf("%s\ngot  %q, %q\nwant %q, %q", name, found[0].Says(), found[0].Advises(), says, advises)
	}
}

// What a server says once it has accepted a sign-in.
func TestAccess(t *testing.T) {
	for _, row := range []struct {
		name         string
		protocol     settings.Protocol
		status, text string // of its answer; empty: it hung up
		want         string
		says         string
		seen         string
	}{
		{"hangs up", settings.IMAP, "", "", "access.no_answer warning provider", "mail.example.com:1 accepts the sign-in and then ends the conversation.", "hung up"},
		{"consents and hangs up", settings.IMAP, "OK", "done", "access.no_answer warning provider", "then ends the conversation.", "hung up"},
		{"an answer that no row knows", settings.SMTP, "999", "what now", "access.refused error account", "mail.example.com:1 accepts the sign-in and then refuses access.", "999 what now"},
		{"only its class is known", settings.IMAP, "NO", "Nie im Leben", "access.refused error account", "mail.example.com:1: The server refuses for good", "NO Nie im Leben"},
		{"known to be for now", settings.SMTP, "450", "Nie im Leben", "access.temporary warning provider", "mail.example.com:1: ", "450 Nie im Leben"},
		{"not now", settings.IMAP, "NO", "[UNAVAILABLE] down", "access.temporary warning provider", "cannot open the mailbox now", "NO [UNAVAILABLE] down"},
		{"in use", settings.POP3, "-ERR", "[IN-USE] locked", "auth.in_use warning account", "mail.example.com:1: ", "-ERR [IN-USE] locked"},
		{"known, and for good", settings.IMAP, "NO", "[OVERQUOTA] full", "access.quota error account", "mail.example.com:1: ", "NO [OVERQUOTA] full"},
		{"leaves and says no more", settings.IMAP, "BYE", "bye", "access.no_answer warning provider", "then ends the conversation.", "BYE bye"},
		{"leaves and says why", settings.IMAP, "BYE", "Cannot open the mailbox", "access.mailbox_not_opened error account", "", "BYE Cannot open the mailbox"},
		{"is shut down", settings.IMAP, "BYE", "server shutting down", "access.session_ended warning provider", "", "BYE server shutting down"},
		{"sender refused", settings.SMTP, "553", "5.7.1 not yours", "access.refused error account", "", "553 5.7.1 not yours"},
	} {
		r := ended(row.protocol, probe.Access, errors.New("hung up"))
		if row.status != "" {
			reply := probe.NewReply(row.status, row.text)
			r.AccessReply = &reply
		}
		found := accessFindings(r, Context{})
		one(t, row.name, found, row.want, row.says, "")
		if got := found[0].Seen(); got != row.seen {
			t.Errorf("%s\ngot  %q\nwant %q", row.name, got, row.seen)
		}
	}
}

// What a server says of the account's own address as a recipient.
func TestOwnAddress(t *testing.T) {
	for _, row := range []struct{ name, command, reply, want, says, advises string }{
		{"sender looked at late", "RCPT TO", "553 5.7.1 <me@example.com>: Sender address rejected: not owned by user me@example.com", "send.sender_refused error account",
			"does not belong to the account", ""},
		{"relay", "RCPT TO", "554 5.7.1 <me@example.com>: Relay access denied", "send.relay_denied error provider", "as if nobody had signed in", "must let those send"},
		{"relay, for now", "RCPT TO", "454 4.7.1 <me@example.com>: Relay access denied", "send.relay_denied warning provider", "as if nobody had signed in", ""},
		{"not signed in", "MAIL FROM", "530 5.7.0 Authentication required", "auth.required error provider", "as if nobody had signed in", ""},
		{"unknown", "RCPT TO", "550 5.1.1 <me@example.com>: User unknown", "send.recipient_refused warning account",
			"accepts the sign-in and the sender me@example.com, and takes no mail for me@example.com itself", "--username me@example.com"},
		{"unknown, without an enhanced code", "RCPT TO", "550 no such user here", "send.recipient_refused warning account", "was not found out", ""},
		{"unknown, for now", "RCPT TO", "450 4.1.1 <me@example.com>: unverified address", "send.recipient_refused warning account", "was not found out", ""},
		{"a sender of that name is unknown", "MAIL FROM", "550 5.1.1 <me@example.com>: User unknown", "send.recipient_refused error account", "", ""},
		{"barred by policy", "RCPT TO", "554 5.7.1 <me@example.com>: Recipient address rejected: Access denied", "send.recipient_refused error account", "", ""},
		{"full", "RCPT TO", "552 5.2.2 <me@example.com>: Mailbox is full", "send.mailbox_full warning account", "the mailbox of me@example.com is full", "Delete mail"},
		{"full, for now", "RCPT TO", "452 4.2.2 <me@example.com>: Mailbox is full", "send.mailbox_full warning account", "the mailbox of me@example.com is full", ""},
		{"out of turn", "RCPT TO", "503 5.5.1 need MAIL command", "access.refused error provider", "then refuses access", ""},
	} {
		status, text, _ := strings.Cut(row.reply, " ")
		reply := probe.NewReply(status, text)
		r := ended(settings.SMTP, probe.Access, &probe.ReplyError{Command: row.command, Reply: reply})
		r.AccessReply, r.Sender = &reply, "me@example.com"
		one(t, row.name, accessFindings(r, Context{}), row.want, row.says, row.advises)
	}
}

// TestSenderUnknown: what was not asked is said, and is no fault.
func TestSenderUnknown(t *testing.T) {
	for _, row := range []struct {
		protocol settings.Protocol
		status   probe.AuthStatus
		access   probe.Status
		want     string
	}{
		{settings.SMTP, probe.AuthAccepted, probe.Skipped, "access.sender_unknown info "},
		{settings.SMTP, probe.AuthAccepted, probe.OK, ""},
		{settings.SMTP, probe.AuthNotTested, probe.Skipped, ""},
		{settings.IMAP, probe.AuthAccepted, probe.Skipped, ""},
	} {
		r := &probe.Result{Endpoint: settings.Endpoint{Protocol: row.protocol, Host: "mail.example.com", Port: 1}, Auth: probe.Auth{Status: row.status},
			Steps: []probe.Step{{Phase: probe.Access, Status: row.access, Note: "the user name is no address"}}}
		one(t, string(row.protocol), accessFindings(r, Context{}), row.want, "was not tested: the user name is no address.", "--username")
	}
}

// What is no answer at all.
func TestBrokenAccess(t *testing.T) {
	for fault, want := range map[probe.ProtocolFault]string{
		probe.Malformed: "proto.malformed error provider", probe.EarlyAnswer: "proto.malformed error provider", probe.TooLong: "proto.too_long error provider",
		probe.Silent: "access.no_answer warning tool", probe.ClosedEarly: "access.no_answer warning provider", probe.InternalDefect: "tool.internal_error warning tool",
	} {
		r := ended(settings.SMTP, probe.Access, &probe.ProtocolError{Fault: fault, Detail: "221 bye"})
		reply := probe.NewReply("250", "ok")
		r.AccessReply = &reply
		one(t, string(fault), Result(r, Context{}), want, "", "")
	}
}

// What becomes of the test message.
func TestMessage(t *testing.T) {
	no, later := probe.NewReply("550", "5.7.1 no"), probe.NewReply("451", "4.7.1 later")
	bye := probe.NewReply("221", "2.0.0 bye")
	for _, row := range []struct {
		name     string
		protocol settings.Protocol
		message  *probe.Delivery
		want     string
		says     string
		advises  string
		seen     string
	}{
		{"none was asked for", settings.SMTP, nil, "", "", "", ""},
		{"sent", settings.SMTP, &probe.Delivery{Sent: true, Command: "DATA", Reason: "x"}, "", "", "", ""},
		{"seen and deleted", settings.IMAP, &probe.Delivery{Seen: true, Deleted: true, Reason: "x"}, "", "", "", ""},
		{"seen and left", settings.IMAP, &probe.Delivery{Seen: true, Subject: "test X", Reason: "no DELE"}, "access.message_left warning account",
			"The test message arrived at mail.example.com:1 and is still there.", `Delete the message "test X" by hand.`, "no DELE"},
		{"not seen", settings.POP3, &probe.Delivery{Subject: "test X", Command: "TOP", Reason: "not seen in time"}, "access.message_not_seen warning provider",
			"was not seen at mail.example.com:1.", `Look for "test X" in the inbox`, "not seen in time"},
		{"not sent", settings.SMTP, &probe.Delivery{Reason: "not signed in"}, "access.message_not_sent warning account",
			"No test message was sent over mail.example.com:1.", "Cure first", "not signed in"},
		{"refused", settings.SMTP, &probe.Delivery{Command: "DATA", Reply: &no, Reason: "refused"}, "access.send_failed error provider",
			"does not take a message from the account to itself (DATA).", "Read the server's words", "550 5.7.1 no"},
		{"refused for now", settings.SMTP, &probe.Delivery{Command: "DATA", Reply: &later}, "access.send_failed warning provider",
			"(DATA)", "Wait some minutes and repeat the test. Read the server's words", "451 4.7.1 later"},
		{"an answer that is none", settings.SMTP, &probe.Delivery{Command: "the message", Subject: "test X", Reply: &bye, Maybe: true}, "access.send_failed error provider",
			"answers the message with what SMTP does not know there. Whether the test message was sent is not known.", `Look for "test X" in the inbox and delete it`, "221 2.0.0 bye"},
		{"another one", settings.SMTP, &probe.Delivery{Command: "DATA", Reply: &bye}, "access.send_failed error provider",
			"answers DATA with what SMTP does not know there. The test message was not sent.", "Repeat the test.", "221 2.0.0 bye"},
		{"no answer to DATA", settings.SMTP, &probe.Delivery{Command: "DATA", Reason: "closed"}, "access.send_failed warning provider",
			"ended the conversation at DATA. The test message was not sent.", "Repeat the test.", "closed"},
		{"no answer", settings.SMTP, &probe.Delivery{Command: "the message", Subject: "test X", Reason: "closed", Maybe: true}, "access.send_failed warning provider",
			"Whether the test message was sent is not known.", `Look for "test X" in the inbox and delete it`, "closed"},
	} {
		r := &probe.Result{Endpoint: settings.Endpoint{Protocol: row.protocol, Host: "mail.example.com", Port: 1}, Message: row.message}
		found := messageFindings(r, Context{})
		one(t, row.name, found, row.want, row.says, row.advises)
		if row.want != "" && (found[0].Seen() != row.seen || found[0].Phase != probe.Access) {
			t.Errorf("%s\ngot  %q in %s\nwant %q in %s", row.name, found[0].Seen(), found[0].Phase, row.seen, probe.Access)
		}
	}
}

// TestRefusedMessageIsSaidOnce: of the answer to a command about the message
// the rule for messages speaks alone.
func TestRefusedMessageIsSaidOnce(t *testing.T) {
	for command, want := range map[string]int{"DATA": 0, "": 1} {
		r := ended(settings.SMTP, probe.Access, errors.New("refused"))
		r.Message = &probe.Delivery{Command: command}
		if got := accessFindings(r, Context{}); len(got) != want {
			t.Errorf("command %q\ngot  %v\nwant %d findings", command, got, want)
		}
	}
}

// What is known of a mechanism that was started.
func TestMechanisms(t *testing.T) {
	no := probe.NewReply("NO", "no such mechanism")
	r := &probe.Result{Endpoint: parsed(imapTLS), Checked: []probe.MechanismCheck{{Mechanism: "PLAIN", Real: true}, {Mechanism: "NTLM", Reply: &no}, {Mechanism: "GSSAPI"}}}
	found := mechanismFindings(r, Context{})
	one(t, "IMAP", found, "auth.mechanism_not_real warning provider; auth.mechanism_not_real warning provider",
		"imap.example.com:993 announces the sign-in method NTLM and refuses it", "Choose another method")
	if found[0].Seen() != "NO no such mechanism" || found[1].Seen() != "" {
		t.Errorf("got  %q, %q\nwant the server's words, nothing", found[0].Seen(), found[1].Seen())
	}
}
