package main

import (
	"strings"
	"testing"
)

func TestPastedText(t *testing.T) {
	for _, row := range []struct{ args, want string }{
		{"explain|-ERR [AUTH] failed", "explain|--|-ERR [AUTH] failed"},
		{"explain|-ERR|[AUTH]|wrong|password", "explain|--|-ERR|[AUTH]|wrong|password"},
		{"explain|--json|-err no|--provider|gmail", "explain|--json|--provider|gmail|--|-err no"},
		{"explain|-ERR no|--protocol=pop3|--json", "explain|--protocol=pop3|--json|--|-ERR no"},
		{"explain|-> AUTH PLAIN|<- 535 no", "explain|--|-> AUTH PLAIN|<- 535 no"},
		{"explain|535 no|--json", "explain|535 no|--json"},
		{"explain|--bogus", "explain|--bogus"},
		{"explain|--|-ERR no", "explain|--|-ERR no"},
		{"explain|-", "explain|-"},
		{"explain|--provider=no such provider|x", "explain|--provider=no such provider|x"},
		{"gmail|-ERR no", "gmail|-ERR no"},
		{"", ""},
	} {
		if got := strings.Join(pastedText(strings.Split(row.args, "|")), "|"); got != row.want {
			t.Errorf("%s\n got %s\nwant %s", row.args, got, row.want)
		}
	}
}
