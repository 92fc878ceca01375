package diagnose

import (
	"slices"
	"strings"

	"mailprobe/internal/finding"
	"mailprobe/internal/probe"
	"mailprobe/internal/replies"
)

// signInFindings judges the outcome of a sign-in, or says why there was none.
func signInFindings(r *probe.Result, c Context) []finding.Finding {
	a := r.Auth
	switch a.Status {
	case probe.AuthRejected:
		if r.OtherForm != nil && r.OtherForm.Status == probe.AuthAccepted {
			return nil // the password is right: userFormFindings says what is wrong
		}
		return append(refusedSignIn(r, c, rejection(r, c)), refusedWays(r, c)...)
	case probe.AuthUnknown:
		return append(brokenSignIn(r, c), refusedWays(r, c)...)
	case probe.AuthSkipped:
		return notShown(r, c)
	}
	return refusedWays(r, c)
}

// rejection is what a refusal means where no table knows better.
func rejection(r *probe.Result, c Context) finding.Finding {
	if showsToken(r) {
		return refusedToken(r, c)
	}
	f := finding.Finding{Code: authRejected, Phase: probe.SignIn,
		Message: "{server} does not accept the user name and password, and does not say why.",
		Remedy:  "Check the user name and type the password again by hand. Many providers want an app password here, or that the protocol is switched on first."}
	return f
}

// cutInSignIn words a connection that ended in the middle of a sign-in: by
// whom does not show.
func cutInSignIn(f *finding.Finding, r *probe.Result) {
	f.Blame, f.Args = finding.Unknown, finding.Args{"secret": secretNoun(r)}
	f.Message = "The connection to {server} ended in the middle of the sign-in, before the {secret} was sent, by the server or by something on the way. Nothing is known about the {secret}."
	f.Remedy = "Wait some minutes and try once more, and from another network."
	if r.SecretSent {
		f.Message = "The connection to {server} ended in the middle of the sign-in, after the {secret} was sent and before an answer, by the server or by something on the way. Whether the {secret} is right is not known."
		f.Remedy = f.Remedy.Then(mayCount(r))
	}
}

// mayCount warns of a try that the server may count; empty: nobody is locked
// out, for tokens and certificates cannot be guessed.
func mayCount(r *probe.Result) finding.Sentence {
	if secretNoun(r) != "password" {
		return ""
	}
	return "A wrong password may count although no answer came."
}

const noVerdict = "auth.no_verdict"

// unjudged is what a sign-in without a verdict means where no table knows
// better. A server's challenge is a verdict, whatever came behind it.
func unjudged(r *probe.Result, c Context) finding.Finding {
	if r.Auth.Reply == nil && challengeOf(r).Status != "" {
		f := refusedToken(r, c)
		f.Evidence = finding.Saw(r.Auth.Challenge + "\n" + r.Auth.Reason)
		return f
	}
	f := finding.Finding{Code: authTemporary, Phase: probe.SignIn,
		Message: "{server} cannot judge the sign-in now. Nothing is said about the {secret}.", Args: finding.Args{"secret": secretNoun(r)},
		Remedy: "Wait some minutes and try once more."}
	if r.Auth.Reply == nil {
		f.Code, f.Evidence = noVerdict, finding.Saw(r.Auth.Reason)
		f.Message = "{server} ended the sign-in without a verdict. Whether the {secret} is right is not known."
		f.Remedy = finding.Sentence("Wait some minutes and try once more.").Then(mayCount(r))
		if probe.FaultOf(r.Auth.Cause) == probe.ClosedEarly {
			cutInSignIn(&f, r)
		}
		if step := r.Step(probe.SignIn); step.Limit > 0 && step.Took >= step.Limit {
			f.Message = "{server} has not answered the sign-in within {waited} s. Whether the {secret} is right is not known."
			f.Args["waited"], f.Blame = seconds(step.Limit), finding.Tool // the limit was this program's own
			f.Remedy = f.Remedy.Then("To wait longer add --phase-timeout 5m --timeout 15m.")
		}
	}
	return f
}

