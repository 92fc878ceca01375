package compare

import (
	"fmt"
	"slices"

	"mailprobe/internal/clients"
	"mailprobe/internal/discover"
	"mailprobe/internal/published"
	"mailprobe/internal/settings"
	"mailprobe/internal/verify"
)

// publish says what a domain can publish in DNS where it does not: of each
// protocol that no record is about, the best that works and is the domain's.
func (w *work) publish() {
	if w.Domain == "" || !w.askedDNS() {
		return
	}
	for _, p := range settings.Protocols() {
		if best := w.best(p); best.Host != "" && !w.hasRecord(p) {
			w.add(Change{Who: DNSZone, At: "the DNS zone of " + w.Domain, Where: discover.SRVName(p, best.Security, w.Domain), Write: record(best, w.Domain, published.Offer{Weight: 1}),
				Why: fmt.Sprintf("No SRV record names %s, which works (RFC 6186, RFC 8314).", shown(best))})
		}
	}
}

// best returns the best server of a protocol that can be published; zero: there
// is none.
func (w *work) best(p settings.Protocol) (best settings.Endpoint) {
	for _, s := range w.Servers {
		if s.At.Protocol != p || s.Verdict != verify.Works || s.At.Security == settings.Plain || s.At.Port == 25 || !isName(s.At.Host) || !w.owns(s.At.Host, "") {
			continue
		}
		if best.Host == "" || published.Stronger(s.At.Security, best.Security) {
			best = s.At
		}
	}
	return best
}

// askedDNS reports whether it is known which records there are.
func (w *work) askedDNS() bool {
	return slices.ContainsFunc(w.Given, func(g clients.Given) bool { return g.Source == discover.SRV && g.Status != discover.Failed })
}

// hasRecord reports whether a record is about a protocol, be it that it denies
// it.
func (w *work) hasRecord(p settings.Protocol) bool {
	return slices.Contains(w.Denied, p) || slices.ContainsFunc(w.Servers, func(s Server) bool { return s.Source == discover.SRV && s.At.Protocol == p })
}
