package main

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"mailprobe/internal/lab"
	"mailprobe/internal/lab/publish"
	"mailprobe/internal/settings"
)

// TestPatch: of a folder of files one patch comes that Git takes, with what was
// seen to work in the place of what does not, and nothing else. No file is
// written.
func TestPatch(t *testing.T) {
	t.Parallel()
	imap := settings.Endpoint{Protocol: settings.IMAP, Host: "imap.corp.example", Port: 993, Security: settings.TLS}
	smtp := settings.Endpoint{Protocol: settings.SMTP, Host: "smtp.corp.example", Port: 465, Security: settings.TLS}
	odd := imap
	odd.Port = 9930
	l, err := lab.Start(t.Context(), lab.Options{Servers: append(lab.Servers(imap, smtp), lab.Server{Endpoint: odd, Fault: lab.Refused})})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	s := shelf{t.TempDir(), l, append(l.Flags(write(t, "ca.pem", l.CAPEM())), "--no-control", "--no-prompt")}
	wrong := strings.ReplaceAll(publish.Config("imap imap.corp.example 9930 SSL", "smtp smtp.corp.example 465 SSL"), "\n", "\r\n")
	s.put(t, "wrong.xml", wrong)
	s.put(t, "right.xml", publish.Config("imap imap.corp.example 993 SSL", "smtp smtp.corp.example 465 SSL"))
	s.put(t, "wrong.md", "---\nname: C\ndomains: [corp.example]\nserver:\n - {type: imap, socket: SSL, hostname: imap.corp.example, port: 9930}\n---")
	s.put(t, "stranger.xml", strings.ReplaceAll(publish.Config("imap imap.gone.example 993 SSL", "smtp smtp.corp.example 465 SSL"), "corp.example</domain>", "gone.example</domain>"))

	var out bytes.Buffer
	a := &app{stdin: &bytes.Buffer{}, stdout: &out, stderr: &bytes.Buffer{}}
	if status := a.run(t.Context(), append([]string{s.dir + "/", "-o", "patch"}, s.flags...)); status != exitFails || strings.Count(out.String(), "\n+++ ") != 2 {
		t.Fatalf("got  %d %s", status, out.String())
	}
	if got := fileOf(t, filepath.Join(s.dir, "wrong.xml")); got != wrong {
		t.Errorf("got  %s\nwant the file as it was", got)
	}
	diff := strings.ReplaceAll(out.String(), s.dir[1:]+"/", "")
	c := exec.CommandContext(t.Context(), "git", "apply", "-")
	c.Dir, c.Stdin, c.Env = s.dir, strings.NewReader(diff), append(os.Environ(), "GIT_CEILING_DIRECTORIES="+filepath.Dir(s.dir))
	if said, err := c.CombinedOutput(); err != nil {
		t.Fatalf("%v: %s\n%s", err, said, diff)
	}
	if got, want := fileOf(t, filepath.Join(s.dir, "wrong.xml")), strings.Replace(wrong, "9930", "993", 1); got != want {
		t.Errorf("got  %q\nwant %q", got, want)
	}
	s.says(t, "wrong.xml: both settings work", s.dir+"/wrong.xml", s.dir+"/wrong.md")
	s.says(t, "name a file or a folder", "imaps://imap.corp.example", "-o", "patch")
	s.flags = nil
	for _, command := range []string{"check", "demo"} {
		s.says(t, "name a file or a folder", command, "corp.example", "-o", "patch")
	}
}

// TestOnlyChanged: of a folder those files are verified that are not as in a
// commit.
func TestOnlyChangedFiles(t *testing.T) {
	s := newShelf(t)
	t.Chdir(s.dir)
	for _, args := range [][]string{{"init", "-q"}, {"add", "."}, {"-c", "user.name=x", "-c", "user.email=x@corp.example", "commit", "-qm", "x"}} {
		if out, err := exec.CommandContext(t.Context(), "git", args...).CombinedOutput(); err != nil {
			t.Fatalf("%v: %s", err, out)
		}
	}
	s.says(t, "no file of settings changed since HEAD", "./", "--only-changed", "HEAD")
	s.put(t, "b.xml", publish.Config("imap imap.shared.example 993 SSL"))
	s.put(t, "d.xml", publish.Config("smtp smtp.shared.example 465 SSL"))
	for _, folder := range []string{"./", s.dir} {
		if status, all, said := s.run(t, folder, "--only-changed", "HEAD"); status != exitWorks || len(all) != 2 || all["b.xml"] == nil || all["d.xml"] == nil {
			t.Errorf("%s\ngot  %d %v %s\nwant the two that changed", folder, status, all, said)
		}
	}
}
