package publish

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"mailprobe/internal/settings"
)

var update = flag.Bool("update", false, "write the golden files anew")

// sample has something of all that can be said.
func sample() Publication {
	help := settings.Source{Kind: settings.Official, Title: "Set up <mail> & more", Publisher: "Werft", URL: "https://help.werft.example/?a=1&b=2", Read: "2026-11-30"}
	page := settings.Source{Title: "An old page", URL: "http://help.werft.example/"}
	ways := []settings.SignIn{
		{Way: "oauth2", Status: settings.DocumentedWay, Source: help},
		{Way: "app-password", Status: settings.DocumentedWay, Note: "Make one first.", Source: help},
		{Way: "password", Status: settings.RefusedWay, Source: help},
	}
	at := func(p settings.Protocol, s settings.Security, user settings.Template) settings.Setting {
		return settings.Setting{Endpoint: settings.Endpoint{Protocol: p, Host: string(p) + ".werft.example", Port: settings.DefaultPort(p, s), Security: s}, Role: settings.Documented, Username: user, SignIn: ways, Source: help}
	}
	return Publication{
		ID: "werft", Name: "Werft & S\u00f6hne (Kiel)", Domains: []string{"werft.example", "xn--shne-5qa.example"},
		Servers: []settings.Setting{
			at(settings.SMTP, settings.StartTLS, settings.FullAddress), at(settings.SMTP, settings.TLS, settings.FullAddress),
			at(settings.IMAP, settings.StartTLS, settings.LocalPart), at(settings.IMAP, settings.TLS, settings.LocalPart),
		},
		OAuth: &settings.OAuth{
			Issuer: "https://login.werft.example/{tenant}/v2", AuthURL: "https://login.werft.example/{tenant}/authorize", TokenURL: "https://login.werft.example/{tenant}/token",
			Scopes: map[settings.Protocol][]string{settings.IMAP: {"mail.read"}, settings.SMTP: {"mail.send", "mail.read"}}, ExtraScopes: []string{"offline_access", "openid", "email"},
		},
		NotOffered: []settings.NotOffered{{Protocol: settings.POP3, Note: "Gone since 2020.", Source: help}},
		Enable:     []settings.Enable{{Text: "Switch IMAP on.", HelpURL: "https://help.werft.example/on"}},
		Help:       []settings.Source{help, page},
	}
}

// TestGolden holds each format word for word, for everybody and for one
// account, with what is told beside it.
func TestGolden(t *testing.T) {
	for _, account := range []string{"", "me@werft.example"} {
		for _, format := range Formats() {
			p := sample()
			p.Account = account
			d, err := Make(format, p)
			if err != nil {
				t.Fatal(err)
			}
			got := string(d.Text)
			if d.Record != "" || len(d.Notes) > 0 {
				got += fmt.Sprintf("\n--- beside it ---\n%s%s\n", d.Record, strings.Join(d.Notes, "\n"))
			}
			path := filepath.Join("testdata", "golden", format+map[bool]string{true: "-account"}[account != ""]+".txt")
			if *update {
				if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(path)
			if err != nil || got != string(want) {
				t.Errorf("%s %v\ngot  %s\nwant %s", path, err, got, want)
			}
		}
	}
}
