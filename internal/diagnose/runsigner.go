package diagnose

import (
	"slices"

	"mailprobe/internal/finding"
	"mailprobe/internal/tlscheck"
)

// concernsAuthority reports whether a finding says that nobody vouches for a
// certificate.
func concernsAuthority(f finding.Finding) bool {
	return f.Severity == finding.Error && (f.Code == certRules[tlscheck.SelfSigned].code || f.Code == certRules[tlscheck.UnknownCA].code)
}

// whoSigns decides who put a certificate in place for which nobody vouches.
// Providers of the catalogue have theirs from public authorities, so on their
// hosts something between replaces it.
func (s scene) whoSigns(k Case, f finding.Finding) finding.Finding {
	t := k.Result.TLS
	if !replaceable(t) || !catalogued(k.Provider) {
		return f
	}
	f.Code, f.Blame, f.HelpURL = certRules[tlscheck.Intercepted].code, finding.LocalNetwork, ""
	f.Args = finding.Args{"signer": quoted(signer(t))}
	f.Message = "Something between this computer and {server} replaces its certificate with one signed by {signer} and so can read the mail."
	f.Remedy = againstInterception
	return f
}

const againstInterception = "Do not sign in here. A company's web filter, a security program on this computer or a hotel's login page does this. Try from another network, such as a phone's; ask whoever runs this network, or your administrator, to exempt the mail servers."

// replaceable reports whether a certificate can have been put in place on the
// way: nobody vouches for it, and it bears no mark of a public authority.
func replaceable(t *tlscheck.State) bool {
	return strangeAuthority(t) && len(t.Chain) > 0 && !t.PubliclyIssued()
}

// interceptor tells that one authority, or each its own key, signs for hosts
// of different owners. nil: it is not so, or the certificate itself names the
// product, of which more is known.
func interceptor(s scene) *commonCause {
	for _, k := range s.cases {
		t := k.Result.TLS
		if !replaceable(t) || namesProduct(t) {
			continue
		}
		other := s.sameSigner(k)
		if other == nil {
			continue
		}
		f := finding.Finding{Code: certRules[tlscheck.Intercepted].code, Severity: finding.Error, Blame: finding.LocalNetwork,
			Args:     finding.Args{"signer": quoted(signer(t)), "name": k.Result.Endpoint.Host, "other": other.Host},
			Message:  "Something on the way replaces the certificates of unrelated servers, such as {name} and {other}: {signer} signs for both, and so can read the mail.",
			Remedy:   againstInterception,
			Evidence: compared(nil, other)}
		if selfSigned(t) {
			f.Message = "Something on the way replaces the certificates of unrelated servers, such as {name} and {other}, with self-signed ones, and so can read the mail."
			delete(f.Args, "signer")
		}
		return &commonCause{Finding: weighed(f), code: certRules[tlscheck.Intercepted].code, stays: finding.Error, short: "The certificate of {server} is not its own, as elsewhere from here.",
			covers: func(x Case, f finding.Finding) bool { return concernsAuthority(f) && s.sameSigner(x) != nil }}
	}
	return nil
}

// sameSigner returns a host of another owner whose certificate the same
// authority signed, or signed itself as this one did; nil: there is none. One
// of the two must be the catalogue's: two companies may well share a private
// authority.
func (s scene) sameSigner(k Case) *sighting {
	for _, x := range s.sightings() {
		if !catalogued(k.Provider) && !catalogued(x.provider) {
			continue
		}
		if t := x.result.TLS; !related(x.Host, k.Result.Endpoint.Host) && strangeAuthority(t) && len(t.Chain) > 0 && (signer(t) == signer(k.Result.TLS) || selfSigned(t) && selfSigned(k.Result.TLS) && catalogued(k.Provider)) {
			return &x
		}
	}
	return nil
}

func namesProduct(t *tlscheck.State) bool {
	return slices.ContainsFunc(t.Causes, func(c tlscheck.Cause) bool { return c.Product != "" })
}

func selfSigned(t *tlscheck.State) bool {
	for _, c := range t.Causes {
		if c.Kind == tlscheck.SelfSigned {
			return true
		}
	}
	return false
}

// signer names who issued the server's certificate.
func signer(t *tlscheck.State) string {
	issuer := t.Chain[0].Issuer
	if issuer.CommonName != "" {
		return issuer.CommonName
	}
	return issuer.String()
}
