package probe

import (
	"regexp"
	"slices"
	"strings"
)

// temporaryCodes are the response codes by which IMAP and POP3 servers say
// "not now" (RFC 5530 §3, RFC 2449 §8.1, RFC 3206 §4).
var temporaryCodes = []string{"UNAVAILABLE", "INUSE", "LIMIT", "SERVERBUG", "SYS/TEMP", "IN-USE", "LOGIN-DELAY"}

// received is a reply that is shown without secrets. As with auth.Secret, no
// printer can look into a function.
type received struct {
	reply func() Reply
	scrub func(string) string
}

// Received returns the reply as it was received, to be judged and not to be
// shown: somebody's password is "OK".
func (r *Reply) Received() Reply {
	if r.received == nil {
		return *r
	}
	return r.received.reply()
}

// Scrub removes from a text, made of the reply as it was received, what the
// reply itself does not show.
func (r *Reply) Scrub(text string) string {
	if r.received == nil {
		return text
	}
	return r.received.scrub(text)
}

// With returns the reply with a text behind it that may be shown.
func (r *Reply) With(text string) Reply {
	longer := *r
	longer.Text += text
	if r.received != nil {
		said := r.Received()
		said.Text += text
		longer.received = &received{func() Reply { return said }, r.received.scrub}
	}
	return longer
}

// Positive reports whether the server consented.
func (r *Reply) Positive() bool {
	said := r.Received()
	return said.positive()
}

func (r *Reply) positive() bool {
	return r.Status == "OK" || r.Status == "+OK" || strings.HasPrefix(r.Status, "2")
}

// refusalCodes are the response codes that stand in refusals alone (RFC 5530
// §3, RFC 2449 §8.1, RFC 3206 §4).
var refusalCodes = []string{"AUTHENTICATIONFAILED", "AUTHORIZATIONFAILED", "EXPIRED", "PRIVACYREQUIRED",
	"NOPERM", "CANNOT", "CONTACTADMIN", "AUTH", "SYS/PERM"}

// contradiction returns the code of a refusal in a consent: an enhanced code of
// another class (RFC 2034 §4), or a refusal's response code; empty: there is none.
func (r *Reply) contradiction() string {
	said := r.Received()
	switch code := strings.ToUpper(said.Code); {
	case !said.positive():
		return ""
	case said.Enhanced != "" && said.Enhanced[0] != '2':
		return said.Enhanced
	case refusalCode.MatchString(said.Text):
		return refusalCode.FindStringSubmatch(said.Text)[1]
	case slices.Contains(refusalCodes, code), slices.Contains(temporaryCodes, code):
		return code
	}
	return ""
}

// Refuses reports whether an SMTP server refused, for now or for good (RFC 5321
// §4.2.1).
func (r *Reply) Refuses() bool {
	return strings.HasPrefix(r.Status, "4") || strings.HasPrefix(r.Status, "5")
}

// Temporary reports whether the server refused for now only: by its SMTP code
// (RFC 5321 §4.2.1), its enhanced code (RFC 3463) or its response code.
func (r *Reply) Temporary() bool {
	said := r.Received()
	if said.positive() {
		return false
	}
	return slices.Contains(temporaryCodes, strings.ToUpper(said.Code)) ||
		strings.HasPrefix(said.Status, "4") || strings.HasPrefix(said.Enhanced, "4.")
}

var (
	bracketCode  = regexp.MustCompile(`^\s*\[([A-Za-z][A-Za-z0-9/_-]*)[^\]]*\]`)
	enhancedCode = regexp.MustCompile(`^\s*([245]\.\d{1,3}\.\d{1,3})\b`)
	refusalCode  = regexp.MustCompile(`^\d{3}\s*[#(\[]+([45]\.\d{1,3}\.\d{1,3})\b`) // as qmail and others write it
)

// Ends reports whether the server ends the conversation with this reply
// (RFC 9051 §7.1.5, RFC 5321 §4.2.3).
func (r *Reply) Ends() bool {
	said := r.Received()
	return said.Status == "BYE" || said.Status == "421"
}

// NewReply splits a reply into its parts. status is what the protocol's own
// grammar has taken off already; rest is the text behind it.
func NewReply(status, rest string) Reply {
	r := Reply{Status: status, Text: strings.TrimSpace(status + " " + rest)}
	if m := bracketCode.FindStringSubmatch(rest); m != nil {
		r.Code = strings.ToUpper(m[1])
	}
	if m := enhancedCode.FindStringSubmatch(rest); m != nil {
		r.Enhanced = m[1]
	}
	return r
}
