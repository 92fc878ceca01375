package auth

import (
	"bytes"
	"encoding/gob"
	"encoding/json"
	"encoding/xml"
	"errors"
	"fmt"
	"log"
	"log/slog"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"

	"mailprobe/internal/auth/authtest"
	"mailprobe/internal/secret"
)

const needle = "Tr0ub4dor.3-needle"

// leaks reports whether out shows the secret, plain or as hex.
func leaks(out string) bool {
	out = strings.ToLower(out)
	return strings.Contains(out, strings.ToLower(needle)) || strings.Contains(out, fmt.Sprintf("%x", needle))
}

// holders are the values in which a secret travels through the program.
func holders(t *testing.T) map[string]any {
	s := NewSecret(needle)
	c := NewCredential(Password, s)
	type options struct {
		Credential *Credential
		ByValue    Credential
		Secret     Secret
		hidden     Secret
		Username   string
	}
	o := options{c, *c, s, s, "me"}
	all := map[string]any{
		"secret":         s,
		"secret pointer": &s,
		"credential":     *c,
		"credential ptr": c,
		"options":        o,
		"options ptr":    &o,
		"slice":          []Secret{s},
		"map":            map[string]any{"s": s, "c": c},
		"scrubber":       *NewScrubber(c),
		"scrubber ptr":   NewScrubber(c),
		"holds scrubber": struct{ s Scrubber }{*NewScrubber(c)},
	}
	permit := authtest.Permit(t, "h.example")
	for _, m := range mechanisms {
		c := NewCredential(m.kind, s)
		client, err := c.Client(permit, Attempt{Mechanism: m.name, Username: "me", Host: "h.example", Binding: Binding{"tls-exporter", []byte("x")}})
		if err != nil {
			t.Fatal(err)
		}
		all[m.name] = client
		later := withoutIR(client)
		if _, _, err := later.Start(); err != nil {
			t.Fatal(err)
		}
		all[m.name+" without initial response"] = later
	}
	return all
}

func TestSecretIsNeverPrinted(t *testing.T) {
	for name, v := range holders(t) {
		for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%X", "% x", "%d", "%T", "%t", "%10.3s"} {
			if out := fmt.Sprintf(verb, v); leaks(out) {
				t.Errorf("%s with %s shows the secret: %s", name, verb, out)
			}
		}
		if out := fmt.Errorf("wrapped: %w, %v", errors.New("x"), v).Error(); leaks(out) {
			t.Errorf("%s in an error shows the secret: %s", name, out)
		}
	}
}

func TestSecretIsNeverMarshalled(t *testing.T) {
	ways := map[string]func(any) ([]byte, error){
		"json": json.Marshal,
		"xml":  xml.Marshal,
		"yaml": func(v any) (out []byte, err error) {
			defer func() {
				if r := recover(); r != nil { // yaml panics on a function
					err = fmt.Errorf("%v", r)
				}
			}()
			return yaml.Marshal(v)
		},
		"gob": func(v any) ([]byte, error) {
			var b bytes.Buffer
			err := gob.NewEncoder(&b).Encode(v)
			return b.Bytes(), err
		},
	}
	for way, marshal := range ways {
		for name, v := range holders(t) {
			out, err := marshal(v)
			if leaks(string(out)) || err != nil && leaks(err.Error()) {
				t.Errorf("%s as %s shows the secret: %q, %v", name, way, out, err)
			}
		}
		if out, err := marshal(NewSecret(needle)); err != nil || !bytes.Contains(out, []byte(secret.Redacted)) {
			t.Errorf("%s of a secret: got %q, %v, want %q in it", way, out, err, secret.Redacted)
		}
	}
}

func TestSecretIsNeverLogged(t *testing.T) {
	var out bytes.Buffer
	text, asJSON := slog.New(slog.NewTextHandler(&out, nil)), slog.New(slog.NewJSONHandler(&out, nil))
	std := log.New(&out, "", 0)
	for name, v := range holders(t) {
		text.Info(name, "v", v)
		asJSON.Info(name, "v", v)
		std.Println(v)
	}
	if leaks(out.String()) {
		t.Errorf("the log shows the secret: %s", out.String())
	}
	if !strings.Contains(out.String(), secret.Redacted) {
		t.Errorf("the log does not say %q at all: %s", secret.Redacted, out.String())
	}
}
