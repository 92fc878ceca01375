package finding

import (
	"strings"
	"testing"
)

func TestSteps(t *testing.T) {
	for advice, want := range map[string]string{
		"":                               "",
		"Do this.":                       "Do this.",
		"Do this. Do that, too":          "Do this.|Do that, too",
		"One. Two. Three. Four.":         "One.|Two.|Three.",
		"Do this. It helps. Do that.":    "Do this. It helps.|Do that.",
		"Do this. Do this. Do that.":     "Do this.|Do that.",
		`Tick "On." Then go. (Or not.)`:  `Tick "On." Then go.|(Or not.)`,
		"Use imap.example.com, v. 3 now": "Use imap.example.com, v. 3 now",
		"One. Two. Three. It goes on. Four. This is left.": "One.|Two.|Three. It goes on.",
	} {
		if got := strings.Join(Steps(advice), "|"); got != want {
			t.Errorf("%s\ngot  %s\nwant %s", advice, got, want)
		}
	}
}

func TestForAdministrator(t *testing.T) {
	for step, want := range map[string]bool{
		"The administrator must allow SMTP AUTH.":                       true,
		"In a company or school the administrator must do it.":          true,
		"For a mail server its administrator must set the PTR record.":  true,
		"Otherwise the server's administrator must allow longer lines.": true,
		"Ask the administrator.":                                        false,
		"Sign in again.":                                                false,
	} {
		if got := ForAdministrator(step); got != want {
			t.Errorf("%s\ngot  %t\nwant %t", step, got, want)
		}
	}
}

// Every page gives something to do in its first steps, where there is a fault.
func TestPagesHaveSteps(t *testing.T) {
	for _, p := range Pages() {
		if got := Steps(p.Fix); p.Severity != Info && len(got) == 0 {
			t.Errorf("%s has no step: %q", p.Code, p.Fix)
		}
	}
}
