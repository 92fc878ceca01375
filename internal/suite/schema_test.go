package suite

import (
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"go.yaml.in/yaml/v3"
)

var update = flag.Bool("update", false, "write docs/suite.schema.json anew")

// Suites as the schema must see them: what is right, and what is wrong in its
// form. What only this program can know is not for a schema.
var (
	good = []string{Example, whole3, "cases: [{target: gmail}]", "cases: [{target: gmail, user: a@b.example, secret: {keyring: true}}]",
		"cases: [{target: gmail, expect: {min_tls: 1.2}}]", "cases: [{target: gmail, expect: {min_tls: 1.0}}]", "cases: [{target: gmail, expect: {min_tls: 1}}]", "cases: [{target: gmail, expect: {min_tls: 1.30}}]",
		"{name: 2026, concurrency: '4', cases: [{target: gmail, user: 12345@b.example, own_account: 'true', secret: {keyring: 'true'}, retries_unknown: {times: 0x2}}]}",
		"{interval: 1h30m, cases: [{target: gmail, expect: {max_time: .5s, max_phases: {connect: 1.5s, tls: 007m, auth: +3s}}, min_interval: 9999d}]}",
		"cases: [{target: gmail, own_account: True, expect: {min_days_left: '007'}, known_failures: [{code: net.refused, until: 2027-01-31, reason: 5}]}]",
		`{concurrency: "${N:-3}", interval: "${N:-1d}", cases: [{target: "${N:-gmail}", only: ["${N:-imap}"], own_account: "${N:-true}", unknown: "${N:-warn}", drift: "${N:-fail}", retries_unknown: {times: "${N:-2}"},
			expect: {verdict: "${N:-works}", min_tls: "${N:-1.2}", min_days_left: "${N:-3}"}, secret: {stored: "${N:-true}"}, user: me@b.example}]}`,
	}
	bad = []string{
		"name: x", "cases: []", "cases: gmail", "cases: [gmail]", "cases: [{name: x}]", "cases: [{target: ''}]", "cases: [{target: gmail, expct: {}}]",
		"cases: [{target: gmail, password: hunter2}]", "cases: [{target: gmail, secret: {token: x}}]", "cases: [{target: gmail, secret: {}}]",
		"cases: [{target: gmail, secret: {keyring: true, token_env: X}}]", "cases: [{target: gmail, expect: {verdict: work}}]",
		"cases: [{target: gmail, only: [http]}]", "cases: [{target: gmail, expect: {min_days_left: soon}}]", "{interval: weekly, cases: [{target: gmail}]}",
		"{concurrency: 0, cases: [{target: gmail}]}", "cases: [{target: gmail, endpoints: [{endpoint: imap.gmail.com}]}]", "cases: [{target: gmail, endpoints: [{expect: {}}]}]",
		"{modules: [{only: [imap]}], cases: [{target: gmail}]}", "{modules: {inner: {}}, cases: [{target: gmail}]}", "cases: [{target: gmail, min_interval: often}]",
		"cases: [{target: gmail, known_failures: [{code: net.refused, reason: x}]}]", "cases: [{target: gmail, unknown: perhaps}]",
		"cases: [{target: gmail, expect: {min_tls: 1.4}}]", "cases: [{target: gmail, expect: {min_tls: 12}}]", "cases: [{target: gmail, expect: {min_tls: '1'}}]", "cases: [{target: gmail, expect: {min_tls: -1.2}}]",
		"{concurrency: '0', cases: [{target: gmail}]}", "{concurrency: '65', cases: [{target: gmail}]}", "{concurrency: 4.5, cases: [{target: gmail}]}", "{concurrency: -1, cases: [{target: gmail}]}",
		"{interval: 0d, cases: [{target: gmail}]}", "{interval: 0s, cases: [{target: gmail}]}", "{interval: 10000d, cases: [{target: gmail}]}", "{interval: 1..5s, cases: [{target: gmail}]}", "{interval: s, cases: [{target: gmail}]}", "{interval: 30, cases: [{target: gmail}]}", "{interval: -1h, cases: [{target: gmail}]}",
		"cases: [{target: gmail, known_failures: [{code: net.refused, reason: x, until: '2027-13-01'}]}]", "cases: [{target: gmail, known_failures: [{code: net.refused, reason: x, until: '2027-01-32'}]}]",
		"cases: [{target: gmail, only: []}]", "cases: [{target: gmail, own_account: perhaps}]", "cases: [{target: gmail, user: a@b.example, secret: {keyring: false}}]",
		"cases: [{target: gmail, expect: {min_days_left: 10001}}]", "cases: [{target: gmail, retries_unknown: {times: '11'}}]",
	}
)

