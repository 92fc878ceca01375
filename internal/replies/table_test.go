package replies

import (
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"mailprobe/internal/finding"
	"mailprobe/internal/settings"
)

// small is a table that can be read.
func small() map[string]string {
	return map[string]string{
		"any":      "provider: any\nrows:\n  - {pattern: 'x', layer: auth, code: auth.rejected, source: s, samples: [x]}\n",
		"one":      "provider: one\nserves: [uno]\nmarks: 'uno'\n",
		"two":      "provider: two\nserves: [dos]\nlike: one\n",
		"standard": "smtp:\n  - {reply: '535', code: auth.rejected, layer: auth, source: s, sample: 535 no}\n",
	}
}

func load(files map[string]string) (*table, error) {
	all := fstest.MapFS{}
	for name, text := range files {
		all["tables/"+name+".yaml"] = &fstest.MapFile{Data: []byte(text)}
	}
	return loadTable(all)
}

func TestLoadingIsStrict(t *testing.T) {
	for _, c := range []struct{ name, file, old, new, want string }{
		{"nothing wrong", "any", "", "", ""},
		{"unknown key", "any", "source:", "sauce:", "line 3: field sauce not found"},
		{"bad pattern", "any", "'x'", "'('", `any.yaml: line 3: pattern "(": error parsing`},
		{"no pattern", "any", "'x'", "''", "any.yaml: line 3: no pattern"},
		{"no sample", "any", "[x]", "[]", "any.yaml: line 3: no sample"},
		{"no source", "any", "source: s, ", "", "any.yaml: line 3: no source"},
		{"unknown code", "any", "auth.rejected", "auth.rejcted", `any.yaml: line 3: unknown code "auth.rejcted"`},
		{"unknown second code", "any", "source: s", "also: [auth.no_such], source: s", `any.yaml: line 3: unknown code "auth.no_such"`},
		{"unknown layer", "any", "layer: auth", "layer: oath", `any.yaml: line 3: unknown layer "oath"`},
		{"no layer", "any", "layer: auth, ", "", `any.yaml: line 3: unknown layer ""`},
		{"unknown protocol", "any", "source: s", "protocols: [imap, imap4], source: s", `any.yaml: line 3: unknown protocol "imap4"`},
		{"unknown scope", "any", "source: s", "scope: everywhere, source: s", `any.yaml: line 3: unknown scope "everywhere"`},
		{"unknown severity", "any", "source: s", "severity: bad, source: s", "any.yaml: line 3: "},
		{"unknown blame", "any", "source: s", "blame: user, source: s", "any.yaml: line 3: "},
		{"judged", "any", "source: s", "judged: perhaps, source: s", `any.yaml: line 3: judged is "perhaps", not yes, no or maybe`},
		{"bad first day", "any", "source: s", "from: '2026-13-01', source: s", "any.yaml: line 3: parsing time"},
		{"bad last day", "any", "source: s", "until: tomorrow, source: s", "any.yaml: line 3: parsing time"},
		{"blank without a group", "any", "source: s", "cause: 'No. {number}', source: s", "any.yaml: line 3: {number}: the pattern has no group"},
		{"blank in the remedy", "any", "source: s", "remedy: 'No. {number}', source: s", "any.yaml: line 3: {number}: the pattern has no group"},
		{"blank in the address", "any", "source: s", "help_url: 'https://x/{number}', source: s", "any.yaml: line 3: {number}: the pattern has no group"},
		{"any in another file", "one", "provider: one", "provider: any", `one.yaml: provider is "any"`},
		{"any with marks", "any", "rows:", "marks: x\nrows:", "any.yaml: like, serves and marks are a provider's"},
		{"any serves", "any", "rows:", "serves: [x]\nrows:", "any.yaml: like, serves and marks are a provider's"},
		{"any like another", "any", "rows:", "like: one\nrows:", "any.yaml: like, serves and marks are a provider's"},
		{"provider in the file of any", "any", "provider: any", "provider: all", `any.yaml: provider is "all"`},
		{"another name than the file's", "one", "provider: one", "provider: eins", `one.yaml: provider is "eins"`},
		{"bad marks", "one", "'uno'", "'('", "one.yaml: marks: error parsing"},
		{"like nobody", "two", "like: one", "like: three", `two.yaml: like: no provider "three" with rows of its own`},
		{"like itself", "two", "like: one", "like: two", `two.yaml: like: no provider "two" with rows of its own`},
		{"like each other", "one", "marks: 'uno'", "like: two", `like: no provider "two" with rows of its own`},
		{"served by another", "two", "[dos]", "[dos, uno]", `two.yaml: serves "uno", which is another's`},
		{"serves another", "two", "[dos]", "[one]", `two.yaml: serves "one", which is another's`},
		{"serves twice", "two", "[dos]", "[dos, dos]", `two.yaml: serves "dos", which is another's`},
		{"serves capitals", "two", "[dos]", "[Dos]", `two.yaml: serves "Dos", which is another's or no name in lower case`},
		{"serves nobody", "two", "[dos]", "['']", `two.yaml: serves "", which is another's or no name in lower case`},
		{"no rows for any", "any", small()["any"], "provider: any", "any.yaml or standard.yaml is missing"},
		{"standard: unknown key", "standard", "sample:", "samples:", "line 2: field samples not found"},
		{"standard: unknown list", "standard", "smtp:", "lmtp:", "field lmtp not found"},
		{"standard: unknown code", "standard", "auth.rejected", "auth.no_such", `standard.yaml: line 2: 535: unknown code "auth.no_such"`},
		{"standard: unknown second code", "standard", "source: s", "also: [auth.no_such], source: s", `standard.yaml: line 2: 535: unknown code "auth.no_such"`},
		{"standard: no reply", "standard", "reply: '535', ", "", "standard.yaml: line 2: : reply, source, sample or layer is missing"},
		{"standard: no source", "standard", "source: s, ", "", "standard.yaml: line 2: 535: reply, source, sample or layer is missing"},
		{"standard: no sample", "standard", ", sample: 535 no", "", "standard.yaml: line 2: 535: reply, source, sample or layer is missing"},
		{"standard: no layer", "standard", "layer: auth, ", "", "standard.yaml: line 2: 535: reply, source, sample or layer is missing"},
		{"standard: unknown layer", "standard", "layer: auth", "layer: oath", "standard.yaml: line 2: 535: reply, source, sample or layer is missing"},
		{"standard: unknown blame", "standard", "source: s", "blame: user, source: s", "standard.yaml: line 2: "},
		{"standard: judged", "standard", "source: s", "judged: perhaps, source: s", "standard.yaml: line 2: "},
	} {
		t.Run(c.name, func(t *testing.T) {
			files := small()
			files[c.file] = strings.Replace(files[c.file], c.old, c.new, 1)
			_, err := load(files)
			if (err != nil) != (c.want != "") || err != nil && !strings.Contains(err.Error(), c.want) {
				t.Errorf("got  %v\nwant %s", err, c.want)
			}
		})
	}
	files := small()
	delete(files, "standard")
	if _, err := load(files); err == nil {
		t.Error("got  a table without standard meanings\nwant an error")
	}
}

