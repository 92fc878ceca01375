package tlscheck

import (
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"slices"
	"strings"

	"golang.org/x/crypto/cryptobyte"
	cbasn1 "golang.org/x/crypto/cryptobyte/asn1"
)

var (
	oidConstraints = asn1.ObjectIdentifier{2, 5, 29, 30}
	oidEmail       = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 9, 1}
)

// outOfBounds tells of the first certificate in a chain whose subject lies
// outside of what an authority above it is limited to. crypto/x509 looks at
// the alternative names alone (RFC 5280 §4.2.1.10 wants the subject, too).
func outOfBounds(chain []*x509.Certificate) Cause {
	for i, c := range chain {
		for _, authority := range chain[i+1:] {
			switch b := boundsOf(authority); {
			case b.sized:
				return Cause{Kind: NameConstraint, Case: CaseSized, Cert: c, Detail: title(authority)}
			case b.strange:
				return Cause{Kind: NameConstraint, Case: CaseStrange, Cert: c, Detail: title(authority)}
			case !b.hold(c):
				return Cause{Kind: NameConstraint, Case: CaseSubject, Cert: c, Detail: title(authority)}
			}
		}
	}
	return Cause{}
}

// bounds are an authority's limits on subjects: names of directories, and
// mail addresses within them. Mail addresses are as crypto/x509 reads them.
type bounds struct {
	permitted [][]string // each a list of relative names
	sized     bool       // a limit has a minimum or maximum, which RFC 5280 does without
	strange   bool       // there are limits that GnuTLS cannot read: it refuses whatever is below
	authority *x509.Certificate
}

func boundsOf(authority *x509.Certificate) bounds {
	b := bounds{authority: authority}
	value := cryptobyte.String(extensionOf(authority, oidConstraints))
	var body, permitted, excluded cryptobyte.String
	var some bool
	if value.ReadASN1(&body, cbasn1.SEQUENCE) && body.ReadOptionalASN1(&permitted, &some, contextTag(0, true)) &&
		body.ReadOptionalASN1(&excluded, &some, contextTag(1, true)) {
		b.permitted = b.directories(permitted)
		if len(b.directories(excluded)) > 0 {
			b.strange = true
		}
	}
	return b
}

// directories returns the names of directories among subtrees, and notes
// what neither crypto/x509 nor this room reads.
func (b *bounds) directories(trees cryptobyte.String) (list [][]string) {
	for !trees.Empty() {
		var tree, base cryptobyte.String
		var tag cbasn1.Tag
		if !trees.ReadASN1(&tree, cbasn1.SEQUENCE) || !tree.ReadAnyASN1(&base, &tag) {
			b.strange = true
			return list
		}
		b.sized = b.sized || !tree.Empty()
		switch tag {
		case directoryName:
			list = append(list, relativeNames(base))
		case contextTag(1, false), contextTag(2, false), contextTag(6, false), contextTag(7, false): // mail, DNS, URI, IP
		default:
			b.strange = true
		}
	}
	return list
}

func (b bounds) hold(c *x509.Certificate) bool {
	return b.holdDirectories(c) && b.holdMail(c)
}

func (b bounds) holdDirectories(c *x509.Certificate) bool {
	if len(b.permitted) == 0 {
		return true
	}
	for _, name := range directoriesOf(c) {
		inside := func(tree []string) bool { return len(tree) <= len(name) && slices.Equal(tree, name[:len(tree)]) }
		if !slices.ContainsFunc(b.permitted, inside) {
			return false
		}
	}
	return true
}

func (b bounds) holdMail(c *x509.Certificate) bool {
	for _, address := range mailAddresses(c.Subject) {
		permitted, excluded := b.authority.PermittedEmailAddresses, b.authority.ExcludedEmailAddresses
		within := func(limit string) bool { return mailWithin(address, limit) }
		if len(permitted) > 0 && !slices.ContainsFunc(permitted, within) || slices.ContainsFunc(excluded, within) {
			return false
		}
	}
	return true
}

// directoriesOf returns the subject, unless it is empty, and the alternative
// names that are names of directories.
func directoriesOf(c *x509.Certificate) [][]string {
	var list [][]string
	if subject := relativeNames(c.RawSubject); len(subject) > 0 {
		list = append(list, subject)
	}
	value := cryptobyte.String(extensionOf(c, oidSAN))
	var names cryptobyte.String
	for value.ReadASN1(&names, cbasn1.SEQUENCE); !names.Empty(); {
		var name cryptobyte.String
		var tag cbasn1.Tag
		if !names.ReadAnyASN1(&name, &tag) {
			break
		}
		if tag == directoryName {
			list = append(list, relativeNames(name))
		}
	}
	return list
}

func mailAddresses(name pkix.Name) []string {
	var list []string
	for _, part := range name.Names {
		if text, ok := part.Value.(string); ok && part.Type.Equal(oidEmail) {
			list = append(list, text)
		}
	}
	return list
}

// mailWithin follows RFC 5280 §4.2.1.10: a limit is an address, a host, or a
// domain behind a dot.
func mailWithin(address, limit string) bool {
	_, host, _ := strings.Cut(strings.ToLower(address), "@")
	switch limit = strings.ToLower(limit); {
	case strings.Contains(limit, "@"):
		return strings.EqualFold(address, limit)
	case strings.HasPrefix(limit, "."):
		return strings.HasSuffix(host, limit)
	}
	return host == limit
}

// relativeNames returns the parts of a distinguished name, each in a form in
// which equal ones are the same text: case and runs of blanks do not count
// (RFC 5280 §7.1). What is no name is one part of its own.
func relativeNames(der []byte) []string {
	var names pkix.RDNSequence
	if rest, err := asn1.Unmarshal(der, &names); err != nil || len(rest) > 0 {
		return []string{string(der)}
	}
	parts := make([]string, len(names))
	for i, set := range names {
		var texts []string
		for _, part := range set {
			text := pkix.RDNSequence{{part}}.String()
			texts = append(texts, strings.Join(strings.Fields(strings.ToLower(text)), " "))
		}
		slices.Sort(texts)
		parts[i] = strings.Join(texts, "+")
	}
	return parts
}

func sameName(a, b []byte) bool { return slices.Equal(relativeNames(a), relativeNames(b)) }
