package replies

import (
	"fmt"
	"slices"
	"strings"

	"mailprobe/internal/lazyregexp"
)

var (
	// A code at the start, behind something that introduces a reply, or with an
	// enhanced code behind it.
	smtpStart  = lazyregexp.New(`^<?([2-5][0-9]\d)(?:[ -]|$)`)
	smtpInside = lazyregexp.New(`(?i)(?:[:;'"(\[<>#=*.!?]|\b(?:said|error|code|returned|response|reply|status|with|got|received|answered)) ?:? ?['"(]{0,2}([2-5][0-5]\d)(?:[ -]|$)`)
	smtpBefore = lazyregexp.New(`(?:^|[^\d.])([245]\d\d)[ -]#?([245]\.\d{1,3}\.\d{1,3})\b`)
	smtpClosed = lazyregexp.New(`(?i)\b(?:smtp|mail|server|error|code|message|response|status|reply)[^.\n]{0,40}?[( #:]([45][0-5]\d)[):,.]`)
	smtpBehind = lazyregexp.New(`[^ ] \(#?([45][0-5]\d)\)\W*$`)                                // words, and the code in brackets behind them
	smtpGot    = lazyregexp.New(`(?i)\b(?:got|received|was|code) ['"]?([45][0-5]\d)['"]?\W*$`) // a program wanted another code
	rustCode   = lazyregexp.New(`Code \{ ([45]\d\d) \}`)                                       // lettre's
	// What web servers say with the same numbers.
	webStatus   = lazyregexp.New(`(?i)^(?:internal server error|bad gateway|service (?:temporarily )?unavailable|gateway time-?out|not implemented)(?:\W*$|</)`)
	mailWord    = lazyregexp.New(`(?i)mail|smtp|auth|log ?[io]n|relay|recipient|sender|\buser|message|\bhost|server|command|connection|spam|block|reject|denied|refus|\btls\b|quota|try (again|later)|account|address|passw|credential|transaction|policy|rate limit|temporar|error|fail|unavailable|syntax|sequence|not allowed|unknown|invalid|listed|too many|helo|sorry|requested|insufficient|service (is )?(not|un|temp|clos)|\breset\b|postmaster|\bdns\b|must resolve|prohibit|channel|throttl|bandwidth|deliver|abort|greylist|timeout|shutting`)
	sentenceEnd = lazyregexp.New(`[a-z]\. [A-Z]`)
	emailCodes  = " 400 421 432 435 440 441 442 446 447 449 450 451 452 453 454 455 458 459 471 500 501 502 503 504 505 510 511 512 513 515 517 519 521 523 525 526 530 531 533 534 535 538 540 541 542 550 551 552 553 554 555 556 557 559 570 571 572 573 577 580 582 590 591 592 "
)

// namedCode matches a reply code that lettre shows in words (RFC 5321 §4.2.1).
var namedCode = lazyregexp.New(`Code \{ severity: (\w+), category: (\w+), detail: (\w+) \}`)

// digitsOf writes a reply code in words as lettre writes it in digits. What is
// no such code is left as it is.
func digitsOf(named string) string {
	parts := namedCode.FindStringSubmatch(named)
	first := slices.Index([]string{"PositiveCompletion", "PositiveIntermediate", "TransientNegativeCompletion", "PermanentNegativeCompletion"}, parts[1])
	second := slices.Index([]string{"Syntax", "Information", "Connections", "Unspecified3", "Unspecified4", "MailSystem"}, parts[2])
	third := slices.Index([]string{"Zero", "One", "Two", "Three", "Four", "Five", "Six", "Seven", "Eight", "Nine"}, parts[3])
	if first < 0 || second < 0 || third < 0 {
		return named
	}
	return fmt.Sprintf("Code { %d%d%d }", first+2, second, third)
}

