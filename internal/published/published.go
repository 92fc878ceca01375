// Package published reads documents in which mail settings are published:
// Thunderbird's autoconfig, Microsoft's Autodiscover, Apple's profiles, PACC,
// the front matter of Delta Chat's provider database, this program's own YAML,
// and lines of a DNS zone. It takes bytes and gives what they offer and what is
// wrong with it, with lines. It asks nobody.
package published

import (
	"cmp"
	"slices"

	"mailprobe/internal/finding"
	"mailprobe/internal/settings"
)

// A Format is a kind of document.
type Format string

const (
	Autoconfig   Format = "autoconfig"   // draft-ietf-mailmaint-autoconfig
	Autodiscover Format = "autodiscover" // MS-OXDSCLI, the answer in XML ("POX")
	MobileConfig Format = "mobileconfig" // Apple's com.apple.mail.managed payload
	PACC         Format = "pacc"         // draft-ietf-mailmaint-pacc
	ProviderDB   Format = "provider-db"  // _providers/*.md of chatmail/provider-db
	Catalogue    Format = "mailprobe"    // a provider's file of this program
	Zone         Format = "srv"          // lines of a DNS zone, RFC 6186 and RFC 8314
)

// Bounds on what is read.
const (
	MaxSize  = 256 << 10 // of every format but one, in bytes
	MaxPlist = 1 << 20   // of an Apple profile
	MaxDepth = 64        // of what stands within one another
)

// An Offer is one server that a document offers.
type Offer struct {
	Protocol settings.Protocol
	Host     string // may hold placeholders
	Port     uint16
	Security settings.Security
	Username settings.Template // empty: the document names none
	Named    string            // the user name that the document writes in place of a form; empty: it writes a form, or none
	SignIn   []string          // "password", "encrypted", "oauth2", "ntlm", "gssapi", "client-certificate", "none"; empty: not said
	Line     int               // 0: there are no lines
	Priority int               // lower is preferred; the same for those whose order alone counts
	Weight   int               // of a record of DNS; 0 elsewhere
}

// Endpoint returns the server with the placeholders of its host filled in; a
// host that needs a local part which is not known stays a template.
func (o Offer) Endpoint(address string) settings.Endpoint {
	return settings.Endpoint{Protocol: o.Protocol, Host: fillHost(o.Host, address), Port: o.Port, Security: o.Security}
}

// A Finding is one judgement of a document.
type Finding struct {
	finding.Finding
	Line int // 0: the document as a whole
}

// A Step is what must be done at the provider before the settings work.
type Step struct {
	Text string // as the document says it, in the first of its languages; may be empty
	URL  string
	Line int
}

// A Document is what was read.
type Document struct {
	Format   Format // empty: not known
	Read     bool   // false: it cannot be read at all
	Name     string // as people know the provider; may be empty
	Domains  []string
	Offers   []Offer
	Enable   []Step
	Issuer   string // where its users sign in by OAuth2, as written; empty: it does not say
	Findings []Finding

	ID       string    // of the provider, as autoconfig documents name it; empty: it has none
	Sections []Section // every server as it is written, also those that cannot be used

	// Of Autodiscover alone.
	RedirectURL, RedirectAddr string // where the answer is to be had instead; empty: here
	ErrorCode                 string // that the server answered instead, such as "600"
	ActiveSync                bool   // it answers for telephones alone

	domainLines []int
}

// found adds a finding with the weight of its code's page.
func (d *Document) found(line int, f finding.Finding) {
	page, _ := finding.PageOf(f.Code)
	f.Severity, f.Blame = cmp.Or(f.Severity, page.Severity), cmp.Or(f.Blame, page.Blame)
	if f.Severity == finding.Info {
		f.Blame = ""
	}
	d.Findings = append(d.Findings, Finding{f, line})
}

// says adds a finding that needs no more than a message and a remedy.
func (d *Document) says(line int, code string, message, remedy finding.Sentence, args finding.Args) {
	d.found(line, finding.Finding{Code: code, Message: message, Remedy: remedy, Args: args})
}

// unreadable ends a document.
func (d *Document) unreadable(line int, code string, message, remedy finding.Sentence, args finding.Args) {
	d.Read, d.Offers = false, nil
	d.says(line, code, message, remedy, args)
}

// sort puts findings in the order of their lines.
func (d *Document) sort() {
	slices.SortStableFunc(d.Findings, func(a, b Finding) int { return a.Line - b.Line })
}

// Gravest returns the gravest severity among findings; empty: there are none.
func Gravest(list []Finding) finding.Severity {
	worst := finding.Severity("")
	for _, f := range list {
		if worst == "" || f.Severity.Rank() < worst.Rank() {
			worst = f.Severity
		}
	}
	return worst
}
