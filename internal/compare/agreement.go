package compare

import (
	"cmp"
	"slices"
	"strings"

	"mailprobe/internal/finding"
	"mailprobe/internal/published"
	"mailprobe/internal/settings"
	"mailprobe/internal/verify"
)

// work is a comparison while it grows.
type work struct {
	*Subject
	seen
	*Comparison
}

// says adds a finding with the weight of its code's page.
func (w *work) says(f finding.Finding) {
	page, _ := finding.PageOf(f.Code)
	f.Severity, f.Blame = cmp.Or(f.Severity, page.Severity), cmp.Or(f.Blame, page.Blame)
	if f.Severity == finding.Info {
		f.Blame = ""
	}
	if !slices.ContainsFunc(w.Findings, f.Likewise) {
		w.Findings = append(w.Findings, f)
	}
}

// agreement repeats what contradicts what, with what is known now of either,
// and where a weaker setting stands before one that works.
func (w *work) agreement() {
	for _, c := range w.Conflict {
		f := c.Finding
		first, second := w.whichWorks(string(c.Between[0]), c.Protocol), w.whichWorks(string(c.Between[1]), c.Protocol)
		f.Message += " Verified: {first} {first_works}, {second} {second_works}."
		f.Args = withArgs(f.Args, finding.Args{"first": string(c.Between[0]), "second": string(c.Between[1]), "first_works": first, "second_works": second})
		w.Findings = append(w.Findings, f)
	}
	for _, s := range w.Servers {
		better := w.stronger(s)
		if better.Host == "" {
			continue
		}
		w.says(finding.Finding{Code: "settings.weaker_first", Args: finding.Args{"source": string(s.Source), "first": shown(s.At), "better": shown(better)},
			Message: "{source} lists {first} before {better}, and the second works; mail programs take the first.", Remedy: "Let {source} list {better} first."})
	}
}

func withArgs(args, more finding.Args) finding.Args {
	all := finding.Args{}
	for _, list := range []finding.Args{args, more} {
		for name, value := range list {
			all[name] = value
		}
	}
	return all
}

// whichWorks says what is known of a source's servers of a protocol.
func (w *work) whichWorks(source string, p settings.Protocol) string {
	var verdict verify.Verdict
	found := false
	for _, s := range w.Servers {
		if string(s.Source) == source && s.At.Protocol == p {
			verdict, found = verdict.And(cmp.Or(s.Verdict, verify.Unknown)), true
		}
	}
	switch {
	case !found:
		return "names no server"
	case verdict == verify.Unknown:
		return "could not be judged"
	}
	return string(verdict)
}

// stronger returns a server of the same source that stands behind one, protects
// better and works; zero: there is none. It looks from the first of a protocol.
func (w *work) stronger(s Server) (better settings.Endpoint) {
	same := slices.DeleteFunc(slices.Clone(w.Servers), func(x Server) bool {
		return x.Source != s.Source || x.At.Protocol != s.At.Protocol || x.Offer.Priority != s.Offer.Priority
	})
	if len(same) == 0 || same[0].At != s.At || s.At.Security == settings.TLS {
		return better
	}
	for _, x := range same[1:] {
		if x.Verdict == verify.Works && published.Stronger(x.At.Security, s.At.Security) {
			return x.At
		}
	}
	return better
}

// ways are the mechanisms by which each way to sign in that sources name can be
// gone; a password can be shown by any that takes one.
var ways = map[string][]string{
	"password":           {"PLAIN", "LOGIN", "USER", "CRAM-MD5", "DIGEST-MD5", "SCRAM-"},
	"encrypted":          {"CRAM-MD5", "DIGEST-MD5", "SCRAM-", "APOP", "NTLM"},
	"oauth2":             {"XOAUTH2", "OAUTHBEARER"},
	"ntlm":               {"NTLM", "GSS-SPNEGO"},
	"gssapi":             {"GSSAPI", "GSS-SPNEGO"},
	"client-certificate": {"EXTERNAL"},
}

// mechanisms tells which ways to sign in are documented and not offered, and
// whether OAuth2 is offered and documented by nobody.
func (w *work) mechanisms() {
	told := map[string]bool{}
	for _, s := range w.Servers {
		x := w.seen[s.At]
		if x == nil || x.Result == nil || x.Verdict == verify.Fails || !offersAnything(x) {
			continue
		}
		args := finding.Args{"at": shown(s.At), "source": string(s.Source), "offered": strings.Join(x.Result.Mechanisms, " ")}
		for _, way := range s.Offer.SignIn {
			if len(ways[way]) > 0 && !offered(x, way) && !(way == "encrypted" && x.Protocol == settings.POP3) { // APOP is announced in the greeting
				w.says(finding.Finding{Code: "settings.mechanism_not_offered", Args: withArgs(args, finding.Args{"way": way}),
					Message: "{source} says that {at} is signed in to by {way}, and the server offers nothing of that kind ({offered}).", Remedy: "Let {source} say what the server offers, or switch it on at the server."})
			}
		}
		if !told[s.At.String()] && offered(x, "oauth2") && !w.documents(s.At, "oauth2") {
			told[s.At.String()] = true
			w.says(finding.Finding{Code: "settings.mechanism_undocumented", Args: args, Message: "{at} offers OAuth2, and no source that names it says so: mail programs ask for a password."})
		}
	}
}

func offersAnything(x *verify.Endpoint) bool {
	return len(x.Result.Mechanisms) > 0 || x.Result.NativeLogin != ""
}

// offered reports whether a server offers a mechanism of a way.
func offered(x *verify.Endpoint, way string) bool {
	for _, prefix := range ways[way] {
		matches := func(m string) bool {
			return strings.EqualFold(m, prefix) || strings.HasSuffix(prefix, "-") && strings.HasPrefix(strings.ToUpper(m), prefix)
		}
		if slices.ContainsFunc(x.Result.Mechanisms, matches) || way == "password" && x.Result.NativeLogin != "" {
			return true
		}
	}
	return false
}

// documents reports whether any source that names a server, and says how it is
// signed in to, names a way; a source that says nothing of it counts as well.
func (w *work) documents(at settings.Endpoint, way string) bool {
	said := false
	for _, s := range w.Servers {
		if s.At != at || len(s.Offer.SignIn) == 0 {
			continue
		}
		said = true
		if slices.Contains(s.Offer.SignIn, way) {
			return true
		}
	}
	return !said
}
