package report

import (
	"encoding/json"
	"maps"
	"os"
	"reflect"
	"regexp"
	"strings"
	"testing"
	"time"

	"mailprobe/internal/document"
)

// fields lists every field below a view type with its type in words.
func fields(t reflect.Type, path string, list map[string]string) {
	for i := range t.NumField() {
		f := t.Field(i)
		if f.Anonymous {
			inner := f.Type
			if inner.Kind() == reflect.Pointer {
				inner = inner.Elem()
			}
			fields(inner, path, list)
			continue
		}
		name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
		typeWord(f.Type, path+name, list)
	}
}

func typeWord(t reflect.Type, path string, list map[string]string) {
	null := ""
	if t.Kind() == reflect.Pointer {
		t, null = t.Elem(), " or null"
	}
	switch {
	case t == reflect.TypeFor[document.Maybe]():
		list[path] = "string or null"
		return
	case t == reflect.TypeFor[time.Time]():
		list[path] = "string" + null
		return
	}
	switch t.Kind() {
	case reflect.String:
		list[path] = "string" + null
	case reflect.Map:
		list[path] = "object of strings"
	case reflect.Bool:
		list[path] = "boolean"
	case reflect.Struct:
		list[path] = "object" + null
		fields(t, path+".", list)
	case reflect.Slice:
		list[path] = "array of strings"
		switch t.Elem().Kind() {
		case reflect.Int:
			list[path] = "array of numbers"
		case reflect.Struct:
			list[path] = "array of objects"
			fields(t.Elem(), path+"[].", list)
		}
	default:
		list[path] = "number" + null
	}
}

var fieldRow = regexp.MustCompile("(?m)^\\| `([^`]+)` \\| ([^|]+) \\| [^|]+ \\|$")

// documented reads the fields and types from tables of docs/json.md.
func documented(text string) map[string]string {
	list := map[string]string{}
	for _, row := range fieldRow.FindAllStringSubmatch(text, -1) {
		list[row[1]] = row[2]
	}
	return list
}

// TestDocs holds docs/json.md against the view types, both ways.
func TestDocs(t *testing.T) {
	data, err := os.ReadFile("../../docs/json.md")
	if err != nil {
		t.Fatal(err)
	}
	one, several, ok := strings.Cut(string(data), "\n## Several targets\n")
	if !ok {
		t.Fatal("docs/json.md has no part about several targets")
	}
	several, lines, ok := strings.Cut(several, "\n## Lines\n")
	if !ok {
		t.Fatal("docs/json.md has no part about lines")
	}
	lines, explained, ok := strings.Cut(lines, "\n## Explanations\n")
	if !ok {
		t.Fatal("docs/json.md has no part about explanations")
	}
	head := map[string]string{}
	fields(reflect.TypeFor[lineHead](), "", head)
	maps.DeleteFunc(head, func(path, _ string) bool { return ofSome[path] })
	compareFields(t, documented(lines), topLevel(head))

	want := map[string]string{}
	fields(reflect.TypeFor[document.Document](), "", want)
	compareFields(t, documented(one), want)

	want = map[string]string{}
	fields(reflect.TypeFor[explanation](), "", want)
	compareFields(t, documented(explained), want)
	around := map[string]string{"schema": "number", "mailprobe": "string", "reports": "array of objects", "verdict": "string", "suite": "object"}
	fields(reflect.TypeFor[document.Suite](), "suite.", around)
	compareFields(t, documented(several), around)
}

// topLevel leaves out the fields of fields.
func topLevel(list map[string]string) map[string]string {
	maps.DeleteFunc(list, func(path, _ string) bool { return strings.Contains(path, ".") })
	return list
}

func compareFields(t *testing.T, got, want map[string]string) {
	t.Helper()
	for path, w := range want {
		if g, ok := got[path]; !ok {
			t.Errorf("docs/json.md does not document %s (%s)", path, w)
		} else if g != w {
			t.Errorf("docs/json.md, type of %s\n got %s\nwant %s", path, g, w)
		}
	}
	for path := range got {
		if _, ok := want[path]; !ok {
			t.Errorf("docs/json.md documents %s, which there is not", path)
		}
	}
}

// TestJSONHoldsEveryField holds that every field but the transcript is
// written for every sample, and that no array is null.
func TestJSONHoldsEveryField(t *testing.T) {
	types := map[string]string{}
	fields(reflect.TypeFor[document.Document](), "", types)
	for name, sample := range samples {
		t.Run(name, func(t *testing.T) {
			var doc map[string]any
			if err := json.Unmarshal(render(t, "json", Options{}, sample()), &doc); err != nil {
				t.Fatal(err)
			}
			checkObject(t, doc, "", types)
		})
	}
}

// ofSome are the fields of a document that only a suite has, or a list.
var ofSome = map[string]bool{"case": true, "file": true, "line": true, "expected": true, "outcome": true, "counts": true, "attempts": true, "unmet": true,
	"input_line": true, "input_resolve": true, "input_results": true}

func checkObject(t *testing.T, object map[string]any, path string, types map[string]string) {
	t.Helper()
	for full, word := range types {
		name, ok := strings.CutPrefix(full, path)
		if !ok || strings.ContainsAny(name, ".[") {
			continue
		}
		value, there := object[name]
		if !there {
			if full != "endpoints[].transcript" && !ofSome[full] {
				t.Errorf("%s is not there", full)
			}
			continue
		}
		checkValue(t, value, full, word, types)
	}
}

func checkValue(t *testing.T, value any, path, word string, types map[string]string) {
	t.Helper()
	got := ""
	switch v := value.(type) {
	case nil:
		if strings.HasSuffix(word, " or null") {
			return
		}
		got = "null"
	case string:
		got = "string"
	case bool:
		got = "boolean"
	case float64:
		got = "number"
	case map[string]any:
		got = "object"
		checkObject(t, v, path+".", types)
	case []any:
		got = "array"
		for _, element := range v {
			if o, ok := element.(map[string]any); ok {
				checkObject(t, o, path+"[].", types)
			}
		}
	}
	if !strings.HasPrefix(word, got) {
		t.Errorf("%s\n got %s\nwant %s", path, got, word)
	}
}
