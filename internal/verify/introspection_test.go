package verify_test

import (
	"net/url"
	"testing"

	"mailprobe/internal/auth"
	"mailprobe/internal/finding"
	"mailprobe/internal/lab/realserver"
	"mailprobe/internal/oauth"
	"mailprobe/internal/oauth/idptest"
	"mailprobe/internal/probe"
	"mailprobe/internal/settings"
	"mailprobe/internal/tlscheck"
	"mailprobe/internal/verify"
)

// TestIntrospectionAtDovecot: a real server asks the identity provider about
// opaque tokens. One that it knows opens all services, and a Postfix that lets
// Dovecot judge; one that it does not know is judged at each of them, and told
// as a token.
func TestIntrospectionAtDovecot(t *testing.T) {
	idp := idptest.New(idptest.Options{Secret: "s"})
	defer idp.Close()
	s := realserver.Dovecot(t, realserver.DovecotOptions{Introspection: idp.URL + "/introspect"})
	alice := s.Accounts()[0].User
	idp.Set(func(o *idptest.Options) { o.User = alice })
	client, err := oauth.New(oauth.Config{Provider: idp.Provider(), User: alice, ClientID: "c", Secret: auth.NewSecret("s")})
	if err != nil {
		t.Fatal(err)
	}
	if err := client.SignInApp(t.Context()); err != nil {
		t.Fatal(err)
	}
	good, err := client.Token(t.Context(), settings.IMAP)
	if err != nil {
		t.Fatal(err)
	}
	postfix := realserver.Postfix(t, realserver.PostfixOptions{Dovecot: s})
	endpoints := []settings.Setting{
		{Endpoint: s.Endpoint(settings.IMAP, settings.TLS)}, {Endpoint: s.Endpoint(settings.POP3, settings.TLS)},
		{Endpoint: s.Endpoint(settings.SMTP, settings.TLS)}, {Endpoint: postfix.Endpoint(settings.SMTP, settings.TLS)},
	}
	for _, row := range []struct {
		name   string
		token  auth.Secret
		status probe.AuthStatus
		code   string
	}{
		{"known", good.Access, probe.AuthAccepted, ""},
		{"unknown", auth.NewSecret("an-opaque-token-of-nobody"), probe.AuthRejected, "auth.token_rejected"},
	} {
		r := verify.Run(t.Context(), verify.Plan{
			Endpoints: endpoints, NoAlternatives: true, NoControl: true,
			Username: func(settings.Setting) string { return alice },
			Options:  probe.Options{Credential: auth.NewCredential(auth.Token, row.token), TLS: tlscheck.Config{System: s.CAPool()}},
		})
		for _, e := range r.Endpoints {
			code := ""
			for _, f := range e.Findings {
				if f.Severity == finding.Error {
					code = f.Code
				}
			}
			if e.Result.Auth.Status != row.status || code != row.code {
				t.Errorf("%s at %s\ngot  %s, %q: %+v\nwant %s, %q", row.name, e.Setting.Protocol, e.Result.Auth.Status, code, e.Findings, row.status, row.code)
			}
		}
	}
	asked := 0
	for _, r := range idp.Requests("/introspect") {
		if r.Form.Get("token") != "" && url.Values(r.Form).Has("client_secret") {
			asked++
		}
	}
	if asked < 2 {
		t.Errorf("questions of the server\ngot  %d\nwant one for each token at least", asked)
	}
}
