package dnsclient

import (
	"cmp"
	"fmt"
	"iter"
	"net/netip"
	"slices"
	"strconv"
	"strings"

	"github.com/miekg/dns"
)

const (
	maxRecords = 16   // addresses or exchanges of one answer
	maxAliases = 8    // CNAMEs in a row
	maxEDE     = 4    // extended errors of one answer
	maxText    = 300  // bytes of the text of an extended error
	maxPin     = 8192 // digits of a TLSA record: a whole certificate may stand there
)

// newAnswer takes from a reply what belongs to its question: the chain of
// aliases, and the records at its end. Records of other names are no answer.
// The error is errAliases.
func newAnswer(server string, m *dns.Msg) (Answer, error) {
	a := Answer{Server: server, Rcode: rcode(m.Rcode), EDE: extendedErrors(m),
		AuthenticData: m.AuthenticatedData, Authoritative: m.Authoritative, RecursionAvailable: m.RecursionAvailable}
	if len(m.Question) == 0 {
		return a, nil
	}
	end := dns.CanonicalName(m.Question[0].Name)
	for target, ok := alias(m.Answer, end); ok; target, ok = alias(m.Answer, end) {
		if len(a.CNAME) == maxAliases {
			return Answer{}, errAliases
		}
		end = target
		a.CNAME = append(a.CNAME, shownName(end))
	}
	for rr := range ownedBy(m.Answer, end) {
		a.add(rr)
	}
	slices.SortFunc(a.MX, func(x, y Exchange) int {
		return cmp.Or(cmp.Compare(x.Preference, y.Preference), cmp.Compare(x.Host, y.Host))
	})
	a.MX = a.MX[:min(len(a.MX), maxRecords)]
	slices.SortFunc(a.SRV, func(x, y Service) int {
		return cmp.Or(cmp.Compare(x.Priority, y.Priority), cmp.Compare(y.Weight, x.Weight), cmp.Compare(x.Target, y.Target), cmp.Compare(x.Port, y.Port))
	})
	a.SRV = a.SRV[:min(len(a.SRV), maxRecords)]
	return a, nil
}

func (a *Answer) add(rr dns.RR) {
	switch rr := rr.(type) {
	case *dns.A:
		a.addAddress(rr.A)
	case *dns.AAAA:
		a.addAddress(rr.AAAA)
	case *dns.MX:
		a.MX = append(a.MX, Exchange{rr.Preference, shownName(dns.CanonicalName(rr.Mx))})
	case *dns.SRV:
		a.SRV = append(a.SRV, Service{rr.Priority, rr.Weight, rr.Port, shownName(dns.CanonicalName(rr.Target))})
	case *dns.TXT:
		if len(a.TXT) < maxRecords {
			a.TXT = append(a.TXT, unescaped(strings.Join(rr.Txt, "")))
		}
	case *dns.TLSA:
		if len(a.TLSA) < maxRecords && len(rr.Certificate) <= maxPin {
			a.TLSA = append(a.TLSA, Pin{rr.Usage, rr.Selector, rr.MatchingType, strings.ToLower(rr.Certificate)})
		}
	}
}

func (a *Answer) addAddress(ip []byte) {
	if addr, ok := netip.AddrFromSlice(ip); ok && len(a.Addrs) < maxRecords {
		a.Addrs = append(a.Addrs, addr.Unmap())
	}
}

// unescaped undoes the escapes in which the library shows a text (RFC 1035
// §5.1): a backslash before a character, or before its number.
func unescaped(text string) string {
	if !strings.Contains(text, `\`) {
		return text
	}
	b := make([]byte, 0, len(text))
	for i := 0; i < len(text); i++ {
		c := text[i]
		if c == '\\' && i+1 < len(text) {
			i++
			c = text[i]
			if n, err := strconv.ParseUint(text[i:min(i+3, len(text))], 10, 8); err == nil && i+3 <= len(text) {
				c, i = byte(n), i+2
			}
		}
		b = append(b, c)
	}
	return string(b)
}

// settles reports whether a says something of the name. An answer without
// records settles nothing if the server did not look as far as it could: it
// neither asks other servers nor knows the end of the chain itself.
func (a *Answer) settles() bool {
	switch a.Rcode {
	case "NXDOMAIN":
		return true
	case "NOERROR":
		return len(a.Addrs)+len(a.MX)+len(a.SRV)+len(a.TXT)+len(a.TLSA) > 0 || a.RecursionAvailable || a.Authoritative && len(a.CNAME) == 0
	}
	return false
}

// ownedBy yields the Internet records of a name in canonical form.
func ownedBy(rrs []dns.RR, name string) iter.Seq[dns.RR] {
	return func(yield func(dns.RR) bool) {
		for _, rr := range rrs {
			h := rr.Header()
			if h.Class == dns.ClassINET && dns.CanonicalName(h.Name) == name && !yield(rr) {
				return
			}
		}
	}
}

// alias returns where a name in canonical form points.
func alias(rrs []dns.RR, name string) (string, bool) {
	for rr := range ownedBy(rrs, name) {
		if c, ok := rr.(*dns.CNAME); ok {
			return dns.CanonicalName(c.Target), true
		}
	}
	return "", false
}

// shownName returns a canonical name without its trailing dot; the root is
// ".".
func shownName(name string) string {
	if name == "." {
		return name
	}
	return strings.TrimSuffix(name, ".")
}

func rcode(code int) string {
	if code == dns.RcodeBadVers {
		return "BADVERS" // the library knows 16 by its meaning in TSIG
	}
	if text, ok := dns.RcodeToString[code]; ok {
		return text
	}
	return fmt.Sprintf("RCODE%d", code)
}

// extendedErrors returns the extended DNS errors by their registered names,
// each with the server's own text in brackets (RFC 8914 §2).
func extendedErrors(m *dns.Msg) string {
	opt := m.IsEdns0()
	if opt == nil {
		return ""
	}
	var words []string
	for _, o := range opt.Option {
		if e, ok := o.(*dns.EDNS0_EDE); ok && len(words) < maxEDE {
			words = append(words, extendedError(e))
		}
	}
	return strings.Join(words, "; ")
}

func extendedError(e *dns.EDNS0_EDE) string {
	name, ok := dns.ExtendedErrorCodeToString[e.InfoCode]
	if !ok {
		name = fmt.Sprintf("Extended Error %d", e.InfoCode)
	}
	// RFC 8914 §2: the text may end with a NUL, which is no part of it.
	text := strings.TrimRight(e.ExtraText, "\x00")
	if len(text) > maxText {
		text = text[:maxText] + "…"
	}
	if text == "" {
		return name
	}
	return name + " (" + strings.ToValidUTF8(text, "\ufffd") + ")"
}