// asJSON returns a suite as a validator of JSON takes it.
func asJSON(t *testing.T, text string) any {
	t.Helper()
	var value any
	if err := yaml.Unmarshal([]byte(text), &value); err != nil {
		t.Fatal(err)
	}
	data, err := json.Marshal(withoutTimes(value))
	if err != nil {
		t.Fatal(err)
	}
	v, err := jsonschema.UnmarshalJSON(strings.NewReader(string(data)))
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// withoutTimes puts dates back into texts: YAML knows them, JSON does not.
func withoutTimes(v any) any {
	switch v := v.(type) {
	case map[string]any:
		for key := range v {
			v[key] = withoutTimes(v[key])
		}
	case []any:
		for i := range v {
			v[i] = withoutTimes(v[i])
		}
	case fmt.Stringer: // a time
		return v.String()[:len("2027-01-31")]
	}
	return v
}

// TestSchemaAgrees holds that two validators, which nobody here wrote, take by
// the schema what Parse takes and refuse what it refuses.
func TestSchemaAgrees(t *testing.T) {
	schema, err := jsonschema.UnmarshalJSON(strings.NewReader(Schema))
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	if err := c.AddResource("suite.json", schema); err != nil {
		t.Fatal(err)
	}
	compiled, err := c.Compile("suite.json")
	if err != nil {
		t.Fatal(err)
	}
	for i, text := range append(slices.Clone(good), bad...) {
		takes := i < len(good)
		if _, err := Parse("a.yaml", []byte(text), env); (err == nil) != takes {
			t.Errorf("%.60q: Parse: got  %v", text, err)
		}
		if err := compiled.Validate(asJSON(t, text)); (err == nil) != takes {
			t.Errorf("%.60q: the schema: got  %v", text, err)
		}
	}
}

const byPython = `
import json, sys, jsonschema
schema, good, bad = json.load(open(sys.argv[1])), json.load(open(sys.argv[2])), json.load(open(sys.argv[3]))
validator = jsonschema.validators.validator_for(schema)
validator.check_schema(schema)
validator = validator(schema)
wrong = [f"refuses {v}: {next(validator.iter_errors(v)).message}" for v in good if not validator.is_valid(v)]
wrong += [f"takes {v}" for v in bad if validator.is_valid(v)]
print("\n".join(wrong)); sys.exit(bool(wrong))
`

func TestSchemaAgreesInPython(t *testing.T) {
	python := pythonWith(t, "jsonschema")
	folder := t.TempDir()
	args := []string{"-W", "ignore", "-c", byPython, filepath.Join(folder, "schema")}
	if err := os.WriteFile(args[4], []byte(Schema), 0o600); err != nil {
		t.Fatal(err)
	}
	for i, list := range [][]string{good, bad} {
		var values []any
		for _, text := range list {
			values = append(values, asJSON(t, text))
		}
		data, err := json.Marshal(values)
		if err != nil {
			t.Fatal(err)
		}
		name := filepath.Join(folder, fmt.Sprint(i))
		if err := os.WriteFile(name, data, 0o600); err != nil {
			t.Fatal(err)
		}
		args = append(args, name)
	}
	if out, err := exec.CommandContext(t.Context(), python, args...).CombinedOutput(); err != nil {
		t.Errorf("%v: %s", err, out)
	}
}

// pythonWith returns a Python that has a module. Without one the test skips;
// with MAILPROBE_REQUIRE_SERVERS=1 it fails.
func pythonWith(t *testing.T, module string) string {
	t.Helper()
	for _, name := range []string{"/usr/bin/python3", "python3"} {
		if exec.CommandContext(t.Context(), name, "-c", "import "+module).Run() == nil {
			return name
		}
	}
	if os.Getenv("MAILPROBE_REQUIRE_SERVERS") == "1" {
		t.Fatalf("there is no Python with %s, and MAILPROBE_REQUIRE_SERVERS=1", module)
	}
	t.Skipf("there is no Python with %s: nothing was tested", module)
	return ""
}

// TestSchemaHasEveryKey holds the keys of the schema against those that are
// read, both ways.
func TestSchemaHasEveryKey(t *testing.T) {
	var schema struct {
		Properties map[string]any
		Defs       map[string]struct{ Properties map[string]any } `json:"$defs"`
	}
	if err := json.Unmarshal([]byte(Schema), &schema); err != nil {
		t.Fatal(err)
	}
	r := &reader{}
	for name, fields := range map[string][]field{
		"defaults": r.defaultFields(new(Case)), "case": r.caseFields(new(Case)), "secret": r.secretFields(nil, new(Secret)), "expect": r.expectFields(new(Expect)),
		"phases": r.phaseFields(nil), "must": r.mustFields(new(Must)), "retries": r.retryFields(new(Retries)), "endpoint": r.endpointFields(new(EndpointExpect)),
		"known": r.knownFields(new(Known)), "module": r.moduleFields(new(Module)), "": r.suiteFields(new(Suite), new(Case), nil),
	} {
		properties := schema.Defs[name].Properties
		if name == "" {
			properties = schema.Properties
		}
		var want []string
		for _, f := range fields {
			want = append(want, f.key)
		}
		var got []string
		for key := range properties {
			got = append(got, key)
		}
		slices.Sort(got)
		slices.Sort(want)
		if !slices.Equal(got, want) {
			t.Errorf("%s\ngot  %v\nwant %v", name, got, want)
		}
	}
}
