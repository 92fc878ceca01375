package main

import (
	"encoding/json"
	"strings"
	"testing"

	"mailprobe/internal/oauth/idptest"
)

func TestSendTest(t *testing.T) {
	c := newCommand(t, idptest.Options{})
	b := newBox(t, "a-token-of-the-lab")
	token := write(t, "token", []byte("a-token-of-the-lab"))
	signedIn := []string{"--user", loginUser, "--token-file", token}
	for _, row := range []struct {
		name   string
		args   []string
		status int
		want   string // who has sent, seen and deleted
		stderr string
	}{
		{"sent, seen and deleted", append([]string{"office365", "--send-test"}, signedIn...), exitWorks, "imap seen deleted, pop3, smtp sent", ""},
		{"over POP3", append([]string{"office365", "--send-test", "--send-test-wait", "2s", "--only", "pop3,smtp"}, signedIn...), exitWorks, "pop3 seen deleted, smtp sent", ""},
		{"not unless asked for", append([]string{"office365"}, signedIn...), exitWorks, "imap, pop3, smtp", ""},
		{"servers named one by one", append([]string{"submission://smtp.office365.com", "imaps://outlook.office365.com", "--send-test"}, signedIn...), exitWorks, "smtp sent, imap seen deleted", ""},
		{"the same server twice", append([]string{"imaps://outlook.office365.com", "smtp+starttls://smtp.office365.com:587", "imaps://outlook.office365.com:993", "--send-test"}, signedIn...), exitWorks, "imap seen deleted, smtp sent", ""},
		{"one server alone", append([]string{"imaps://outlook.office365.com", "--send-test"}, signedIn...), exitUsage, "", "name both, such as submission://HOST imaps://HOST"},
		{"a server beside a provider", append([]string{"office365", "imaps://outlook.office365.com", "--send-test"}, signedIn...), exitUsage, "", "name both"},
		{"nobody to send as", []string{"office365", "--send-test"}, exitUsage, "", "add --user ADDRESS and a password or token"},
		{"no secret", []string{"office365", "--send-test", "--user", loginUser}, exitUsage, "", "add --user ADDRESS and a password or token"},
		{"signing in switched off", append([]string{"office365", "--send-test", "--auth", "none"}, signedIn...), exitUsage, "", "--send-test signs in"},
		{"nowhere to look", append([]string{"office365", "--send-test", "--only", "smtp"}, signedIn...), exitUsage, "", "IMAP or POP3"},
		{"nobody to send by", append([]string{"office365", "--send-test", "--only", "imap,pop3"}, signedIn...), exitUsage, "", "needs a server to send by"},
		{"no time", append([]string{"office365", "--send-test", "--send-test-wait", "0s"}, signedIn...), exitUsage, "", "--send-test-wait"},
	} {
		t.Run(row.name, func(t *testing.T) {
			status, stdout, stderr := c.run(append(append(row.args, "--json"), b.flags...)...)
			if got := messages(t, stdout); status != row.status || got != row.want || !strings.Contains(stderr, row.stderr) {
				t.Errorf("got  %d %q %q\nwant %d %q %q", status, got, stderr, row.status, row.want, row.stderr)
			}
		})
	}
}

// messages says what each endpoint of a JSON report saw of the test message.
func messages(t *testing.T, document string) string {
	t.Helper()
	if document == "" {
		return ""
	}
	var report struct {
		Endpoints []struct {
			Protocol string
			Message  map[string]any
		}
	}
	if err := json.Unmarshal([]byte(document), &report); err != nil {
		t.Fatal(err)
	}
	var all []string
	for _, e := range report.Endpoints {
		words := []string{e.Protocol}
		for _, name := range []string{"sent", "seen", "deleted"} {
			if e.Message[name] == true {
				words = append(words, name)
			}
		}
		all = append(all, strings.Join(words, " "))
	}
	return strings.Join(all, ", ")
}
