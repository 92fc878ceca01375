package settings

import (
	"testing"
	"time"
)

func TestAdviceFor(t *testing.T) {
	s := &Provider{Advice: []Advice{
		{Codes: []string{"auth.rejected", "auth.oauth_only"}, Text: "always"},
		{Codes: []string{"auth.rejected"}, Text: "before", Until: "2027-01-01"},
		{Codes: []string{"auth.rejected"}, Text: "after", From: "2027-01-01"},
		{Codes: []string{"auth.limit"}, Text: "sending", Protocols: []Protocol{SMTP}},
	}}
	for _, row := range []struct {
		name, code string
		protocol   Protocol
		day        string
		want       []string
	}{
		{"the last day before", "auth.rejected", IMAP, "2026-12-31", []string{"always", "before"}},
		{"the first day after", "auth.rejected", SMTP, "2027-01-01", []string{"always", "after"}},
		{"another code of the same advice", "auth.oauth_only", POP3, "2027-01-01", []string{"always"}},
		{"a code without advice", "cert.expired", IMAP, "2027-01-01", nil},
		{"a part of a code", "auth", IMAP, "2027-01-01", nil},
		{"advice about the protocol", "auth.limit", SMTP, "2027-01-01", []string{"sending"}},
		{"advice about another protocol", "auth.limit", IMAP, "2027-01-01", nil},
		{"no protocol", "auth.limit", "", "2027-01-01", []string{"sending"}},
	} {
		t.Run(row.name, func(t *testing.T) {
			got := s.AdviceFor(row.code, row.protocol, date(t, row.day))
			if len(got) != len(row.want) {
				t.Fatalf("got  %v\nwant %v", got, row.want)
			}
			for i, a := range got {
				if a.Text != row.want[i] {
					t.Errorf("got  %q\nwant %q", a.Text, row.want[i])
				}
			}
		})
	}
}

// What must be switched on goes with findings that say it is not, and the
// region with refused sign-ins.
func TestAdviceOfWhatIsNeeded(t *testing.T) {
	p := &Provider{
		Enable: []Enable{{Text: "switch IMAP on", Protocols: []Protocol{IMAP}}},
		Region: &Region{Name: "accounts here", Tell: "Look there.", Source: Source{URL: "https://example.com/"}},
	}
	for _, row := range []struct {
		code  string
		about Protocol
		want  string
	}{
		{"auth.not_enabled", IMAP, "switch IMAP on"},
		{"access.mailbox_not_opened", IMAP, "switch IMAP on"},
		{"auth.not_enabled", SMTP, ""},
		{"auth.rejected", IMAP, "These servers know accounts here only. Look there."},
		{"auth.throttled", IMAP, ""},
	} {
		got := ""
		if list := p.AdviceFor(row.code, row.about, date(t, "2026-11-23")); len(list) > 0 {
			got = list[0].Text
		}
		if got != row.want {
			t.Errorf("%s %s\ngot  %q\nwant %q", row.code, row.about, got, row.want)
		}
	}
}

func TestAdviceForNil(t *testing.T) {
	var s *Provider
	if got := s.AdviceFor("auth.rejected", IMAP, date(t, "2026-11-23")); got != nil {
		t.Errorf("got  %v\nwant nil", got)
	}
}

func date(t *testing.T, text string) time.Time {
	t.Helper()
	day, err := time.Parse(time.DateOnly, text)
	if err != nil {
		t.Fatal(err)
	}
	return day
}
