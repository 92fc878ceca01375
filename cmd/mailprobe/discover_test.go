package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"mailprobe/internal/document"
	"mailprobe/internal/lab/publish"
)

// ask are the flags that lead a command line into an internet of a test.
func ask(t *testing.T, n *publish.Internet) []string {
	t.Helper()
	ca := filepath.Join(t.TempDir(), "ca.pem")
	if err := os.WriteFile(ca, n.CA.PEM(), 0o600); err != nil {
		t.Fatal(err)
	}
	return []string{"--dns-server", n.DNS, "--connect-to", ":443:" + n.Web, "--connect-to", ":993:127.0.0.1:9", "--connect-to", ":995:127.0.0.1:9", "--connect-to", ":465:127.0.0.1:9", "--cacert", ca}
}

func discovered(t *testing.T, n *publish.Internet, args ...string) (int, document.Discovery, string) {
	t.Helper()
	n.Ready()
	status, out, messages := runs(t, append(append([]string{"discover", "--json"}, args...), ask(t, n)...)...)
	var d document.Discovery
	if err := json.Unmarshal([]byte(out), &d); err != nil && status != exitUsage {
		t.Fatalf("%d %s %s: %v", status, out, messages, err)
	}
	return status, d, messages
}

func TestDiscover(t *testing.T) {
	n := publish.New(t)
	n.Pages["autoconfig.corp.example/mail/config-v1.1.xml"] = publish.XML(publish.Config("imap imap.%EMAILDOMAIN% 993 SSL", "smtp smtp.corp.example 465 SSL"))
	n.Records["_imaps._tcp.corp.example SRV"] = []string{"0 1 993 imap.corp.example."}
	status, d, messages := discovered(t, n, "me@corp.example")
	if status != exitWorks || d.Schema != 1 || d.Target != "me@corp.example" || d.Domain != "corp.example" || len(d.Conflicts) != 0 {
		t.Errorf("got  %d %+v %s", status, d, messages)
	}
	var found []string
	for _, s := range d.Sources {
		for _, o := range s.Offers {
			found = append(found, string(s.Source)+" "+o.Endpoint().String()+" "+string(o.Username))
		}
	}
	want := []string{"autoconfig imaps://imap.corp.example:993 %EMAILADDRESS%", "autoconfig submissions://smtp.corp.example:465 %EMAILADDRESS%", "srv imaps://imap.corp.example:993 "}
	if !slices.Equal(found, want) {
		t.Errorf("got  %q\nwant %q", found, want)
	}
	if len(d.Clients) != 5 || len(d.Readings) != 6 || !d.Readings[0].Taken || d.Readings[0].KnownBy.Basis != "code" {
		t.Errorf("got  %+v\nwant two servers for each of three programs", d.Readings)
	}
	if strings.Contains(n.Asked(), "me@") {
		t.Errorf("the address was told: %s", n.Asked())
	}
	status, out, _ := runs(t, append([]string{"discover", "corp.example"}, ask(t, n)...)...)
	for _, want := range []string{"autoconfig: found", "IMAP imap.corp.example:993", "Thunderbird              IMAP imap.corp.example:993 SSL/TLS (autoconfig:", "Outlook                  nothing by itself", "2 sources with settings, 0 contradictions."} {
		if status != exitWorks || !strings.Contains(out, want) {
			t.Errorf("got  %d %s\nwant %s", status, out, want)
		}
	}
}

func TestDiscoverStatus(t *testing.T) {
	for _, row := range []struct {
		name   string
		set    func(*publish.Internet)
		args   []string
		status int
		says   string
	}{
		{"nothing", func(*publish.Internet) {}, []string{"corp.example"}, exitUnknown, ""},
		{"broken", func(n *publish.Internet) {
			n.Pages["autoconfig.corp.example"] = publish.Text("text/html", "<html><body>x</body></html>")
		}, []string{"corp.example"}, exitFails, ""},
		{"contradiction", func(n *publish.Internet) {
			n.Pages["autoconfig.corp.example"] = publish.XML(publish.Config("imap imap.corp.example 143 STARTTLS", "smtp smtp.corp.example 465 SSL"))
			n.Records["_imaps._tcp.corp.example SRV"] = []string{"0 1 143 imap.corp.example."}
		}, []string{"corp.example"}, exitFails, ""},
		{"no target", func(*publish.Internet) {}, []string{"a b"}, exitUsage, "neither a domain nor an address"},
		{"more than an address", func(*publish.Internet) {}, []string{"Me <me@corp.example>"}, exitUsage, "write it like me@corp.example"},
		{"two targets", func(*publish.Internet) {}, []string{"a.example", "b.example"}, exitUsage, "write it like this"},
		{"format", func(*publish.Internet) {}, []string{"a.example", "-o", "junit"}, exitUsage, "there are text, json"},
	} {
		t.Run(row.name, func(t *testing.T) {
			n := publish.New(t)
			row.set(n)
			status, d, messages := discovered(t, n, row.args...)
			if status != row.status || !strings.Contains(messages, row.says) {
				t.Errorf("got  %d %s %+v\nwant %d %s", status, messages, d, row.status, row.says)
			}
		})
	}
}
