package report

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"mailprobe/internal/settings"
)

func sampleProvider() *settings.Provider {
	source := settings.Source{Kind: settings.Official, Title: "Help", Publisher: "Example", URL: "https://example.com/help", Read: "2026-10-01"}
	return &settings.Provider{
		ID: "example", Name: "Example", Aliases: []string{"ex"}, Domains: []string{"example.com"}, MX: []string{".example.com"},
		Offers: []settings.Offer{{Origin: settings.FromCatalogue, Endpoints: []settings.Setting{{
			Endpoint: settings.Endpoint{Protocol: settings.IMAP, Host: "imap.example.com", Port: 993, Security: settings.TLS},
			Role:     settings.Documented, Username: "%EMAILLOCALPART%.x", Source: source, Note: "note",
			SignIn: []settings.SignIn{{Way: "password", Status: "documented", Note: "note"}},
		}}}},
		NotOffered: []settings.NotOffered{{Protocol: settings.POP3, Note: "note", Source: source}},
		Advice:     []settings.Advice{{Codes: []string{"auth.rejected"}, Text: "text", HelpURL: "https://example.com/advice"}},
		Notes:      []settings.Note{{Text: "text", Source: source}},
	}
}

func TestProviderText(t *testing.T) {
	const want = `Example (example)
also:     ex
domains:  example.com

PROTOCOL  SERVER            PORT  SECURITY  USER NAME           ROLE        DOCUMENTED IN
IMAP      imap.example.com  993   SSL/TLS   %EMAILLOCALPART%.x  documented  Help (Example), read 2026-10-01

POP3 is not offered. note
    Help (Example), read 2026-10-01

Signing in by IMAP:
    password      documented: note

Advice: text
    https://example.com/advice

Note: text
    Help (Example), read 2026-10-01
`
	var b strings.Builder
	if err := ProviderText(&b, sampleProvider(), sampleTime, nil); err != nil || b.String() != want {
		t.Errorf("got  %s, %v\nwant %s", b.String(), err, want)
	}
}

// TestProviderWithMore holds that what limits a setting or speaks against it is
// said.
func TestProviderWithMore(t *testing.T) {
	const want = `Example (example)
also:     ex
domains:  example.com

For accounts here only. Look there. The others: example-far, example-near.
    Help (Example), read 2026-10-01

Spoken to through Example Bridge on this computer. Start it.
    Help (Example), read 2026-10-01

PROTOCOL  SERVER            PORT  SECURITY  USER NAME           ROLE         DOCUMENTED IN
IMAP      imap.example.com  993   SSL/TLS   %EMAILLOCALPART%.x  documented   Help (Example), read 2026-10-01
IMAP      b.example.com     993   SSL/TLS   whole address       alternative  Blog (Somebody)
SMTP      c.example.com     465   SSL/TLS   whole address       documented   Blog (Somebody)
SMTP      127.0.0.1         1025  STARTTLS  whole address       documented   Blog (Somebody)
POP3      old.example.com   995   SSL/TLS   whole address       legacy       Blog (Somebody)

IMAP b.example.com:993 is for large mailboxes.

POP3 old.example.com:995 is disputed. It is gone.
    Help (Example), read 2026-10-01

The provider's own page was not found; one source names IMAP b.example.com:993,
SMTP 127.0.0.1:1025.

The provider's own page was not found; several sources agree on SMTP
c.example.com:465.

POP3 is not offered. note
    Help (Example), read 2026-10-01

Signing in by IMAP:
    password      documented: note

First: Switch IMAP on.
    https://example.com/enable

Advice: text
    https://example.com/advice

Note: text
    Help (Example), read 2026-10-01

Help: Help
    https://example.com/help
`
	p := sampleProvider()
	official, blog := p.Notes[0].Source, settings.Source{Kind: settings.Report, Title: "Blog", Publisher: "Somebody"}
	add := func(protocol settings.Protocol, host string, port uint16, security settings.Security, s settings.Setting) {
		s.Endpoint, s.Source = settings.Endpoint{Protocol: protocol, Host: host, Port: port, Security: security}, blog
		p.Offers[0].Endpoints = append(p.Offers[0].Endpoints, s)
	}
	add(settings.IMAP, "b.example.com", 993, settings.TLS, settings.Setting{Role: settings.Alternative, When: "large mailboxes"})
	add(settings.SMTP, "c.example.com", 465, settings.TLS, settings.Setting{Role: settings.Documented, When: "accounts here", Also: []settings.Source{blog}})
	add(settings.SMTP, "127.0.0.1", 1025, settings.StartTLS, settings.Setting{Role: settings.Documented})
	add(settings.POP3, "old.example.com", 995, settings.TLS, settings.Setting{Role: settings.Legacy, Disputed: &settings.Dispute{Note: "It is gone.", Source: official}})
	p.Region = &settings.Region{Name: "accounts here", Tell: "Look there.", Others: []string{"example-far", "example-near"}, Source: official}
	p.Bridge = &settings.Bridge{Name: "Example Bridge", Text: "Start it.", Source: official}
	p.Enable = []settings.Enable{{Text: "Switch IMAP on.", HelpURL: "https://example.com/enable"}}
	p.Help = []settings.Source{official}
	var b strings.Builder
	if err := ProviderText(&b, p, sampleTime, nil); err != nil || b.String() != want {
		t.Errorf("got  %s, %v\nwant %s", b.String(), err, want)
	}
}

