package main

import (
	"bytes"
	"fmt"
	"net"
	"os"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/miekg/dns"

	"mailprobe/internal/catalog"
	"mailprobe/internal/oauth/idptest"
)

// mxServer answers questions for MX records on loopback and returns its
// address. A row is hosts with their preference: "10 mx.example., 50
// backup.example."; without a number it is 10. A domain without a row does not
// exist.
func mxServer(t *testing.T, mx map[string]string) string {
	t.Helper()
	conn, err := net.ListenPacket("udp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s := &dns.Server{PacketConn: conn, Handler: dns.HandlerFunc(func(w dns.ResponseWriter, q *dns.Msg) {
		m := new(dns.Msg).SetReply(q)
		m.RecursionAvailable = true
		name := q.Question[0].Name
		row, ok := mx[name]
		if !ok {
			m.Rcode = dns.RcodeNameError
		}
		for record := range strings.SplitSeq(row, ", ") {
			x := &dns.MX{Hdr: dns.RR_Header{Name: name, Rrtype: dns.TypeMX, Class: dns.ClassINET, Ttl: 60}, Preference: 10, Mx: record}
			if _, err := fmt.Sscan(record, &x.Preference, &x.Mx); err == nil || ok {
				m.Answer = append(m.Answer, x)
			}
		}
		w.WriteMsg(m)
	})}
	started := make(chan struct{})
	s.NotifyStartedFunc = func() { close(started) }
	go s.ActivateAndServe()
	<-started
	t.Cleanup(func() { s.Shutdown() })
	return conn.LocalAddr().String()
}

// A domain of one's own is verified by the settings of whoever hosts it.
func TestHostedDomain(t *testing.T) {
	t.Parallel()
	box := newBox(t, "a token")
	server := mxServer(t, map[string]string{
		"corp.example.":  "corp-example.mail.protection.outlook.com.",
		"other.example.": "mx.nobody.example.",
		"first.example.": "10 mx.first.example., 50 first-example.mail.protection.outlook.com.",
		"last.example.":  "50 mx.nobody.example., 10 last-example.mail.protection.outlook.com.",
	})
	for _, row := range []struct {
		target, stderr string
		status         int
	}{
		{"me@corp.example", "corp.example receives its mail at corp-example.mail.protection.outlook.com, so these are the settings of Office 365", exitWorks},
		{"CORP.example", "these are the settings of Office 365", exitWorks},
		{"last.example", "last.example receives its mail at last-example.mail.protection.outlook.com, so these are the settings of Office 365", exitWorks},
		{"first.example", "its mail arrives at mx.first.example, which belongs to no provider that is known", exitUnknown},
		{"other.example", "its mail arrives at mx.nobody.example, which belongs to no provider that is known", exitUnknown},
		{"gone.example", "its mail servers (MX) cannot be found either", exitUsage},
	} {
		t.Run(row.target, func(t *testing.T) {
			t.Parallel()
			var stdout, stderr bytes.Buffer
			a := &app{stdin: strings.NewReader(""), stdout: &stdout, stderr: &stderr}
			got := a.run(t.Context(), slices.Concat([]string{row.target, "--dns-server", server}, box.flags))
			if got != row.status || !strings.Contains(stderr.String(), row.stderr) {
				t.Errorf("got  %d %s%s\nwant %d %s", got, stderr.String(), stdout.String(), row.status, row.stderr)
			}
			if answer := "Office 365 (" + row.target + "): 3 of 3 documented settings work"; row.status == exitWorks && !strings.HasPrefix(stdout.String(), answer) {
				t.Errorf("got  %s\nwant %s", stdout.String(), answer)
			}
		})
	}
}

