package main

import (
	"bytes"
	"fmt"
	"strings"
	"testing"
	"time"

	"mailprobe/internal/lab/publish"
	"mailprobe/internal/oauth"
)

// TestLogoutWhereLoginWas holds that logout finds by a domain what login keeps
// for it: of the provider that its documents lead to, and of its own service
// that they do not name any more.
func TestLogoutWhereLoginWas(t *testing.T) {
	for name, row := range map[string]struct {
		mx   string // where it receives its mail; empty: no document is published either
		kept string // provider of the stored sign-in
	}{
		"its mail is a provider's":             {"corp-example.mail.protection.outlook.com", "office365"},
		"its own service":                      {"mx.corp.example", "corp.example"},
		"its own service, before it moved":     {"corp-example.mail.protection.outlook.com", "corp.example"},
		"its own service, which is gone since": {"", "corp.example"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Setenv("XDG_STATE_HOME", t.TempDir())
			dir, err := tokenDir()
			if err != nil {
				t.Fatal(err)
			}
			key := oauth.Key{Provider: row.kept, ClientID: "c", User: "me@corp.example"}
			record := &oauth.Record{Key: key, Expiry: time.Now().Add(time.Hour)}
			if err := oauth.NewFiles(dir).Save(t.Context(), record); err != nil {
				t.Fatal(err)
			}
			n := publish.New(t)
			switch row.mx {
			case "":
			case "mx.corp.example":
				n.Pages["autoconfig.corp.example"] = publish.XML(fmt.Sprintf(ownConfig, "https://idp.corp.example"))
			default:
				n.Records["corp.example MX"] = []string{"10 " + row.mx + "."}
			}
			n.Ready()
			var out bytes.Buffer
			a := &app{stdin: strings.NewReader(""), stdout: &out, stderr: &out}
			status := a.run(t.Context(), append([]string{"logout", "corp.example", "--user", "me@corp.example"}, besideLab(t, n)...))
			if status != exitWorks || !strings.Contains(out.String(), "1 stored") {
				t.Errorf("got  %d %s\nwant %d, and one removed", status, &out, exitWorks)
			}
		})
	}
}
