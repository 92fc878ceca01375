package settings

import "testing"

func TestParseURL(t *testing.T) {
	for text, want := range map[string]string{
		"imaps://imap.example.com":           "imaps://imap.example.com:993",
		"imap://imap.example.com":            "imap://imap.example.com:143",
		"pop3s://pop.example.com":            "pop3s://pop.example.com:995",
		"pop3://pop.example.com":             "pop3://pop.example.com:110",
		"submissions://smtp.example.com":     "submissions://smtp.example.com:465",
		"SMTP://SMTP.Example.com./":          "submission://smtp.example.com:587",
		"smtp+starttls://smtp.example.com":   "submission://smtp.example.com:587",
		"imap+starttls://imap.example.com":   "imap://imap.example.com:143",
		"imaps://imap.example.com:65535":     "imaps://imap.example.com:65535",
		"imaps://imap.example.com:65536":     `port "65536" is out of range; it must be a number from 1 to 65535`,
		"imaps://imap.example.com/inbox":     `"imaps://imap.example.com/inbox" has more than a host and a port; write it like imaps://imap.example.com:993`,
		"imaps://imap.example.com?tls":       `"imaps://imap.example.com?tls" has more than a host and a port; write it like imaps://imap.example.com:993`,
		"imaps://me:secret@imap.example.com": "an endpoint URL takes no user name or password; use --user and --password-file",
		"imaps:me:secret@":                   `"...@" is not an endpoint URL; write it like imaps://imap.example.com:993`,
		"@imaps:":                            `"...@imaps:" is not an endpoint URL; write it like imaps://imap.example.com:993`,
	} {
		e, err := ParseURL(text)
		got := e.String()
		if err != nil {
			got = err.Error()
		}
		if got != want {
			t.Errorf("%s\ngot  %s\nwant %s", text, got, want)
		}
	}
}