func TestUsernameForms(t *testing.T) {
	for _, row := range []struct {
		name    string
		args    []string
		refused int
		stderr  string
	}{
		{"not asked for", nil, 3, ""},
		{"asked for", []string{"--try-username-forms"}, 4, "that is a second failed sign-in\n"},
		{"with a name by hand", []string{"--try-username-forms", "--username", "x"}, 0, "leave --username out"},
	} {
		t.Run(row.name, func(t *testing.T) {
			c := newCommand(t, idptest.Options{})
			b := newBox(t, "a-token-of-the-lab")
			wrong := write(t, "token", []byte("another-token"))
			_, _, stderr := c.run(append(append([]string{"office365", "--user", loginUser, "--token-file", wrong}, row.args...), b.flags...)...)
			if got := b.Total().SignIns(); got != row.refused || !strings.Contains(stderr, row.stderr) {
				t.Errorf("got  %d sign-ins, %q\nwant %d, %q", got, stderr, row.refused, row.stderr)
			}
		})
	}
}

// A provider that offers nothing is known, and there is nothing to verify.
func TestNothingOffered(t *testing.T) {
	t.Setenv("XDG_STATE_HOME", t.TempDir())
	gmail, err := os.ReadFile("../../internal/catalog/providers/gmail.yaml")
	if err != nil {
		t.Fatal(err)
	}
	files := fstest.MapFS{"providers/gmail.yaml": {Data: gmail}, "providers/closed.yaml": {Data: []byte(`id: closed
name: Closed Mail
domains: [closed.example]
sources:
  page: {kind: official, read: 2026-11, title: Help, publisher: Closed, url: "https://closed.example/help"}
not_offered:
  - {protocol: imap, note: Only its own programs., source: page}
  - {protocol: pop3, note: Only its own programs., source: page}
  - {protocol: smtp, note: Only its own programs., source: page}
`)}}
	if err := catalog.Check(files); err != nil {
		t.Fatal(err)
	}
	const refusal = "mailprobe: Closed Mail offers none of IMAP, POP3, SMTP to mail programs: Only its own programs (Closed, https://closed.example/help); there is nothing to verify\n"
	secret := write(t, "password", []byte("x"))
	for _, row := range []struct {
		args           []string
		status         int
		stdout, stderr string
	}{
		{[]string{"closed"}, exitUsage, "", refusal},
		{[]string{"me@closed.example", "--no-prompt"}, exitUsage, "", refusal},
		{[]string{"closed", "--only", "imap"}, exitUsage, "", refusal},
		{[]string{"closed", "--user", "me@closed.example", "--password-file", secret}, exitUsage, "", refusal},
		{[]string{"closed", "--user", "me@closed.example", "--oauth"}, exitUsage, "", refusal},
		{[]string{"gmail", "closed"}, exitUsage, "", refusal},
		{[]string{"demo", "closed"}, exitUsage, "", refusal},
		{[]string{"login", "closed", "--user", "me@closed.example", "--client-id", "x"}, exitUsage, "", "mailprobe: Closed Mail has no sign-in by OAuth2 for mail programs\n"},
		{[]string{"demo", "gmail"}, exitWorks, "Gmail: 3 of 3 documented settings work", ""},
		{[]string{"list"}, exitWorks, "closed  Closed Mail  no IMAP, no POP3, no SMTP\n", ""},
		{[]string{"list", "--json"}, exitWorks, `"endpoints": []`, ""},
		{[]string{"show", "closed"}, exitWorks, "IMAP is not offered. Only its own programs.\n", ""},
		{[]string{"show", "closed", "--json"}, exitWorks, `"endpoints": []`, ""},
		{[]string{"__complete", ""}, exitWorks, "closed\tClosed Mail\n", "Completion ended"},
		{[]string{"__complete", "closed", "--auth", ""}, exitWorks, "LOGIN-COMMAND\nUSER\nAPOP\n", "Completion ended"},
	} {
		var stdout, stderr bytes.Buffer
		a := &app{stdin: strings.NewReader(""), stdout: &stdout, stderr: &stderr, providers: catalog.Read(files)}
		got := a.run(t.Context(), row.args)
		if got != row.status || !strings.Contains(stdout.String(), row.stdout) || !strings.HasPrefix(stderr.String(), row.stderr) || row.stderr == "" && stderr.Len() > 0 {
			t.Errorf("%v\ngot  %d %q %q\nwant %d %q %q", row.args, got, stdout.String(), stderr.String(), row.status, row.stdout, row.stderr)
		}
	}
}
