package main

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"mailprobe/internal/lab"
	"mailprobe/internal/lab/publish"
	"mailprobe/internal/settings"
)

const ownConfig = `<clientConfig version="1.1"><emailProvider id="corp.example"><domain>corp.example</domain>
<incomingServer type="imap"><hostname>imap.corp.example</hostname><port>993</port><socketType>SSL</socketType><authentication>OAuth2</authentication><username>%%EMAILADDRESS%%</username></incomingServer>
<outgoingServer type="smtp"><hostname>smtp.corp.example</hostname><port>465</port><socketType>SSL</socketType><authentication>OAuth2</authentication><username>%%EMAILADDRESS%%</username></outgoingServer>
</emailProvider><oAuth2><issuer>%s</issuer><scope>mail</scope><authURL>https://idp.corp.example/authorize</authURL><tokenURL>https://idp.corp.example/token</tokenURL></oAuth2></clientConfig>`

// metadataOf is what a sign-in service publishes, with more of its own.
func metadataOf(issuer, more string) string {
	return fmt.Sprintf(`{"issuer":%q,"authorization_endpoint":%q,"token_endpoint":%q,"code_challenge_methods_supported":["S256"]%s}`,
		issuer, issuer+"/authorize", issuer+"/token", more)
}

// TestOAuthDomain asks domains of no known provider for their own sign-in
// service.
func TestOAuthDomain(t *testing.T) {
	const idp = "https://idp.corp.example"
	page := func(body string) func(n *publish.Internet, at string) {
		return func(n *publish.Internet, at string) { n.Pages[at] = publish.Text("application/json", body) }
	}
	sound := page(metadataOf(idp, `,"scopes_supported":["mail","offline_access"]`))
	for _, row := range []struct {
		name   string
		set    func(*publish.Internet)
		status int
		issuer string
		codes  string
	}{
		{"named by autoconfig", func(n *publish.Internet) {
			n.Pages["autoconfig.corp.example"] = publish.XML(fmt.Sprintf(ownConfig, "idp.corp.example"))
			sound(n, "idp.corp.example/.well-known/openid-configuration")
		}, exitWorks, idp, ""},
		{"named by the mail server's host, RFC 8414", func(n *publish.Internet) {
			n.Pages["autoconfig.corp.example"] = publish.XML(publish.Config("imap imap.corp.example 993 SSL", "smtp smtp.corp.example 465 SSL"))
			page(`{"resource":"https://imap.corp.example","authorization_servers":["https://idp.corp.example"]}`)(n, "imap.corp.example/.well-known/oauth-protected-resource")
			sound(n, "idp.corp.example/.well-known/oauth-authorization-server")
		}, exitWorks, idp, ""},
		{"named differently", func(n *publish.Internet) {
			n.Pages["autoconfig.corp.example"] = publish.XML(fmt.Sprintf(ownConfig, idp))
			page(`{"authorization_servers":["https://other.corp.example"]}`)(n, "imap.corp.example/.well-known/oauth-protected-resource")
			sound(n, "idp.corp.example/.well-known/openid-configuration")
		}, exitFails, idp, "oauth.metadata_differs"},
		{"its own", func(n *publish.Internet) {
			n.Pages["autoconfig.corp.example"] = publish.XML(publish.Config("imap imap.corp.example 993 SSL", "smtp smtp.corp.example 465 SSL"))
			page(metadataOf("https://corp.example", ""))(n, "corp.example/.well-known/oauth-authorization-server")
		}, exitWorks, "https://corp.example", ""},
		{"grants and scopes that mail needs are missing", func(n *publish.Internet) {
			n.Pages["autoconfig.corp.example"] = publish.XML(fmt.Sprintf(ownConfig, idp))
			page(metadataOf(idp, `,"device_authorization_endpoint":"https://idp.corp.example/device","grant_types_supported":["authorization_code"],"scopes_supported":["openid"]`))(n, "idp.corp.example/.well-known/openid-configuration")
		}, exitWorks, idp, "oauth.grant_missing oauth.grant_missing oauth.no_mail_scope"},
		{"no servers are published", func(n *publish.Internet) {
			page(metadataOf("https://corp.example", ""))(n, "corp.example/.well-known/openid-configuration")
		}, exitUnknown, "https://corp.example", ""},
		{"nothing at all", func(n *publish.Internet) {}, exitUnknown, "https://corp.example", "oauth.no_metadata"},
		{"an issuer that nothing protects", func(n *publish.Internet) {
			n.Pages["autoconfig.corp.example"] = publish.XML(fmt.Sprintf(ownConfig, "http://idp.corp.example"))
		}, exitUnknown, "http://idp.corp.example", "oauth.no_metadata"},
	} {
		t.Run(row.name, func(t *testing.T) {
			n := publish.New(t)
			n.Addrs["idp.corp.example"], n.Addrs["corp.example"] = "192.0.2.9", "192.0.2.9"
			row.set(n)
			n.Ready()
			status, out, messages := runs(t, append([]string{"oauth", "corp.example", "--json"}, besideLab(t, n)...)...)
			var got struct {
				Issuer   string
				Findings []struct{ Code string }
			}
			if err := json.Unmarshal([]byte(out), &got); err != nil {
				t.Fatalf("%d %s %s", status, out, messages)
			}
			var codes []string
			for _, f := range got.Findings {
				codes = append(codes, f.Code)
			}
			if status != row.status || got.Issuer != row.issuer || strings.Join(codes, " ") != row.codes {
				t.Errorf("got  %d %s %s\n%s\nwant %d %s %s", status, got.Issuer, codes, out, row.status, row.issuer, row.codes)
			}
		})
	}
}

// besideLab leads to a domain's pages and to its mail servers.
func besideLab(t *testing.T, n *publish.Internet) []string {
	t.Helper()
	l, err := lab.Start(t.Context(), lab.Options{Servers: lab.Servers(
		settings.Endpoint{Protocol: settings.IMAP, Host: "imap.corp.example", Port: 993, Security: settings.TLS},
		settings.Endpoint{Protocol: settings.SMTP, Host: "smtp.corp.example", Port: 465, Security: settings.TLS},
	), Accounts: []lab.Account{{Address: "me@corp.example", Token: "t"}}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	ca := filepath.Join(t.TempDir(), "ca.pem")
	if err := os.WriteFile(ca, slices.Concat(l.CAPEM(), n.CA.PEM()), 0o600); err != nil {
		t.Fatal(err)
	}
	return append([]string{"--dns-server", n.DNS, "--connect-to", ":443:" + n.Web}, l.Flags(ca)...)
}
