package tlscheck

import (
	"crypto/x509"
	"slices"
	"strings"
	"unicode"
)

// An interceptor is a product that re-signs TLS, with words that stand next to
// each other in the issuer names of its certificates, lower case.
type interceptor struct {
	product, words string
	inNetwork      bool // it stands in a network, not on the computer itself
}

// interceptors are all that are known. None of them is a public authority.
var interceptors = []interceptor{
	{"AVG", "avg technologies", false},
	{"AVG", "avg web mail shield", false},
	{"Avast", "avast", false},
	{"Norton", "norton", false},
	{"Norton", "symantec endpoint", false},
	{"a mail shield of the Avast family", "web mail shield", false},
	{"Kaspersky", "kaspersky", false},
	{"ESET", "eset", false},
	{"Bitdefender", "bitdefender", false},
	{"Dr.Web", "dr web", false},
	{"Dr.Web", "drweb", false},
	{"AdGuard", "adguard", false},
	{"McAfee", "mcafee", false},
	{"Trellix", "trellix", false},
	{"Trend Micro", "trend micro", false},
	{"G DATA", "g data", false},
	{"F-Secure", "f secure", false},
	{"Avira", "avira", false},
	{"BullGuard", "bullguard", false},
	{"Sophos", "sophos", false},
	{"Fortinet", "fortinet", true},
	{"Fortinet", "fortigate", true},
	{"Zscaler", "zscaler", true},
	{"Netskope", "netskope", true},
	{"Palo Alto Networks", "palo alto networks", true},
	{"Cisco Umbrella", "cisco umbrella", true},
	{"Cisco Secure Web Appliance", "ironport", true},
	{"Blue Coat", "blue coat", true},
	{"Blue Coat", "bluecoat", true},
	{"Forcepoint", "forcepoint", true},
	{"Websense", "websense", true},
	{"Barracuda", "barracuda", true},
	{"WatchGuard", "watchguard", true},
	{"SonicWall", "sonicwall", true},
	{"Check Point", "check point", true},
	{"Cato Networks", "cato networks", true},
	{"Untangle", "untangle", true},
	{"Smoothwall", "smoothwall", true},
	{"Securly", "securly", true},
	{"Lightspeed", "lightspeed", true},
	{"mitmproxy", "mitmproxy", false},
	{"Fiddler", "do not trust fiddlerroot", false},
	{"Charles Proxy", "charles proxy", false},
	{"Burp Suite", "portswigger", false},
}

// InNetwork reports whether a product (Cause.Product) stands in a network, not
// on the computer itself.
func InNetwork(product string) bool {
	return slices.ContainsFunc(interceptors, func(i interceptor) bool { return i.product == product && i.inNetwork })
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
