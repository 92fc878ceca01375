package diagnose

import (
	"slices"

	"mailprobe/internal/auth/token"
	"mailprobe/internal/finding"
	"mailprobe/internal/probe"
	"mailprobe/internal/settings"
)

// tokenFindings judges what an access token shows of itself, before it is sent
// and after. A server that accepts it knows better, unless it then does not
// open the mailbox; one that refuses it seldom says why.
func tokenFindings(r *probe.Result, c Context) []finding.Finding {
	switch {
	case r.Token == nil || r.Auth.Status == probe.AuthNotTested:
		return nil
	case !r.Token.Usable():
		return []finding.Finding{about(r, notAToken(*r.Token))}
	case expired(r):
		return []finding.Finding{tokenExpired(r)}
	}
	t := accessToken{Result: r, oauth: c.oauth()}
	judges := []func() (finding.Finding, bool){t.cutOff, t.unsigned, t.foreign, t.size, t.sharedForm}
	if r.Token.Claims != nil {
		judges = append(judges, t.life, t.notYet, t.issuer, t.audience, t.scope, t.roles, t.user)
	}
	var all []finding.Finding
	for _, judge := range judges {
		if f, ok := judge(); ok {
			t.asTaken(&f)
			all = append(all, about(r, f))
		}
	}
	return all
}

// asTaken weighs what a token shows by what the server made of it.
func (t accessToken) asTaken(f *finding.Finding) {
	f.Phase = probe.SignIn
	switch {
	case t.notOpened():
		f.Phase, f.Evidence = probe.Access, append(finding.Saw(t.AccessReply.Text), f.Evidence...)
	case t.Auth.Status == probe.AuthAccepted:
		f.Severity = finding.Info // it works all the same
	case t.Auth.Status != probe.AuthRejected:
		f.Severity = finding.Warning // the server has not said so
	}
}

// notOpened reports whether the server accepted the token and then refused the
// mailbox.
func (t accessToken) notOpened() bool {
	return t.Auth.Status == probe.AuthAccepted && t.Step(probe.Access).Status == probe.Failed &&
		t.AccessReply != nil && !t.AccessReply.Positive() && !t.AccessReply.Temporary()
}

// tokenKeepsOut reports whether the token shows why the server accepted it and
// then refused the mailbox.
func tokenKeepsOut(r *probe.Result, c Context) bool {
	return slices.ContainsFunc(tokenFindings(r, c), func(f finding.Finding) bool {
		return f.Phase == probe.Access && f.Severity == finding.Error
	})
}

// withheld reports whether a token was not sent for what it shows of itself.
func withheld(r *probe.Result) bool { return expired(r) || r.Token != nil && !r.Token.Usable() }

// oauth is what the settings say of OAuth2; never nil.
func (c Context) oauth() *settings.OAuth {
	if c.Provider == nil || c.Provider.OAuth == nil {
		return &settings.OAuth{}
	}
	return c.Provider.OAuth
}

// An accessToken is an access token at one endpoint.
type accessToken struct {
	*probe.Result
	oauth *settings.OAuth
}

func (t accessToken) claims() *token.Claims { return t.Token.Claims }
