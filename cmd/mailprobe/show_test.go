package main

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"mailprobe/internal/document"
	"mailprobe/internal/lab/publish"
	"mailprobe/internal/published"
)

// offersOf reads a document back as lint does.
func offersOf(t *testing.T, name string, text []byte) (list []string) {
	t.Helper()
	d := published.Read(name, text)
	for _, o := range d.Offers {
		list = append(list, o.Endpoint("").String()+" "+string(o.Username)+" "+strings.Join(o.SignIn, ","))
	}
	if !d.Read {
		t.Errorf("got  %v\nwant a document that can be read: %s", d.Findings, text)
	}
	return list
}

func TestShowWrites(t *testing.T) {
	const servers = "imaps://mail.corp.example"
	for _, row := range []struct {
		args []string
		name string
		want []string
	}{
		{[]string{"fastmail", "-o", "autoconfig"}, "x.xml", []string{"imaps://imap.fastmail.com:993 %EMAILADDRESS% oauth2,password", "pop3s://pop.fastmail.com:995 %EMAILADDRESS% oauth2,password", "submissions://smtp.fastmail.com:465 %EMAILADDRESS% oauth2,password"}},
		{[]string{"fastmail", "-o", "yaml", "--only", "imap"}, "x.yaml", []string{"imaps://imap.fastmail.com:993 %EMAILADDRESS% oauth2,password"}},
		{[]string{"submission://mail.corp.example", "submissions://mail.corp.example", "imap://mail.corp.example", servers, "--domain", "Corp.Example", "-o", "autoconfig"}, "x.xml",
			[]string{"imaps://mail.corp.example:993 %EMAILADDRESS% password", "imap://mail.corp.example:143 %EMAILADDRESS% password", "submissions://mail.corp.example:465 %EMAILADDRESS% password", "submission://mail.corp.example:587 %EMAILADDRESS% password"}},
		{[]string{servers, "submission://mail.corp.example", "-o", "mobileconfig"}, "x.mobileconfig", []string{"imaps://mail.corp.example:993 %EMAILADDRESS% password", "submission://mail.corp.example:587 %EMAILADDRESS% password"}},
		{[]string{servers, "submissions://mail.corp.example", "-o", "autodiscover", "--user", "me@corp.example"}, "x.xml", []string{"imaps://mail.corp.example:993 %EMAILADDRESS% password", "submissions://mail.corp.example:465 %EMAILADDRESS% password"}},
		{[]string{publishedFolder + "autoconfig-sound.xml", "-o", "pacc"}, "x.json", []string{"imaps://imap.nord.example:993 %EMAILADDRESS% password", "pop3s://pop.nord.example:995 %EMAILADDRESS% password", "submissions://smtp.nord.example:465 %EMAILADDRESS% password"}},
	} {
		status, out, messages := runs(t, append([]string{"show"}, row.args...)...)
		if got := offersOf(t, row.name, []byte(out)); status != exitWorks || !slices.Equal(got, row.want) {
			t.Errorf("%v\ngot  %d %q %s\nwant %q", row.args, status, got, messages, row.want)
		}
	}
}

// A document for any domain is written for the one that the user names.
func TestShowFillsIn(t *testing.T) {
	file := filepath.Join(t.TempDir(), "any.xml")
	text := strings.ReplaceAll(publish.Config("imap mail.%EMAILDOMAIN% 993 SSL", "smtp mail.%EMAILDOMAIN% 465 SSL"), "corp.example", "%EMAILDOMAIN%")
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, args := range [][]string{{"--domain", "firma.example"}, {"--user", "me@firma.example"}} {
		status, out, messages := runs(t, append([]string{"show", file, "-o", "srv"}, args...)...)
		want := []string{"imaps://mail.firma.example:993  ", "submissions://mail.firma.example:465  "}
		if got := offersOf(t, "x.zone", []byte(out)); status != exitWorks || !slices.Equal(got, want) {
			t.Errorf("%v\ngot  %d %q %s\nwant %q", args, status, got, messages, want)
		}
	}
}

// The domain is that of the account, or the one that was typed.
func TestShowDomains(t *testing.T) {
	for want, args := range map[string][]string{
		"gmail.com,googlemail.com": {"gmail"}, "googlemail.com": {"googlemail.com"}, "gmail.com": {"me@gmail.com"}, "corp.example": {"gmail", "--user", "me@corp.example"},
		"a.example,b.example": {"gmail", "--domain", "A.example,b.example", "--user", "me@corp.example"}, "xn--mnchen-3ya.example": {"gmail", "--domain", "m\u00fcnchen.example"},
	} {
		status, out, messages := runs(t, append([]string{"show", "-o", "autoconfig"}, args...)...)
		if got := strings.Join(published.Read("x.xml", []byte(out)).Domains, ","); status != exitWorks || got != want {
			t.Errorf("%v\ngot  %d %s %s\nwant %s", args, status, got, messages, want)
		}
	}
}

