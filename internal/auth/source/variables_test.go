package source

import (
	"errors"
	"strings"
	"testing"
)

// TestNamedVariables holds that a secret comes from the variable that is named,
// and that no other is looked at where none shall be.
func TestNamedVariables(t *testing.T) {
	set := map[string]string{"CORP": "right", "MAILPROBE_PASSWORD": "other", "MAILPROBE_TOKEN": "other", "EMPTY": ""}
	lookup := func(name string) (string, bool) { value, ok := set[name]; return value, ok }
	for _, row := range []struct {
		name string
		o    Options
		want string // where it was found, or part of the error
	}{
		{"named alone", Options{NoVariables: true, PasswordEnv: "CORP"}, "CORP"},
		{"a token", Options{NoVariables: true, TokenEnv: "CORP"}, "CORP"},
		{"none", Options{NoVariables: true}, "no password or token was given"},
		{"a file and no variable", Options{NoVariables: true, PasswordFile: "-", Stdin: strings.NewReader("right\n")}, "--password-file"},
		{"empty", Options{NoVariables: true, PasswordEnv: "EMPTY"}, "EMPTY is empty"},
		{"not set", Options{NoVariables: true, PasswordEnv: "MISSING"}, "MISSING is empty"},
		{"the standard one as well", Options{PasswordEnv: "CORP"}, "two secrets are given, by CORP and by MAILPROBE_TOKEN"},
	} {
		row.o.lookupEnv, row.o.NoPrompt = lookup, true
		_, where, err := Find(t.Context(), row.o, "me@example.com")
		var none *NoneError
		if got := where; err != nil {
			if got = err.Error(); !strings.Contains(got, row.want) || strings.Contains(row.want, "empty") && !errors.As(err, &none) {
				t.Errorf("%s\ngot  %s\nwant %s", row.name, got, row.want)
			}
		} else if got != row.want {
			t.Errorf("%s\ngot  %s\nwant %s", row.name, got, row.want)
		}
	}
	if got := withoutSecrets([]string{"A=1", "corp=x", "MAILPROBE_TOKEN=y"}, "MAILPROBE_TOKEN", "CORP"); len(got) != 1 || got[0] != "A=1" {
		t.Errorf("got  %v\nwant what is no secret", got)
	}
}
