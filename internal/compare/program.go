package compare

import (
	"fmt"
	"slices"
	"strings"

	"mailprobe/internal/clients"
	"mailprobe/internal/finding"
	"mailprobe/internal/settings"
	"mailprobe/internal/verify"
)

// program says what becomes of a mail program that does as a source says.
func program(r clients.Reading, known seen) Program {
	p := Program{Reading: r}
	switch r.State {
	case clients.Reads:
	case clients.Drops:
		p.Says = r.Client.Name + " drops the document: " + r.Why + "."
		return p
	default:
		p.Says = r.Client.Name + " " + r.Why + "."
		return p
	}
	var sentences []string
	for _, tries := range byProtocol(r.Servers) {
		verdict, said := outcome(r.Client.Name, tries, known)
		p.Verdict = p.Verdict.And(verdict)
		sentences = append(sentences, said)
		for _, t := range tries {
			p.Tries = append(p.Tries, Try{t, known.verdict(t.Endpoint)})
		}
	}
	for _, lack := range lacking(r) {
		p.Verdict = p.Verdict.And(verify.Unknown)
		sentences = append(sentences, lack)
	}
	p.Says = together(r.Client.Name+" works with ", sentences)
	return p
}

// together makes one sentence of those that begin alike.
func together(begin string, sentences []string) string {
	var alike, others []string
	for _, s := range sentences {
		if rest, ok := strings.CutPrefix(s, begin); ok {
			alike = append(alike, strings.TrimSuffix(rest, "."))
			continue
		}
		others = append(others, s)
	}
	if len(alike) > 0 {
		others = append(others, begin+strings.Join(alike, ", and with ")+".")
	}
	return strings.Join(others, " ")
}

// lacking says what an account has no server for: the program has one of its
// own, or looks further.
func lacking(r clients.Reading) (all []string) {
	has := func(list ...settings.Protocol) bool {
		return slices.ContainsFunc(r.Servers, func(s clients.Server) bool { return slices.Contains(list, s.Protocol) })
	}
	if !has(settings.IMAP, settings.POP3) {
		all = append(all, "Where it reads mail is not said.")
	}
	if !has(settings.SMTP) {
		all = append(all, "Where it sends mail is not said.")
	}
	return all
}

// byProtocol puts servers that are tried in place of each other together.
func byProtocol(list []clients.Server) [][]clients.Server {
	var all [][]clients.Server
	for _, s := range list {
		at := slices.IndexFunc(all, func(x []clients.Server) bool { return x[0].Protocol == s.Protocol })
		if at < 0 {
			all = append(all, []clients.Server{s})
			continue
		}
		all[at] = append(all[at], s)
	}
	return all
}

// outcome says what becomes of the servers of one protocol: the first that
// works is the one that the program takes.
func outcome(name string, tries []clients.Server, known seen) (verify.Verdict, string) {
	verdict, failed := verify.Fails, 0
	for _, t := range tries {
		switch v := known.verdict(t.Endpoint); v {
		case verify.Works:
			if failed > 0 {
				return v, fmt.Sprintf("%s works with %s, after %d that %s not.", name, shown(t.Endpoint), failed, plural(failed, "does", "do"))
			}
			return v, fmt.Sprintf("%s works with %s.", name, shown(t.Endpoint))
		case verify.Fails:
			failed++
		default:
			verdict = verify.Unknown
		}
	}
	at := tries[0]
	if verdict == verify.Unknown {
		return verdict, fmt.Sprintf("%s would try %s; whether that works is not known.", name, shown(at.Endpoint))
	}
	return verdict, fmt.Sprintf("%s would try %s (%s) and fail.", name, shown(at.Endpoint), at.Why)
}

func shown(e settings.Endpoint) string {
	return fmt.Sprintf("%s %s with %s", e.Protocol.Name(), e.Address(), e.Security.Name())
}

// programs tells where one program fails with what others can use.
func (w *work) programs() {
	for _, p := range w.Programs {
		if !p.Taken || p.Verdict != verify.Fails {
			continue
		}
		others := w.works(p)
		f := finding.Finding{Code: "settings.program_fails", Args: finding.Args{"says": strings.TrimSuffix(p.Says, "."), "source": string(p.Source), "known": p.Rule.Title}}
		f.Message = "With what {source} says, {says}."
		if others != "" {
			f.Args["others"] = others
			f.Message = "With what {source} says, {says}; {others}."
		}
		f.Remedy = "Let the source say what works with every program; see what is to be changed."
		if p.Rule.Basis == clients.Document {
			f.Severity = finding.Warning
		}
		w.says(f)
	}
}

// works says which programs get on with the same source; empty: none does.
func (w *work) works(than Program) string {
	var names []string
	for _, p := range w.Programs {
		if p.Client != than.Client && p.Source == than.Source && p.Verdict == verify.Works {
			names = append(names, p.Client.Name)
		}
	}
	if len(names) == 0 {
		return ""
	}
	return strings.Join(names, ", ") + " " + plural(len(names), "works", "work")
}

func plural(n int, one, many string) string {
	if n == 1 {
		return one
	}
	return many
}
