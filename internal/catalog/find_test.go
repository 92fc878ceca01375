package catalog

import (
	"slices"
	"testing"

	"mailprobe/internal/settings"
)

func TestFind(t *testing.T) {
	c := original()
	for _, row := range []struct {
		name  string
		words []string
		want  []string
	}{
		{"everything", nil, []string{"aol", "gmail", "icloud", "msn", "office365", "outlook", "yahoo"}},
		{"id", []string{"gmail"}, []string{"gmail"}},
		{"part of names and aliases, in capitals", []string{"OUTLOOK"}, []string{"msn", "office365", "outlook"}},
		{"domain", []string{"verizon.net"}, []string{"aol"}},
		{"server", []string{"imap.mail.me.com"}, []string{"icloud"}},
		{"address", []string{"me@hotmail.co.uk"}, []string{"outlook"}},
		{"two words", []string{"outlook", "office365"}, []string{"msn", "office365", "outlook"}},
		{"two words that nobody has both of", []string{"gmail", "icloud"}, nil},
		{"country of a pattern", []string{"yahoo.pl"}, []string{"yahoo"}},
		{"nobody", []string{"corp.example"}, nil},
	} {
		if got := ids(c.Find(row.words...)); !slices.Equal(got, row.want) {
			t.Errorf("%s\ngot  %v\nwant %v", row.name, got, row.want)
		}
	}
}

func TestFindByMX(t *testing.T) {
	c := original()
	for text, want := range map[string][]string{
		"aspmx.l.google.com":          {"gmail"},
		"ASPMX.L.Google.com.":         {"gmail"},
		".protection.outlook.com":     {"office365", "outlook"},
		"*.protection.outlook.com":    {"office365", "outlook"},
		"protection.outlook.com":      {"office365", "outlook"},
		"mail.protection.outlook.com": {"office365"},
		"yahoodns.net":                {"aol", "yahoo"},
		"corp.example":                nil,
		"":                            nil,
		".":                           nil,
	} {
		if got := ids(c.FindByMX(text)); !slices.Equal(got, want) {
			t.Errorf("%q\ngot  %v\nwant %v", text, got, want)
		}
	}
}

func ids(list []*settings.Provider) []string {
	return each(list, func(p *settings.Provider) string { return p.ID })
}
