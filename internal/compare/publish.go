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
		best, guessed := w.best(p)
		why := fmt.Sprintf("No SRV record names %s, which works (RFC 6186, RFC 8314).", shown(best))
		if guessed {
			why += " It was guessed by its usual name: publish it if the accounts of the domain are there."
		}
		if best.Host != "" && !w.hasRecord(p) {
			w.add(Change{Who: DNSZone, At: "the DNS zone of " + w.Domain, Where: discover.SRVName(p, best.Security, w.Domain), Write: record(best, w.Domain, published.Offer{Weight: 1}),
				Why: why})
		}
	}
}

// best returns the best server of a protocol that can be published, and whether
// it is a guess; zero: there is none.
func (w *work) best(p settings.Protocol) (best settings.Endpoint, guessed bool) {
	for _, s := range w.Servers {
		if s.At.Protocol != p || s.Verdict != verify.Works || s.At.Security == settings.Plain || s.At.Port == 25 || !isName(s.At.Host) || !w.owns(s.At.Host, "") {
			continue
		}
		if best.Host == "" || published.Stronger(s.At.Security, best.Security) {
			best, guessed = s.At, s.Source == discover.Guess
		}
	}
	return best, guessed
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
