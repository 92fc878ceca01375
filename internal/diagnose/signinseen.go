package diagnose

import (
	"slices"

	"mailprobe/internal/finding"
	"mailprobe/internal/probe"
	"mailprobe/internal/replies"
)

// seenHere corrects what a refusal means to mail programs in general by what
// this program has seen and said: it signs in over verified TLS alone, by a
// mechanism that was announced, in a command that fits the standards. Who has
// followed all that is not to blame. A provider's own row knows better.
func seenHere(f *finding.Finding, r *probe.Result, m replies.Match) {
	if m.Provider != "" {
		return
	}
	f.Args = finding.Args{"secret": secretNoun(r)}
	switch {
	case m.Code == clientAtFault:
		f.Blame, f.Args["mechanism"] = finding.Unknown, r.Auth.Mechanism
		f.Message = "{server} calls the sign-in by {mechanism} a wrong command. It keeps to the standard: either the server cannot do what it offers, or this is how it refuses the {secret}. Its words do not tell."
		f.Remedy = "Check the user name and the {secret}. If they are right, choose another sign-in method in the mail program, and show the provider the dialogue (--transcript)."
	case m.Code == authPrivacy:
		f.Blame = finding.Provider
		f.Message = "{server} takes sign-ins only on an encrypted connection, and does not know that this one is encrypted. Nobody could read the {secret} on the way to it."
		f.Remedy = "The provider must look into the server, and into what takes off the encryption in front of it."
	case m.Code == authMechanism && slices.Contains(r.Mechanisms, r.Auth.Mechanism):
		f.Blame, f.Args["mechanism"] = finding.Provider, r.Auth.Mechanism
		f.Message = "{server} offers to sign in by {mechanism} on this encrypted connection, and then says that it does not take that. Whether the {secret} is right is not known."
		f.Remedy = "Choose another sign-in method in the mail program. The provider should announce only what the server does."
	default:
		f.Args = nil
	}
}
