package diagnose

import (
	"errors"
	"strings"
	"testing"

	"mailprobe/internal/finding"
	"mailprobe/internal/oauth"
	"mailprobe/internal/probe"
	"mailprobe/internal/settings"
)

func TestSignInService(t *testing.T) {
	const issuer = "https://login.microsoftonline.com/corp.example/v2.0"
	endpoints := map[string]string{"authorization": "https://idp.example/a", "token": "https://idp.example/t"}
	good := oauth.Metadata{Issuer: issuer, AuthURL: "https://idp.example/a", TokenURL: "https://idp.example/t", PKCE: []string{"S256"}}
	with := func(change func(*oauth.Metadata)) *oauth.Metadata {
		m := good
		change(&m)
		return &m
	}
	answered := oauth.Asked{What: "metadata", URL: issuer + "/.well-known/openid-configuration", Status: 200}
	server := func(mechanisms ...string) *probe.Result {
		return &probe.Result{
			Endpoint:   settings.Endpoint{Protocol: settings.IMAP, Host: "imap.example.com", Port: 993, Security: settings.TLS},
			Mechanisms: mechanisms, Steps: []probe.Step{{Phase: probe.Capabilities, Status: probe.OK}},
		}
	}
	refused := errors.New("connection refused")
	for _, row := range []struct {
		name string
		seen SignInService
		want string
	}{
		{"in order", SignInService{Inspection: oauth.Inspection{Asked: []oauth.Asked{answered}, Metadata: &good}, Servers: []*probe.Result{server("XOAUTH2")}}, ""},
		{"organisation by its number", SignInService{Inspection: oauth.Inspection{Asked: []oauth.Asked{answered},
			Metadata: with(func(m *oauth.Metadata) { m.Issuer = "https://login.microsoftonline.com/0f3c1f52/v2.0" })}}, ""},
		{"another issuer", SignInService{Inspection: oauth.Inspection{Asked: []oauth.Asked{answered},
			Metadata: with(func(m *oauth.Metadata) { m.Issuer = "https://other.example" })}}, "oauth.metadata_differs error"},
		{"another endpoint", SignInService{Inspection: oauth.Inspection{Asked: []oauth.Asked{answered},
			Metadata: with(func(m *oauth.Metadata) { m.TokenURL = "https://idp.example/token2" })}}, "oauth.metadata_differs error"},
		{"no S256", SignInService{Inspection: oauth.Inspection{Asked: []oauth.Asked{answered},
			Metadata: with(func(m *oauth.Metadata) { m.PKCE = []string{"plain"} })}}, "oauth.no_pkce warning"},
		{"registration without TLS", SignInService{Inspection: oauth.Inspection{Asked: []oauth.Asked{answered},
			Metadata: with(func(m *oauth.Metadata) { m.Registration = "http://idp.example/r" })}}, "oauth.metadata_invalid error"},
		{"no token endpoint", SignInService{Inspection: oauth.Inspection{Asked: []oauth.Asked{answered}, Incomplete: &oauth.Metadata{Issuer: issuer}}}, "oauth.metadata_invalid error"},
		{"no authorization endpoint", SignInService{Inspection: oauth.Inspection{Asked: []oauth.Asked{answered},
			Metadata: with(func(m *oauth.Metadata) { m.AuthURL = "" })}}, "oauth.metadata_invalid error"},
		{"tokens in the browser alone", SignInService{Inspection: oauth.Inspection{Asked: []oauth.Asked{answered},
			Metadata: with(func(m *oauth.Metadata) { m.Responses = []string{"token", "id_token token"} })}}, "oauth.metadata_invalid error"},
		{"code among others", SignInService{Inspection: oauth.Inspection{Asked: []oauth.Asked{answered},
			Metadata: with(func(m *oauth.Metadata) { m.Responses = []string{"code id_token"} })}}, ""},
		{"device codes without an address", SignInService{Inspection: oauth.Inspection{Asked: []oauth.Asked{answered},
			Metadata: with(func(m *oauth.Metadata) { m.Grants = []string{codeGrant, "refresh_token", deviceGrant} })}}, "oauth.metadata_invalid warning"},
		{"no grant for users", SignInService{Inspection: oauth.Inspection{Asked: []oauth.Asked{answered},
			Metadata: with(func(m *oauth.Metadata) { m.Grants = []string{"client_credentials", "refresh_token"} })}}, "oauth.grant_missing error"},
		{"proxy refuses", SignInService{Inspection: oauth.Inspection{Asked: []oauth.Asked{{What: "metadata", URL: issuer, Err: &oauth.ProxyError{Proxy: "proxy:3128", Status: 407}}}}}, "oauth.unreachable warning"},
		{"nothing published", SignInService{Inspection: oauth.Inspection{Asked: []oauth.Asked{{What: "metadata", URL: issuer, Status: 404}}}}, "oauth.no_metadata info"},
		{"not reached", SignInService{Inspection: oauth.Inspection{Asked: []oauth.Asked{{What: "metadata", URL: issuer, Err: refused}, {What: "token", URL: issuer, Err: refused}}}}, "oauth.unreachable warning"},
		{"down", SignInService{Inspection: oauth.Inspection{Asked: []oauth.Asked{{What: "token", URL: issuer, Status: 503}}, Metadata: &good}}, "oauth.unreachable warning"},
		{"inspected", SignInService{Inspection: oauth.Inspection{Asked: []oauth.Asked{{What: "metadata", URL: issuer, Err: refused, Signer: "CN=Proxy CA"}}}}, "oauth.intercepted error"},
		{"no such organisation", SignInService{Inspection: oauth.Inspection{Asked: []oauth.Asked{{What: "metadata", URL: issuer, Status: 400, Said: "invalid_tenant: AADSTS90002: Tenant 'nosuch' not found."}}}}, "auth.oauth_tenant error"},
		{"refused for another cause", SignInService{Inspection: oauth.Inspection{Asked: []oauth.Asked{{What: "metadata", URL: issuer, Status: 400, Said: "never_heard: of"}}}}, "auth.oauth_refused error"},
		{"not announced", SignInService{Inspection: oauth.Inspection{Asked: []oauth.Asked{answered}, Metadata: &good}, Servers: []*probe.Result{server("PLAIN")}}, "oauth.not_announced error"},
	} {
		t.Run(row.name, func(t *testing.T) {
			row.seen.Issuer, row.seen.Endpoints = issuer, endpoints
			found := row.seen.Findings()
			sound(t, found)
			var codes []string
			for _, f := range found {
				codes = append(codes, f.Code+" "+string(f.Severity))
				if f.Blame == "" && f.Severity != finding.Info {
					t.Errorf("%s blames nobody", f.Code)
				}
			}
			for _, f := range found {
				if said := f.Says() + f.Advises(); strings.Contains(said, "  ") || strings.Contains(said, " ,") || strings.HasPrefix(said, " ") {
					t.Errorf("something is missing in %q", said)
				}
			}
			if got := strings.Join(codes, ", "); got != row.want {
				t.Errorf("got  %s\nwant %s", got, row.want)
			}
		})
	}
}
