package suite

import (
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"mailprobe/internal/settings"
)

func env(name string) (string, bool) {
	value, set := map[string]string{"MAIL_USER": "me@example.com", "EMPTY": "", "MAILPROBE_PASSWORD": "hunter2"}[name]
	return value, set
}

const whole3 = `
$schema: ./suite.schema.json
name: Settings of $$5
interval: 7d
concurrency: 4
modules:
  - {name: reading, only: [imap], auth: none, min_interval: 5m}
cases:
  - target: gmail
    only: [imap, smtp]
    expect: {verdict: works, min_tls: "1.2", min_days_left: 14, max_time: 10s, max_phases: {connect: 2s}}
    endpoints:
      - endpoint: imap
        expect: {capabilities: {must: [IDLE], must_not: [LOGINDISABLED]}, mechanisms: {must: [XOAUTH2]}, sign_in: accepted}
      - {endpoint: submissions://smtp.gmail.com, expect: {code: cert.expired}}
    known_failures:
      - {code: net.refused, endpoint: smtp, until: 2026-12-31, reason: they move}
    unknown: warn
    retries_unknown: {times: 2, wait: 1m}
  - target: ${NOBODY:-imaps://imap.example.com}
    name: another
    user: ${MAIL_USER}
    secret: {password_env: CORP_PASSWORD}
    own_account: true
defaults:
  user: you@example.com
  expect: {max_time: 5s}
`

func TestParse(t *testing.T) {
	got, err := Parse("a.yaml", []byte(whole3), env)
	if err != nil {
		t.Fatal(err)
	}
	for key, want := range map[string][2]int{
		"target": {20, 13}, "name": {21, 11}, "user": {22, 11}, "secret.password_env": {23, 28}, "expect.max_time": {27, 22}, "expect.code": {27, 11}, "auth": {20, 5},
	} {
		if line, column := got.At(got.Cases[1], key); [2]int{line, column} != want {
			t.Errorf("%s: got  %d:%d\nwant %v", key, line, column, want)
		}
	}
	got.places = nil
	days := 14
	want := &Suite{Name: "Settings of $5", File: "a.yaml", Interval: 7 * 24 * time.Hour, Concurrency: 4, Modules: []Module{{"reading", 7, []string{"imap"}, "none", 5 * time.Minute}}, Cases: []Case{
		{
			Target: "gmail", Line: 9, path: "cases.0", User: "you@example.com", Only: []string{"imap", "smtp"},
			Expect: Expect{Verdict: "works", MinTLS: "1.2", MinDaysLeft: &days, MaxTime: 10 * time.Second, MaxPhases: map[string]time.Duration{"connect": 2 * time.Second}},
			Endpoints: []EndpointExpect{
				{Selector{Text: "imap", Protocol: settings.IMAP}, 13, Expect{
					SignIn: "accepted", Capabilities: Must{[]string{"IDLE"}, []string{"LOGINDISABLED"}}, Mechanisms: Must{Have: []string{"XOAUTH2"}},
				}},
				{Selector{"submissions://smtp.gmail.com", settings.SMTP, settings.Endpoint{Protocol: settings.SMTP, Host: "smtp.gmail.com", Port: 465, Security: settings.TLS}}, 15, Expect{Code: "cert.expired"}},
			},
			Known:   []Known{{Selector{Text: "smtp", Protocol: settings.SMTP}, 17, "net.refused", time.Date(2026, 12, 31, 23, 59, 59, 0, time.UTC), "they move"}},
			Unknown: UnknownWarns, Retries: Retries{2, time.Minute},
		},
		{
			Name: "another", Target: "imaps://imap.example.com", Line: 20, path: "cases.1", User: "me@example.com", Secret: Secret{PasswordVariable, "CORP_PASSWORD"}, OwnAccount: true,
			Expect: Expect{MaxTime: 5 * time.Second}, Unknown: UnknownFails, Retries: Retries{0, 30 * time.Second},
		},
	}}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got  %+v\nwant %+v", got, want)
	}
}

