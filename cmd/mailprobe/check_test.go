package main

import (
	"bytes"
	"slices"
	"strings"
	"testing"

	"mailprobe/internal/lab/publish"
)

// TestCheck: the report card of a domain says what is published, what works, what
// programs make of it, and what to publish; of TLSA only what is authenticated.
func TestCheck(t *testing.T) {
	t.Parallel()
	n := newTown(t)
	n.Pages["autoconfig.tarn.example/mail/config-v1.1.xml"] = publish.XML(publish.Config("imap imap.tarn.example 993 SSL", "smtp smtp.tarn.example 465 SSL"))
	n.Pages["tarn.example/.well-known/autoconfig/mail/config-v1.1.xml"] = publish.Text("text/html", "<html><body>welcome</body></html>")
	n.Records["_imap._tcp.tarn.example SRV"] = []string{"0 1 143 imap.tarn.example."}
	n.Records["_993._tcp.imap.tarn.example TLSA"] = []string{"3 1 1 " + strings.Repeat("ab", 32)}
	n.Signed = true
	n.Addrs["imap.moor.example"], n.Addrs["smtp.moor.example"] = "192.0.2.1", "192.0.2.1"
	n.Ready()
	for _, row := range []struct {
		args, want, not []string
		status          int
	}{
		{[]string{"check", "tarn.example"}, []string{
			"What is published\nautoconfig: found  https://autoconfig.tarn.example/mail/config-v1.1.xml\nautoconfig-wellknown: failed",
			"Nothing is published by: catalogue, pacc, autodiscover, mx",
			"autoconfig  IMAP  imap.tarn.example:993  SSL/TLS   works",
			"in the end            works        works       nothing  nothing  works",
			"write: _submissions._tcp.tarn.example. IN SRV 0 1 465 smtp.tarn.example.",
			"(TLSA)\nIMAP imap.tarn.example:993: does not match the certificate (3 1 1\n  abab",
		}, nil, exitWorks},
		{[]string{"check", "tarn.example", "--only", "imap", "--plain"}, []string{"By autoconfig, IMAP, server imap.tarn.example, port 993"}, []string{"465, SSL/TLS: works"}, exitWorks},
		{[]string{"check", "moor.example"}, []string{"guess: servers with usual names; nobody publishes them", "publish it if the accounts of the domain are there"}, nil, exitUnknown},
		{[]string{"check", "imaps://imap.tarn.example"}, []string{"check wants a domain"}, nil, exitUsage},
		{[]string{"check", "..example"}, []string{"check wants a domain"}, nil, exitUsage},
		{[]string{"check"}, []string{"name one domain"}, nil, exitUsage},
		{[]string{"check", "gmail"}, []string{"check wants a domain"}, nil, exitUsage},
		{[]string{"check", "./tarn.example/"}, []string{"check wants a domain"}, nil, exitUsage},
	} {
		var out, messages bytes.Buffer
		a := &app{stdin: &bytes.Buffer{}, stdout: &out, stderr: &messages}
		status := a.run(t.Context(), slices.Concat(row.args, n.flags[:len(n.flags):len(n.flags)]))
		got := out.String() + messages.String()
		for _, want := range row.want {
			if !strings.Contains(got, want) {
				t.Errorf("%q\ngot  %s\nwant %s", row.args, got, want)
			}
		}
		for _, not := range row.not {
			if strings.Contains(got, not) {
				t.Errorf("%q\ngot  %s\nwant nothing of %s", row.args, got, not)
			}
		}
		if status != row.status {
			t.Errorf("%q\ngot  %d %s\nwant %d", row.args, status, got, row.status)
		}
	}
	if strings.Contains(n.Asked(), "TLSA _143") && !strings.Contains(n.Asked(), "TLSA _993") {
		t.Errorf("asked %s", n.Asked())
	}
}
