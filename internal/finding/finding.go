// Package finding holds the words for judgements: a finding, how much it
// weighs, who must act, and the page of each code. It judges nothing itself.
package finding

import (
	"fmt"
	"maps"
	"slices"
)

// A Severity says how much a finding weighs.
type Severity string

const (
	Error   Severity = "error"   // a current mail program does not work with these settings, or must refuse
	Warning Severity = "warning" // works, but risky or about to break
	Info    Severity = "info"    // a fact
)

// severities are all of them, gravest first.
var severities = []Severity{Error, Warning, Info}

// Rank is 0 for the gravest severity and rises as they grow lighter; -1: it is
// none.
func (s Severity) Rank() int { return slices.Index(severities, s) }

// Check refuses a severity that there is not; the empty one passes.
func (s Severity) Check() error {
	if s != "" && s.Rank() < 0 {
		return fmt.Errorf("unknown severity %q", s)
	}
	return nil
}

// Blame says who must act.
type Blame string

const (
	Provider     Blame = "provider"
	Catalogue    Blame = "catalogue" // the documented settings are wrong
	Account      Blame = "account"
	LocalNetwork Blame = "local-network"
	LocalMachine Blame = "local-machine"
	Tool         Blame = "tool"    // this program
	Unknown      Blame = "unknown" // from here it does not show
)

// Check refuses a blame that there is not; the empty one passes.
func (b Blame) Check() error {
	if !slices.Contains([]Blame{"", Provider, Catalogue, Account, LocalNetwork, LocalMachine, Tool, Unknown}, b) {
		return fmt.Errorf("unknown blame %q", b)
	}
	return nil
}

// A Finding is one judgement. What it is about, its code and its arguments
// tell it from others; its sentences are made of them when they are shown.
type Finding struct {
	Code     string // stable and documented: "cert.expired"
	Severity Severity
	Blame    Blame    // who must act; empty with Info findings that need no action
	Phase    string   // the phase it belongs to (probe.TLS ...); empty: none
	Subject  Subject  // what it is about
	Args     Args     // what its sentences name beside the subject
	Message  Sentence // what is wrong
	Remedy   Sentence // what to do next; empty: nothing
	HelpURL  string   // the provider's page; empty: none
	Evidence Evidence // what was observed
}

// SenderUnknown says that nobody knew by which address to send, so that it was
// not tried: a report sums it up as not tested, not as failed.
const SenderUnknown = "access.sender_unknown"

// Says returns what is wrong, with the subject and the arguments filled in.
func (f Finding) Says() string { return f.fill(f.Message) }

// Advises returns what to do next; empty: nothing.
func (f Finding) Advises() string { return f.fill(f.Remedy) }

// Seen returns what was observed, a line for each observation, as received:
// escape it before output.
func (f Finding) Seen() string { return f.Evidence.String() }

// Likewise reports whether two findings say the same, each of its own subject.
func (f Finding) Likewise(g Finding) bool {
	return f.Code == g.Code && f.Severity == g.Severity && f.Blame == g.Blame &&
		f.Message == g.Message && f.Remedy == g.Remedy && f.HelpURL == g.HelpURL &&
		maps.Equal(f.Args, g.Args) &&
		slices.EqualFunc(f.Evidence, g.Evidence, func(a, b Observation) bool { return a.What == b.What })
}

// NamesSubject reports whether the sentences or the evidence name the server
// or the address that the finding is about.
func (f Finding) NamesSubject() bool {
	return f.Message.namesSubject() || f.Remedy.namesSubject() ||
		slices.ContainsFunc(f.Evidence, func(o Observation) bool { return o.At != "" })
}

// Sort puts findings gravest first; those that weigh the same keep their
// order.
func Sort(findings []Finding) {
	slices.SortStableFunc(findings, func(a, b Finding) int { return a.Severity.Rank() - b.Severity.Rank() })
}
