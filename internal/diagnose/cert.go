package diagnose

import (
	"fmt"
	"maps"
	"net/netip"
	"strings"
	"time"

	"mailprobe/internal/finding"
	"mailprobe/internal/probe"
	"mailprobe/internal/settings"
	"mailprobe/internal/tlscheck"
)

// certFindings judges the certificate that the server showed, each cause by
// itself.
func certFindings(r *probe.Result, _ Context) []finding.Finding {
	if r.TLS == nil {
		return nil
	}
	var all []finding.Finding
	for _, c := range r.TLS.Causes {
		all = append(all, certFinding(r, c))
	}
	return all
}

// A certCase is one cause with what stands around it.
type certCase struct {
	state *tlscheck.State
	cause tlscheck.Cause
}

// words is what a finding about a certificate says. Its sentences may name
// every argument of certArgs.
type words struct {
	message, remedy finding.Sentence
	blame           finding.Blame // empty: as the code's page says
}

// Certificate judges the certificate of a server that is no mail server, such
// as the web server that gives out settings.
func Certificate(at settings.Endpoint, state *tlscheck.State) []finding.Finding {
	return certFindings(&probe.Result{Endpoint: at, TLS: state}, Context{})
}

func certFinding(r *probe.Result, c tlscheck.Cause) finding.Finding {
	rule, ok := certRules[c.Kind]
	if !ok {
		rule = certRules[tlscheck.Invalid]
		rule.code = "cert." + string(c.Kind)
	}
	w := rule.words
	if rule.say != nil {
		rule.say(certCase{r.TLS, c}, &w)
	}
	refusers, takers := families(c)
	if takers != "" {
		w.message = w.message.Then("It is refused by {refusers}, and taken by {takers}.")
	}
	f := finding.Finding{
		Code: rule.code, Severity: rule.mild, Blame: w.blame, Phase: securePhase(r),
		Message: w.message, Remedy: w.remedy, Args: certArgs(c, refusers, takers), Evidence: finding.Saw(certEvidence(c)),
	}
	maps.DeleteFunc(f.Args, func(name, _ string) bool { return !f.Message.Names(name) && !f.Remedy.Names(name) })
	if c.Fatal {
		f.Severity = finding.Error // a verifying client refuses
	}
	return about(r, f)
}

// certArgs are what sentences about a cause may name.
func certArgs(c tlscheck.Cause, refusers, takers string) finding.Args {
	return finding.Args{
		"needed": c.Needed, "refusers": refusers, "takers": takers,
		"detail": quoted(c.Detail), "key": c.Detail, "names": some(c.Names), "nearest": quoted(c.Nearest), "product": c.Product,
		"day": date(c.At), "days": dayCount(c.Days), "lifetime": fmt.Sprint(c.Days), "limit": fmt.Sprint(c.Limit),
	}
}

// families names the verifiers that refuse for a cause and those that do not.
// Both are empty where they do not differ, as far as is known.
func families(c tlscheck.Cause) (refusers, takers string) {
	p, _ := tlscheck.PracticeOf(c)
	refuse, take := p.Those(tlscheck.Refuses), p.Those(tlscheck.Takes)
	if len(refuse) == 0 || len(take) == 0 || !matters(c) {
		return "", ""
	}
	return allOf(refuse), allOf(take)
}

// matters reports whether what the table says is about this cause: Apple's
// limit on lifetimes is above that of the authorities.
func matters(c tlscheck.Cause) bool {
	return c.Case != tlscheck.CasePublic || c.Days > tlscheck.AppleDays
}

func allOf(list []tlscheck.Family) string {
	var names []string
	for _, f := range list {
		names = append(names, string(f))
	}
	return enumerated(names)
}

// date writes a day as people read it. The zone is UTC, as in certificates.
func date(t time.Time) string { return t.UTC().Format("2 January 2006") }

// dayCount writes a number of days, of which there may be none.
func dayCount(n int) string {
	switch n {
	case 0:
		return "less than a day"
	case 1:
		return "1 day"
	}
	return fmt.Sprintf("%d days", n)
}

// securePhase is the phase to which a fault of the encrypted connection
// belongs.
func securePhase(r *probe.Result) string {
	if r.Endpoint.Security == settings.StartTLS {
		return probe.StartTLS
	}
	return probe.TLS
}

// certEvidence names the certificate concerned.
func certEvidence(c tlscheck.Cause) string {
	if c.Cert == nil {
		return c.Detail
	}
	return fmt.Sprintf("subject %s, issuer %s, valid from %s to %s", c.Cert.Subject, c.Cert.Issuer,
		c.Cert.NotBefore.UTC().Format("2006-01-02 15:04"), c.Cert.NotAfter.UTC().Format("2006-01-02 15:04 MST"))
}

// quoted marks what stems from the peer. Unprintable characters become
// escapes.
func quoted(s string) string { return fmt.Sprintf("%q", s) }

// some lists the first names, each quoted, and counts the rest.
func some(names []string) string {
	const shown = 3
	var list []string
	for _, n := range names[:min(len(names), shown)] {
		list = append(list, quoted(n))
	}
	if rest := len(names) - shown; rest > 0 {
		list = append(list, fmt.Sprintf("%d more", rest))
	}
	return enumerated(list)
}

// enumerated joins a list as a sentence does.
func enumerated(list []string) string {
	if len(list) < 2 {
		return strings.Join(list, "")
	}
	return strings.Join(list[:len(list)-1], ", ") + " and " + list[len(list)-1]
}

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
