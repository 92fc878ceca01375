package replies

import (
	"fmt"
	"strings"
	"testing"

	"mailprobe/internal/finding"
)

func TestRanked(t *testing.T) {
	hits := func(text string) (all []hit) {
		tiers := map[string]tier{"own": ownRow, "foreign": foreignRow, "common": commonRow, "code": codeMeaning, "class": classOnly}
		for _, word := range strings.Fields(text) {
			code, trust, _ := strings.Cut(word, "/")
			trust, severity, _ := strings.Cut(trust, "/")
			all = append(all, hit{Match: Match{Code: code, Severity: finding.Severity(severity)}, tier: tiers[trust]})
		}
		return all
	}
	for _, c := range []struct{ name, hits, want string }{
		{"none", "", ""},
		{"by trust", "a/common b/foreign c/own", "c b a"},
		{"as they came", "a/common b/common c/common", "a b c"},
		{"each code once", "a/common b/common a/own", "a b"},
		{"a code's meaning beside words", "a/code b/common c/common", "b c"},
		{"meanings of codes", "a/code b/code c/class", "a b"},
		{"classes", "a/class b/class", "a b"},
		{"no fault goes last", "a/own/info b/common c/foreign", "c b a"},
		{"no fault beside a class", "a/own/info b/class", "a"},
		{"what follows a lesser hit", "a/common b/code a/common", "a"},
		{"three at most", "a/own b/own c/own d/own", "a b c"},
	} {
		if got := codes((&table{}).ranked(hits(c.hits), nil)); got != c.want {
			t.Errorf("%s\n got %s\nwant %s", c.name, got, c.want)
		}
	}
}

func TestOtherReadings(t *testing.T) {
	page, _ := finding.PageOf("auth.limit")
	first := Match{Code: "auth.rejected", Severity: finding.Error, Blame: finding.Provider, Layer: "auth", Provider: "one", Title: "t",
		Cause: "c", Remedy: "r", HelpURL: "h", Evidence: "e", Judged: finding.JudgedNo}
	own := first
	own.Code, own.Severity, own.Blame, own.Title = "auth.limit", page.Severity, page.Blame, page.Title
	general := own
	general.Provider, general.Cause, general.Remedy, general.HelpURL = "", page.Means, page.Fix, ""
	one := &replyFile{Provider: "one", Rows: []*row{
		{Code: "auth.required", Cause: "no"}, {Code: "auth.limit", Cause: "own", Remedy: "do", HelpURL: "see"}, {Code: "auth.limit", Cause: "second"},
	}}
	own.Cause, own.Remedy, own.HelpURL = "own", "do", "see"
	for name, c := range map[string]struct {
		provider *replyFile
		want     Match
	}{
		"nobody's words": {nil, general}, "the provider's words": {one, own}, "the provider has none": {&replyFile{Provider: "two"}, general},
	} {
		got := (&table{}).ranked([]hit{{Match: first, also: []string{"auth.limit"}}, {Match: Match{Code: "x"}, also: []string{"auth.required"}}}, c.provider)
		if want := fmt.Sprint([]Match{first, c.want, {Code: "x"}}); fmt.Sprint(got) != want {
			t.Errorf("%s\n got %v\nwant %v", name, got, want)
		}
	}
}

func TestEvidenceIsBounded(t *testing.T) {
	longest := strings.Repeat("x", 1<<10)
	for text, want := range map[string]string{"": "", longest: longest, longest + "y": longest + "...", longest[1:] + "é": longest[1:] + "..."} {
		if got := cut(text); got != want {
			t.Errorf("%d bytes\n got %q\nwant %q", len(text), got, want)
		}
	}
}
