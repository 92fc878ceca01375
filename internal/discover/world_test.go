package discover

import (
	"fmt"
	"strings"
	"testing"

	"mailprobe/internal/catalog"
	"mailprobe/internal/dnsclient"
	"mailprobe/internal/lab/publish"
	"mailprobe/internal/tlscheck"
)

// An internet is one that a test asks.
type internet struct {
	*publish.Internet
	t *testing.T
}

func newInternet(t *testing.T) *internet { return &internet{publish.New(t), t} }

func (n *internet) options() Options {
	dns, err := dnsclient.New(dnsclient.Options{Server: n.DNS})
	if err != nil {
		n.t.Fatal(err)
	}
	return Options{Catalogue: catalog.Load(), DNS: dns, Resolver: n.Internet, Dialer: n.Internet, TLS: tlscheck.Config{System: n.CA.Pool()}}
}

// ask asks for a target, and returns what becomes of the sources.
func (n *internet) ask(o Options, target string) *Result {
	n.t.Helper()
	n.Ready()
	r, err := o.Ask(n.t.Context(), target)
	if err != nil {
		n.t.Fatal(err)
	}
	return r
}

// said writes a result down, a line for each source that says something.
func said(r *Result) string {
	var b strings.Builder
	for _, s := range r.Sources {
		if s.Status == None && len(s.Findings) == 0 {
			continue
		}
		fmt.Fprintf(&b, "%s %s", s.Source, s.Status)
		for _, o := range s.Offers {
			fmt.Fprintf(&b, " %s", o.Endpoint(r.Target))
		}
		for _, f := range s.Findings {
			fmt.Fprintf(&b, " [%s %s]", f.Severity, f.Code)
		}
		b.WriteByte('\n')
	}
	for _, c := range r.Conflicts {
		fmt.Fprintf(&b, "%s %s %s: %s, %s\n", c.Severity, c.Code, c.Protocol, c.Between[0], c.Between[1])
	}
	return b.String()
}