// TestParseRefuses holds that each mistake is told where it is, with what to
// write instead.
func TestParseRefuses(t *testing.T) {
	for _, row := range []struct{ text, want string }{
		{"", "a.yaml:1:1: the file is empty; 'mailprobe run --init' writes one to begin with"},
		{"# only a comment\n", "a.yaml:1:1: the file is empty"},
		{"cases: [", "a.yaml:1:1: this is not YAML: "},
		{"cases:\n  - target: gmail\n\tname: x", "a.yaml:3:1: a tab does not indent in YAML; write blanks"},
		{"cases:\n  \t- target: gmail", "a.yaml:2:3: a tab does not indent in YAML; write blanks"},
		{"cases:\n  - target: gmail\n    name: 'x", "a.yaml:3:"},
		{"cases:\n  - target: [gmail\n    name: x", ": this is not YAML: "},
		{"- target: gmail", "a.yaml:1:1: a suite begins with a key, such as cases:"},
		{"name: x", "a.yaml:1:1: a suite has cases:, each with a target"},
		{"cases: []", "a.yaml:1:8: there is no case"},
		{"cases: gmail", "a.yaml:1:8: cases is a list; write each element on a line of its own behind a dash"},
		{"cases:\n  - gmail", "a.yaml:2:5: a case is a list of keys and values, one on each line, such as target: ..."},
		{"cases:\n  - target: gmail\n    expct: {}", `a.yaml:3:5: a case has no key "expct" (did you mean expect?); there are target, name, `},
		{"cases:\n  - target: gmail\n    expect: {verdict: work}", `a.yaml:3:23: verdict "work": there is no such word (did you mean works?); there are works, fails, unknown`},
		{"cases:\n  - target: gmail\n    expect:\n      code: cert.expierd", `a.yaml:4:13: code "cert.expierd": there is no such finding (did you mean cert.expired?)`},
		{"cases:\n  - target: gmail\n    password: hunter2", "a.yaml:3:5: a suite never holds a password; say where it comes from: secret: {password_env: NAME}"},
		{"cases:\n  - target: gmail\n    user: x@y.example\n    secret: {token: abc}", "a.yaml:4:14: a suite never holds a token"},
		{"cases:\n  - target: ${MAILPROBE_PASSWORD}", "a.yaml:2:13: target: ${MAILPROBE_PASSWORD} holds a secret, which a suite never does"},
		{"cases:\n  - target: ${NOBODY}", "a.yaml:2:13: target: the variable NOBODY is not set or empty; set it, or write ${NOBODY:-what else}"},
		{"cases:\n  - target: ${EMPTY}", "the variable EMPTY is not set or empty"},
		{"cases:\n  - target: a$b", "a.yaml:2:13: target: a variable is written ${NAME}, and a dollar sign $$"},
		{"cases:\n  - target: gmail\n    target: yahoo", "a.yaml:3:5: target is given twice, first in line 2"},
		{"cases:\n  - target: gmail\n  - target: gmail", "a.yaml:3:13: two cases are called gmail, the first in line 2; give one of them another name:"},
		{"modules: [{name: a}, {name: a}]\ncases: [{target: gmail}]", "a.yaml:1:22: two modules are called a; give one of them another name:"},
		{"modules: [{only: [imap]}]\ncases: [{target: gmail}]", "a.yaml:1:11: a module has a name:"},
		{"cases:\n  - name: x", "a.yaml:2:5: a case has a target: "},
		{"cases:\n  - target:", "a.yaml:2:12: target is one text"},
		{"cases:\n  - target: ''", "a.yaml:2:13: target is empty; give it a value, or leave it out"},
		{"cases:\n  - target: gmail\n    secret: {keyring: true}", "a.yaml:2:5: there is a secret but no user; add user: ADDRESS"},
		{"cases:\n  - target: gmail\n    user: a@b.example\n    secret: {keyring: true, token_env: X}", "two secrets are given, by keyring and by token_env; leave one of them out"},
		{"cases:\n  - target: gmail\n    user: a@b.example\n    secret: {}", "a.yaml:4:13: secret says where the secret comes from"},
		{"cases:\n  - target: gmail\n    only: [imap, http]", `a.yaml:3:18: only "http": there is no such word; there are imap, pop3, smtp`},
		{"cases:\n  - target: gmail\n    known_failures: [{code: net.refused, until: 2026-13-01, reason: x}]", `until "2026-13-01": write a day like 2027-01-31`},
		{"cases:\n  - target: gmail\n    known_failures: [{code: net.refused, reason: x}]", "a.yaml:3:22: a known failure has a code, a reason and until"},
		{"cases:\n  - target: gmail\n    endpoints: [{endpoint: imap.gmail.com}]", `endpoint "imap.gmail.com": write imap, pop3 or smtp, or a server such as imaps://`},
		{"cases:\n  - target: gmail\n    endpoints: [{expect: {}}]", "an endpoint is named"},
		{"interval: weekly\ncases: [{target: gmail}]", `a.yaml:1:11: interval "weekly": write a time like 30s, 12h or 7d`},
		{"concurrency: 0\ncases: [{target: gmail}]", `a.yaml:1:14: concurrency "0": it is a number from 1 to 64`},
		{"cases: [{target: gmail}]\n---\nx: 1", "a suite is one document"},
		{"a: &a [x]\nb: &b [*a, *a]\ncases: *b", "a suite has no key \"a\""},
		{"cases: [{target: \"a\\nb\"}]", "target must stand on one line"},
		{"cases: [{target: gmail, expect: {min_days_left: soon}}]", `min_days_left "soon": it is a number from 0 to 10000`},
		{strings.Repeat("#", MaxSize+1), "the file is larger than a suite may be"},
		{"cases: [{target: gmail, expect: {min_tls: 1.4}}]", `a.yaml:1:43: min_tls "1.4": it is one of 1.0, 1.1, 1.2, 1.3` + "\x00"},
		{"cases:\n  - target: gmail\n    auth: PLIAN", `a.yaml:3:11: auth "PLIAN": this program knows no such way to sign in (did you mean PLAIN?); it knows auto, none, `},
		{"modules: [{name: a, auth: XOAUT2}]\ncases: [{target: gmail}]", `a.yaml:1:27: auth "XOAUT2": this program knows no such way to sign in (did you mean XOAUTH2?)`},
		{"cases: [{target: gmail, only: []}]", "a.yaml:1:31: only is empty; name a protocol, or leave it out"},
	} {
		_, err := Parse("a.yaml", []byte(row.text), env)
		if err == nil || !strings.Contains(err.Error()+"\x00", row.want) {
			t.Errorf("%.80q\ngot  %v\nwant %s", row.text, err, row.want)
		}
	}
}

