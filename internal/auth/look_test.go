package auth

import (
	"fmt"
	"testing"
)

func TestLook(t *testing.T) {
	const letters = "[a-z]{4}"
	for _, row := range []struct{ text, form, want string }{
		{"any thing", "", "[]"},
		{" any", "", "[begins or ends with a blank]"},
		{"any\t", "", "[begins or ends with a blank]"},
		{"any\u00a0", "", "[begins or ends with a blank has characters beyond ASCII]"},
		{"größe", "", "[has characters beyond ASCII]"},
		{"\xff", "", "[has characters beyond ASCII]"},
		{"abcd", letters, "[]"},
		{"ab cd", letters, "[has blanks inside]"},
		{" abcd", letters, "[begins or ends with a blank]"},
		{" a bcd ", letters, "[begins or ends with a blank has blanks inside]"},
		{"abcde", letters, "[has not the form of such ones]"},
		{"abc1", letters, "[has not the form of such ones]"},
		{"correct horse", letters, "[has not the form of such ones]"},
	} {
		got, err := NewCredential(Password, NewSecret(row.text)).Look(row.form)
		if fmt.Sprint(got) != row.want || err != nil {
			t.Errorf("%q\ngot  %v, %v\nwant %s", row.text, got, err, row.want)
		}
	}
	if got, err := NewCredential(Token, NewSecret(" x")).Look(letters); got != nil || err != nil {
		t.Errorf("a token\ngot  %v, %v\nwant nothing", got, err)
	}
	if _, err := NewCredential(Password, NewSecret("x")).Look("("); err == nil {
		t.Error("a pattern that cannot be read is no error")
	}
}
