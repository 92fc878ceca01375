package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"mailprobe/internal/document"
	"mailprobe/internal/lab/publish"
	"mailprobe/internal/settings"
)

// Domains of one's own, whose accounts and names the real servers know.
var publishingDomains = []string{"fjord.example", "tarn.example", "moor.example"}

func publishedHosts() []string {
	var hosts []string
	for _, d := range publishingDomains {
		hosts = append(hosts, "imap."+d, "smtp."+d, "mail."+d)
	}
	return hosts
}

// A town is an internet where domains publish what they will, in front of a
// real Dovecot and a real Postfix.
type town struct {
	*publish.Internet
	flags []string
}

func newTown(t *testing.T) town {
	t.Helper()
	dovecot, postfix := servers.Dovecot(t), servers.Postfix(t)
	n := publish.New(t)
	flags := []string{"--dns-server", n.DNS, "--connect-to", ":443:" + n.Web, "--no-control", "--cacert", write(t, "ca.pem", slices.Concat(dovecot.CAPEM(), n.CA.PEM()))}
	for _, d := range publishingDomains {
		for _, e := range []settings.Endpoint{
			{Protocol: settings.IMAP, Host: "imap." + d, Port: 993, Security: settings.TLS}, {Protocol: settings.IMAP, Host: "imap." + d, Port: 143, Security: settings.StartTLS},
			{Protocol: settings.POP3, Host: "mail." + d, Port: 995, Security: settings.TLS},
			{Protocol: settings.SMTP, Host: "smtp." + d, Port: 465, Security: settings.TLS}, {Protocol: settings.SMTP, Host: "smtp." + d, Port: 587, Security: settings.StartTLS},
			{Protocol: settings.SMTP, Host: "mail." + d, Port: 587, Security: settings.StartTLS},
		} {
			server := dovecot
			if e.Protocol == settings.SMTP {
				server = postfix
			}
			flags = append(flags, "--connect-to", e.Address()+":"+server.Endpoint(e.Protocol, e.Security).Address())
		}
	}
	return town{n, flags}
}

func (n town) run(t *testing.T, args ...string) (int, *document.Document, string) {
	t.Helper()
	n.Ready()
	var stdout, stderr bytes.Buffer
	a := &app{stdin: &bytes.Buffer{}, stdout: &stdout, stderr: &stderr}
	status := a.run(t.Context(), slices.Concat(args, n.flags, []string{"--json"}))
	if stdout.Len() == 0 {
		return status, nil, stderr.String()
	}
	d := new(document.Document)
	if err := json.Unmarshal(stdout.Bytes(), d); err != nil {
		t.Fatalf("%v: %s", err, stdout.String())
	}
	return status, d, stderr.String()
}

// told writes down what became of each endpoint, and who names it.
func told(d *document.Document) string {
	var all []string
	for _, e := range d.Endpoints {
		all = append(all, fmt.Sprintf("%s %s %s %q %s", e.Endpoint(), e.Verdict, e.Source, e.AlsoFrom, e.Auth.Status))
	}
	return strings.Join(all, "\n")
}