// TestProviderWithoutMore holds that nothing is said of what there is not.
func TestProviderWithoutMore(t *testing.T) {
	const want = "Bare (bare)\n"
	var b strings.Builder
	if err := ProviderText(&b, &settings.Provider{ID: "bare", Name: "Bare"}, sampleTime, nil); err != nil || b.String() != want {
		t.Errorf("got  %s, %v\nwant %s", b.String(), err, want)
	}
}

// TestProviders holds that a list shows documented settings alone, each with
// its protocol.
func TestProviders(t *testing.T) {
	p := sampleProvider()
	add := func(protocol settings.Protocol, port uint16, role settings.Role) {
		e := settings.Endpoint{Protocol: protocol, Host: "h", Port: port, Security: settings.TLS}
		p.Offers[0].Endpoints = append(p.Offers[0].Endpoints, settings.Setting{Endpoint: e, Role: role})
	}
	add(settings.IMAP, 143, settings.Legacy)
	add(settings.SMTP, 465, settings.Documented)
	add(settings.SMTP, 2525, settings.Documented)
	var text, data strings.Builder
	if err := errors.Join(ProvidersText(&text, []*settings.Provider{p}, []string{"other"}), ProvidersJSON(&data, []*settings.Provider{p}, []string{"other"})); err != nil {
		t.Fatal(err)
	}
	if want := "example  Example  IMAP 993, SMTP 465/2525, no POP3\n\nFor explain --provider, replies are known also of other.\n"; text.String() != want {
		t.Errorf("got  %s\nwant %s", text.String(), want)
	}
	var got struct {
		Providers []struct{ Endpoints []string }
	}
	want := []string{"imaps://imap.example.com:993", "submissions://h:465", "submissions://h:2525"}
	if err := json.Unmarshal([]byte(data.String()), &got); err != nil || len(got.Providers) != 1 || !slices.Equal(got.Providers[0].Endpoints, want) {
		t.Errorf("got  %v, %v\nwant %v", got, err, want)
	}
}

// TestAdviceOfTheDay holds that advice is shown from its first day to the day
// before its end.
func TestAdviceOfTheDay(t *testing.T) {
	p := sampleProvider()
	p.Advice[0].From, p.Advice[0].Until = "2026-11-23", "2026-11-24"
	for days, want := range map[int]bool{-1: false, 0: true, 1: false} {
		var b strings.Builder
		if err := ProviderText(&b, p, sampleTime.AddDate(0, 0, days), nil); err != nil || strings.Contains(b.String(), "Advice") != want {
			t.Errorf("day %d\ngot  %s, %v\nwant advice: %v", days, b.String(), err, want)
		}
	}
}

// TestHostileProvider holds that settings from outside act nowhere.
func TestHostileProvider(t *testing.T) {
	for _, spared := range []func(string) bool{
		func(string) bool { return false },
		func(s string) bool { return s == "documented" || s == "imap" || s == "" },
	} {
		p := sampleProvider()
		poison(reflect.ValueOf(p).Elem(), spared)
		all := []*settings.Provider{p, sampleProvider()}
		for name, show := range map[string]func(io.Writer) error{
			"show":        func(w io.Writer) error { return ProviderText(w, p, time.Now(), nil) },
			"show --json": func(w io.Writer) error { return ProviderJSON(w, p) },
			"list":        func(w io.Writer) error { return ProvidersText(w, all, nil) },
			"list --json": func(w io.Writer) error { return ProvidersJSON(w, all, nil) },
		} {
			var b bytes.Buffer
			if err := show(&b); err != nil || !strings.Contains(b.String(), "connected") {
				t.Errorf("%s\ngot  %s, %v\nwant what is documented", name, b.String(), err)
			}
			checkHarmless(t, name, b.Bytes())
		}
	}
}
