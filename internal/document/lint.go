package document

import (
	"mailprobe/internal/published"
)

// What became of a file.
const (
	FileRead       Text = "read"
	FileUnreadable Text = "unreadable"
)

// A Lint is what is said of files, without a network.
type Lint struct {
	Schema    int        `json:"schema"`
	Mailprobe Text       `json:"mailprobe"`
	Files     []LintFile `json:"files"`
}

// A LintFile is one file.
type LintFile struct {
	File     Text          `json:"file"`
	Format   Text          `json:"format"` // empty: of no known format
	Status   Text          `json:"status"`
	Offers   []Offer       `json:"offers"`
	Findings []LintFinding `json:"findings"`
}

// An Offer is one server that a source offers.
type Offer struct {
	Server
	Username Text   `json:"username"` // empty: not said
	SignIn   []Text `json:"sign_in"`
	Line     int    `json:"line"` // 0: there are no lines
}

// A LintFinding is one judgement of a document.
type LintFinding struct {
	Code     Text `json:"code"`
	Severity Text `json:"severity"`
	Blame    Text `json:"blame"`
	Line     int  `json:"line"` // 0: the document as a whole
	Message  Text `json:"message"`
	Remedy   Text `json:"remedy"`
}

// LintOf returns what is said of one file.
func LintOf(file string, d published.Document) LintFile {
	v := LintFile{File: Text(file), Format: Text(d.Format), Status: FileUnreadable,
		Offers:   Each(d.Offers, func(o published.Offer) Offer { return OfferOf(o, "") }),
		Findings: Each(d.Findings, LintFindingOf)}
	if d.Read {
		v.Status = FileRead
	}
	return v
}

// OfferOf returns an offer with the placeholders of its host filled in for an
// address or a domain; empty: they stay.
func OfferOf(o published.Offer, address string) Offer {
	return Offer{ServerOf(o.Endpoint(address)), Text(o.Username), Texts(o.SignIn), o.Line}
}

// LintFindingOf returns a judgement as documents say it.
func LintFindingOf(f published.Finding) LintFinding {
	return LintFinding{Text(f.Code), Text(f.Severity), Text(f.Blame), f.Line, Text(f.Says()), Text(f.Advises())}
}