// TestRealPublished: a domain publishes in every way, in contradictions, and
// what it publishes is verified and signed in to at real servers.
func TestRealPublished(t *testing.T) {
	t.Parallel()
	n := newTown(t)
	n.Pages["autoconfig.fjord.example/mail/config-v1.1.xml"] = publish.XML(publish.Config("imap imap.%EMAILDOMAIN% 993 SSL", "pop3 mail.fjord.example 995 SSL", "smtp smtp.fjord.example 465 SSL"))
	n.Pages["fjord.example/.well-known/autoconfig/mail/config-v1.1.xml"] = publish.Text("text/html", "<html><body>welcome</body></html>")
	n.Records["_imaps._tcp.fjord.example SRV"] = []string{"0 1 993 imap.fjord.example."}
	n.Records["_submission._tcp.fjord.example SRV"] = []string{"0 1 587 smtp.fjord.example."}
	n.Records["_pop3s._tcp.fjord.example SRV"] = []string{"0 0 0 ."}
	n.Pages["autodiscover.fjord.example/autodiscover/autodiscover.xml"] = publish.XML(`<Autodiscover><Response><Account><Action>settings</Action>` +
		`<Protocol><Type>IMAP</Type><Server>imap.fjord.example</Server><Port>993</Port><SSL>on</SSL><Encryption>TLS</Encryption></Protocol>` +
		`<Protocol><Type>SMTP</Type><Server>smtp.fjord.example</Server><Port>587</Port><Encryption>TLS</Encryption></Protocol></Account></Response></Autodiscover>`)
	n.Records["fjord.example MX"] = []string{"10 mx.fjord.example."}

	status, d, messages := n.run(t, "ida@fjord.example", "--user", "ida@fjord.example", "--password-file", write(t, "secret", []byte(realPassword)), "--no-prompt")
	if d == nil {
		t.Fatalf("%d %s", status, messages)
	}
	want := `imaps://imap.fjord.example:993 works autoconfig ["srv"] accepted
pop3s://mail.fjord.example:995 works autoconfig [] accepted
submissions://smtp.fjord.example:465 works autoconfig [] accepted
submission://smtp.fjord.example:587 works srv ["autodiscover"] accepted
imap://imap.fjord.example:993 fails autodiscover [] not_tested`
	if got := told(d); got != want || status != exitFails {
		t.Errorf("got  %d\n%s\nwant\n%s\n%s", status, got, want, messages)
	}
	if strings.Contains(n.Asked(), "ida") || !strings.Contains(messages, "'mailprobe discover fjord.example'") {
		t.Errorf("asked %s\nsaid %s", n.Asked(), messages)
	}
}

// TestRealSources: each domain publishes in one way alone.
func TestRealSources(t *testing.T) {
	t.Parallel()
	secret := write(t, "secret", []byte(realPassword))
	for _, row := range []struct {
		name   string
		set    func(town)
		args   []string
		status int
		want   string // of the endpoints, or of what is said
	}{
		{"SRV", func(n town) {
			n.Records["_imaps._tcp.tarn.example SRV"] = []string{"0 1 993 imap.tarn.example."}
			n.Records["_submissions._tcp.tarn.example SRV"] = []string{"0 1 465 smtp.tarn.example."}
		}, []string{"ida@tarn.example", "--password-file", secret}, exitWorks,
			"imaps://imap.tarn.example:993 works srv [] accepted\nsubmissions://smtp.tarn.example:465 works srv [] accepted"},
		{"SRV to somebody else wants leave", func(n town) {
			n.Records["_imaps._tcp.tarn.example SRV"] = []string{"0 1 993 imap.moor.example."}
		}, []string{"tarn.example", "--user", "ida@tarn.example", "--password-file", secret}, exitUsage, "nothing but DNS without a signature says that imap.moor.example is the server of tarn.example"},
		{"guesses are verified and get no password", func(n town) {
			n.Addrs["imap.moor.example"], n.Addrs["smtp.moor.example"], n.Addrs["mail.moor.example"] = "192.0.2.1", "192.0.2.1", "192.0.2.1"
		}, []string{"ida@moor.example", "--user", "ida@moor.example", "--password-file", secret}, exitUnknown,
			"imaps://imap.moor.example:993 unknown guess [] skipped\npop3s://mail.moor.example:995 unknown guess [] skipped\nsubmissions://smtp.moor.example:465 unknown guess [] skipped"},
		{"expected elsewhere", func(n town) {
			n.Records["_imaps._tcp.tarn.example SRV"] = []string{"0 1 993 imap.tarn.example."}
		}, []string{"tarn.example", "--expect", "office365"}, exitFails, "imaps://imap.tarn.example:993 works srv [] not_tested"},
		{"broken and nothing else", func(n town) {
			n.Pages["autoconfig.tarn.example"] = publish.XML("\n<?xml version=\"1.0\"?><clientConfig/>")
		}, []string{"tarn.example"}, exitFails, "imaps://imap.tarn.example:993 works guess [] not_tested"},
		{"into this computer", func(n town) {
			n.Records["_imaps._tcp.loop.example SRV"] = []string{"0 1 1993 imap.loop.example."}
			n.Records["imap.loop.example A"] = []string{"127.0.0.1"}
		}, []string{"loop.example"}, exitUnknown, "it publishes no settings that can be verified: imap.loop.example is published as a mail server, and is at 127.0.0.1"},
	} {
		t.Run(row.name, func(t *testing.T) {
			n := newTown(t)
			row.set(n)
			if row.name == "into this computer" { // a rule for all ports would name it
				n.flags = []string{"--dns-server", n.DNS, "--connect-to", "loop.example:443:" + n.Web, "--cacert", write(t, "ca.pem", n.CA.PEM())}
			}
			status, d, messages := n.run(t, append(row.args, "--no-prompt")...)
			got := messages
			if d != nil {
				got = told(d) + "\n" + messages
			}
			if status != row.status || !strings.Contains(got, row.want) {
				t.Errorf("got  %d %s\n%s\nwant %d %s", status, got, messages, row.status, row.want)
			}
		})
	}
}