func (w *wording) readSMTP(text string, sure bool) bool {
	status, rest, ok := smtpReply(text, sure)
	if !ok {
		return false
	}
	w.status = status
	if m := enhanced.FindStringSubmatchIndex(rest); m != nil && rest[m[2]] == w.status[0] {
		w.enhanced = rest[m[2]:m[3]]
		if m[2] < 3 {
			rest = rest[m[3]:]
		}
		for _, again := range []string{w.status + "-" + w.enhanced, w.status + " " + w.enhanced} {
			rest = strings.ReplaceAll(rest, again, "")
		}
	}
	rest = strings.ReplaceAll(rest, " "+w.status+"-", " ")
	w.finish(rest)
	return true
}

// smtpReply finds the status code and what follows it.
func smtpReply(text string, sure bool) (status, rest string, ok bool) {
	if at := smtpStart.FindStringSubmatchIndex(text); at != nil {
		status, rest = text[at[2]:at[3]], text[min(at[3]+1, len(text)):]
		if sure || believable(status, rest) || isReplyCode(status) && !webStatus.MatchString(rest) && !isProse(rest) {
			return status, rest, true
		}
	}
	if at := rustCode.FindStringSubmatchIndex(text); at != nil {
		return text[at[2]:at[3]], text[at[1]:], true
	}
	agreed, after := "", ""
	for _, shape := range []*lazyregexp.Regexp{smtpBefore, smtpInside, smtpClosed} {
		for _, at := range shape.FindAllStringSubmatchIndex(text, 8) {
			status, rest = text[at[2]:at[3]], text[min(at[3]+1, len(text)):]
			marked := at[2] == 0 || strings.ContainsRune(":;'\"(<#=[*", rune(text[at[2]-1]))
			switch {
			case shape == smtpBefore && !marked && !mailWord.MatchString(firstSentence(rest)):
			case shape == smtpBefore, believable(status, rest), shape == smtpClosed && believable(status, text):
				if status[0] != '2' && status[0] != '3' {
					return status, rest, true
				}
				agreed, after = status, rest // unless a refusal follows: "expected 250, but got 550"
			}
		}
	}
	if at := smtpGot.FindStringSubmatchIndex(text); at != nil && isReplyCode(text[at[2]:at[3]]) && ofMail.MatchString(text) {
		return text[at[2]:at[3]], "", true
	}
	if at := smtpBehind.FindStringSubmatchIndex(text); at != nil && isReplyCode(text[at[2]:at[3]]) && saysMail(text[:at[2]]) && !webStatus.MatchString(text[:at[2]-2]) {
		return text[at[2]:at[3]], text[:at[2]-1], true
	}
	return agreed, after, agreed != ""
}

// isProse says that words behind a number are a tale rather than a reply: more
// than one of its little words, or one in a longer text.
func isProse(rest string) bool {
	n := len(prose.FindAllString(rest, 2))
	return n > 1 || n == 1 && (len(strings.Fields(rest)) > 5 || narrative.MatchString(rest) && !embeddedTable().tellsOfMail(rest) && !strings.HasSuffix(rest, "."))
}

// isReplyCode says whether a refusal of a mail server has such a number.
func isReplyCode(status string) bool {
	return strings.Contains(emailCodes, " "+status+" ")
}

// believable says whether a number and the words behind it read like a
// server's reply and not like "450 people came".
func believable(status, rest string) bool {
	switch {
	case status[0] == '2' || status[0] == '3':
		return strings.Contains(" 220 221 235 250 251 252 334 354 ", " "+status+" ") && !strings.Contains(rest, "@")
	case !isReplyCode(status) || webStatus.MatchString(rest):
		return false
	}
	return saysMail(firstSentence(rest)) || embeddedTable().complains(rest)
}

// firstSentence is where a reply says what it is about; behind it anything can
// follow.
func firstSentence(s string) string {
	s = s[:min(len(s), 160)]
	if end := sentenceEnd.FindStringIndex(s); end != nil {
		return s[:end[0]+1]
	}
	return s
}

// saysMail says whether words read like a mail server's.
func saysMail(rest string) bool {
	return enhanced.MatchString(rest) || mailWord.MatchString(rest) || bracket.MatchString(rest) || strings.ContainsFunc(rest, func(r rune) bool { return r > 0x7f }) || embeddedTable().tellsOfMail(rest)
}
