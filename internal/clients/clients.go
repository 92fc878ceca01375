// Package clients knows mail programs: what people call them, which sources of
// published settings each asks, in which order, and what account it makes of
// what a source gives out. All of it is a table of rules (rules.yaml), each with
// the source by which it is known and the day on which that was read. It dials
// nothing.
package clients

import (
	_ "embed"
)

//go:embed rules.yaml
var rules []byte

// A Client is a family of mail programs that set up accounts alike.
type Client struct {
	ID    string // stable, lower case: "thunderbird-android"
	Name  string // as people know it
	Short string // where there is little room
	About string // which programs it stands for
	Order Rule   // by what the order of its sources is known

	asks  []group
	never map[string]Rule
}

// A Basis says by what a rule is known.
type Basis string

const (
	Code     Basis = "code"     // the program's own source was read
	Document Basis = "document" // somebody wrote it about the program; it may be wrong or old
)

// A Rule is by what something is known of a client.
type Rule struct {
	Basis Basis  `yaml:"basis"`
	Title string `yaml:"title"`
	URL   string `yaml:"url"`
	Read  string `yaml:"read"` // the day on which it was read: 2026-11-30
}

// All returns the clients in the order in which reports show them.
func All() []*Client { return embedded() }
