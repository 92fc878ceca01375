// Package finding holds the words for judgements: a finding, how much it
// weighs, who must act, and the page of each code. It judges nothing itself.
package finding

import (
	"fmt"
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
	Tool         Blame = "tool" // this program
)

// Check refuses a blame that there is not; the empty one passes.
func (b Blame) Check() error {
	if !slices.Contains([]Blame{"", Provider, Catalogue, Account, LocalNetwork, LocalMachine, Tool}, b) {
		return fmt.Errorf("unknown blame %q", b)
	}
	return nil
}

// A Finding is one judgement.
type Finding struct {
	Code     string // stable and documented: "cert.expired"
	Severity Severity
	Blame    Blame  // who must act; empty with Info findings that need no action
	Phase    string // the phase it belongs to (probe.TLS ...); empty: none
	Message  string // what is wrong, naming host and port
	Remedy   string // what to do next; empty: nothing
	HelpURL  string // the provider's page; empty: none
	Evidence string // what was observed: the server's own line, as received (escape it before output)
}

// Sort puts findings gravest first; those that weigh the same keep their
// order.
func Sort(findings []Finding) {
	slices.SortStableFunc(findings, func(a, b Finding) int { return a.Severity.Rank() - b.Severity.Rank() })
}
