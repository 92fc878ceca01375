package main

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"mailprobe/internal/document"
	"mailprobe/internal/lab"
	"mailprobe/internal/lab/publish"
	"mailprobe/internal/published"
	"mailprobe/internal/settings"
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

// With --verified only what works is written, and what does not decides the
// exit status.
func TestShowVerified(t *testing.T) {
	at := func(p settings.Protocol, s settings.Security) settings.Endpoint {
		return settings.Endpoint{Protocol: p, Host: "mail.corp.example", Port: settings.DefaultPort(p, s), Security: s}
	}
	servers := lab.Servers(at(settings.IMAP, settings.TLS), at(settings.SMTP, settings.TLS), at(settings.POP3, settings.Plain))
	l, err := lab.Start(t.Context(), lab.Options{Servers: servers})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	ca := write(t, "ca.pem", l.CAPEM())
	dead := []string{"--connect-to", "mail.corp.example:143:127.0.0.1:1", "--connect-to", "mail.corp.example:587:127.0.0.1:1"}
	flags := append(l.Flags(ca), dead...)
	for _, row := range []struct {
		targets []string
		status  int
		want    []string
		says    string
	}{
		{[]string{"imaps://mail.corp.example", "submissions://mail.corp.example"}, exitWorks,
			[]string{"imaps://mail.corp.example:993 %EMAILADDRESS% password", "submissions://mail.corp.example:465 %EMAILADDRESS% password"}, "2 of 2 servers work, as far as can be seen without signing in"},
		{[]string{"imap://mail.corp.example", "imaps://mail.corp.example", "submissions://mail.corp.example"}, exitFails,
			[]string{"imaps://mail.corp.example:993 %EMAILADDRESS% password", "submissions://mail.corp.example:465 %EMAILADDRESS% password"}, "left out: IMAP mail.corp.example:143 (STARTTLS) does not work"},
		{[]string{"pop3+plain://mail.corp.example", "imaps://mail.corp.example", "submissions://mail.corp.example"}, exitFails,
			[]string{"imaps://mail.corp.example:993 %EMAILADDRESS% password", "submissions://mail.corp.example:465 %EMAILADDRESS% password"}, "left out: POP3 mail.corp.example:110 (none) answers, without encryption"},
		{[]string{"imap://mail.corp.example"}, exitFails, nil, "none of the servers is known to work"},
	} {
		file := filepath.Join(t.TempDir(), "config.xml")
		args := append(append([]string{"show", "--verified", "--domain", "corp.example", "-o", "autoconfig=" + file}, row.targets...), flags...)
		status, _, messages := runs(t, args...)
		text, err := os.ReadFile(file)
		if status != row.status || !strings.Contains(messages, row.says) || (err == nil) != (row.want != nil) {
			t.Errorf("%v\ngot  %d %s %v\nwant %d %s", row.targets, status, messages, err, row.status, row.says)
			continue
		}
		if row.want == nil {
			continue
		}
		if got := offersOf(t, file, text); !slices.Equal(got, row.want) {
			t.Errorf("%v\n got %q\nwant %q", row.targets, got, row.want)
		}
	}
}

