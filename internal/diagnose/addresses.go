package diagnose

import (
	"fmt"
	"net/netip"
	"slices"
	"strings"

	"mailprobe/internal/probe"
)

// A node is the server at one address of a host.
type node struct {
	*probe.Result
	name   string // its address, or all that were tried in vain
	failed *probe.Step
}

// nodeOf describes the dialogue at one address. What became of a sign-in does
// not count: it is tried at one address only.
func nodeOf(r *probe.Result, addr netip.Addr) node {
	n := node{Result: r, name: addr.String(), failed: r.FailedStep()}
	if !addr.IsValid() {
		n.name = few(tried(r))
	}
	if n.failed != nil && slices.Contains([]string{probe.SignIn, probe.Access, probe.Quit}, n.failed.Phase) {
		n.failed = nil
	}
	return n
}

func (n node) String() string { return n.name }

func tried(r *probe.Result) []string {
	var addrs []string
	for _, t := range r.Tried {
		addrs = append(addrs, t.Addr.Addr().String())
	}
	return addrs
}

// unreachable reports whether this computer has no way to the address, which
// says nothing about the server.
func (n node) unreachable() bool {
	return n.failed != nil && n.failed.Phase == probe.Connect && connectFaultOf(n.failed.Err) == connectUnreachable
}

// works reports whether the dialogue reached its end.
func (n node) works() bool { return n.failed == nil }

// split parts the nodes into those that pass and those that do not, leaving
// out what ignore says.
func split(nodes []node, passes, ignore func(node) bool) (good, bad []node) {
	for _, n := range nodes {
		switch {
		case ignore(n):
		case passes(n):
			good = append(good, n)
		default:
			bad = append(bad, n)
		}
	}
	return good, bad
}

func none(node) bool { return false }

func list(nodes []node) string {
	var names []string
	for _, n := range nodes {
		names = append(names, n.String())
	}
	return few(names)
}

// few joins the first of many names.
func few(names []string) string {
	const most = 8
	if n := len(names) - most; n > 0 {
		names = append(slices.Clone(names[:most]), fmt.Sprintf("%d more", n))
	}
	return strings.Join(names, ", ")
}
