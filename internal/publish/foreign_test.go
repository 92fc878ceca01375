package publish

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/miekg/dns"

	"mailprobe/internal/catalog"
	"mailprobe/internal/lab/detector"
	"mailprobe/internal/settings"
)

// tool returns a program that the tests need. Without it they skip; with
// MAILPROBE_REQUIRE_SERVERS=1 they fail.
func tool(t *testing.T, name string) string {
	t.Helper()
	path, err := exec.LookPath(name)
	if err != nil && name == "named-checkzone" {
		path, err = exec.LookPath("/usr/sbin/" + name)
	}
	switch {
	case err == nil:
	case os.Getenv("MAILPROBE_REQUIRE_SERVERS") == "1":
		t.Fatalf("%s is not installed, and MAILPROBE_REQUIRE_SERVERS=1", name)
	default:
		t.Skipf("%s is not installed: nothing was tested", name)
	}
	return path
}

// written puts documents of a format into a folder: of every provider, for
// everybody and for one account, and of random servers.
func written(t *testing.T, format, folder, ending string) (paths []string) {
	t.Helper()
	all := everybody(t)
	for seed := range uint64(200) {
		all = append(all, random(rand.New(rand.NewPCG(seed, 5))))
	}
	for i, p := range all {
		for _, account := range []string{"", "me@" + p.Domains[0]} {
			p.Account = account
			d, err := Make(format, p)
			if err != nil || p.Name == "" && format != "srv" {
				continue
			}
			path := filepath.Join(folder, fmt.Sprintf("%04d-%t%s", i, account == "", ending))
			if err := os.WriteFile(path, d.Text, 0o600); err != nil {
				t.Fatal(err)
			}
			paths = append(paths, path)
		}
	}
	if len(paths) < 300 {
		t.Fatalf("got  %d documents\nwant more", len(paths))
	}
	return paths
}

// TestXMLLint holds that libxml2 finds both XML documents valid by a grammar
// that knows the values that there are.
func TestXMLLint(t *testing.T) {
	detector.Spare(t)
	xmllint := tool(t, "xmllint")
	for _, format := range []string{"autoconfig", "autodiscover"} {
		args := append([]string{"--noout", "--nonet", "--relaxng", "testdata/" + format + ".rng"}, written(t, format, t.TempDir(), ".xml")...)
		if out, err := exec.CommandContext(t.Context(), xmllint, args...).CombinedOutput(); err != nil {
			t.Errorf("%s: %v: %.3000s", format, err, wrong(out))
		}
	}
}

// wrong are the lines of xmllint that speak of a fault.
func wrong(out []byte) string {
	var lines []string
	for line := range strings.Lines(string(out)) {
		if !strings.HasSuffix(strings.TrimSpace(line), " validates") {
			lines = append(lines, line)
		}
	}
	return strings.Join(lines, "")
}

// TestGrammarRefuses holds that the grammars are no friends of everything.
func TestGrammarRefuses(t *testing.T) {
	xmllint := tool(t, "xmllint")
	for _, row := range []struct{ format, from, to string }{
		{"autoconfig", "<socketType>SSL<", "<socketType>TLS<"}, {"autoconfig", "password-cleartext", "password"}, {"autoconfig", "%EMAILADDRESS%", "me"},
		{"autoconfig", `type="imap"`, `type="imaps"`}, {"autoconfig", ">993<", ">99300<"}, {"autoconfig", ` id="`, ` ID="`},
		{"autodiscover", "<Encryption>SSL<", "<Encryption>STARTTLS<"}, {"autodiscover", "2006a", "2006b"}, {"autodiscover", "<SPA>off", "<SPA>no"},
	} {
		d, err := Make(row.format, ofProvider(provider(t, "gmail")))
		if err != nil || !bytes.Contains(d.Text, []byte(row.from)) {
			t.Fatalf("%v %q is not in %s", err, row.from, d.Text)
		}
		c := exec.CommandContext(t.Context(), xmllint, "--noout", "--relaxng", "testdata/"+row.format+".rng", "-")
		c.Stdin = strings.NewReader(strings.Replace(string(d.Text), row.from, row.to, 1))
		if out, err := c.CombinedOutput(); err == nil {
			t.Errorf("%s with %s\ngot  valid %s\nwant a fault", row.format, row.to, out)
		}
	}
}

func provider(t *testing.T, id string) *settings.Provider {
	t.Helper()
	p, ok := catalog.Load().Lookup(id)
	if !ok {
		t.Fatalf("%s is not found", id)
	}
	return p
}

