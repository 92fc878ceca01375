package bulk

import (
	"bytes"
	"errors"
	"strings"
	"testing"

	"mailprobe/internal/document"
	"mailprobe/internal/lab/detector"
	"mailprobe/internal/report"
	"mailprobe/internal/settings"
)

// A done is a target with results: its endpoints, and the verdict of all.
type done struct {
	text    string
	resolve []document.Text
	hosts   []string
	verdict document.Text
}

func (d done) document() *document.Document {
	doc := &document.Document{Schema: 1, Target: document.Text(d.text), Verdict: d.verdict}
	doc.Listed = &document.Listed{InputLine: 1, InputResolve: append([]document.Text{}, d.resolve...), InputResults: max(1, len(d.hosts))}
	for _, h := range d.hosts {
		e := settings.Endpoint{Protocol: settings.IMAP, Host: h, Port: 993, Security: settings.TLS}
		doc.Endpoints = append(doc.Endpoints, document.Endpoint{Server: document.ServerOf(e), Verdict: d.verdict})
	}
	return doc
}

// written is how a format writes results.
func written(t *testing.T, format string, all ...done) []byte {
	t.Helper()
	var b bytes.Buffer
	w, err := report.New(format, &b, report.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if err := w.Begin(); err != nil {
		t.Fatal(err)
	}
	for _, d := range all {
		if err := w.Report(d.document()); err != nil {
			t.Fatal(err)
		}
	}
	return b.Bytes()
}

var some = []done{
	{"imaps://a.example", nil, []string{"a.example"}, document.Works},
	{"gmail", nil, []string{"a.example", "b.example", "c.example"}, document.Fails},
	{"imaps://a.example", []document.Text{"a.example:993:192.0.2.1"}, []string{"a.example"}, document.Unknown},
	{"=1+1 \x1b[2J \"quoted\", \\ and 'so'", nil, nil, document.Unknown},
	{"imaps://a.example", nil, []string{"a.example"}, document.Fails},
}

// TestHeld: each result is taken once, with the worst verdict of its like.
func TestHeld(t *testing.T) {
	for _, format := range []string{"ndjson", "csv"} {
		f, err := ReadHeld(bytes.NewReader(written(t, format, some...)))
		if err != nil || f.Format != format || f.Targets() != 5 || f.Torn() != 0 || f.Unended {
			t.Fatalf("%s\ngot  %v, %+v\nwant 5 targets", format, err, f)
		}
		for i, want := range []document.Text{document.Fails, document.Fails, document.Unknown, document.Unknown, document.Fails} {
			got, ok := f.take(nameOf(some[i].text, texts(some[i].resolve)))
			if !ok || got != want {
				t.Errorf("%s, %q\ngot  %s, %t\nwant %s", format, some[i].text, got, ok, want)
			}
		}
		for _, d := range some {
			if _, ok := f.take(nameOf(d.text, texts(d.resolve))); ok {
				t.Errorf("%s, %q is taken once too often", format, d.text)
			}
		}
	}
}

func texts(list []document.Text) (all []string) {
	for _, t := range list {
		all = append(all, string(t))
	}
	return all
}

// TestHeldCutAnywhere: wherever a run was killed, what is whole is held, what is
// not is missing, and nothing is both or neither.
func TestHeldCutAnywhere(t *testing.T) {
	detector.Spare(t)
	for _, format := range []string{"ndjson", "csv"} {
		all := written(t, format, some...)
		for cut := range len(all) + 1 {
			f, err := ReadHeld(bytes.NewReader(all[:cut]))
			if err != nil {
				t.Fatalf("%s cut at %d: %v", format, cut, err)
			}
			if f.Whole > int64(cut) || f.Unended && (f.Whole == int64(cut) || format == "csv") {
				t.Fatalf("%s cut at %d: got  %+v", format, cut, f)
			}
			kept := all[:f.Whole]
			if f.Unended {
				kept = append(bytes.Clone(all[:cut]), '\n')
			}
			again, err := ReadHeld(bytes.NewReader(kept))
			if err != nil || again.Targets() != f.Targets() || len(again.parts) != len(f.parts) || again.Unended || again.Whole != int64(len(kept)) {
				t.Fatalf("%s cut at %d and mended\ngot  %v, %+v\nwant %+v", format, cut, err, again, f)
			}
			var held, left int
			for _, d := range some {
				if _, ok := f.take(nameOf(d.text, texts(d.resolve))); ok {
					held += max(1, len(d.hosts))
					continue
				}
				missing := len(f.missing(nameOf(d.text, texts(d.resolve)), d.document().Endpoints))
				left += max(1, missing)
				held += len(d.hosts) - missing
			}
			if held+left != 7 {
				t.Fatalf("%s cut at %d\ngot  %d held and %d left\nwant 7 together", format, cut, held, left)
			}
		}
	}
}

// TestHeldOfOthers: a file of something else is not taken for one without
// results, since results would be written behind it.
func TestHeldOfOthers(t *testing.T) {
	whole := string(written(t, "ndjson", some[0]))
	for name, row := range map[string]struct {
		text string
		torn int // -1: it is refused
	}{
		"nothing":                {"", 0},
		"a list":                 {"imaps://a.example\n", -1},
		"a list without an end":  {"imaps://a.example", -1},
		"a list of objects":      {`{"target":"gmail"}` + "\n", -1},
		"lines of another run":   {`{"schema":1,"target":"gmail","verdict":"works"}` + "\n", -1},
		"another table":          {"target,verdict\n", -1},
		"a torn line in between": {whole + whole[:20] + whole + whole, 1},
		"only a beginning":       {whole[:30], 0},
		"a very long line":       {whole + strings.Repeat("x", maxResult+100<<10) + "\n" + whole, 1},
	} {
		f, err := ReadHeld(strings.NewReader(row.text))
		switch {
		case row.torn < 0:
			if !errors.Is(err, ErrNoResults) {
				t.Errorf("%s\ngot  %v\nwant %v", name, err, ErrNoResults)
			}
		case err != nil || f.Torn() != row.torn:
			t.Errorf("%s\ngot  %v, %+v\nwant %d torn", name, err, f, row.torn)
		}
	}
}

func FuzzHeld(f *testing.F) {
	f.Add([]byte("target,verdict,input_results\na,works,1\n"))
	f.Add([]byte(`{"schema":1,"target":"a","input_results":1}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		h, err := ReadHeld(bytes.NewReader(data))
		if err != nil {
			return
		}
		if h.Whole < 0 || h.Whole > int64(len(data)) || h.Targets() > bytes.Count(data, []byte("\n"))+1 {
			t.Fatalf("%+v", h)
		}
	})
}