// TestRowDefaults: what a row leaves out is the code's own, and its scope is
// that of its file and layer.
func TestRowDefaults(t *testing.T) {
	page, _ := finding.PageOf("auth.limit")
	facts := func(r *row) []string {
		page := r.page()
		return []string{string(r.Scope), string(page.Severity), string(page.Blame), page.Means, page.Fix, string(r.Judged)}
	}
	own := func(s scope) []string {
		return []string{string(s), string(page.Severity), string(page.Blame), page.Means, page.Fix, "maybe"}
	}
	for _, c := range []struct {
		provider, keys string
		want           []string
	}{
		{"any", "layer: auth, code: auth.limit", own(inReply)},
		{"two", "layer: auth, code: auth.limit", own(inProvider)},
		{"two", "layer: token, code: auth.limit", own(anywhere)},
		{"two", "layer: token, code: auth.limit, scope: reply", own(inReply)},
		{"any", "layer: auth, code: auth.limit, scope: provider", own(inProvider)},
		{"any", "layer: auth, code: auth.rejected, scope: anywhere, severity: info, blame: catalogue, cause: c, remedy: r",
			[]string{"anywhere", "info", "catalogue", "c", "r", "maybe"}},
	} {
		files := small()
		files[c.provider] = "provider: " + c.provider + "\nrows:\n  - {pattern: x, source: s, samples: [x], " + c.keys + "}\n"
		table, err := load(files)
		if err != nil {
			t.Fatal(err)
		}
		f := table.any
		if c.provider != "any" {
			f = table.byID[c.provider]
		}
		if got := facts(f.Rows[0]); !slices.Equal(got, c.want) {
			t.Errorf("%s\ngot  %q\nwant %q", c.keys, got, c.want)
		}
	}
}