// TestParseIsBounded holds that a few lines that stand for very many are
// refused, and soon.
func TestParseIsBounded(t *testing.T) {
	text := "defaults: &a0 {expect: {capabilities: {must: &m0 [a, a, a, a, a, a, a, a, a, a]}}}\ncases:\n"
	line := "  - &c\n    target: gmail\n    endpoints: &e [" + strings.Repeat("{endpoint: imap, expect: {capabilities: {must: *m0}}},", 900) + "]\n"
	text += line
	for i := range 200 {
		text += "  - {target: x" + strings.Repeat("y", i) + ", endpoints: *e}\n"
	}
	if _, err := Parse("a.yaml", []byte(text), env); err == nil || !strings.Contains(err.Error(), "stands for more than this program reads") {
		t.Errorf("got  %v\nwant it refused", err)
	}
}

// FuzzParse holds that no text ends the program, and that what is said of it
// is one line for each fault.
func FuzzParse(f *testing.F) {
	f.Add(whole3)
	f.Add("cases: [{target: gmail}]")
	f.Add("a: &a [*a]")
	f.Fuzz(func(t *testing.T, text string) {
		if _, err := Parse("a\x1b.yaml", []byte(text), env); err != nil && strings.ContainsAny(err.Error(), "\x1b\r") {
			t.Errorf("%q: %v", text, err)
		}
	})
}

// TestExample holds that the example that --init writes is one.
func TestExample(t *testing.T) {
	s, err := Parse("mailprobe.yaml", []byte(Example), env)
	if err != nil || len(s.Cases) < 2 {
		t.Errorf("got  %+v, %v\nwant cases", s, err)
	}
	published := filepath.Join("../../docs", "suite.schema.json")
	if *update {
		if err := os.WriteFile(published, []byte(Schema), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if text, err := os.ReadFile(published); err != nil || string(text) != Schema {
		t.Errorf("docs/suite.schema.json is not the schema of the program (go test ./internal/suite -update): %v", err)
	}
}

// TestModule holds what a module makes of a case: it leaves out what it does
// not look at, and the case itself stays.
func TestModule(t *testing.T) {
	s, err := Parse("a.yaml", []byte(whole3), env)
	if err != nil {
		t.Fatal(err)
	}
	gmail, other := s.Cases[0], s.Cases[1]
	read := gmail.With(s.Modules[0])
	if len(read.Endpoints) != 1 || read.Endpoints[0].Expect.SignIn != "" || len(read.Known) != 0 || !slices.Equal(read.Only, []string{"imap"}) || read.MinInterval != 5*time.Minute {
		t.Errorf("got  %+v", read)
	}
	if gmail.Endpoints[0].Expect.SignIn == "" || len(gmail.Known) != 1 {
		t.Errorf("the case itself was changed: %+v", gmail)
	}
	if !other.SignsIn() || other.With(s.Modules[0]).SignsIn() || !other.With(Module{}).SignsIn() {
		t.Error("auth: none and nothing else keeps from signing in")
	}
}
