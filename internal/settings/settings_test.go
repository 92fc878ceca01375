package settings

import (
	"slices"
	"strings"
	"testing"
)

// A name in DNS has at most 253 characters (RFC 1035 §3.1).
func TestHostLength(t *testing.T) {
	longest := strings.Repeat("a.", 126) + "a"
	for host, want := range map[string]bool{longest: true, longest + "a": false} {
		if _, err := Host(host); (err == nil) != want {
			t.Errorf("%d characters\ngot  %v\nwant a host name: %v", len(host), err, want)
		}
	}
}

func TestTemplate(t *testing.T) {
	for _, row := range []struct {
		template      Template
		address, want string
	}{
		{FullAddress, "me@example.com", "me@example.com"},
		{LocalPart, "me@example.com", "me"},
		{LocalPart, `"a@b"@example.com`, `"a@b"`},
		{Domain, "me@example.com", "example.com"},
		{"%EMAILLOCALPART%.%EMAILDOMAIN%", "me@example.com", "me.example.com"},
		{"%EMAILDOMAIN%\\%EMAILLOCALPART%", "me@example.com", `example.com\me`},
		{LocalPart, "%EMAILDOMAIN%@example.com", "%EMAILDOMAIN%"},
		{FullAddress, "me", "me"},
		{LocalPart, "me", "me"},
	} {
		if got := row.template.For(row.address); got != row.want {
			t.Errorf("%s for %s\ngot  %s\nwant %s", row.template, row.address, got, row.want)
		}
	}
}

func TestTemplateCheck(t *testing.T) {
	for template, want := range map[Template]bool{
		FullAddress: true, "%EMAILLOCALPART%.example": true, "": false, "me": false, "%REALNAME%": false, "%EMAILADDRESS%%X%": false,
	} {
		if err := template.Check(); (err == nil) != want {
			t.Errorf("%q\ngot  %v\nwant a usable template: %v", template, err, want)
		}
	}
}

func TestTemplateWords(t *testing.T) {
	for word, want := range map[string]Template{"address": FullAddress, "local-part": LocalPart, "%EMAILDOMAIN%": Domain} {
		if got := TemplateOf(word); got != want || got.Word() != word {
			t.Errorf("%q\ngot  %q, %q\nwant %q", word, got, got.Word(), want)
		}
	}
}

// What an offer says of all its endpoints holds for those that say nothing
// else, and the offer itself is left as it is.
func TestProviderSettings(t *testing.T) {
	one, two := Endpoint{IMAP, "a.example", 993, TLS}, Endpoint{SMTP, "b.example", 465, TLS}
	p := &Provider{Offers: []Offer{
		{Origin: FromCatalogue, Username: LocalPart, Endpoints: []Setting{{Endpoint: one}, {Endpoint: two, Username: Domain}}},
		{Origin: FromURL, Endpoints: []Setting{{Endpoint: two}}},
	}}
	want := []string{"a.example catalogue %EMAILLOCALPART%", "b.example catalogue %EMAILDOMAIN%", "b.example url %EMAILADDRESS%"}
	for range 2 {
		var got []string
		for _, s := range p.Settings() {
			got = append(got, s.Host+" "+string(s.Origin)+" "+string(s.Username))
		}
		if !slices.Equal(got, want) {
			t.Errorf("got  %v\nwant %v", got, want)
		}
	}
	if got := p.Offers[0].Endpoints[0].Username; got != "" {
		t.Errorf("got  an offer that was changed: %q\nwant it as it was", got)
	}
	if got := (*Provider)(nil).Settings(); got != nil {
		t.Errorf("got  %v\nwant none", got)
	}
}