func TestCommonFilesFollowEachOther(t *testing.T) {
	files := small()
	for _, name := range []string{"oauth", "languages"} {
		files[name] = strings.ReplaceAll(files["any"], "'x'", "'"+name+"'")
	}
	table, err := load(files)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, r := range table.any.Rows {
		got = append(got, r.Pattern)
	}
	if want := "oauth x languages"; strings.Join(got, " ") != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

func TestKnowsProvider(t *testing.T) {
	for id, want := range map[string]bool{"gmail": true, "GMAIL": true, "googlemail": true, "any": false, "": false, "nobody": false} {
		if got := KnowsProvider(id); got != want {
			t.Errorf("%q\ngot  %t\nwant %t", id, got, want)
		}
	}
}

func TestHoldsFromAndUntil(t *testing.T) {
	zone := time.FixedZone("", 3600)
	for _, c := range []struct {
		from, until string
		at          time.Time
		want        bool
	}{
		{"", "", time.Date(2026, 1, 2, 0, 0, 0, 0, time.UTC), true},
		{"2026-01-02", "", time.Date(2026, 1, 1, 23, 59, 0, 0, time.UTC), false},
		{"2026-01-02", "", time.Date(2026, 1, 2, 0, 0, 0, 0, time.UTC), true},
		{"2026-01-02", "", time.Date(2026, 1, 2, 0, 30, 0, 0, zone), false},
		{"", "2026-01-02", time.Date(2026, 1, 1, 23, 59, 0, 0, time.UTC), true},
		{"", "2026-01-02", time.Date(2026, 1, 2, 0, 0, 0, 0, time.UTC), false},
		{"2026-01-02", "2026-01-01", time.Time{}, true},
	} {
		r := row{From: c.from, Until: c.until}
		if got := r.holds(c.at); got != c.want {
			t.Errorf("from %q until %q at %s\ngot  %t\nwant %t", c.from, c.until, c.at, got, c.want)
		}
	}
}

// TestApplies: which rows are looked at for which question.
func TestApplies(t *testing.T) {
	for _, c := range []struct {
		name    string
		row     *row
		layer   string
		spoken  settings.Protocol
		foreign bool
		want    bool
	}{
		{"own row", &row{Scope: inProvider, Layer: LayerAuth}, "", "", false, true},
		{"foreign row of the provider's", &row{Scope: inProvider, Layer: LayerAuth}, "", "", true, false},
		{"foreign row of replies", &row{Scope: inReply, Layer: LayerAuth}, "", "", true, true},
		{"foreign row of anything", &row{Scope: anywhere, Layer: LayerAuth}, "", "", true, true},
		{"its protocol", &row{Scope: inReply, Protocols: []settings.Protocol{settings.IMAP}}, "", settings.IMAP, false, true},
		{"another protocol", &row{Scope: inReply, Protocols: []settings.Protocol{settings.IMAP}}, "", settings.SMTP, false, false},
		{"unknown protocol", &row{Scope: inReply, Protocols: []settings.Protocol{settings.IMAP}}, "", "", false, true},
		{"any protocol", &row{Scope: inReply}, "", settings.SMTP, false, true},
		{"OAuth2 server", &row{Scope: anywhere, Layer: LayerToken}, LayerToken, "", false, true},
		{"mail server's words to an OAuth2 server", &row{Scope: anywhere, Layer: LayerAuth}, LayerToken, "", false, false},
		{"OAuth2 server's words to a mail server", &row{Scope: anywhere, Layer: LayerToken}, LayerAuth, "", false, true},
		{"out of date", &row{Scope: anywhere, Until: "2000-01-01"}, "", "", false, false},
	} {
		how := manner(0)
		if c.foreign {
			how = foreign
		}
		q := Query{Layer: c.layer, Protocol: c.spoken, At: time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)}
		if got := c.row.applies(q, how); got != c.want {
			t.Errorf("%s\ngot  %t\nwant %t", c.name, got, c.want)
		}
	}
}