// What is wrong with the settings themselves is told where they are written.
func TestShowTellsFaults(t *testing.T) {
	for format, args := range map[string][]string{"autoconfig": {publishedFolder + "autoconfig-ports.xml"}, "autodiscover": {publishedFolder + "autodiscover-tls-means-starttls.xml"}, "yaml": {"imap+plain://mail.corp.example", "submissions://mail.corp.example"}} {
		status, _, messages := runs(t, append([]string{"show", "-o", format, "--domain", "corp.example"}, args...)...)
		if status != exitWorks || !strings.Contains(messages, "mailprobe: what "+format+" says will not do: ") {
			t.Errorf("%s\ngot  %d %s", format, status, messages)
		}
	}
	if _, _, messages := runs(t, "show", "fastmail", "-o", "autoconfig"); messages != "" {
		t.Errorf("got  %s\nwant nothing to be told", messages)
	}
}

// A mistake is one line and exit status 2, and no file is written.
func TestShowRefuses(t *testing.T) {
	folder := t.TempDir()
	file := filepath.Join(folder, "x")
	for _, row := range []struct {
		args []string
		says string
	}{
		{nil, "nothing to show"},
		{[]string{"gmail", "icloud"}, "these are 2 targets"},
		{[]string{"gmail", "-o", "xml=" + file}, `unknown output format "xml"; there are text, json, autoconfig`},
		{[]string{"gmail", "-o", "autoconfig", "-o", "srv"}, "both autoconfig and srv would go to the standard output"},
		{[]string{"gmail", "-o", "autoconfig="}, "the name of the file is missing"},
		{[]string{"gmail", "-o", "autoconfig=" + folder}, "it is a directory"},
		{[]string{"gmail", "-o", "autoconfig=" + filepath.Join(folder, "no", "x")}, "no such file or directory"},
		{[]string{"gmail", "-o", "pacc=" + file, "-o", "srv=" + file + ".txt"}, "another format would be written to"},
		{[]string{"gmail", "-o", "srv=" + file, "--domain", "a b"}, "--domain a b: write the part"},
		{[]string{"gmail", "-o", "srv=" + file, "--domain", ""}, "--domain is empty"},
		{[]string{"gmail", "-o", "srv=" + file, "--domain", "192.0.2.1"}, "--domain 192.0.2.1: write the part"},
		{[]string{"gmail", "-o", "srv=" + file, "--user", "me"}, "is not a mail address"},
		{[]string{"gmail", "-o", "srv=" + file, "--only", "jmap"}, "no such protocol"},
		{[]string{"imaps://mail.corp.example", "-o", "autoconfig=" + file}, "add --domain"},
		{[]string{"imaps://mail.corp.example"}, "is a server, not a provider"},
		{[]string{"imaps://mail.corp.example", "-o", "mobileconfig=" + file}, "one of the two is missing"},
		{[]string{"office365", "-o", "autodiscover=" + file}, "no server would be left that receives"},
		{[]string{"office365", "-o", "yaml=" + file + "1", "-o", "autodiscover=" + file}, "no server would be left that receives"},
		{[]string{"tuta", "-o", "autoconfig=" + file}, "there is no server to write"},
		{[]string{"nix.xml", "-o", "srv=" + file}, `there is no file or folder "nix.xml"`},
		{[]string{publishedFolder, "-o", "srv=" + file}, "documents; name one of them"},
		{[]string{"nobody", "-o", "srv=" + file}, `unknown provider "nobody"`},
	} {
		status, out, messages := runs(t, append([]string{"show"}, row.args...)...)
		last := messages[strings.LastIndex(strings.TrimSuffix(messages, "\n"), "\n")+1:]
		if status != exitUsage || out != "" || !strings.Contains(last, row.says) || strings.Count(messages, "\n") != 1 {
			t.Errorf("%v\ngot  %d %q %q\nwant 2 and one line: %s", row.args, status, out, messages, row.says)
		}
	}
	if left, _ := os.ReadDir(folder); len(left) > 0 {
		t.Errorf("got  %v\nwant no file", left)
	}
}

// A file is replaced as a whole, what a link leads to and not the link, with
// its own mode; a device is written to.
func TestShowReplacesFiles(t *testing.T) {
	folder := t.TempDir()
	file, link := filepath.Join(folder, "config.xml"), filepath.Join(folder, "link.xml")
	if err := os.WriteFile(file, []byte("old"), 0o640); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(file, link); err != nil {
		t.Skip("this system has no links for everybody")
	}
	status, out, messages := runs(t, "show", "fastmail", "-o", "autoconfig="+link, "-o", "srv="+os.DevNull)
	if status != exitWorks || out != "" {
		t.Fatalf("got  %d %q %q", status, out, messages)
	}
	text, err := os.ReadFile(file)
	if err != nil || len(offersOf(t, file, text)) != 3 {
		t.Errorf("got  %s %v", text, err)
	}
	info, err := os.Lstat(link)
	if err != nil || info.Mode()&os.ModeSymlink == 0 {
		t.Errorf("got  %v %v\nwant the link", info, err)
	}
	if info, err := os.Stat(file); err != nil || info.Mode().Perm() != 0o640 {
		t.Errorf("got  %v %v\nwant mode 0640", info, err)
	}
	if info, err := os.Stat(os.DevNull); err != nil || info.Mode().IsRegular() {
		t.Errorf("got  %v %v\nwant the device", info, err)
	}
	if left, _ := os.ReadDir(folder); len(left) != 2 {
		t.Errorf("got  %v\nwant nothing left over", left)
	}
}

