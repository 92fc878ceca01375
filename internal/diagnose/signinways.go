package diagnose

import (
	"errors"
	"slices"
	"strings"

	"mailprobe/internal/auth"
	"mailprobe/internal/finding"
	"mailprobe/internal/probe"
)

// brokenSignIn judges a sign-in that ended without a verdict: by a fault of
// the dialogue, by the server's own words, or for no reason that was seen.
func brokenSignIn(r *probe.Result, c Context) []finding.Finding {
	switch {
	case allRefused(r):
		return policyRefuses(r, c) // of the others refusedWays speaks
	case violated(r) != nil:
		return []finding.Finding{violation(r)}
	case brokenGrammar(r.Auth.Cause):
		return nil // protoFindings speaks of it
	}
	return refusedSignIn(r, c, unjudged(r, c))
}

// violated returns what a server did against the rules of the mechanism, or
// nil.
func violated(r *probe.Result) error {
	var exchange *auth.ExchangeError
	var unseen *probe.ProtocolError
	switch {
	case errors.As(r.Auth.Cause, &exchange):
		return exchange
	case errors.As(r.Auth.Cause, &unseen) && unseen.Fault == probe.Unseen:
		return unseen
	}
	return nil
}

// violation says what a server did against the rules of the mechanism: no mail
// program that keeps to them is signed in.
func violation(r *probe.Result) finding.Finding {
	f := finding.Finding{Code: "auth.exchange_broken", Phase: probe.SignIn,
		Args:    finding.Args{"mechanism": r.Auth.Mechanism, "secret": secretNoun(r)},
		Message: "{server} breaks the rules of the sign-in by {mechanism}: {what}. Whether the {secret} is right is not known.",
		Remedy:  "The provider must look into the server. Until then choose another way to sign in in the mail program, if the server offers one."}
	switch cause := violated(r).(type) {
	case *auth.ExchangeError:
		f.Args["what"] = cause.Detail
	case *probe.ProtocolError:
		f.Code, f.Evidence = "auth.accepted_unseen", finding.Saw(cause.Detail)
		f.Message = "{server} agrees to the sign-in by {mechanism} before it was shown the {secret}: it has compared nothing, so its consent proves nothing."
		f.Remedy = "The provider must look into the server: it breaks the rules of the sign-in, and may let in anybody."
	}
	return about(r, f)
}

// brokenGrammar reports whether a dialogue ended because of lines against the
// protocol's grammar.
func brokenGrammar(err error) bool {
	switch probe.FaultOf(err) {
	case probe.Malformed, probe.TooLong, probe.TooMuch, probe.EarlyAnswer:
		return true
	}
	return false
}

// allRefused reports whether every way to sign in was refused as a command.
func allRefused(r *probe.Result) bool {
	return probe.FaultOf(r.Auth.Cause) == probe.NoWayLeft
}

// policyRefuses returns what a server's policy has against every way to sign in, if
// its words say that; else nil. The ways themselves are sound.
func policyRefuses(r *probe.Result, c Context) []finding.Finding {
	m, ok := answered(r.Endpoint, r.Auth, c.Provider)
	if !ok || m.Code != authPrivacy && m.Code != authWeak {
		return nil
	}
	return refusedSignIn(r, c, unjudged(r, c))
}

// refusedWays tells of ways to sign in that a server announces and refuses as
// commands. Where none is left, nobody can sign in; where a server's policy is
// the reason, that is said alone.
func refusedWays(r *probe.Result, c Context) []finding.Finding {
	if len(r.Auth.Refused) == 0 || allRefused(r) && policyRefuses(r, c) != nil {
		return nil
	}
	ways, said := describeWays(r.Auth.Refused)
	f := finding.Finding{Code: "auth.way_refused", Phase: probe.SignIn, Evidence: finding.Saw(said),
		Args:    finding.Args{"ways": ways, "secret": secretNoun(r)},
		Message: "{server} offers to sign in by {ways} and refuses that as a command, whatever the {secret} is.",
		Remedy:  "The provider should announce only what the server does."}
	switch {
	case allRefused(r):
		f.Code = "auth.all_ways_refused"
		f.Message = finding.Sentence("{server} refuses as a command every way to sign in that it offers and this program was to use: {ways}.").Then(aside(r))
		f.Remedy = "The provider must look into the server. If the server offers other ways, try one of them (--auth)."
	case r.Auth.Status == probe.AuthAccepted:
		f.Args["worked"] = r.Auth.Mechanism
		f.Message = f.Message.Then("Signing in by {worked} works.")
		f.Remedy = finding.Sentence("In the mail program choose the sign-in method that works here, {worked}, if it does not find it by itself.").Then(f.Remedy)
	}
	return []finding.Finding{about(r, f)}
}

// aside says what refused commands tell of the secret: nothing. Only where it
// had not left is it certain that nobody has looked at it.
func aside(r *probe.Result) finding.Sentence {
	if slices.ContainsFunc(r.Auth.Refused, func(w probe.RefusedWay) bool { return w.Shown }) {
		return "By its words that is not about the {secret}, which may be right or wrong."
	}
	return "The {secret} was not shown to it."
}

// secretNoun is what a user calls what was to be shown.
func secretNoun(r *probe.Result) string {
	switch {
	case showsToken(r):
		return "access token"
	case r.Auth.Mechanism == "EXTERNAL":
		return "client certificate"
	}
	return "password"
}

// describeWays names the refused ways, and what the server said to them.
func describeWays(refused []probe.RefusedWay) (ways, said string) {
	var names, replies []string
	for _, w := range refused {
		name := w.Mechanism
		if w.InLine {
			name += " with the first message on the command's line"
		}
		names = append(names, name)
		if w.Reply != nil {
			replies = append(replies, w.Reply.Text)
		}
	}
	return strings.Join(names, ", "), strings.Join(replies, "\n")
}
