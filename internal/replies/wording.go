package replies

import (
	"strings"

	"mailprobe/internal/lazyregexp"
)

// A wording is one passage with the server's reply found inside it.
type wording struct {
	line     string          // the whole passage
	reply    string          // the reply alone: status, code, words; empty: none was found
	status   string          // "535", "NO", "-ERR", "+OK"; empty: not seen
	enhanced string          // "5.7.8"; empty: none
	code     string          // "AUTHENTICATIONFAILED"; empty: none
	spelled  string          // line with the names of exceptions as words; empty: none tells more than what is behind it
	lower    string          // line and reply in lower case, for the prefilter
	command  string          // the verb that the client said last; empty: not known
	place    place           // the command that is answered; empty: not known
	alike    func() []likely // what the whole text reads like, told when it is asked for; nil: not known
}

// success says that the server agreed: nothing is to be diagnosed.
func (w wording) success() bool {
	switch w.status {
	case "OK":
		return w.code != "ALERT" || !embeddedTable().complains(w.reply)
	case "+OK", "PREAUTH":
		return true
	case "BYE":
		return goodbye.MatchString(w.reply)
	}
	return w.status != "" && (w.status[0] == '2' || w.status[0] == '3')
}

// goodbye is what a server says to a client that logs out.
var goodbye = lazyregexp.New(`(?i)^BYE .*\b(?:logging out|logout)\b`)

// readWording finds the reply in a line. With a layer the line is known to be a
// server's, so a bare code or a bare "no" is one; an OAuth2 server's is none.
func readWording(line, layer string) wording {
	w, sure := wording{line: line, lower: strings.ToLower(line)}, layer != ""
	if layer == LayerToken {
		return w
	}
	text := tupleReply.ReplaceAllString(line, "$1 ")
	text = jsReply.ReplaceAllString(text, "$1 ")
	text = statusReply.ReplaceAllString(text, "$1 ")
	text = namedCode.ReplaceAllStringFunc(text, digitsOf)
	switch {
	case w.readPOP3(text):
	case w.readSMTP(text, sure):
	case w.readIMAP(text, sure):
	case w.readBare(text):
	}
	if spelled := unfolded(line); spelled != line && !reasonBehind.MatchString(line) {
		w.spelled = spelled
	}
	w.lower = strings.ToLower(w.line + "\n" + w.reply + "\n" + w.spelled)
	return w
}

// reasonBehind matches the name of an exception with a reason behind it, which
// tells more than the name.
var reasonBehind = lazyregexp.New(`(?:Error|Exception): \S+ \S`)

var (
	// Python's (535, b'5.7.8 ...').
	tupleReply = lazyregexp.New(`\(([2-5]\d\d), ?b?['"]`)
	// JavaScript's responseStatus: 'NO', responseText: '...'.
	jsReply = lazyregexp.New(`(?i)responseStatus: ?['"](NO|BAD)['"].*?responseText: ?['"]`)

	// imap_tools' Response status "OK" expected, but "NO" received. Data: [b'...'].
	statusReply = lazyregexp.New(`Response status .{1,40} but ['"](NO|BAD)['"] received\. Data: ?\[?b?['"]?`)

	popStatus = lazyregexp.New(`(?i)(?:^|[\s:'"(<>=\]])(-ERR)(?:\s|$)|^(\+OK)(?:\s|$)`)
	enhanced  = lazyregexp.New(`(?:^|[^\d.])([245]\.\d{1,3}\.\d{1,3})(?:$|[^\d.]|\.(?:\D|$))`)
	// An enhanced code that stands where a status would.
	bareEnhanced = lazyregexp.New(`(?i)(?:^|[:;('"#<>\]] ?|\b(?:code|error|errore|erreur|fehler|fehlercode|código|codice|status|said|responded|reply) )([45]\.[1-7]\.\d{1,3})(?:$|[^\d.]|\.(?:\D|$))`)
	// A code of three digits as Exchange Online has them, and words behind it.
	ofMicrosoft     = lazyregexp.New(`^[45]\.7\.[1-9]\d\d[ :,;-]+\pL`)
	bareEnd         = lazyregexp.New(`^[^\pL\d]*$`)
	leadingEnhanced = lazyregexp.New(`^#?([45]\.\d\.\d{1,3}) `)
	deliveryStatus  = lazyregexp.New(`(?i)^status: [45]\.`) // RFC 3464 §2.3.4

	imapTagged  = lazyregexp.New(`(?i)(?:^|[:>'"\])] ?)(?:\*|[A-Za-z.+_-]*\d[A-Za-z0-9.+_-]{0,15}) (NO|BAD|BYE|OK|PREAUTH)(?:[ '",]+|$)`)
	enhancedTag = lazyregexp.New(`^[245]\.\d{1,3}\.\d{1,3} `) // an enhanced code that is no tag
	smtpTag     = lazyregexp.New(`^[45]\d\d `)                // a number that is no tag
	imapShort   = lazyregexp.New(`(?:^|[:>'"(\])=] ?)(?:[a-z.]{1,3} |[A-Z] |EHLO )?(NO|BAD)[ '",b]+`)
	imapSure    = lazyregexp.New(`(?i)^(?:\S{1,24} )?(NO|BAD|BYE|OK)(?: |$)`)
	bracket     = lazyregexp.New(`(?i)\[([A-Z][A-Z0-9-]{2,24}(?:/[A-Z]+)?)(?: [^\]]*)?\]`)
	// A mail program's words before the server's, which it shows without status.
	introduced  = lazyregexp.New(`(?i)(?:wants to alert you to the following|server returned the following message|\b(?:mail|smtp|imap|pop3?) ?server\b[^:]{0,160}\b(?:responded|antwortete|a répondu|ha (?:respondido|risposto)|respondió|respondeu|antwoordde|odpowiedział|ответил)|the server('s)? response was|\bserver said): ?`)
	ofSending   = lazyregexp.New(`(?i)\bsending\b|\bsmtp\b|outgoing|senden der|l.envoi|al enviar|l.invio|ao enviar|verzenden|wysyłani|отправк|送信|发送`)
	noticeCodes = " AUTHENTICATIONFAILED AUTHORIZATIONFAILED EXPIRED PRIVACYREQUIRED CONTACTADMIN UNAVAILABLE LIMIT INUSE OVERQUOTA NOPERM CORRUPTION SERVERBUG CLIENTBUG CANNOT ALREADYEXISTS NONEXISTENT EXPUNGEISSUED THROTTLED ALERT WEBALERT REFERRAL TRYCREATE TOOBIG BADCHARSET PARSE AUTH SYS/TEMP SYS/PERM IN-USE LOGIN-DELAY LOGINDISABLED NOTSAVED UNKNOWN-CTE "
)