// The record of PACC is of the bytes that were written, on stderr and beside
// the file.
func TestShowRecord(t *testing.T) {
	file := filepath.Join(t.TempDir(), "ua.json")
	status, _, messages := runs(t, "show", "fastmail", "--domain", "corp.example", "-o", "pacc="+file)
	text, err := os.ReadFile(file)
	if status != exitWorks || err != nil {
		t.Fatalf("got  %d %s %v", status, messages, err)
	}
	sum := sha256.Sum256(text)
	want := `_ua-auto-config.corp.example. 3600 IN TXT "v=UAAC1; a=sha256; d=` + base64.StdEncoding.EncodeToString(sum[:]) + "\"\n"
	if beside, err := os.ReadFile(file + ".txt"); string(beside) != want || err != nil || !strings.HasSuffix(messages, want) {
		t.Errorf("got  %s %s %v\nwant %s", messages, beside, err, want)
	}
}

// What a domain publishes is written in another form, and read back from there
// by discover: autoconfig, SRV, Autodiscover and PACC, each from its own place.
func TestShowOfDomain(t *testing.T) {
	n := publish.New(t)
	n.Pages["autoconfig.corp.example/mail/config-v1.1.xml"] = publish.XML(publish.Config("imap imap.%EMAILDOMAIN% 993 SSL", "imap imap.corp.example 143 STARTTLS", "smtp smtp.corp.example 465 SSL"))
	n.Ready()
	write := func(format string, args ...string) string {
		status, out, messages := runs(t, append(append([]string{"show", "corp.example", "-o", format}, args...), ask(t, n)...)...)
		if status != exitWorks {
			t.Fatalf("%s: got  %d %s", format, status, messages)
		}
		return out
	}
	autoconfig, autodiscover, srv, pacc := write("autoconfig"), write("autodiscover"), write("srv"), write("pacc")
	if text := write("text"); !strings.HasPrefix(text, "corp.example\n") || !strings.Contains(text, "imap.corp.example") {
		t.Errorf("got  %s", text)
	}
	var shown struct {
		Endpoints []struct{ Host string } `json:"endpoints"`
	}
	if err := json.Unmarshal([]byte(write("json")), &shown); err != nil || len(shown.Endpoints) != 3 {
		t.Errorf("got  %+v %v", shown, err)
	}
	n = publish.New(t)
	n.Pages["autoconfig.corp.example/mail/config-v1.1.xml"] = publish.XML(autoconfig)
	n.Pages["autodiscover.corp.example/autodiscover/autodiscover.xml"] = publish.XML(autodiscover)
	n.Pages["ua-auto-config.corp.example/.well-known/user-agent-configuration.json"] = publish.Text("application/json", pacc)
	sum := sha256.Sum256([]byte(pacc))
	n.Records["_ua-auto-config.corp.example TXT"] = []string{`"v=UAAC1; a=sha256; d=` + base64.StdEncoding.EncodeToString(sum[:]) + `"`}
	for line := range strings.Lines(srv) {
		f := strings.Fields(line)
		n.Records[strings.TrimSuffix(f[0], ".")+" SRV"] = []string{strings.Join(f[4:], " ")}
	}
	status, d, messages := discovered(t, n, "corp.example")
	got := map[string]string{}
	for _, s := range d.Sources {
		for _, o := range s.Offers {
			got[string(s.Source)] += o.Endpoint().String() + " "
		}
		for _, f := range s.Findings {
			if f.Severity != "info" {
				t.Errorf("%s: %s: %s", s.Source, f.Code, f.Message)
			}
		}
		if s.Source == "srv" && !slices.Equal(s.Absent, []document.Text{"pop3"}) {
			t.Errorf("got  %v\nwant POP3 not to be offered", s.Absent)
		}
	}
	const tls, also, smtp = "imaps://imap.corp.example:993 ", "imap://imap.corp.example:143 ", "submissions://smtp.corp.example:465 "
	for source, want := range map[string]string{"autoconfig": tls + also + smtp, "autodiscover": tls + also + smtp, "srv": tls + also + smtp, "pacc": tls + smtp} {
		if got[source] != want {
			t.Errorf("%s\ngot  %s\nwant %s", source, got[source], want)
		}
	}
	if status != exitWorks || len(d.Conflicts) > 0 {
		t.Errorf("got  %d %+v %s\nwant agreement", status, d.Conflicts, messages)
	}
}