// TestPython holds that Python's plistlib and json read profiles and PACC, with
// the keys and types that Apple documents.
func TestPython(t *testing.T) {
	detector.Spare(t)
	python := tool(t, "python3")
	folder := t.TempDir()
	written(t, "mobileconfig", folder, ".mobileconfig")
	written(t, "pacc", folder, ".json")
	if out, err := exec.CommandContext(t.Context(), python, "testdata/read.py", folder).CombinedOutput(); err != nil {
		t.Errorf("%v: %s", err, out)
	}
}

// records reads lines of a zone with a parser that somebody else wrote.
func records(t *testing.T, text string) (all []string) {
	t.Helper()
	z := dns.NewZoneParser(strings.NewReader(text), "", "")
	for r, ok := z.Next(); ok; r, ok = z.Next() {
		switch r := r.(type) {
		case *dns.SRV:
			all = append(all, fmt.Sprintf("%s %d %d %s", r.Hdr.Name, r.Priority, r.Port, r.Target))
		case *dns.TXT:
			all = append(all, r.Hdr.Name+" "+strings.Join(r.Txt, ""))
		default:
			t.Fatalf("got  %v\nwant SRV and TXT alone", r)
		}
	}
	if err := z.Err(); err != nil {
		t.Fatalf("%v\n%s", err, text)
	}
	return all
}

// TestZone holds that every service stands in the zone once or says that it is
// not there, absolute, TLS first.
func TestZone(t *testing.T) {
	for _, p := range everybody(t) {
		d, err := Make("srv", p)
		if err != nil {
			t.Logf("%s: %v", p.ID, err)
			continue
		}
		var want []string
		general, left := Meant(p.Servers, p.Domains)
		p.Servers = general
		p.Domains = slices.DeleteFunc(p.Domains, func(d string) bool { return hasOwn(left, d) })
		for _, domain := range p.Domains {
			for _, service := range settings.Services() {
				name, priority, before := service.Name+"."+domain+".", 0, len(want)
				for _, s := range Safest(p.Servers) {
					if s.Protocol == service.Protocol && s.Security == service.Security {
						want = append(want, fmt.Sprintf("%s %d %d %s.", name, priority, s.Port, s.Host))
					}
					if s.Protocol == service.Protocol {
						priority += 10
					}
				}
				if len(want) == before {
					want = append(want, name+" 0 0 .")
				}
			}
		}
		if got := records(t, string(d.Text)); !slices.Equal(got, want) {
			t.Errorf("%s\n got %q\nwant %q", p.ID, got, want)
		}
	}
}

// TestNamedCheckZone holds that BIND takes the lines into a zone.
func TestNamedCheckZone(t *testing.T) {
	check := tool(t, "named-checkzone")
	const head = "$TTL 60\nwerft.example. IN SOA ns.werft.example. a.werft.example. 1 2 3 4 5\nwerft.example. IN NS ns.other.example.\n"
	var zone strings.Builder
	zone.WriteString(head)
	for _, p := range everybody(t)[:60] {
		p.Domains = []string{p.ID + ".werft.example"}
		if d, err := Make("srv", p); err == nil {
			zone.Write(d.Text)
		}
		if d, err := Make("pacc", p); err == nil {
			zone.WriteString(d.Record)
		}
	}
	c := exec.CommandContext(t.Context(), check, "-i", "none", "werft.example", "/dev/stdin")
	c.Stdin = strings.NewReader(zone.String())
	if out, err := c.CombinedOutput(); err != nil {
		t.Errorf("%v: %s", err, out)
	}
}

// TestDigest holds that the record is of the very bytes that are written.
func TestDigest(t *testing.T) {
	p := ofProvider(provider(t, "fastmail"))
	d, err := Make("pacc", p)
	if err != nil {
		t.Fatal(err)
	}
	sum := sha256.Sum256(d.Text)
	var want []string
	for _, domain := range p.Domains {
		want = append(want, "_ua-auto-config."+domain+". v=UAAC1; a=sha256; d="+base64.StdEncoding.EncodeToString(sum[:]))
	}
	if got := records(t, d.Record); !slices.Equal(got, want) {
		t.Errorf("got  %q\nwant %q", got, want)
	}
}

// TestCatalogueTakesYAML holds that what is written of a provider is a whole
// file of the catalogue, as strict as that is read.
func TestCatalogueTakesYAML(t *testing.T) {
	for _, p := range everybody(t) {
		d, err := Make("yaml", p)
		if err != nil {
			continue // it offers nothing to mail programs
		}
		if strings.Contains(string(d.Text), "127.0.0.1") {
			continue // a bridge, of which the file must say more
		}
		if err := catalog.Check(fstest.MapFS{"providers/" + p.ID + ".yaml": {Data: d.Text}}); err != nil {
			t.Errorf("%s: %v\n%s", p.ID, err, d.Text)
		}
	}
}
