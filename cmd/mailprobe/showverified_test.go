package main

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"mailprobe/internal/lab"
	"mailprobe/internal/lab/publish"
	"mailprobe/internal/settings"
)

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
		"there are for outlook, thunderbird, apple, ios, android": {"gmail", "--for", "pine"}, "(did you mean outlook?)": {"gmail", "--for", "outlok"}, "--for is empty": {"gmail", "--for", ""}, "--for writes text alone": {"gmail", "--for", "ios", "-o", "yaml"},
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

// docs/settings.md describes every format and every program, and none besides.
func TestShowIsDocumented(t *testing.T) {
	text, err := os.ReadFile("../../docs/settings.md")
	if err != nil {
		t.Fatal(err)
	}
	for head, want := range map[string][]string{"## What `show -o` writes": append(slices.Clone(showFormats()[2:]), "json"), "## What `show --for` says": programs()} {
		_, section, ok := strings.Cut(string(text), head+"\n")
		section, _, _ = strings.Cut(section, "\n## ")
		var got []string
		for line := range strings.Lines(section) {
			if name, found := strings.CutPrefix(line, "| `"); found {
				got = append(got, name[:strings.IndexByte(name, '`')])
			}
		}
		if !ok || !slices.Equal(got, want) {
			t.Errorf("%s\ngot  %q\nwant %q", head, got, want)
		}
	}
}
