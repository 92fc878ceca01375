package main

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"mailprobe/internal/document"
	"mailprobe/internal/lab"
	"mailprobe/internal/lab/publish"
	"mailprobe/internal/settings"
)

// A shelf is a folder of files, and a lab in which their servers are.
type shelf struct {
	dir   string
	lab   *lab.Lab
	flags []string
}

var (
	sharedIMAP = settings.Endpoint{Protocol: settings.IMAP, Host: "imap.shared.example", Port: 993, Security: settings.TLS}
	sharedSMTP = settings.Endpoint{Protocol: settings.SMTP, Host: "smtp.shared.example", Port: 465, Security: settings.TLS}
	goneIMAP   = settings.Endpoint{Protocol: settings.IMAP, Host: "imap.gone.example", Port: 993, Security: settings.TLS}
)

func newShelf(t *testing.T) shelf {
	t.Helper()
	l, err := lab.Start(t.Context(), lab.Options{Servers: append(lab.Servers(sharedIMAP, sharedSMTP), lab.Server{Endpoint: goneIMAP, Fault: lab.Refused}),
		Accounts: []lab.Account{{Address: "ida@shared.example", Password: "fjord"}}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	s := shelf{t.TempDir(), l, append(l.Flags(write(t, "ca.pem", l.CAPEM())), "--no-control", "--no-alternatives", "--no-prompt")}
	s.put(t, "a.xml", publish.Config("imap imap.shared.example 993 SSL", "smtp smtp.shared.example 465 SSL"))
	s.put(t, "b.xml", publish.Config("imap imap.shared.example 993 SSL", "smtp smtp.shared.example 465 SSL"))
	s.put(t, "c.md", "---\nname: C\ndomains: [c.example]\nserver:\n - {type: imap, socket: SSL, hostname: imap.shared.example, port: 993}\n---\n")
	s.put(t, "README.md", "# nothing\n")
	return s
}

func (s shelf) put(t *testing.T, name, text string) {
	t.Helper()
	if err := os.WriteFile(filepath.Join(s.dir, name), []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

// run verifies, and returns the documents by the names of their files.
func (s shelf) run(t *testing.T, args ...string) (int, map[string]*document.Document, string) {
	t.Helper()
	var stdout, stderr bytes.Buffer
	a := &app{stdin: &bytes.Buffer{}, stdout: &stdout, stderr: &stderr}
	status := a.run(t.Context(), slices.Concat(args, s.flags, []string{"--json"}))
	list, err := document.Read(&stdout)
	if err != nil && stdout.Len() > 0 {
		t.Fatalf("%v", err)
	}
	all := map[string]*document.Document{}
	for _, d := range list {
		all[filepath.Base(string(d.Target))] = d
	}
	return status, all, stderr.String()
}

// says verifies, and wants to read something.
func (s shelf) says(t *testing.T, want string, args ...string) {
	t.Helper()
	var out bytes.Buffer
	a := &app{stdin: &bytes.Buffer{}, stdout: &out, stderr: &out}
	if status := a.run(t.Context(), slices.Concat(args, s.flags)); !strings.Contains(out.String(), want) {
		t.Errorf("%q: got  %d %s\nwant %s", args, status, out.String(), want)
	}
}

// Servers that several files name are dialled once, and reported with each.
func TestFolderIsVerified(t *testing.T) {
	t.Parallel()
	s := newShelf(t)
	status, all, messages := s.run(t, s.dir+"/")
	if status != exitWorks || len(all) != 3 || messages != "" {
		t.Fatalf("got  %d %v %s", status, all, messages)
	}
	if got := told(all["b.xml"]); got != "imaps://imap.shared.example:993 works ispdb-file [] not_tested\nsubmissions://smtp.shared.example:465 works ispdb-file [] not_tested" {
		t.Errorf("got  %s", got)
	}
	if got := told(all["c.md"]); got != "imaps://imap.shared.example:993 works file [] not_tested" {
		t.Errorf("got  %s", got)
	}
	if n := s.lab.Total().Connections; n != 2 {
		t.Errorf("got  %d connections\nwant one to each server", n)
	}
}

func TestFaultsOfFilesCount(t *testing.T) {
	t.Parallel()
	s := newShelf(t)
	s.put(t, "broken.xml", " <?xml version=\"1.0\"?><clientConfig/>")
	s.put(t, "gone.xml", publish.Config("imap imap.gone.example 993 SSL", "smtp smtp.shared.example 465 SSL"))
	status, all, _ := s.run(t, s.dir)
	if status != exitFails || all["broken.xml"].Verdict != document.Fails || all["gone.xml"].Verdict != document.Fails || all["a.xml"].Verdict != document.Works {
		t.Errorf("got  %d %+v", status, all)
	}
}

// An account is signed in to by one file, that is for its domain.
func TestSignInByAFile(t *testing.T) {
	t.Parallel()
	s := newShelf(t)
	s.put(t, "own.xml", strings.Replace(publish.Config("imap imap.shared.example 993 SSL", "smtp smtp.shared.example 465 SSL"), "<domain>corp.example", "<domain>shared.example", 1))
	secret := []string{"--user", "ida@shared.example", "--password-file", write(t, "secret", []byte("fjord"))}
	for _, row := range []struct {
		path   string
		status int
		says   string
	}{
		{s.dir, exitUsage, "holds 4 documents, and an account belongs to one of them"},
		{filepath.Join(s.dir, "a.xml"), exitUsage, "is not for accounts of shared.example"},
		{filepath.Join(s.dir, "own.xml"), exitWorks, ""},
		{filepath.Join(s.dir, "nowhere.xml"), exitUsage, "there is no file or folder"},
	} {
		status, all, messages := s.run(t, append(secret, row.path)...)
		if status != row.status || !strings.Contains(messages, row.says) {
			t.Errorf("%s: got  %d %s\nwant %d %s", row.path, status, messages, row.status, row.says)
		}
		if d := all["own.xml"]; row.status == exitWorks && (d == nil || d.Endpoints[0].Auth.Status != document.Accepted) {
			t.Errorf("got  %+v", d)
		}
	}
}

func TestResults(t *testing.T) {
	t.Parallel()
	s := newShelf(t)
	s.put(t, "gone.xml", publish.Config("imap imap.gone.example 993 SSL", "smtp smtp.shared.example 465 SSL"))
	file := filepath.Join(t.TempDir(), "results.json")
	keep := []string{s.dir, "--results", file}
	if status, all, messages := s.run(t, append(keep, "--changed")...); status != exitFails || len(all) != 4 {
		t.Fatalf("the first time: got  %d %v %s\nwant all", status, all, messages)
	}
	var book struct {
		Schema    int
		Endpoints []struct{ Host, Verdict, From, Mailprobe, Verified string }
	}
	data, err := os.ReadFile(file)
	if err != nil || json.Unmarshal(data, &book) != nil || book.Schema != 1 || len(book.Endpoints) != 3 || book.Endpoints[0].Verdict != "fails" || book.Endpoints[0].From == "" || book.Endpoints[0].Verified == "" {
		t.Fatalf("%v: %s", err, data)
	}
	if status, all, _ := s.run(t, append(keep, "--changed")...); status != exitFails || len(all) != 0 {
		t.Errorf("again: got  %d %v\nwant nothing to report", status, all)
	}
	for _, row := range []struct{ format, want string }{
		{"json", `"verdict": "fails"`}, {"nagios", "MAILPROBE CRITICAL - nothing to report that differs"}, {"html", "fails"},
		{"junit", `failures="1" errors="0"`}, {"github", "::error title=mailprobe::What was verified does not all work."},
	} {
		s.says(t, row.want, append(keep, "--changed", "-o", row.format)...)
	}
	before := s.lab.Total().Connections
	status, all, messages := s.run(t, append(keep, "--max-age", "7d")...)
	if status != exitFails || len(all) != 1 || len(all["gone.xml"].Endpoints) != 1 || s.lab.Total().Connections != before || !strings.Contains(messages, "2 of 3 servers") {
		t.Errorf("got  %d %v %s, %d connections more\nwant what failed alone", status, all, messages, s.lab.Total().Connections-before)
	}
	if status, _, messages := s.run(t, s.dir, "--max-age", "7d"); status != exitUsage || !strings.Contains(messages, "add --results FILE") {
		t.Errorf("got  %d %s", status, messages)
	}
	one := append([]string{filepath.Join(s.dir, "gone.xml")}, keep[1:]...)
	if status, _, messages := s.run(t, append(one, "--max-age", "7d", "--user", "me@example.com", "--yes", "--no-prompt")...); status != exitUsage || !strings.Contains(messages, "says nothing of a sign-in") {
		t.Errorf("with a user: got  %d %s\nwant it refused: what worked before says nothing of signing in", status, messages)
	}
	unsigned := []string{filepath.Join(s.dir, "a.xml"), "--results", file, "--changed", "--user", "me@corp.example", "--yes", "--no-prompt"}
	s.run(t, unsigned...)
	for _, row := range []struct{ format, want string }{
		{"junit", `failures="0" errors="1"`}, {"github", "::error title=mailprobe::What was verified could not all be judged, or signing in was asked for and not tested."},
		{"json", `"verdict": "unknown"`}, {"nagios", "MAILPROBE UNKNOWN"},
	} {
		s.says(t, row.want, append(unsigned, "-o", row.format)...)
	}
	os.Remove(filepath.Join(s.dir, "gone.xml"))
	s.says(t, `"verdict": "works"`, append(keep, "--max-age", "7d", "-o", "json")...)
	s.says(t, "MAILPROBE OK", append(keep, "--max-age", "7d", "-o", "nagios")...)
	s.says(t, "within 7d: 2 of 2 servers", append(keep, "--max-age", "7d")...)
	if status, _, messages := s.run(t, append(keep, "--max-age", "7d")...); status != exitWorks || !strings.Contains(messages, "2 of 2 servers") {
		t.Errorf("all fresh: got  %d %s\nwant it to work", status, messages)
	}
}
