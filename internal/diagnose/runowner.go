package diagnose

import (
	"strings"

	"mailprobe/internal/settings"
)

// An owner is whom a run is about, as far as names show it.
type owner struct {
	hosts     names                       // those that the run is about
	documents names                       // those that their providers document
	kin       map[*settings.Provider]bool // what is known of providers already
}

// newOwner is the owner of some servers.
func newOwner(cases []Case) owner {
	o := owner{names{}, names{}, map[*settings.Provider]bool{}}
	for _, k := range cases {
		o.hosts.add(k.Result.Endpoint.Host)
		if catalogued(k.Provider) && !o.kin[k.Provider] {
			o.kin[k.Provider] = true
			for _, s := range k.Provider.Settings() {
				o.documents.add(s.Host)
			}
		}
	}
	return o
}

// has reports whether a control belongs to whom the run is about, whoever it
// was meant to be compared with: what its host is called, or its provider
// documents, shows that.
func (o owner) has(c Control) bool {
	return o.hosts.relate(c.Result.Endpoint.Host) || o.isKin(c.Provider)
}

// isKin reports whether a provider of the catalogue shares servers with one
// that the run is about, so that it is no other provider.
func (o owner) isKin(p *settings.Provider) bool {
	if !catalogued(p) {
		return false
	}
	kin, known := o.kin[p]
	if !known {
		for _, s := range p.Settings() {
			kin = kin || o.documents.relate(s.Host)
		}
		o.kin[p] = kin
	}
	return kin
}

// names holds hosts and the domains in which they lie, to be asked for those
// that are related.
type names map[string]bool

func (n names) add(host string) {
	n[strings.ToLower(host)] = true
	if domain := registered(host); domain != "" {
		n[domain] = true
	}
}

// relate reports whether a host is related to one of the names.
func (n names) relate(host string) bool {
	return n[strings.ToLower(host)] || n[registered(host)]
}
