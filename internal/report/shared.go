package report

import (
	"fmt"
	"strings"

	"mailprobe/internal/finding"
	"mailprobe/internal/probe"
	"mailprobe/internal/verify"
)

// shared puts together the endpoints that one box explains: those whose
// findings say the same but for the address. Endpoints that work are left out,
// and those of which the list of sign-ins says all.
func shared(endpoints []verify.Endpoint) [][]*verify.Endpoint {
	var groups [][]*verify.Endpoint
	at := map[string]int{}
	for i := range endpoints {
		e := &endpoints[i]
		if e.Verdict == verify.Works || heldBack(e) {
			continue
		}
		key := sayings(e)
		if j, ok := at[key]; ok && key != "" {
			groups[j] = append(groups[j], e)
			continue
		}
		at[key] = len(groups)
		groups = append(groups, []*verify.Endpoint{e})
	}
	return groups
}

// heldBack reports whether nothing keeps an endpoint from its verdict but that
// it was not signed in to, for a reason that is known.
func heldBack(e *verify.Endpoint) bool {
	a := authOf(e)
	return e.Verdict == verify.Unknown && len(boxed(e)) == 0 && reachedSignIn(e) && a.Status == probe.AuthSkipped && a.Reason != ""
}

// sayings is all that a box says of an endpoint, without its address; empty:
// it says what holds for this endpoint alone.
func sayings(e *verify.Endpoint) string {
	if len(e.Instead) > 0 {
		return ""
	}
	said := string(e.Verdict)
	for _, f := range boxed(e) {
		said += "\n" + saying(e, f)
	}
	if len(boxed(e)) == 0 {
		said += "\n" + anonymous(e).Replace(strings.Join(seenInstead(e), "\n"))
	}
	return said
}

// saying is all that is said of one finding, without the endpoint's address.
func saying(e *verify.Endpoint, f finding.Finding) string {
	return anonymous(e).Replace(fmt.Sprintf("%s %s %s %q %q %q %q", f.Code, f.Severity, f.Blame, f.Says(), f.Advises(), f.HelpURL, f.Seen()))
}

// namesAddress reports whether a text names the endpoint that it is about.
func namesAddress(e *verify.Endpoint, text string) bool { return anonymous(e).Replace(text) != text }

// anonymous takes everything out of a text by which an endpoint is addressed.
func anonymous(e *verify.Endpoint) *strings.Replacer {
	pairs := []string{e.Address(), "<server>"}
	if e.Result != nil {
		for _, t := range e.Result.Tried {
			pairs = append(pairs, t.Addr.String(), "<address and port>", t.Addr.Addr().String(), "<address>")
		}
	}
	port := fmt.Sprintf("ort %d", e.Port)
	return strings.NewReplacer(append(pairs, e.Host, "<host>", port, "ort <port>")...)
}

// titles names each endpoint of a group on a line of its own.
func titles(group []*verify.Endpoint) []string {
	lines := make([]string, len(group))
	for i, e := range group {
		lines[i] = title(e.Endpoint)
	}
	return lines
}

// aWarning is one warning and the endpoints that it is about; none: the run.
type aWarning struct {
	finding.Finding
	about []*verify.Endpoint
}

// where names what a warning is about, unless its message does.
func (w aWarning) where() string {
	switch {
	case len(w.about) == 0:
		return ""
	case len(w.about) == 1 && strings.Contains(w.Says(), w.about[0].Address()):
		return w.about[0].Protocol.Name() + ": "
	}
	var list []string
	for _, e := range w.about {
		list = append(list, e.Protocol.Name()+" "+address(e.Endpoint))
	}
	return strings.Join(list, ", ") + ": "
}

// warningsOf lists the warnings of a report that no box shows, each once.
func warningsOf(r *verify.Report) []aWarning {
	var list []aWarning
	if r.Verdict != verify.Unknown {
		for _, f := range only(r.Findings, finding.Warning) {
			list = append(list, aWarning{Finding: f})
		}
	}
	at := map[string]int{}
	for i := range r.Endpoints {
		e := &r.Endpoints[i]
		if e.Verdict == verify.Unknown {
			continue
		}
		for _, f := range only(e.Findings, finding.Warning) {
			key := saying(e, f)
			if j, ok := at[key]; ok {
				list[j].about = append(list[j].about, e)
				continue
			}
			at[key] = len(list)
			list = append(list, aWarning{f, []*verify.Endpoint{e}})
		}
	}
	return list
}
