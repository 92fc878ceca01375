package main

import (
	"bytes"
	"context"
	"errors"
	"flag"
	"fmt"
	"net"
	"net/netip"
	"os"
	"regexp"
	"strings"
	"testing"

	"mailprobe/internal/auth"
	"mailprobe/internal/finding"
	"mailprobe/internal/lab"
	"mailprobe/internal/probe"
	"mailprobe/internal/settings"
	"mailprobe/internal/verify"
)

var update = flag.Bool("update", false, "write the generated parts of README.md anew")

const readme = "../../README.md"

// TestReadme holds the parts of README.md that show what the program prints.
func TestReadme(t *testing.T) {
	t.Setenv("COLUMNS", "80")
	for _, variable := range []string{"MAILPROBE_PASSWORD", "MAILPROBE_TOKEN"} {
		t.Setenv(variable, "")
	}
	tour := printed(t, exitWorks, "demo")
	parts := []struct{ name, want string }{
		{"session", "console\n$ mailprobe demo office365\n" + printed(t, exitWorks, "demo", "office365") +
			"\n$ mailprobe demo\n[...]\n" + between(t, tour, "FAILS: submissions://", "mode.starttls_on_implicit_port\n")},
		{"faults", faultTable(t)},
		{"explain", "console\n$ mailprobe explain '535 5.7.139 Authentication unsuccessful, the request did not meet the criteria to be authenticated successfully'\n" +
			printed(t, exitWorks, "explain", "535 5.7.139 Authentication unsuccessful, the request did not meet the criteria to be authenticated successfully")},
		{"flags", "text\n" + between(t, printed(t, exitWorks, "--help")+"\n", "Signing in:", "  -h, --help") + "  -h, --help\n"},
	}
	for _, p := range parts {
		generated(t, p.name, p.want)
	}
}

// generated holds the part of README.md between two marks, or writes it. Text
// that does not begin a table stands in a code block, its language first.
func generated(t *testing.T, name, want string) {
	t.Helper()
	if !strings.HasPrefix(want, "|") {
		want = "```" + want + "```\n"
	}
	data, err := os.ReadFile(readme)
	if err != nil {
		t.Fatal(err)
	}
	first, last := "<!-- "+name+": written by the tests -->\n", "<!-- end of "+name+" -->\n"
	before, rest, began := strings.Cut(string(data), first)
	got, after, ended := strings.Cut(rest, last)
	if !began || !ended {
		t.Fatalf("README.md has no part %s", name)
	}
	if got == want {
		return
	}
	if !*update {
		t.Errorf("README.md, %s (go test ./cmd/mailprobe -run TestReadme -update writes it anew)\n got %s\nwant %s", name, got, want)
		return
	}
	if err := os.WriteFile(readme, []byte(before+first+want+last+after), 0o644); err != nil {
		t.Fatal(err)
	}
}

// What differs from run to run, and what README.md shows in its place.
var (
	aTime = regexp.MustCompile(`\b\d+\.\d\d? s\b`)
	aDate = regexp.MustCompile(`\b\d{1,2} [A-Z][a-z]+ 20\d\d\b`)
)

// printed is what a command line writes to the standard output.
func printed(t *testing.T, status int, args ...string) string {
	t.Helper()
	var out, messages bytes.Buffer
	a := &app{stdin: strings.NewReader(""), stdout: &out, stderr: &messages}
	if got := a.run(t.Context(), args); got != status {
		t.Fatalf("mailprobe %v: status\n got %d %s\nwant %d", args, got, messages.String(), status)
	}
	return aDate.ReplaceAllString(aTime.ReplaceAllString(out.String(), "0.01 s"), "13 November 2026")
}

// between returns text from first to the next last, which is included if it
// ends a line.
func between(t *testing.T, text, first, last string) string {
	t.Helper()
	from := strings.Index(text, first)
	if from < 0 {
		t.Fatalf("there is no %q in %s", first, text)
	}
	to := strings.Index(text[from:], last)
	if to < 0 {
		t.Fatalf("there is no %q in %s", last, text)
	}
	if strings.HasSuffix(last, "\n") {
		to += len(last)
	}
	return text[from : from+to]
}

