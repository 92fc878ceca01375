package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"mailprobe/internal/document"
	"mailprobe/internal/lab/pki"
	"mailprobe/internal/lab/publish"
)

// TestRedundant: files are named whose domains publish the same themselves: every
// domain, every server, in its order; what could not be asked is not called so.
func TestRedundant(t *testing.T) {
	t.Parallel()
	n := publish.New(t)
	both := []string{"imap imap.%EMAILDOMAIN% 993 SSL", "smtp smtp.corp.example 465 SSL"}
	for domain, servers := range map[string][]string{
		"same.example": both, "two.example": both, "port.example": {"imap imap.%EMAILDOMAIN% 143 STARTTLS", both[1]}, "more.example": {both[0], "pop3 pop.corp.example 995 SSL", both[1]},
		"user.example": both, "cert.example": both, "literal.example": {"imap imap.literal.example 993 SSL", both[1]},
	} {
		text := publish.Config(servers...)
		if domain == "user.example" {
			text = strings.ReplaceAll(text, "%EMAILADDRESS%", "%EMAILLOCALPART%")
		}
		n.Pages["autoconfig."+domain+"/mail/config-v1.1.xml"] = publish.XML(text)
	}
	n.Pages["known.example/.well-known/autoconfig/mail/config-v1.1.xml"] = publish.XML(publish.Config(both...))
	n.Pages["autoconfig.page.example"] = publish.Text("text/html", "<html><body>hi</body></html>")
	n.Pages["autoconfig.down.example"] = publish.Status(503)
	n.Broken("autoconfig.cert.example", pki.LeafOptions{Names: []string{"other.example"}})
	n.Ready()
	folder := t.TempDir()
	for name, domains := range map[string][]string{
		"same": {"same.example"}, "two": {"same.example", "two.example"}, "port": {"port.example"}, "more": {"more.example"}, "user": {"user.example"}, "half": {"same.example", "nothing.example"},
		"known": {"known.example"}, "page": {"page.example"}, "down": {"down.example"}, "cert": {"cert.example"}, "literal": {"literal.example"}, "none": {"%EMAILDOMAIN%"},
	} {
		text := strings.Replace(publish.Config(both...), "<domain>corp.example</domain>", "<domain>"+strings.Join(domains, "</domain><domain>")+"</domain>", 1)
		if err := os.WriteFile(filepath.Join(folder, name+".xml"), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	flags := []string{folder + "/", "--redundant", "--dns-server", n.DNS, "--connect-to", ":443:" + n.Web, "--cacert", write(t, "ca.pem", n.CA.PEM())}
	var out, said bytes.Buffer
	a := &app{stdin: &bytes.Buffer{}, stdout: &out, stderr: &said}
	status := a.run(t.Context(), append(slices.Clone(flags), "--json"))
	var r document.Redundancy
	if err := json.Unmarshal(out.Bytes(), &r); err != nil {
		t.Fatalf("%v %s%s", err, out.String(), said.String())
	}
	got := map[string]string{}
	for _, f := range r.Files {
		word := string(f.Redundant)
		for _, d := range f.Domains {
			word += " " + string(d.State)
		}
		got[strings.TrimSuffix(filepath.Base(string(f.File)), ".xml")] = word
	}
	want := map[string]string{
		"same": "yes same", "two": "yes same same", "port": "no differs", "more": "no differs", "user": "no differs", "half": "no same none", "known": "yes same",
		"page": "no broken", "down": "no broken", "cert": "no broken", "literal": "yes same", "none": "no",
	}
	if fmt.Sprint(got) != fmt.Sprint(want) || status != exitWorks {
		t.Errorf("got  %d %v\nwant %v", status, got, want)
	}
	out.Reset()
	if status := a.run(t.Context(), flags); status != exitWorks || !strings.Contains(out.String(), "same.xml: redundant\n  same.example: publishes the same at\n    https://autoconfig.same.example/mail/config-v1.1.xml\n") ||
		!strings.HasSuffix(out.String(), "12 files, 4 redundant, 0 not judged.\n") || strings.Contains(out.String(), "port.xml") {
		t.Errorf("got  %d %s", status, out.String())
	}
	for args, want := range map[string]string{"gmail --redundant": "--redundant is for files", folder + "/ --redundant -o html": "there are text, json", folder + "/ --redundant --user me@corp.example": "or leave --user out"} {
		out.Reset()
		said.Reset()
		if status := a.run(t.Context(), strings.Fields(args)); status != exitUsage || !strings.Contains(said.String(), want) && !strings.Contains(said.String(), "signs in nowhere") {
			t.Errorf("%s\ngot  %d %s\nwant %s", args, status, said.String(), want)
		}
	}
}
