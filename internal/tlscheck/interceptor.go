package tlscheck

import (
	"crypto/x509"
	"slices"
	"strings"
	"unicode"
)

// interceptors are the products that re-sign TLS, with words that stand next
// to each other in the issuer names of their certificates, lower case. None
// of them is a public authority.
var interceptors = []struct {
	product string
	words   string
}{
	{"AVG", "avg technologies"},
	{"AVG", "avg web mail shield"},
	{"Avast", "avast"},
	{"Norton", "norton"},
	{"Norton", "symantec endpoint"},
	{"a mail shield of the Avast family", "web mail shield"},
	{"Kaspersky", "kaspersky"},
	{"ESET", "eset"},
	{"Bitdefender", "bitdefender"},
	{"Dr.Web", "dr web"},
	{"Dr.Web", "drweb"},
	{"AdGuard", "adguard"},
	{"McAfee", "mcafee"},
	{"Trellix", "trellix"},
	{"Trend Micro", "trend micro"},
	{"G DATA", "g data"},
	{"F-Secure", "f secure"},
	{"Avira", "avira"},
	{"BullGuard", "bullguard"},
	{"Sophos", "sophos"},
	{"Fortinet", "fortinet"},
	{"Fortinet", "fortigate"},
	{"Zscaler", "zscaler"},
	{"Netskope", "netskope"},
	{"Palo Alto Networks", "palo alto networks"},
	{"Cisco Umbrella", "cisco umbrella"},
	{"Cisco Secure Web Appliance", "ironport"},
	{"Blue Coat", "blue coat"},
	{"Blue Coat", "bluecoat"},
	{"Forcepoint", "forcepoint"},
	{"Websense", "websense"},
	{"Barracuda", "barracuda"},
	{"WatchGuard", "watchguard"},
	{"SonicWall", "sonicwall"},
	{"Check Point", "check point"},
	{"Cato Networks", "cato networks"},
	{"Untangle", "untangle"},
	{"Smoothwall", "smoothwall"},
	{"Securly", "securly"},
	{"Lightspeed", "lightspeed"},
	{"mitmproxy", "mitmproxy"},
	{"Fiddler", "do not trust fiddlerroot"},
	{"Charles Proxy", "charles proxy"},
	{"Burp Suite", "portswigger"},
}

// interceptor returns the product that made the chain, and the certificate
// whose issuer says so; "" if Mozilla's store vouches or no product is named.
func (x *exam) interceptor() (string, *x509.Certificate) {
	if x.second.trust == TrustYes {
		return "", nil
	}
	for _, c := range x.path {
		if product := productOf(c); product != "" {
			return product, c
		}
	}
	return "", nil
}

func productOf(c *x509.Certificate) string {
	parts := append(slices.Concat(c.Issuer.Organization, c.Issuer.OrganizationalUnit), c.Issuer.CommonName)
	for _, part := range parts {
		words := " " + spaced(part) + " "
		for _, i := range interceptors {
			if strings.Contains(words, " "+i.words+" ") {
				return i.product
			}
		}
	}
	return ""
}

// spaced returns the words of s in lower case with one blank between them.
func spaced(s string) string {
	between := func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) }
	return strings.Join(strings.FieldsFunc(strings.ToLower(s), between), " ")
}