func TestCompare(t *testing.T) {
	t.Parallel()
	n := newTown(t)
	n.Pages["autoconfig.tarn.example/mail/config-v1.1.xml"] = publish.XML(publish.Config("imap imap.tarn.example 993 SSL", "smtp smtp.tarn.example 465 SSL"))
	n.Records["_imaps._tcp.tarn.example SRV"] = []string{"0 1 993 imap.tarn.example."}
	n.Records["_submission._tcp.tarn.example SRV"] = []string{"0 1 587 smtp.tarn.example."}
	n.Ready()
	var out, messages bytes.Buffer
	a := &app{stdin: &bytes.Buffer{}, stdout: &out, stderr: &messages}
	status := a.run(t.Context(), slices.Concat([]string{"tarn.example", "--compare", "--no-prompt"}, n.flags))
	want := `What each source says, and whether it works
autoconfig  IMAP  imap.tarn.example:993  SSL/TLS   works
            SMTP  smtp.tarn.example:465  SSL/TLS   works
srv         IMAP  imap.tarn.example:993  SSL/TLS   works
            SMTP  smtp.tarn.example:587  STARTTLS  works

What mail programs make of it
            Thunderbird  TB Android  Outlook  Apple    Delta Chat
autoconfig  works        works       -        -        works
srv         -            -           -        -        -
in the end  works        works       nothing  nothing  works
`
	if status != exitWorks || !strings.Contains(out.String(), want) {
		t.Errorf("got  %d %s%s\nwant %s", status, out.String(), messages.String(), want)
	}
}

// TestCompareReadings: Outlook does as Autodiscover says and fails, Thunderbird
// goes by the port and works, and the line to write is named.
func TestCompareReadings(t *testing.T) {
	t.Parallel()
	n := newTown(t)
	n.Pages["autodiscover.tarn.example/autodiscover/autodiscover.xml"] = publish.XML(`<Autodiscover><Response><Account><Action>settings</Action>` +
		`<Protocol><Type>IMAP</Type><Server>imap.tarn.example</Server><Port>993</Port><Encryption>TLS</Encryption></Protocol>` +
		`<Protocol><Type>SMTP</Type><Server>smtp.tarn.example</Server><Port>465</Port><Encryption>SSL</Encryption></Protocol></Account></Response></Autodiscover>`)
	status, d, messages := n.run(t, "tarn.example", "--compare", "--no-prompt")
	if status != exitFails || d == nil || d.Comparison == nil {
		t.Fatalf("got  %d %+v %s", status, d, messages)
	}
	got := map[string]string{}
	for _, p := range d.Comparison.Programs {
		if p.State == "reads" {
			got[string(p.Client)] = string(p.Verdict)
		}
	}
	if want := "map[deltachat:works outlook:fails thunderbird:works]"; fmt.Sprint(got) != want {
		t.Errorf("got  %v\nwant %s", got, want)
	}
	if c := d.Comparison.Changes; len(c) == 0 || c[0].Who != "web" || c[0].Write != "<Encryption>SSL</Encryption>" {
		t.Errorf("got  %+v\nwant the element to write", c)
	}
}
