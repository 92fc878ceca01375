package main

import (
	"bytes"
	"net"
	"slices"
	"strings"
	"testing"

	"github.com/miekg/dns"
)

// mxServer answers questions for MX records on loopback and returns its
// address. A domain without a row does not exist.
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
		if host, ok := mx[name]; ok {
			m.Answer = []dns.RR{&dns.MX{Hdr: dns.RR_Header{Name: name, Rrtype: dns.TypeMX, Class: dns.ClassINET, Ttl: 60}, Preference: 10, Mx: host}}
		} else {
			m.Rcode = dns.RcodeNameError
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
	})
	for _, row := range []struct {
		target, stderr string
		status         int
	}{
		{"me@corp.example", "corp.example receives its mail at corp-example.mail.protection.outlook.com, so these are the settings of Office 365", exitWorks},
		{"CORP.example", "these are the settings of Office 365", exitWorks},
		{"other.example", "its mail arrives at mx.nobody.example, which belongs to no provider that is known", exitUsage},
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
