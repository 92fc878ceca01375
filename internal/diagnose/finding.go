// Package diagnose judges: from what a probe observed to what it means, who
// is to act, and what to do. It is pure: it dials nothing and prints nothing.
package diagnose

// A Severity says how much a finding weighs.
type Severity string

const (
	Error   Severity = "error"   // a current mail program does not work with these settings, or must refuse
	Warning Severity = "warning" // works, but risky or about to break
	Info    Severity = "info"    // a fact
)

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