// With --for the fields of a program are named, and what goes into them.
func TestShowFor(t *testing.T) {
	for _, row := range []struct {
		args []string
		says []string
	}{
		{[]string{"me@icloud.com", "--for", "thunderbird"}, []string{"me@icloud.com in Thunderbird\n", "Hostname               imap.mail.me.com\n", "Username               me\n", "Username               me@icloud.com\n", "an app password, not the password"}},
		{[]string{"gmail", "--for", "outlook"}, []string{"Gmail in Outlook (classic) for Windows\n", "opens the provider's own page"}},
		{[]string{"imap://mail.corp.example", "imaps://mail.corp.example", "submission://mail.corp.example", "--for", "android", "--user", "me@corp.example"}, []string{"me@corp.example in Gmail on Android\n", "Port                   993\n", "Port                   587\n", "Security type          STARTTLS\n"}},
		{[]string{publishedFolder + "autoconfig-sound.xml", "--for", "apple"}, []string{"Incoming Mail Server   imap.nord.example\n"}},
		{[]string{"tuta", "--for", "ios"}, []string{"cannot be set up in Mail on iPhone and iPad: it has no server for IMAP or POP3."}},
	} {
		status, out, messages := runs(t, append([]string{"show"}, row.args...)...)
		for _, want := range row.says {
			if status != exitWorks || !strings.Contains(strings.Join(strings.Fields(out), " "), strings.Join(strings.Fields(want), " ")) {
				t.Errorf("%v\ngot  %d %s %s\nwant %s", row.args, status, out, messages, want)
			}
		}
	}
	for says, args := range map[string][]string{
		"there are for outlook, thunderbird, apple, ios, android": {"gmail", "--for", "pine"}, "--for is empty": {"gmail", "--for", ""}, "--for writes text alone": {"gmail", "--for", "ios", "-o", "yaml"},
	} {
		if status, out, messages := runs(t, append([]string{"show"}, args...)...); status != exitUsage || out != "" || !strings.Contains(messages, says) {
			t.Errorf("%v\ngot  %d %s %s\nwant %s", args, status, out, messages, says)
		}
	}
	if _, out, _ := runs(t, "__complete", "show", "gmail", "--for", ""); !strings.HasPrefix(out, "outlook\nthunderbird\n") {
		t.Errorf("got  %s", out)
	}
	if _, out, _ := runs(t, "__complete", "show", "gmail", "-o", ""); !strings.Contains(out, "autoconfig\nautodiscover\nmobileconfig\nsrv\npacc\nyaml\n") {
		t.Errorf("got  %s", out)
	}
}

// Servers that are guessed are written only where they were seen to work.
func TestShowOfGuesses(t *testing.T) {
	at := func(p settings.Protocol, host string) settings.Endpoint {
		return settings.Endpoint{Protocol: p, Host: host, Port: settings.DefaultPort(p, settings.TLS), Security: settings.TLS}
	}
	l, err := lab.Start(t.Context(), lab.Options{Servers: lab.Servers(at(settings.IMAP, "imap.corp.example"), at(settings.SMTP, "smtp.corp.example"))})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	n := publish.New(t)
	n.Records["corp.example A"] = []string{"192.0.2.1"}
	n.Ready()
	flags := append(l.Flags(write(t, "ca.pem", slices.Concat(l.CAPEM(), n.CA.PEM()))), "--dns-server", n.DNS, "--connect-to", ":443:"+n.Web, "--connect-to", ":995:127.0.0.1:1")
	file := filepath.Join(t.TempDir(), "config.xml")
	status, _, messages := runs(t, append([]string{"show", "corp.example", "-o", "autoconfig=" + file}, flags...)...)
	if _, err := os.Stat(file); status != exitUsage || err == nil || !strings.Contains(messages, "these servers are guessed by their names; add --verified") {
		t.Errorf("got  %d %s %v\nwant nothing to be written", status, messages, err)
	}
	status, _, messages = runs(t, append([]string{"show", "corp.example", "--verified", "-o", "autoconfig=" + file}, flags...)...)
	text, err := os.ReadFile(file)
	want := []string{"imaps://imap.corp.example:993 %EMAILADDRESS% password", "submissions://smtp.corp.example:465 %EMAILADDRESS% password"}
	if err != nil || status != exitWorks || !slices.Equal(offersOf(t, file, text), want) {
		t.Errorf("got  %d %s %v %s\nwant %q", status, messages, err, text, want)
	}
}

// Whoever ends it early is told nothing else.
func TestShowInterrupted(t *testing.T) {
	n := publish.New(t)
	n.Ready()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	var stdout, stderr bytes.Buffer
	a := &app{stdin: strings.NewReader(""), stdout: &stdout, stderr: &stderr}
	if status := a.run(ctx, append([]string{"show", "corp.example", "-o", "srv"}, ask(t, n)...)); status != exitInterrupted || stdout.Len()+stderr.Len() > 0 {
		t.Errorf("got  %d %q %q\nwant %d", status, stdout.String(), stderr.String(), exitInterrupted)
	}
}
