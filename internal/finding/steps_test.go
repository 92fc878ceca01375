package finding

import (
	"strings"
	"testing"
)

func TestSteps(t *testing.T) {
	for advice, want := range map[string]string{
		"":                                   "",
		"Do this.":                           "Do this.",
		"Do this. Do that, too":              "Do this.|Do that, too",
		"Do one. Do two. Do three. Do four.": "Do one.|Do two.|Do three.",
		"Do this. It helps. Do that.":        "Do this. It helps.|Do that.",
		"Do this. Do this. Do that.":         "Do this.|Do that.",
		`Tick "On." Then go. (Use none.)`:    `Tick "On." Then go.|(Use none.)`,
		"Use imap.example.com, v. 3 now":     "Use imap.example.com, v. 3 now",
		"Do one. Do two. Do three. It goes on. Do four. This is left.":          "Do one.|Do two.|Do three. It goes on.",
		"The server takes no password. Use a token. No program can do without.": "The server takes no password. Use a token. No program can do without.",
		"Do this. Do not do that. Use this.":                                    "Do this. Do not do that.|Use this.",
		"Nothing is wrong here.":                                                "Nothing is wrong here.",
		"Sign in anew before December 2026. In December 2026 passwords end. If that fails, ask the administrator. If all is well, the password is right.": "Sign in anew before December 2026.|If that fails, ask the administrator. If all is well, the password is right.",
		"Let it sign in by a page. Passwords end in December 2026. The administrator can allow them. Then, in December 2026, they are off.":               "Let it sign in by a page. Passwords end in December 2026.|The administrator can allow them.",
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
		"Passwords are off. The administrator can switch them on.":      true,
		"An administrator can allow it for now.":                        true,
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
