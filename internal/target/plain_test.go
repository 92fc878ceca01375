package target

import "testing"

func TestPlain(t *testing.T) {
	for text, want := range map[string]bool{
		"me@example.com": true, "me+tag@example.com": true, "50%d@example.org": true, "jürgen@example.org": true, "me@bücher.example": true,
		"o'brien@example.org": true, `"two words"@example.org`: true, "me@localhost": true,
		"": false, "me": false, "@example.com": false, "me@": false, "user@@gmail.com": false, "user@evil.example@gmail.com": false,
		"me me@gmail.com": false, "me@gmail.com,you@gmail.com": false, ".me@gmail.com": false, "me.@gmail.com": false, "m..e@gmail.com": false,
		"me@gmail.com.": false, "me@gmail.com\u200b": false, "me\u00a0@gmail.com": false, "me@\uff47mail.com": false, "<me@gmail.com>": false,
		"me@test.example:p4ss": false, "me@gmail..com": false,
	} {
		if got := Plain(text); got != want {
			t.Errorf("%q\n got %t\nwant %t", text, got, want)
		}
	}
}