// The ten faults of README.md, and what curl 7.88 says of them. Those without
// a server of the lab happen on the way to it.
var readmeFaults = []struct {
	what, url string
	fault     lab.Fault
	curl      string
}{
	{"The server's name is mistyped", "imaps://imap.exmaple.com", noSuchHost, "curl: (6) Could not resolve host"},
	{"The port is wrong, or the server is down", "imaps://imap.example.com", lab.Refused, "curl: (7) Failed to connect: Couldn't connect to server"},
	{"A firewall drops the connection", "submission://smtp.example.com", noAnswer, "curl: (28) Connection timed out"},
	{"SSL/TLS is set on a port for STARTTLS", "submissions://smtp.example.com", lab.ClearOnTLSPort, "curl: (35) SSL routines::wrong version number"},
	{"The server offers no encryption", "submission://smtp.example.com", lab.StartTLSMissing, "curl: (64) STARTTLS not supported."},
	{"The certificate has expired", "imaps://imap.example.com", lab.Expired, "curl: (60) SSL certificate problem: certificate has expired"},
	{"The certificate is for another name", "imaps://imap.example.com", lab.WrongName, "curl: (60) SSL: no alternative certificate subject name matches"},
	{"Nobody vouches for the certificate", "imaps://imap.example.com", lab.SelfSigned, "curl: (60) SSL certificate problem: self-signed certificate"},
	{"The password is wrong", "imaps://imap.example.com", lab.LoginRefused, "curl: (67) Login denied"},
	{"Passwords are no longer taken", "imaps://imap.example.com", lab.OAuthOnly, "curl: (67) Login denied"},
}

const (
	noSuchHost lab.Fault = "no such host"
	noAnswer   lab.Fault = "no answer"
)

// faultTable says what the rules find for each of readmeFaults.
func faultTable(t *testing.T) string {
	t.Helper()
	var b strings.Builder
	b.WriteString("| fault | code | mailprobe begins | curl says |\n| --- | --- | --- | --- |\n")
	for _, row := range readmeFaults {
		f := gravest(t, row.url, row.fault)
		first, _, _ := strings.Cut(f.Says()+" ", ". ")
		first = aDate.ReplaceAllString(strings.TrimSuffix(first, " "), "13 November 2026")
		fmt.Fprintf(&b, "| %s | `%s` | %s. | `%s` |\n", row.what, f.Code, strings.TrimSuffix(first, "."), row.curl)
	}
	return b.String()
}

// gravest is the first finding about a server with a fault.
func gravest(t *testing.T, url string, fault lab.Fault) finding.Finding {
	t.Helper()
	e, err := settings.ParseURL(url)
	if err != nil {
		t.Fatal(err)
	}
	p := verify.Plan{
		Target: url, Endpoints: []settings.Setting{{Endpoint: e, Role: settings.Documented}}, NoAlternatives: true, NoControl: true,
		Options:  probe.Options{Credential: auth.NewCredential(auth.Password, auth.NewSecret(demoPassword))},
		Username: func(settings.Setting) string { return demoAddress },
	}
	if fault.Known() {
		box, err := lab.Start(t.Context(), lab.Options{Servers: []lab.Server{{Endpoint: e, Fault: fault}}, Accounts: demoAccounts("")})
		if err != nil {
			t.Fatal(err)
		}
		defer box.Close()
		p.Options.Overrides, p.Options.TLS.System = box.Overrides(), box.CAPool()
	} else {
		p.Options.Resolver, p.Options.Dialer = onTheWay(fault), onTheWay(fault)
	}
	found := verify.Run(t.Context(), p).Endpoints[0].Findings
	if len(found) == 0 {
		t.Fatalf("%s: nothing was found", fault)
	}
	return found[0]
}

// onTheWay is a network that has a fault.
type onTheWay lab.Fault

func (f onTheWay) LookupNetIP(_ context.Context, _, host string) ([]netip.Addr, error) {
	if lab.Fault(f) == noSuchHost {
		return nil, &net.DNSError{Err: "no such host", Name: host, IsNotFound: true}
	}
	return []netip.Addr{netip.MustParseAddr("192.0.2.1")}, nil
}

func (f onTheWay) DialContext(context.Context, string, string) (net.Conn, error) {
	return nil, &net.OpError{Op: "dial", Net: "tcp", Err: errors.Join(os.ErrDeadlineExceeded)}
}
