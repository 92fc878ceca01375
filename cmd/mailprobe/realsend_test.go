package main

import (
	"bytes"
	"encoding/json"
	"testing"

	"mailprobe/internal/settings"
)

// TestSendTestAtRealServersByURL sends a message by a real Postfix and looks
// for it at a real Dovecot, both named as servers that no catalogue knows.
func TestSendTestAtRealServersByURL(t *testing.T) {
	dovecot, postfix := servers.Dovecot(t), servers.Postfix(t)
	for _, row := range []struct {
		name string
		urls []string
		want []message
	}{
		{"IMAP", []string{"smtp+starttls://" + postfix.Endpoint(settings.SMTP, settings.StartTLS).Address(), dovecot.Endpoint(settings.IMAP, settings.TLS).String()},
			[]message{{Sent: true}, {Seen: true, Deleted: true}}},
		{"POP3", []string{dovecot.Endpoint(settings.POP3, settings.StartTLS).String(), postfix.Endpoint(settings.SMTP, settings.TLS).String()},
			[]message{{Seen: true, Deleted: true}, {Sent: true}}},
	} {
		t.Run(row.name, func(t *testing.T) {
			args := append(row.urls, "--json", "--send-test", "--send-test-wait", "4s", "--user", "courier@example.org",
				"--password-file", write(t, "secret", []byte(realPassword)), "--cacert", write(t, "ca.pem", dovecot.CAPEM()))
			var stdout, stderr bytes.Buffer
			a := &app{stdin: &bytes.Buffer{}, stdout: &stdout, stderr: &stderr}
			status := a.run(t.Context(), args)
			var d jsonReport
			if err := json.Unmarshal(stdout.Bytes(), &d); err != nil || len(d.Endpoints) != 2 {
				t.Fatalf("got  %v, %s, %s\nwant one report of both", err, stdout.String(), stderr.String())
			}
			for i, e := range d.Endpoints {
				if e.Message != row.want[i] || status != exitWorks || e.Verdict != "works" {
					t.Errorf("%s\ngot  %d, %s, %+v, %v\nwant %+v", row.urls[i], status, e.Verdict, e.Message, d.codes(i), row.want[i])
				}
			}
		})
	}
}
