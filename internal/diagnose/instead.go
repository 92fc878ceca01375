package diagnose

import (
	"cmp"
	"net/netip"
	"slices"
	"strings"

	"mailprobe/internal/finding"
	"mailprobe/internal/probe"
	"mailprobe/internal/settings"
	"mailprobe/internal/tlscheck"
)

// maxCertNames bounds the names of one certificate that are worth trying.
const maxCertNames = 3

// An Alternative is a setting worth trying in place of one that fails.
type Alternative struct {
	settings.Endpoint
	Why string // where it comes from, in words for people
}

// Alternatives lists what is worth trying in place of an endpoint that failed
// by its mode, its port or its name: settings of the same protocol, always
// encrypted, best first. It is nil where something else is wrong: another
// setting cures no expired certificate. s may be nil.
func Alternatives(r *probe.Result, s *settings.Provider) []Alternative {
	var list []Alternative
	switch misfitOf(r) {
	case wrongMode:
		list = slices.Concat(otherSecurity(r), official(r, s), usualPorts(r))
	case wrongPort:
		list = slices.Concat(official(r, s), usualPorts(r))
	case wrongName:
		list = slices.Concat(ofProvider(s, aliasTarget(r), certificateNames(r)), official(r, s))
	case noSuchHost:
		list = official(r, s)
	}
	seen := map[settings.Endpoint]bool{r.Endpoint: true}
	return slices.DeleteFunc(list, func(a Alternative) bool {
		known := seen[a.Endpoint] || a.Security == settings.Plain
		seen[a.Endpoint] = true
		return known
	})
}

// otherSecurity is the same port, spoken to as it speaks.
func otherSecurity(r *probe.Result) []Alternative {
	u := r.UnlikeAsked
	if u == nil || u.Protocol != "" && u.Protocol != string(r.Endpoint.Protocol) {
		return nil
	}
	e := r.Endpoint
	e.Security = settings.StartTLS
	if u.Security == settings.TLS {
		e.Security = settings.TLS
	}
	return []Alternative{{e, "the same port with " + securityName(e.Security)}}
}

// official lists what the source itself names for the protocol.
func official(r *probe.Result, s *settings.Provider) []Alternative {
	if s == nil {
		return nil
	}
	var list []Alternative
	for _, e := range s.Settings() {
		switch {
		case e.Protocol != r.Endpoint.Protocol:
		case e.Role == settings.Alternative && e.When != "": // for other accounts, perhaps
		case e.Role == settings.Alternative:
			list = append(list, Alternative{e.Endpoint, "the catalogue's alternative"})
		case e.Role == settings.Documented:
			list = append(list, Alternative{e.Endpoint, "documented as well"})
		}
	}
	return list
}

func usualPorts(r *probe.Result) []Alternative {
	var list []Alternative
	for _, security := range []settings.Security{settings.TLS, settings.StartTLS} {
		e := r.Endpoint
		e.Security, e.Port = security, settings.DefaultPort(e.Protocol, security)
		list = append(list, Alternative{e, "the usual port"})
	}
	return list
}

// ofProvider leaves out what is no host of a provider that the catalogue knows:
// a server that answers in its place must not be recommended.
func ofProvider(s *settings.Provider, lists ...[]Alternative) []Alternative {
	all := slices.Concat(lists...)
	if !catalogued(s) {
		return all
	}
	return slices.DeleteFunc(all, func(a Alternative) bool {
		return !slices.ContainsFunc(s.Settings(), func(x settings.Setting) bool { return related(x.Host, a.Host) })
	})
}

// NamedOtherwise reports whether a server's certificate is for other names than
// the one that it was called by, so that it helps to know whether that is an
// alias.
func NamedOtherwise(r *probe.Result) bool { return misfitOf(r) == wrongName }

// aliasTarget is the host that the name is an alias for, if the certificate is
// good for it.
func aliasTarget(r *probe.Result) []Alternative {
	if r.Lookup == nil || len(r.Lookup.CNAME) == 0 || len(r.TLS.Chain) == 0 || !vouchedFor(r.TLS) {
		return nil
	}
	e := r.Endpoint
	e.Host = strings.TrimSuffix(r.Lookup.CNAME[len(r.Lookup.CNAME)-1], ".")
	if !isHostName(e.Host) || r.TLS.Chain[0].VerifyHostname(e.Host) != nil {
		return nil
	}
	return []Alternative{{e, "the host that the name is an alias for; use it if the provider names it, too"}}
}

// certificateNames lists the host names that the certificate is good for,
// those nearest to the host first. A certificate with another fault vouches
// for no name, and a wildcard names no host.
func certificateNames(r *probe.Result) []Alternative {
	for _, c := range r.TLS.Causes {
		if c.Fatal && !isNameMismatch(c) {
			return nil
		}
	}
	if len(r.TLS.Chain) == 0 || !vouchedFor(r.TLS) {
		return nil
	}
	var list []Alternative
	for _, name := range r.TLS.Chain[0].DNSNames {
		host, err := settings.Host(name)
		if err != nil || !isHostName(host) {
			continue
		}
		e := r.Endpoint
		e.Host = host
		list = append(list, Alternative{e, "a name in the certificate"})
	}
	own := r.Endpoint.Host
	slices.SortStableFunc(list, func(a, b Alternative) int {
		return cmp.Compare(sharedLabels(b.Host, own), sharedLabels(a.Host, own))
	})
	return list[:min(len(list), maxCertNames)]
}

// vouchedFor reports whether the store that decides knows the authority.
func vouchedFor(s *tlscheck.State) bool {
	if s.Store == tlscheck.StoreMozilla {
		return s.MozillaTrust == tlscheck.TrustYes
	}
	return s.SystemTrust == tlscheck.TrustYes
}

func isHostName(host string) bool {
	_, err := netip.ParseAddr(host)
	return err != nil && strings.Contains(host, ".") && !strings.Contains(host, "*")
}

// sharedLabels counts the labels that two names end in alike.
func sharedLabels(a, b string) int {
	x, y := strings.Split(a, "."), strings.Split(b, ".")
	n := 0
	for n < len(x) && n < len(y) && strings.EqualFold(x[len(x)-1-n], y[len(y)-1-n]) {
		n++
	}
	return n
}

// Serves reports whether a probed endpoint is fit to be recommended: the whole
// dialogue up to the capabilities, with a verified server and a way to sign
// in. What became of a sign-in says nothing about the setting.
func Serves(r *probe.Result, c Context) bool {
	if r.Step(probe.Capabilities).Status != probe.OK || !permitted(r) {
		return false
	}
	if len(r.Mechanisms) == 0 && (r.NativeLogin == "" || r.Endpoint.Protocol == settings.SMTP) {
		return false
	}
	return !slices.ContainsFunc(Result(r, c), func(f finding.Finding) bool {
		return f.Severity == finding.Error && f.Phase != probe.SignIn && f.Phase != probe.Access
	})
}
