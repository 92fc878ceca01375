package document

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"reflect"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"mailprobe/internal/finding"
	"mailprobe/internal/probe"
	"mailprobe/internal/settings"
	"mailprobe/internal/verify"
)

// saved is a document of one target as it is written.
func saved(t testing.TB, target string) string {
	e := settings.Endpoint{Protocol: settings.IMAP, Host: "imap.example.com", Port: 993, Security: settings.TLS}
	r := &verify.Report{
		Target: target, Started: time.Now(), Verdict: verify.Fails,
		Endpoints: []verify.Endpoint{
			{Setting: settings.Setting{Endpoint: e}, Verdict: verify.Fails, Result: &probe.Result{Greeting: hostile},
				Findings: []finding.Finding{{Code: "x.error", Severity: finding.Error}, {Code: "x.warning", Severity: finding.Warning, Args: finding.Args{"a": hostile}}}},
			{Setting: settings.Setting{Endpoint: e}, Verdict: verify.Unknown},
		},
		Findings: []finding.Finding{{Code: "run.warning", Severity: finding.Warning}},
	}
	data, err := json.Marshal(Of(r, "v1"))
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

func TestRead(t *testing.T) {
	a, b := saved(t, "a"), saved(t, "b")
	several := func(reports string) string {
		return `{"schema": 1, "mailprobe": "v1", "reports": [` + reports + `], "verdict": "fails"}`
	}
	for _, tt := range []struct{ name, text, want string }{
		{"one", a, "a"},
		{"blanks around it", "\n " + a + "\r\n\n", "a"},
		{"several", several(a + "," + b), "a b"},
		{"none of several", several(""), ""},
		{"list", "[" + a + "," + b + "]", "a b"},
		{"empty list", "[]", ""},
		{"lines", a + "\n" + b + "\n", "a b"},
		{"without a line end between", a + b, "a b"},
		{"runs one behind another", several(a) + several(b), "a b"},
	} {
		got, err := Read(strings.NewReader(tt.text))
		if err != nil {
			t.Errorf("%s: %v", tt.name, err)
		}
		if targets := targets(got); targets != tt.want {
			t.Errorf("%s\ngot  %s\nwant %s", tt.name, targets, tt.want)
		}
	}
}

func targets(documents []*Document) string {
	var list []string
	for _, d := range documents {
		list = append(list, string(d.Target))
	}
	return strings.Join(list, " ")
}

// TestReadBack holds that what is written is what is read: every text as it
// was received, as far as JSON can hold it.
func TestReadBack(t *testing.T) {
	text := saved(t, hostile)
	got, err := Read(strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	want := strings.ReplaceAll(hostile, "\xff", `\xff`) // JSON cannot hold what is not UTF-8
	if d := got[0]; string(d.Target) != want || string(d.Endpoints[0].Greeting) != want || string(d.Endpoints[0].Findings[1].Args["a"]) != want {
		t.Errorf("got  %q\nwant %q", string(d.Endpoints[0].Greeting), want)
	}
	if again, err := json.Marshal(got[0]); err != nil || string(again) != text {
		t.Errorf("got  %s, %v\nwant %s", again, err, text)
	}
}

func TestReadRefuses(t *testing.T) {
	good := saved(t, "a")
	endpoint := func(field string) string {
		return `{"schema": 1, "verdict": "works", "endpoints": [{` + field + `}]}`
	}
	for _, tt := range []struct{ name, text, want string }{
		{"nothing", "", ""},
		{"blanks", " \n", ""},
		{"prose", "535 5.7.8 rejected", ""},
		{"a number", "1", ""},
		{"a word", `"schema"`, ""},
		{"null", "null", ""},
		{"null in a list", "[null]", ""},
		{"null among several", `{"schema": 1, "reports": [null]}`, ""},
		{"another JSON", `{"status": "400", "schemes": "Bearer"}`, ""},
		{"a schema in words", `{"schema": "1", "verdict": "works"}`, ""},
		{"no verdict", `{"schema": 1, "id": "gmail", "endpoints": []}`, ""},
		{"several without schema", `{"reports": [` + good + `]}`, ""},
		{"half a document", good[:len(good)/2], ""},
		{"a document and a bracket", good + "}", "a"},
		{"a document and prose", good + "\nprose", "a"},
		{"a list that ends badly", "[" + good + `, {"schema": 1}]`, "a"},
		{"a port that is none", endpoint(`"port": 65536`), ""},
		{"a time that is none", `{"schema": 1, "verdict": "works", "started": "soon"}`, ""},
		{"an object for a text", endpoint(`"greeting": {}`), ""},
		{"a fault without endpoints", `{"schema": 1, "verdict": "fails", "faults": [{"endpoints": []}]}`, ""},
		{"a fault of no endpoint", `{"schema": 1, "verdict": "fails", "faults": [{"endpoints": [0]}]}`, ""},
		{"a warning of no endpoint", `{"schema": 1, "verdict": "fails", "faults": [], "warnings": [{"endpoints": [-1], "finding": 0}]}`, ""},
		{"a warning of no finding", `{"schema": 1, "verdict": "fails", "faults": [], "warnings": [{"endpoints": [], "finding": 0}]}`, ""},
		{"a warning before the first", `{"schema": 1, "verdict": "fails", "findings": [{}], "faults": [], "warnings": [{"endpoints": [], "finding": -1}]}`, ""},
	} {
		got, err := Read(strings.NewReader(tt.text))
		if !errors.Is(err, ErrNone) || targets(got) != tt.want {
			t.Errorf("%s\ngot  %q, %v\nwant %q, %v", tt.name, targets(got), err, tt.want, ErrNone)
		}
	}
}

// A report that was cut short is told from a text that is none.
func TestReadDamaged(t *testing.T) {
	good := saved(t, "a")
	for _, tt := range []struct {
		name, text string
		damaged    bool
		want       string
	}{
		{"half", good[:len(good)/2], true, ""},
		{"half of several", `{"schema": 1, "mailprobe": "v1", "reports": [` + good + `,{"sch`, true, ""},
		{"half of a list", "[" + good + `,{"sch`, true, ""},
		{"the last line is cut", good + "\n" + good[:40], true, "a"},
		{"something behind it", good + "\nprose", true, "a"},
		{"half of another JSON", `{"status": "400", "sch`, false, ""},
		{"much that is none", "[" + strings.Repeat("{},", maxObjects) + "{}]", false, ""},
	} {
		got, err := Read(strings.NewReader(tt.text))
		if errors.Is(err, ErrDamaged) != tt.damaged || !errors.Is(err, ErrNone) || targets(got) != tt.want {
			t.Errorf("%s\ngot  %q, %v\nwant %q, damaged: %v", tt.name, targets(got), err, tt.want, tt.damaged)
		}
	}
}

func TestReadAnotherSchema(t *testing.T) {
	for _, text := range []string{`{"schema": 2, "verdict": {}}`, `[{"schema": 2}]`, `{"schema": 2, "reports": []}`, `{"schema": 1, "reports": [{"schema": 2}]}`} {
		_, err := Read(strings.NewReader(text))
		if got, ok := errors.AsType[SchemaError](err); !ok || got != 2 || !strings.Contains(err.Error(), "schema 2") {
			t.Errorf("%s\ngot  %v\nwant schema 2", text, err)
		}
	}
}

func TestReadPassesOnErrors(t *testing.T) {
	broken := errors.New("broken")
	if _, err := Read(io.MultiReader(strings.NewReader(saved(t, "a")), iotest.ErrReader(broken))); !errors.Is(err, broken) {
		t.Errorf("got  %v\nwant %v", err, broken)
	}
}

func TestReadIsBounded(t *testing.T) {
	for name, r := range map[string]io.Reader{
		"bytes":   io.MultiReader(strings.NewReader(`{"schema": 1, "x": `), io.LimitReader(ones{}, MaxSize)),
		"objects": strings.NewReader(`[{"schema": 1},` + strings.Repeat("{},", maxObjects) + "{}]"),
	} {
		if _, err := Read(r); err == nil || errors.Is(err, ErrNone) {
			t.Errorf("%s\ngot  %v\nwant that it is too large", name, err)
		}
	}
}

type ones struct{}

func (ones) Read(p []byte) (int, error) { return copy(p, bytes.Repeat([]byte("1"), len(p))), nil }

// TestReadLater holds that a document of a later version is read for what is
// known of it.
func TestReadLater(t *testing.T) {
	text := strings.Replace(saved(t, "a"), "{", `{"new": {"x": [1]}, `, 1)
	text = strings.Replace(text, `"endpoints":[{`, `"endpoints":[{"newer": null, `, 1)
	want, err := Read(strings.NewReader(saved(t, "a")))
	if err != nil {
		t.Fatal(err)
	}
	want[0].Started = time.Time{}
	got, err := Read(strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	got[0].Started = time.Time{}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got  %v\nwant %v", got[0], want[0])
	}
}

// TestReadEarlier holds that a document that lacks the newer fields says as
// much: no fault is lost, and who was only held back has none.
func TestReadEarlier(t *testing.T) {
	const text = `{"schema": 1, "target": "me@corp.com", "provider": {"id": "x", "name": "X"}, "verdict": "fails", "sign_in_asked": true,
		"findings": [{"code": "run.warning", "severity": "warning"}],
		"endpoints": [
			{"verdict": "fails", "findings": [{"code": "x.error", "severity": "error", "phase": "auth"}, {"code": "x.warning", "severity": "warning"}],
			 "phases": [{"name": "capabilities", "status": "ok"}, {"name": "auth", "status": "failed"}], "tls": {"trusted": true}},
			{"verdict": "unknown", "auth": {"status": "skipped", "reason": "rejected elsewhere"},
			 "phases": [{"name": "capabilities", "status": "ok"}], "tls": {"trusted": true}},
			{"verdict": "works"}]}`
	all, err := Read(strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	d := all[0]
	got := fmt.Sprint(d.Faults, d.Warnings, d.UpToSignIn, d.Endpoints[1].HeldBack, []Text{d.Title, d.Warned(d.Warnings[0]).Code, d.Warned(d.Warnings[1]).Code})
	if want := "[{[0] false}] [{[] 0} {[0] 1}] true true [X run.warning x.warning]"; got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

func FuzzRead(f *testing.F) {
	one := saved(f, hostile)
	for _, s := range []string{one, "[" + one + "]", `{"schema":1,"reports":[` + one + `]}`, one + "\n" + one, `{"schema":2}`, "[[]]", "{}", "535 no"} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		all, err := Read(bytes.NewReader(data))
		for _, d := range all {
			text, err := json.Marshal(d)
			if err != nil {
				t.Fatal(err)
			}
			again, err := Read(bytes.NewReader(text))
			if err != nil || len(again) != 1 || !reflect.DeepEqual(again[0].Findings, d.Findings) {
				t.Fatalf("%s\ngot  %v, %v\nwant %v", text, again, err, d)
			}
		}
		Explain(all)
		if err == nil && len(bytes.TrimSpace(data)) == 0 {
			t.Error("got  a document of nothing")
		}
	})
}
