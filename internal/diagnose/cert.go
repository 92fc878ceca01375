package diagnose

import (
	"fmt"
	"maps"
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