func (w *wording) readPOP3(text string) bool {
	at := popStatus.FindStringSubmatchIndex(text)
	if at == nil {
		return false
	}
	w.status = "-ERR"
	end := at[3]
	if end < 0 {
		w.status, end = "+OK", at[5]
	}
	w.finish(text[end:])
	return true
}

func (w *wording) readIMAP(text string, sure bool) bool {
	shapes := []*lazyregexp.Regexp{imapTagged, imapShort}
	if sure {
		shapes = append(shapes, imapSure)
	}
	for _, shape := range shapes {
		at := shape.FindStringSubmatchIndex(text)
		if at == nil {
			continue
		}
		if enhancedTag.MatchString(text) || smtpTag.MatchString(text) && !sure {
			return false
		}
		rest := strings.TrimLeft(text[at[3]:], ` '",b`)
		status := text[at[2]:at[3]]
		if doubtful := shape == imapShort || status != strings.ToUpper(status); doubtful && !sure && !saysMail(firstSentence(rest)) {
			continue
		}
		w.status = strings.ToUpper(status)
		w.finish(rest)
		return true
	}
	return false
}

// readBare takes a reply whose status a program left out: a known response
// code in brackets, an enhanced code, or what a program says that the server
// said.
func (w *wording) readBare(text string) bool {
	if at := bracket.FindStringSubmatchIndex(text); at != nil && strings.Contains(noticeCodes, " "+strings.ToUpper(text[at[2]:at[3]])+" ") {
		w.status = "NO"
		if strings.Contains(text[at[2]:at[3]], "/") || strings.EqualFold(text[at[2]:at[3]], "AUTH") {
			w.status = "-ERR"
		}
		w.finish(text[at[0]:])
		return true
	}
	if at := introduced.FindStringIndex(text); at != nil && saysMail(firstSentence(text[at[1]:])) {
		if m := leadingEnhanced.FindStringSubmatch(text[at[1]:]); m != nil {
			w.enhanced = m[1]
			w.finish(text[at[1]+len(m[0]):])
			return true
		}
		w.status = "NO"
		if ofSending.MatchString(text[:at[1]]) {
			w.status = "554" // no more than that it refuses to send
		}
		w.finish(text[at[1]:])
		return true
	}
	at := bareEnhanced.FindStringSubmatchIndex(text)
	if at == nil {
		return false
	}
	rest := text[at[3]:]
	if bareEnd.MatchString(rest) && !deliveryStatus.MatchString(text) {
		rest = text[:at[2]] // the words stand before the code
	}
	if first := firstSentence(rest); !ofMicrosoft.MatchString(text) && !mailWord.MatchString(first) && !embeddedTable().tellsOfMail(rest) && !deliveryStatus.MatchString(text) {
		return false
	}
	w.enhanced = text[at[2]:at[3]]
	w.finish(rest)
	return true
}

// finish sets the reply from its status and the words behind it.
func (w *wording) finish(rest string) {
	rest = collapse(rest)
	if at := bracket.FindStringSubmatchIndex(rest); at != nil {
		code := strings.ToUpper(rest[at[2]:at[3]])
		if strings.Contains(noticeCodes, " "+code+" ") {
			w.code = code
		}
	}
	w.reply = collapse(w.status + " " + w.enhanced + " " + rest)
}
