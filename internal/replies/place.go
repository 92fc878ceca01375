package replies

import (
	"slices"
	"strings"

	"mailprobe/internal/lazyregexp"
)

// A place is the command that a reply answers, as far as it is told.
type place string

const (
	placeGreeting  place = "greeting"
	placeSignIn    place = "sign-in"
	placeSender    place = "sender"
	placeRecipient place = "recipient"
	placeData      place = "data"
	placeStartTLS  place = "starttls"
)

var (
	// A command as a client says it: by what programs put before it, or by its
	// form.
	said    = lazyregexp.New(`^(?:C: ?|CLIENT -> SERVER: ?|[-~=]> ?|>{1,3} ?)(?:[A-Za-z.]{0,4}\d{1,6} )?((?i)AUTH|AUTHENTICATE|LOGIN|MAIL|RCPT|DATA|BDAT|EHLO|HELO|STARTTLS|STLS|USER|PASS|APOP|SELECT|EXAMINE|QUIT)\b`)
	command = lazyregexp.New(`^(?:(AUTH|(?:[A-Za-z.]{0,4}\d{1,6} )AUTHENTICATE) (?:PLAIN|LOGIN|XOAUTH2|OAUTHBEARER|CRAM-MD5|DIGEST-MD5|NTLM|GSSAPI|EXTERNAL|SCRAM-\S+)(?: [A-Za-z0-9+/]{12,}=*| =)?$|(MAIL) FROM: ?<\S*>|(RCPT) TO: ?<\S*>|(DATA|QUIT|RSET|CAPA)$|(EHLO|HELO) \S+$|[A-Za-z.]{0,4}\d{1,6} (LOGIN) \S+ \S+$|[A-Za-z.]{0,4}\d{1,6} (SELECT|EXAMINE) \S+$)`)
	// What mail servers and libraries say of the command that was answered.
	inReplyTo = lazyregexp.New(`(?i)in reply to (?:the )?(?:end of )?"?(MAIL FROM|RCPT TO|DATA|AUTH|EHLO|HELO|STARTTLS)|(?:mail server|error) after (?:pipelined )?(?:end of )?(MAIL FROM|RCPT TO|DATA|initial connection|EHLO|AUTH)|command: ?['"](AUTH|MAIL FROM|RCPT TO|DATA|CONN|EHLO|STARTTLS|API)|\bSMTP(AuthenticationError|FailedRecipientException|SenderRefused|RecipientsRefused|DataError|HeloError|ConnectError)\b|(AUTH|MAIL FROM|RCPT TO|DATA) command failed`)

	places = map[string]place{
		"AUTH": placeSignIn, "AUTHENTICATE": placeSignIn, "USER": placeSignIn, "PASS": placeSignIn, "APOP": placeSignIn, "LOGIN": placeSignIn,
		"AUTHENTICATIONERROR": placeSignIn, "MAIL": placeSender, "SENDERREFUSED": placeSender, "RCPT": placeRecipient,
		"RECIPIENTSREFUSED": placeRecipient, "FAILEDRECIPIENTEXCEPTION": placeRecipient, "DATA": placeData, "BDAT": placeData, "DATAERROR": placeData, "INITIAL": placeGreeting,
		"CONN": placeGreeting, "CONNECTERROR": placeGreeting, "STARTTLS": placeStartTLS, "STLS": placeStartTLS,
	}
	layerOf = map[place]string{placeGreeting: LayerGreeting, placeSignIn: LayerAuth, placeSender: LayerPolicy,
		placeRecipient: LayerPolicy, placeData: LayerPolicy, placeStartTLS: layerStartTLS}
)

// commandOf returns what a client's line asks for; ok says that it is one.
func commandOf(line string) (verb string, ok bool) {
	m := said.FindStringSubmatch(line)
	if m == nil {
		m = command.FindStringSubmatch(line)
	}
	if m == nil {
		return "", false
	}
	verb = strings.ToUpper(strings.Join(m[1:], ""))
	return verb[strings.LastIndex(verb, " ")+1:], true
}

// placeOf tells which command a reply answers: by the layer that was asked for,
// by words about it, by the line before it, or by a code that only one has.
func (w wording) placeOf(q Query) place {
	switch q.Layer {
	case LayerAuth:
		return placeSignIn
	case LayerGreeting:
		return placeGreeting
	}
	if slices.Contains(signInReplies, w.status) || w.code == "AUTHENTICATIONFAILED" || w.code == "AUTH" {
		return placeSignIn
	}
	if m := inReplyTo.FindStringSubmatch(w.line); m != nil {
		verb, _, _ := strings.Cut(strings.ToUpper(strings.Join(m[1:], "")), " ")
		return places[verb]
	}
	if p := places[w.command]; p != "" {
		return p
	}
	return ""
}

// The reply codes that only a sign-in is answered with (RFC 4954 §6).
var signInReplies = []string{"432", "454", "525", "526", "534", "535", "538"}

// layer is that of the command before a passage; empty: none was seen. What
// stands behind a command is a reply.
func (p passage) layer() string {
	if p.command == "" {
		return ""
	}
	return or(layerOf[places[p.command]], LayerAccess)
}
