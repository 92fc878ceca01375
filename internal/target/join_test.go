package target

import (
	"strings"
	"testing"
)

// TestJoin: servers that are named one by one become one target.
func TestJoin(t *testing.T) {
	for _, row := range []struct {
		name  string
		texts []string
		want  []string // each target's text and, behind a colon, its settings
	}{
		{"nothing", nil, nil},
		{"one server", []string{"imaps://a.example"}, []string{"imaps://a.example: imaps://a.example:993"}},
		{"two", []string{"submission://b.example", "imaps://a.example"}, []string{"submission://b.example imaps://a.example: submission://b.example:587 imaps://a.example:993"}},
		{"twice the same", []string{"imaps://a.example", "smtps://b.example", "imaps://A.example:993"}, []string{"imaps://a.example smtps://b.example: imaps://a.example:993 submissions://b.example:465"}},
		{"around a provider", []string{"imaps://a.example", "small", "smtps://b.example"},
			[]string{"imaps://a.example smtps://b.example: imaps://a.example:993 submissions://b.example:465", "small: imaps://imap.small.example:993 submissions://smtp.small.example:465"}},
		{"behind a provider", []string{"small", "imaps://a.example"}, []string{"small: imaps://imap.small.example:993 submissions://smtp.small.example:465", "imaps://a.example: imaps://a.example:993"}},
	} {
		var targets []Target
		for _, text := range row.texts {
			targets = append(targets, resolve(t, text))
		}
		if got := describe(Join(targets)); got != strings.Join(row.want, "\n") {
			t.Errorf("%s\ngot  %s\nwant %s", row.name, got, strings.Join(row.want, "\n"))
		}
	}
}

func resolve(t *testing.T, text string) Target {
	t.Helper()
	got, err := Resolver{Catalogue: known(t)}.Resolve(t.Context(), text)
	if err != nil {
		t.Fatal(err)
	}
	return got
}

func describe(targets []Target) string {
	var all []string
	for _, t := range targets {
		var endpoints []string
		for _, s := range t.Settings {
			endpoints = append(endpoints, s.Endpoint.String())
		}
		all = append(all, t.Text+": "+strings.Join(endpoints, " "))
	}
	return strings.Join(all, "\n")
}
