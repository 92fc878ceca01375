package main

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"mailprobe/internal/lab/publish"
)

// TestHelpRegisterDomain tells for a domain of one's own how to get a client
// id: at the provider that takes its mail, or at its own sign-in service.
func TestHelpRegisterDomain(t *testing.T) {
	own := func(more string) func(*publish.Internet) {
		return func(n *publish.Internet) {
			n.Pages["autoconfig.corp.example"] = publish.XML(fmt.Sprintf(ownConfig, "https://idp.corp.example"))
			n.Pages["idp.corp.example/.well-known/openid-configuration"] = publish.Text("application/json", metadataOf("https://idp.corp.example", more))
		}
	}
	for _, row := range []struct {
		name   string
		set    func(*publish.Internet)
		status int
		says   string // parted by bars
	}{
		{"by MX", func(n *publish.Internet) {
			n.Records["corp.example MX"] = []string{"10 corp-example.mail.protection.outlook.com."}
		}, exitWorks, "corp.example has its mail at Office 365.|To register an application with Office 365, begin at https://entra|Then: mailprobe login corp.example --user ADDRESS"},
		{"by MX, where nobody may", func(n *publish.Internet) { n.Records["corp.example MX"] = []string{"10 mta5.am0.yahoodns.net."} },
			exitWorks, "registers no new applications for mail"},
		{"by MX, without OAuth2", func(n *publish.Internet) {
			n.Records["corp.example MX"] = []string{"10 mx01.mail.icloud.com."}
		}, exitUsage, "has no sign-in by OAuth2"},
		{"its own, which registers by itself", own(`,"registration_endpoint":"https://idp.corp.example/register","scopes_supported":["mail","offline_access"]`),
			exitWorks, "corp.example registers mail programs by itself|no client id is needed|Then: mailprobe login corp.example --user ADDRESS"},
		{"its own, which registers none", own(`,"scopes_supported":["mail","offline_access"]`),
			exitWorks, "Ask whoever runs corp.example|Redirect address: http://127.0.0.1 (any port)|Permissions: mail offline_access|--client-id ID"},
		{"nothing", func(*publish.Internet) {}, exitUsage, "corp.example"},
	} {
		t.Run(row.name, func(t *testing.T) {
			n := publish.New(t)
			n.Addrs["idp.corp.example"] = "192.0.2.9"
			row.set(n)
			n.Ready()
			var out bytes.Buffer
			a := &app{stdin: strings.NewReader(""), stdout: &out, stderr: &out}
			status := a.run(t.Context(), append([]string{"login", "corp.example", "--help-register"}, besideLab(t, n)...))
			for _, part := range strings.Split(row.says, "|") {
				if !strings.Contains(out.String(), part) || status != row.status {
					t.Errorf("got  %d %s\nwant %d %s", status, out.String(), row.status, part)
				}
			}
		})
	}
}
