package diagnose

import (
	"net/netip"

	"mailprobe/internal/finding"
	"mailprobe/internal/tlscheck"
)

// sayNameMismatch blames the setting where a better one is known. Otherwise
// nothing shows that it is wrong, and the provider must act.
func sayNameMismatch(c certCase, w *words) {
	switch _, err := netip.ParseAddr(c.state.ServerName); {
	case err == nil:
		w.message = "{server} was addressed by a number, and its certificate is not for that number but for {names}. Every mail program warns or refuses."
		w.remedy = "Enter the provider's host name instead of the number."
	case c.cause.Nearest != "":
		w.message = w.message.Then("It would match {nearest}.")
		w.remedy = "Use {nearest} if the provider's settings page names it. Otherwise the provider must add {host} to the certificate."
	case len(c.cause.Names) == 0:
		w.message = "The certificate of {server} names no host at all. Every mail program warns or refuses."
		fallthrough
	default:
		w.blame = finding.Provider
	}
}

func sayEKU(c certCase, w *words) {
	if c.cause.Case == tlscheck.CaseOtherUse {
		w.message = w.message.Then("Every mail program refuses it.")
	}
}

func sayNameConstraint(c certCase, w *words) {
	switch c.cause.Case {
	case tlscheck.CaseSubject:
		w.message = "The subject of a certificate of {server} lies outside of what the authority {detail} may issue for."
	case tlscheck.CaseStrange, tlscheck.CaseSized:
		w.message = "The authority {detail}, above the certificate of {server}, is limited in a way that not every mail program can read."
	}
}

func sayIssuerMismatch(c certCase, w *words) {
	if c.cause.Case == tlscheck.CaseOwnName {
		w.message = "The certificate of {server} names itself as its issuer, but {detail} has signed it."
		w.remedy = "The provider must have the certificate issued anew, with a subject that is not the authority's."
	}
}

func sayMustStaple(c certCase, w *words) {
	if c.cause.Case == tlscheck.CaseAbove {
		w.message = "The authority {detail}, above the certificate of {server}, demands a feature of TLS (such as an OCSP staple) that the certificate itself does not demand."
		w.remedy = "The provider must have the certificate issued anew, or by another authority."
	}
}

func sayLifetime(c certCase, w *words) {
	if c.cause.Case == tlscheck.CasePrivate {
		w.message = "The certificate of {server} is valid for {lifetime} days; Apple's programs take {limit} at most, from private authorities, too."
	}
}

func sayChainCertExpired(c certCase, w *words) {
	outside := finding.Sentence("The certificate {detail} in the chain of {server} expired on {day}.")
	if c.cause.Cert != nil && c.cause.At.Equal(c.cause.Cert.NotBefore) {
		outside = "The certificate {detail} in the chain of {server} is not valid before {day}."
	}
	w.message = outside.Then("Every mail program warns or refuses.")
	if !c.cause.Fatal {
		w.message = outside.Then("Current mail programs find another way to a root; old ones refuse.")
	}
}

func sayIntercepted(c certCase, w *words) {
	if tlscheck.InNetwork(c.cause.Product) {
		w.message = "{product} in this network replaces the certificate of {server} and so can read the mail."
		w.remedy = "Ask whoever runs this network to exempt the mail servers from the inspection of encrypted connections."
		w.blame = finding.LocalNetwork
	}
	if c.cause.Fatal {
		w.message = w.message.Then("This computer does not trust it, so every mail program refuses.")
		return
	}
	w.message = w.message.Then("This computer trusts it; mail programs with their own store, such as Thunderbird, refuse.")
}

func sayUnknownCA(c certCase, w *words) {
	switch given := c.state.Store == tlscheck.StoreGiven; {
	case given && c.state.MozillaTrust == tlscheck.TrustYes:
		w.message = "The certificate of {server} was issued by {detail}, which is not among the authorities that this run was told to trust."
		w.remedy = "Add the authority's certificate to the file of trusted authorities, or leave the file out to use this computer's own."
		w.blame = finding.LocalMachine
	case given:
		w.message = "The certificate of {server} was issued by {detail}, which is neither publicly trusted nor among the authorities that this run was told to trust. Mail programs warn or refuse."
	}
	if len(c.state.Chain) == 1 {
		w.remedy = w.remedy.Then("The server sent no intermediate certificate: if its authority works through one, the whole chain must be installed (often a file called fullchain).")
	}
}

func sayMissingIntermediate(c certCase, w *words) {
	if !c.cause.Fatal {
		w.message = w.message.Then("It works on this computer only because the computer has it already.")
	}
}

func sayNoSystemRoots(c certCase, w *words) {
	if c.cause.Fatal {
		w.message = "This computer has no list of trusted authorities, as is usual in bare containers, so the certificate of {server} cannot be verified."
	}
}
