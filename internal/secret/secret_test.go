package secret

import (
	"bytes"
	"encoding/gob"
	"encoding/json"
	"encoding/xml"
	"errors"
	"fmt"
	"log"
	"log/slog"
	"reflect"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"
)

const needle = "Tr0ub4dor&3-needle"

// printers are all the ways by which a value becomes text.
var printers = map[string]func(any) (string, error){
	"%v":   verb("%v"),
	"%+v":  verb("%+v"),
	"%#v":  verb("%#v"),
	"%s":   verb("%s"),
	"%q":   verb("%q"),
	"%x":   verb("%x"),
	"% X":  verb("% X"),
	"%d":   verb("%d"),
	"%.3s": verb("%10.3s"),
	"error": func(v any) (string, error) {
		return fmt.Errorf("wrapped: %w, %v", errors.New("x"), v).Error(), nil
	},
	"log": func(v any) (string, error) {
		var b bytes.Buffer
		log.New(&b, "", 0).Println(v)
		return b.String(), nil
	},
	"slog": func(v any) (string, error) {
		var b bytes.Buffer
		slog.New(slog.NewTextHandler(&b, nil)).Info("x", "v", v)
		return b.String(), nil
	},
	"slog as JSON": func(v any) (string, error) {
		var b bytes.Buffer
		slog.New(slog.NewJSONHandler(&b, nil)).Info("x", "v", v)
		return b.String(), nil
	},
	"json": func(v any) (string, error) { b, err := json.Marshal(v); return string(b), err },
	"xml":  func(v any) (string, error) { b, err := xml.Marshal(v); return string(b), err },
	"yaml": func(v any) (string, error) { b, err := yaml.Marshal(v); return string(b), err },
	"gob": func(v any) (string, error) {
		var b bytes.Buffer
		err := gob.NewEncoder(&b).Encode(v)
		return b.String(), err
	},
}

func verb(format string) func(any) (string, error) {
	return func(v any) (string, error) { return fmt.Sprintf(format, v), nil }
}

type holder struct{ V Value }

func TestNothingShowsASecret(t *testing.T) {
	v := New(needle)
	for name, held := range map[string]any{"value": v, "pointer": &v, "in a struct": holder{v}} {
		for way, print := range printers {
			out, err := print(held)
			if err != nil || !strings.Contains(out, Redacted) || leaks(out) {
				t.Errorf("%s by %s\ngot  %q, %v\nwant %q in it and no secret", name, way, out, err, Redacted)
			}
		}
	}
}

// leaks reports whether out shows the secret, plain or as hex.
func leaks(out string) bool {
	out = strings.ToLower(out)
	return strings.Contains(out, strings.ToLower(needle)) || strings.Contains(out, fmt.Sprintf("%x", needle))
}

// A printer that asks no method and looks into unexported fields finds no
// text either.
func TestReflectionFindsNothing(t *testing.T) {
	found := texts(reflect.ValueOf(struct {
		v    Value
		seen string
	}{New(needle), "this"}))
	if got, want := fmt.Sprint(found), "[this]"; got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

// texts returns every string that v holds at any depth.
func texts(v reflect.Value) []string {
	var all []string
	switch v.Kind() {
	case reflect.String:
		all = append(all, v.String())
	case reflect.Pointer, reflect.Interface:
		if !v.IsNil() {
			all = texts(v.Elem())
		}
	case reflect.Struct:
		for i := range v.NumField() {
			all = append(all, texts(v.Field(i))...)
		}
	}
	return all
}

func TestEmpty(t *testing.T) {
	for _, row := range []struct {
		name  string
		v     Value
		empty bool
	}{
		{"zero", Value{}, true},
		{"of nothing", New(""), true},
		{"of a blank", New(" "), false},
		{"of a word", New("x"), false},
	} {
		if got := row.v.Empty(); got != row.empty {
			t.Errorf("%s: got  %v\nwant %v", row.name, got, row.empty)
		}
	}
}

func TestReveal(t *testing.T) {
	for _, want := range []string{"", "x", needle} {
		if got := Reveal(New(want)); got != want {
			t.Errorf("got  %q\nwant %q", got, want)
		}
	}
	if got := Reveal(Value{}); got != "" {
		t.Errorf("the zero value: got %q, want nothing", got)
	}
}
