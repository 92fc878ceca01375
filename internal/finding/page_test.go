package finding

import (
	"reflect"
	"strings"
	"testing"
	"testing/fstest"
)

const goodPage = `codes:
  - code: tls.alert_*
    shown: token
    severity: error
    blame: provider
    title: An alert
    means: The server refuses.
    fix: Ask.
  - {code: dns.v4_only, severity: info, title: IPv4 only, means: There is no IPv6 address.}
`

func readGood(old, new string) (*pages, error) {
	return readPages(fstest.MapFS{"codes/1.yaml": {Data: []byte(strings.Replace(goodPage, old, new, 1))}})
}

func TestPagesAreStrict(t *testing.T) {
	for _, row := range []struct{ name, old, new, want string }{
		{"unknown key", "fix:", "cure:", "codes/1.yaml: line 8"},
		{"no such severity", "severity: error", "severity: grave", `line 2: unknown severity "grave"`},
		{"no such blame", "blame: provider", "blame: user", `line 2: unknown blame "user"`},
		{"no such credential", "shown: token", "shown: key", `shown is "key"`},
		{"listed twice", "dns.v4_only", "tls.alert_*", "line 9: tls.alert_* is listed twice"},
		{"no severity", "    severity: error\n", "", "severity, title or means is missing"},
		{"no title", "    title: An alert\n", "", "severity, title or means is missing"},
		{"no means", "    means: The server refuses.\n", "", "severity, title or means is missing"},
		{"no blame", "    blame: provider\n", "", "blame or fix is missing"},
		{"no fix", "    fix: Ask.\n", "", "blame or fix is missing"},
		{"no family", "dns.v4_only", "v4_only", "is no finding code"},
		{"no code", "code: dns.v4_only, ", "", "is no finding code"},
		{"capitals", "dns.v4_only", "dns.V4", "is no finding code"},
		{"a blank", "dns.v4_only", "dns.v4 only", "is no finding code"},
		{"a hyphen", "dns.v4_only", "dns.v4-only", "is no finding code"},
	} {
		if _, err := readGood(row.old, row.new); err == nil || !strings.Contains(err.Error(), row.want) {
			t.Errorf("%s\ngot  %v\nwant an error that says %s", row.name, err, row.want)
		}
	}
	if _, err := readPages(fstest.MapFS{"codes/1.yaml": {Data: []byte(goodPage)}, "codes/2.yaml": {Data: []byte(goodPage)}}); err == nil {
		t.Error("got  a code in two files\nwant an error")
	}
}

func TestFamilies(t *testing.T) {
	o := outlineOf(fstest.MapFS{"codes/1.yaml": {Data: []byte(goodPage)}})
	for _, row := range []struct{ code, want string }{ // want: its title
		{"dns.v4_only", "IPv4 only"},
		{"tls.alert_40", "An alert"},
		{"tls.alert_*", "An alert"},
		{"tls.alert_", ""},
		{"tls.alert", ""},
		{"tls.alert_a b", ""},
		{"tls.alert_a*", ""},
		{"dns.v4_only_x", ""},
		{"", ""},
	} {
		page, ok := o.of(row.code)
		if page.Title != row.want || ok != (row.want != "") || ok && page.Code != row.code {
			t.Errorf("%q\ngot  %+v, %v\nwant the page %q", row.code, page, ok, row.want)
		}
	}
}

// TestPagesReadAlike: a page that is read by itself is the one of its file, and
// none is missed.
func TestPagesReadAlike(t *testing.T) {
	all := Pages()
	if got, want := len(embeddedOutline().codes), len(all); got != want {
		t.Fatalf("got  %d pages\nwant %d", got, want)
	}
	for i, want := range all {
		got, ok := PageOf(want.Code)
		if !ok || !reflect.DeepEqual(got, want) || embeddedOutline().codes[i] != want.Code {
			t.Errorf("got  %+v\nwant %+v", got, want)
		}
	}
}

// TestPagesAreNobodys: who changes the list that Pages returns changes no
// page.
func TestPagesAreNobodys(t *testing.T) {
	list := Pages()
	code := list[0].Code
	list[0] = Page{}
	if page, ok := PageOf(code); !ok || page.Title == "" {
		t.Errorf("got  %+v\nwant the page of %s", page, code)
	}
}

func TestWords(t *testing.T) {
	for i, s := range []Severity{Error, Warning, Info} {
		if s.Rank() != i || s.Check() != nil {
			t.Errorf("%s\ngot  %d, %v\nwant %d", s, s.Rank(), s.Check(), i)
		}
	}
	for _, b := range []Blame{"", Provider, Catalogue, Account, LocalNetwork, LocalMachine, Tool} {
		if err := b.Check(); err != nil {
			t.Errorf("%q\ngot  %v\nwant it known", b, err)
		}
	}
	if Severity("").Check() != nil || Severity("grave").Check() == nil || Severity("").Rank() != -1 || Blame("user").Check() == nil {
		t.Error("got  an unknown word accepted, or none refused\nwant the opposite")
	}
	for _, row := range []struct{ a, b, want Sentence }{{"A.", "B.", "A. B."}, {"", "B.", "B."}, {"A.", "", "A."}} {
		if got := row.a.Then(row.b); got != row.want {
			t.Errorf("got  %q\nwant %q", got, row.want)
		}
	}
	if s := Sentence("{server} refuses {command}."); !s.Names("command") || s.Names("comm") || s.Names("refuses") {
		t.Errorf("%s\ngot  other arguments\nwant command alone", s)
	}
}
