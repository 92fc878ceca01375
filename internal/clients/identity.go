package clients

import (
	"net/netip"
	"slices"
	"strings"

	"mailprobe/internal/lazyregexp"
)

// whole looks at what the document as a whole must have.
func (w *draft) whole() {
	for _, n := range w.Needs {
		switch id := w.document.ID; {
		case n.What == "id" || n.What == "id-without-placeholder":
			w.identified(id, n.What == "id")
		case n.What == "domain" && len(w.document.Domains) == 0:
			w.drop("there is no <domain>")
		case n.What == "domain" && !slices.ContainsFunc(w.document.Domains, isLegal):
			w.drop("no <domain> is written in the letters of host names")
		}
	}
}

// identified looks at the id, which must be a host name, or hold placeholders
// where those are allowed.
func (w *draft) identified(id string, placeholders bool) {
	switch {
	case id == "":
		w.drop("<emailProvider> has no id")
	case !placeholders && strings.Contains(id, "%"):
		w.drop("the id of <emailProvider> is a placeholder")
	case !isLegal(id):
		w.drop("the id of <emailProvider> is no host name")
	}
}

// legal is what both Thunderbirds take for a host name, in ASCII alone, and
// placeholder one that is filled in.
var (
	legal       = lazyregexp.New(`^(?i)([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)*[a-z0-9]([a-z0-9-]*[a-z0-9])?\.?$`)
	placeholder = lazyregexp.New(`^[a-zA-Z0-9.-]*(%[A-Z0-9]+%[a-zA-Z0-9.-]*)+$`)
)

func isLegal(name string) bool {
	name = strings.TrimSpace(name)
	_, err := netip.ParseAddr(name)
	return err == nil || legal.MatchString(name) || placeholder.MatchString(name)
}