// refusedSignIn refines a finding by what is known of the server's reply. A
// temporary reply never becomes an error, whatever its text.
func refusedSignIn(r *probe.Result, c Context, f finding.Finding) []finding.Finding {
	reply := r.Auth.Reply
	if reply == nil {
		return []finding.Finding{about(r, f)}
	}
	said, seen := heard(r)
	if f.Evidence = finding.Saw(seen.Text); c.appOnly(r) && keepsApplicationOut(reply) {
		notLetIn(&f, r)
		if reply.Temporary() {
			f.Severity = finding.Warning // by its code it may pass
		}
		return []finding.Finding{about(r, f)}
	}
	m, ok := explainReply(r, c, replies.LayerAuth, said)
	if !ok || !speaksOf(m, r) || saysLess(m, r) || tokenSaysMore(m, r) || m.Severity == finding.Info { // no mere fact explains a sign-in that came to nothing
		return []finding.Finding{about(r, f)}
	}
	asKnown(&f, m)
	f.Code, f.Severity, f.Blame = m.Code, m.Severity, m.Blame
	seenHere(&f, r, m)
	if inTokenWords(&f, r); m.Code == notEnabled && showsToken(r) && mayReject(r, c, said) {
		switchedOffOrRefused(&f, r, c)
	}
	if (reply.Temporary() || reply.Ends()) && f.Severity == finding.Error {
		f.Severity = finding.Warning
	}
	doubtMechanism(&f, r)
	return []finding.Finding{about(r, f)}
}

// tokenSaysMore reports whether a challenge, or the length of the token, tells
// more than a reply that only calls the command wrong: a server that cannot
// bear the line takes its end for further commands.
func tokenSaysMore(m replies.Match, r *probe.Result) bool {
	if !showsToken(r) || r.Token == nil || m.Code == tokenTooLong {
		return false
	}
	_, long := accessToken{Result: r}.size()
	return long || m.Code == clientAtFault && challengeOf(r).Status != ""
}

// heard is what a server said of a refusal: as the tables read it, and as it is
// shown. A challenge of the standard's form is for refusedToken to read.
func heard(r *probe.Result) (said, seen probe.Reply) {
	said, seen = *r.Auth.Reply, *r.Auth.Reply
	if r.Auth.Challenge == "" {
		return said, seen
	}
	seen = seen.With("\n" + r.Auth.Challenge)
	if challengeOf(r) == (challenge{}) {
		return seen, seen
	}
	return said, seen
}

// doubtMechanism says that a mechanism may be at fault rather than the
// password. Some servers announce those for which they would have to keep a
// secret of their own for each user, and have none.
func doubtMechanism(f *finding.Finding, r *probe.Result) {
	a := r.Auth
	own := strings.HasPrefix(a.Mechanism, "SCRAM-") || a.Mechanism == "CRAM-MD5"
	if a.Status != probe.AuthRejected || !own || !slices.Contains(r.Mechanisms, "PLAIN") {
		return
	}
	f.Remedy = f.Remedy.Then("If the password is certainly right, repeat with --auth PLAIN: some servers announce {mechanism} and cannot do it.")
	if f.Args == nil {
		f.Args = finding.Args{}
	}
	f.Args["mechanism"] = a.Mechanism
}

// userFormFindings judges a second sign-in with the other form of the user
// name.
func userFormFindings(r *probe.Result, _ Context) []finding.Finding {
	if r.OtherForm == nil {
		return nil
	}
	f := finding.Finding{Code: "auth.user_form", Phase: probe.SignIn, Args: finding.Args{"refused": r.Auth.Username, "other": r.OtherForm.Username}}
	switch r.OtherForm.Status {
	case probe.AuthAccepted:
		f.Severity, f.Blame = finding.Error, finding.Catalogue // it is proved: the documented form is refused
		f.Message = "{server} accepts the user name {other} and refuses {refused}, which is the documented form."
		f.Remedy = "In the mail program enter {other} as user name. The {secret} is right."
		f.Args["secret"] = secretNoun(r)
		f.Evidence = finding.Saw(replyText(r.Auth.Reply))
	case probe.AuthRejected:
		f.Severity = finding.Info // it is proved not to be what is wrong
		f.Message = "{server} refuses both {refused} and {other}: the form of the user name is not what is wrong."
		f.Evidence = finding.Saw(replyText(r.OtherForm.Reply))
	default:
		return nil
	}
	return []finding.Finding{about(r, f)}
}
