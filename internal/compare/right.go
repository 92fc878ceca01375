package compare

import (
	"cmp"
	"net/netip"
	"slices"
	"strings"

	"mailprobe/internal/discover"
	"mailprobe/internal/finding"
	"mailprobe/internal/published"
	"mailprobe/internal/settings"
	"mailprobe/internal/verify"
)

// A right is what was seen to work in place of a server.
type right struct {
	settings.Endpoint
	Username settings.Template // that a source names for it; empty: none does
	Listed   bool              // the source of the other names it as well
}

// right returns what was seen to work in place of a server that does not: of
// those that belong to the domain, and of those alone. A document, an alias or a
// certificate may name anybody's server, and anybody's server may answer.
func (w *work) right(s Server) (right, bool) {
	var all []settings.Endpoint
	for _, x := range w.seen[s.At].Instead {
		all = append(all, x.Endpoint)
	}
	for e, x := range w.seen {
		if x.Verdict == verify.Works && w.cures(e, s) {
			all = append(all, e)
		}
	}
	all = slices.DeleteFunc(all, func(e settings.Endpoint) bool { return !w.fits(e, s) })
	if len(all) == 0 {
		return right{}, false
	}
	best := slices.MinFunc(all, func(a, b settings.Endpoint) int {
		return cmp.Or(cmp.Compare(w.rank(a, s.At), w.rank(b, s.At)), cmp.Compare(a.String(), b.String()))
	})
	r := right{Endpoint: best}
	for _, x := range w.Servers {
		if x.At == best {
			r.Username, r.Listed = cmp.Or(r.Username, x.Offer.Username), r.Listed || x.Source == s.Source
		}
	}
	return r, true
}

// cures reports whether naming another server cures what is wrong: a bad
// certificate or a server that is out of order is to be mended where it is.
func (w *work) cures(e settings.Endpoint, s Server) bool {
	f := w.fault(s.At)
	return f.Blame == finding.Catalogue || strings.HasPrefix(f.Code, "dns.") || e.Host == s.At.Host && !strings.HasPrefix(f.Code, "cert.")
}

// fits reports whether a server can be written in the place of another: of the
// same protocol, of the same owner, no worse protected, none that relays between
// servers, and such that the source can say it.
func (w *work) fits(e settings.Endpoint, s Server) bool {
	switch {
	case e == s.At, e.Protocol != s.At.Protocol, w.inside(e.Host):
		return false
	case e.Security == settings.Plain, e.Port == 25 && s.At.Port != 25:
		return false
	}
	return w.owns(e.Host, s.At.Host) && w.sayable(e, s.Source)
}

// owns reports whether a host is one of the subject's: the same as another, below
// the domain, one of the known provider's, or one that a source names and that
// is of the same owner as the other or as whoever receives the domain's mail. A
// certificate alone does not do: neighbours on one server share it.
func (w *work) owns(host, like string) bool {
	below := func(name string) bool { return name != "" && discover.SameOwner(name, host) }
	switch {
	case host == like, w.Provider != nil && discover.Runs(w.Provider, host), slices.ContainsFunc(append([]string{w.Domain}, w.Domains...), below):
		return true
	case !slices.Contains(w.MX, host) && !slices.ContainsFunc(w.Servers, func(s Server) bool { return s.At.Host == host }):
		return false
	}
	return slices.ContainsFunc(append([]string{like}, w.MX...), below)
}

// sayable reports whether a source can name a server: PACC implies the port,
// and a record of DNS leads to a name.
func (w *work) sayable(e settings.Endpoint, source discover.Source) bool {
	switch w.format(source) {
	case published.PACC:
		return e.Security == settings.TLS && e.Port == settings.DefaultPort(e.Protocol, settings.TLS)
	case published.Zone:
		return e.Security != settings.Plain && isName(e.Host)
	}
	return true
}

func isName(host string) bool {
	_, err := netip.ParseAddr(host)
	return err != nil && host != "" && !strings.Contains(host, "%")
}

// rank orders what can stand in place of a server: what was found in its place,
// the same host, what the sources name first, then the better encryption.
func (w *work) rank(e, of settings.Endpoint) int {
	n := slices.Index([]settings.Security{settings.TLS, settings.StartTLS}, e.Security)
	if x := w.seen[of]; slices.ContainsFunc(x.Instead, func(i verify.Instead) bool { return i.Endpoint == e }) {
		return n
	}
	if e.Host == of.Host {
		return 10 + n
	}
	at := slices.IndexFunc(w.Servers, func(x Server) bool { return x.At.Protocol == e.Protocol && x.At.Host == e.Host })
	if at < 0 {
		at = len(w.Servers)
	}
	return 100 + 10*at + n
}

// fault is what is gravest of what is wrong with a server and the fault of its
// settings or of whoever runs it; zero: nothing is, or it is somebody else's, such
// as a password that was refused.
func (w *work) fault(e settings.Endpoint) finding.Finding {
	if x := w.seen[e]; x != nil && x.Verdict == verify.Fails {
		for _, f := range x.Findings {
			if f.Severity == finding.Error && (f.Blame == finding.Provider || f.Blame == finding.Catalogue) {
				return f
			}
		}
	}
	return finding.Finding{}
}
