package replies

import (
	"slices"
	"strings"

	"mailprobe/internal/finding"
)

// The bounds of what is said of a pasted text, each a likelihood. They are those
// with the most right answers at which the texts that no row was made after, or
// whose rows were left out, mislead least for each that is no longer right.
const (
	sureCause   = 0.45 // from which a cause is named
	sureFamily  = 0.75 // from which it is enough that what is said is true
	sureAlone   = 0.6  // of a cause that nothing but likeness names
	leastBeside = 0.06 // of a further reading
	sureNone    = 0.5  // of no fault, from which nothing is said of a reply
)

// covering are the general codes, and the causes that their words are true of;
// "net.*" is a family. testdata/texts/covers.tsv has them with others.
var covering = []struct {
	code string
	of   []string
}{
	{"access.refused", []string{"access.*", "send.*", "proto.greeting_reject", "proto.command_refused"}},
	{"access.temporary", []string{"access.server_fault", "access.throttled", "access.session_ended", "auth.temporary", "auth.limit", "auth.in_use",
		"auth.throttled", "send.greylisted", "send.rate_limited", "send.route", "proto.greeting_reject"}},
	{"auth.rejected", []string{"auth.app_password_required", "auth.not_enabled", "auth.user_form", "auth.user_unknown", "auth.basic_disabled", "auth.oauth_only",
		"auth.expired", "auth.disabled_for_account", "auth.browser_required", "auth.policy_blocked", "auth.smtp_auth_disabled"}},
	{"auth.token_rejected", []string{"auth.token_*", "auth.app_access", "auth.rejected", "auth.not_enabled"}},
	{"auth.oauth_refused", []string{"auth.oauth_*", "auth.token_*", "auth.app_access"}},
	{"net.failed", []string{"net.*", "dns.*", "mode.*", "env.offline", "proto.closed", "proto.silent", "tls.failed"}},
	{"tls.failed", []string{"tls.*", "cert.*", "starttls.*", "mode.starttls_on_implicit_port", "mode.implicit_on_starttls_port"}},
	{"cert.invalid", []string{"cert.*"}},
	{"proto.client_fault", []string{"proto.command_refused"}},
	{"access.server_fault", []string{"access.temporary", "access.mailbox_not_opened", "access.corrupt", "access.session_ended", "auth.temporary"}},
}

func isCovered(general, code string) bool {
	for _, c := range covering {
		if c.code == general {
			return slices.ContainsFunc(c.of, func(of string) bool {
				stem, family := strings.CutSuffix(of, "*")
				return of == code || family && strings.HasPrefix(code, stem)
			})
		}
	}
	return false
}

// answer names the causes to be told, the likeliest first: the cause itself where
// it is sure, or what is true with the others behind it; else the general code of the
// family that is sure; else none. Ranked are the codes that rows, words and reply
// codes gave.
func (o *opinion) answer(ranked []string) []string {
	causes, none := o.shares()
	switch {
	case len(causes) == 0:
		return nil
	case len(ranked) == 0 && (causes[0].share < sureAlone || o.none[noneProgrammed] == 0), none > causes[0].share && !o.replied:
		return nil
	}
	var likeliest []string
	for _, c := range causes {
		if len(likeliest) == 0 || c.share >= leastBeside {
			likeliest = append(likeliest, c.code)
		}
	}
	likeliest = likeliest[:min(len(likeliest), maxMatches)]
	best := joined(likeliest, ranked)
	share := trueOf(best, causes)
	if causes[0].share >= sureCause || share >= sureFamily {
		return best
	}
	truest, most := best, share
	for _, c := range covering {
		codes := joined(append([]string{c.code}, likeliest...), ranked)
		if s := trueOf(codes, causes); s > most {
			truest, most = codes, s
		}
	}
	if most < sureFamily && (!o.replied || none > sureNone) {
		return nil
	}
	return truest
}

// joined puts what was ranked behind codes; before them where both begin alike.
func joined(codes, ranked []string) (all []string) {
	if len(ranked) > 0 && codes[0] == ranked[0] {
		codes, ranked = ranked, codes
	}
	for _, code := range slices.Concat(codes, ranked) {
		if len(all) < maxMatches && !slices.Contains(all, code) {
			all = append(all, code)
		}
	}
	return all
}

// trueOf tells how likely it is that an answer is true: its first code is the
// cause or covers it, or the cause stands behind it and the same one must act.
func trueOf(codes []string, causes []likely) (sum float64) {
	page, _ := finding.PageOf(codes[0])
	for _, c := range causes {
		other, _ := finding.PageOf(c.code)
		if c.code == codes[0] || isCovered(codes[0], c.code) || slices.Contains(codes, c.code) && other.Blame == page.Blame {
			sum += c.share
		}
	}
	return sum
}

// settled tells what a pasted text means: what a firm row says; else what was
// ranked, as far as the signs bear it out.
func (t *table) settled(readings []reading, ranked []Match, alike func() []likely) []Match {
	heard := slices.DeleteFunc(slices.Clone(readings), func(r reading) bool { return r.passed && !r.found })
	if len(heard) == 0 {
		return ranked
	}
	if len(ranked) > 0 {
		heard = heard[first(heard):][:1]
	}
	if heard[0].firm {
		return ranked
	}
	o := t.opinionOn(heard, alike())
	var codes []string
	for _, m := range ranked {
		codes = append(codes, m.Code)
	}
	var out []Match
	for _, code := range o.answer(codes) {
		out = append(out, o.match(code, ranked))
	}
	return out
}

// first is the place of the reading that is ranked first.
func first(readings []reading) int {
	at := -1
	for i, r := range readings {
		if r.found && (at < 0 || r.rank() < readings[at].rank()) {
			at = i
		}
	}
	return at
}

// match is what is said of a cause.
func (o *opinion) match(code string, ranked []Match) Match {
	if i := slices.IndexFunc(ranked, func(m Match) bool { return m.Code == code }); i >= 0 {
		return ranked[i]
	}
	if e := o.cause(code); e != nil {
		return e.Match
	}
	page, _ := finding.PageOf(code)
	m := matchOf(page, o.said)
	m.Layer = layerOfCode(code)
	m.Cause = "No rule is sure of these words; they tell no more than this. " + m.Cause
	return m
}
