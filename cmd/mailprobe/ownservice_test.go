package main

import (
	"bytes"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"mailprobe/internal/lab/publish"
	"mailprobe/internal/oauth/idptest"
)

// TestLoginAtOwnService signs in at a domain of no known provider, as a client
// that its sign-in service registers, and runs with the token.
func TestLoginAtOwnService(t *testing.T) {
	for _, row := range []struct {
		name, offers, issuer string
		status               int
		says                 string
	}{
		{"registered", "public", "https://idp.corp.example", exitWorks, "signed in as me@corp.example at corp.example"},
		{"with a secret only", "secret", "https://idp.corp.example", exitFails, "clients with a secret only"},
		{"refused", "refused", "https://idp.corp.example", exitFails, "does not register mailprobe"},
		{"not offered", "", "https://idp.corp.example", exitUsage, "add --client-id ID"},
		{"of somebody else", "public", "https://idp.elsewhere.example", exitUsage, "is not of whoever runs its mail servers"},
		{"not protected", "public", "http://idp.corp.example", exitUsage, "publishes no sign-in service that can be used"},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Setenv("XDG_STATE_HOME", t.TempDir())
			idp := idptest.New(idptest.Options{User: "me@corp.example", Register: row.offers, Token: "t"})
			defer idp.Close()
			n := publish.New(t)
			host := strings.TrimPrefix(strings.TrimPrefix(row.issuer, "https://"), "http://")
			n.Addrs[host] = "192.0.2.9"
			n.Pages["autoconfig.corp.example"] = publish.XML(fmt.Sprintf(ownConfig, row.issuer))
			more := ""
			if row.offers != "" {
				more = fmt.Sprintf(`,"registration_endpoint":"%s/register","scopes_supported":["mail","offline_access"]`, row.issuer)
			}
			n.Pages[host+"/.well-known/openid-configuration"] = publish.Text("application/json", metadataOf(row.issuer, more))
			n.Pages[host+"/register"], n.Pages[host+"/token"] = idp.ServeHTTP, idp.ServeHTTP
			n.Ready()
			flags := besideLab(t, n)
			run := func(args ...string) (int, string) {
				var out bytes.Buffer
				a := &app{stdin: strings.NewReader(""), stdout: &out, stderr: &out, openBrowser: func(target string) error { return browseTo(idp.URL, target) }}
				status := a.run(t.Context(), append(args, flags...))
				return status, out.String()
			}
			status, out := run("login", "corp.example", "--user", "me@corp.example", "--browser")
			if status != row.status || !strings.Contains(out, row.says) {
				t.Fatalf("got  %d %s\nwant %d %s", status, out, row.status, row.says)
			}
			if row.status != exitWorks {
				return
			}
			if status, out = run("corp.example", "--user", "me@corp.example", "--no-prompt", "--json"); status != exitWorks || strings.Count(out, `"accepted"`) < 2 {
				t.Errorf("got  %d %s\nwant both servers to accept the token", status, out)
			}
			if status, out = run("login", "corp.example", "--user", "me@corp.example", "--browser"); status != exitWorks || strings.Contains(out, "registered at") {
				t.Errorf("got  %d %s\nwant the client that is known", status, out)
			}
			if got := len(idp.Requests("/register")); got != 1 {
				t.Errorf("registrations\ngot  %d\nwant 1", got)
			}
			if status, out = run("logout", "corp.example", "--user", "me@corp.example"); status != exitWorks {
				t.Errorf("logout\ngot  %d %s", status, out)
			}
		})
	}
}

// browseTo does what a browser would.
func browseTo(idp, target string) error {
	u, err := url.Parse(target)
	if err != nil {
		return err
	}
	go func() {
		if resp, err := http.Get(idp + "/authorize?" + u.RawQuery); err == nil {
			resp.Body.Close()
		}
	}()
	return nil
}
