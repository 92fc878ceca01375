package report

import (
	"strings"
	"testing"

	"mailprobe/internal/document"
	"mailprobe/internal/settings"
)

// sampleCompared is a report of a domain whose sources are compared.
func sampleCompared() *document.Document {
	d := documents(sampleURL())[0]
	server := func(p settings.Protocol, host string, port uint16, s settings.Security) document.Server {
		return document.ServerOf(settings.Endpoint{Protocol: p, Host: host, Port: port, Security: s})
	}
	imap, starttls, send := server("imap", "imap.corp.example", 993, "tls"), server("imap", "imap.corp.example", 993, "starttls"), server("smtp", "smtp.corp.example", 465, "tls")
	code, doc := document.KnownBy{Basis: "code"}, document.KnownBy{Basis: "document"}
	program := func(client, name, short, source, state, verdict, says string, taken bool, by document.KnownBy) document.Program {
		return document.Program{Client: document.Text(client), Name: document.Text(name), Short: document.Text(short), Source: document.Text(source), State: document.Text(state), Verdict: document.Maybe(verdict), Says: document.Text(says), Taken: taken, KnownBy: by}
	}
	d.Comparison = &document.Comparison{
		Servers: []document.Compared{
			{Source: "autoconfig", Server: imap, Username: "%EMAILADDRESS%", Verdict: "works"}, {Source: "autoconfig", Server: send, Username: "%EMAILADDRESS%", Verdict: "works"},
			{Source: "srv", Server: server("imap", "old.corp.example", 993, "tls"), Verdict: "fails"}, {Source: "pacc", Server: server("imap", "inside.corp.example", 993, "tls")},
			{Source: "autodiscover", Server: starttls, Username: "%EMAILLOCALPART%", Verdict: "fails"}, {Source: "autodiscover", Server: send, Verdict: "works"},
		},
		Programs: []document.Program{
			program("thunderbird", "Thunderbird", "Thunderbird", "autoconfig", "reads", "works", "Thunderbird works with IMAP imap.corp.example:993 with SSL/TLS, and with SMTP smtp.corp.example:465 with SSL/TLS.", true, code),
			program("thunderbird", "Thunderbird", "Thunderbird", "srv", "unasked", "", "Thunderbird never asks.", false, code),
			program("thunderbird", "Thunderbird", "Thunderbird", "autodiscover", "reads", "works", "Thunderbird works with IMAP imap.corp.example:993 with SSL/TLS.", false, code),
			program("thunderbird-android", "Thunderbird for Android", "TB Android", "autoconfig", "drops", "", "Thunderbird for Android drops the document: <incomingServer> in line 3 has an encryption that it does not know (socketType=\x1b[31mTLS<script>).", false, code),
			program("thunderbird-android", "Thunderbird for Android", "TB Android", "mx", "own", "", "Thunderbird for Android takes its own database.", false, code),
			program("outlook", "Outlook", "Outlook", "autodiscover", "reads", "fails", "Outlook would try IMAP imap.corp.example:993 with STARTTLS (Encryption=TLS) and fail. Outlook works with SMTP smtp.corp.example:465 with SSL/TLS.", true, doc),
			program("apple", "Apple Mail", "Apple", "autoconfig", "unasked", "", "Apple Mail never asks.", false, doc),
			program("deltachat", "Delta Chat", "Delta Chat", "autoconfig", "open", "", "Delta Chat reads less strictly; what it makes of the fault is not known.", false, code),
		},
		Findings: []document.Finding{{Code: "settings.program_fails", Severity: "warning", Message: "With what autodiscover says, Outlook would try IMAP imap.corp.example:993 with STARTTLS (Encryption=TLS) and fail; Thunderbird works."}},
		Changes: []document.Change{
			{Who: "dns", At: "the DNS zone of corp.example", Where: "_imaps._tcp.corp.example", Now: "_imaps._tcp.corp.example. IN SRV 0 1 993 old.corp.example.", Write: "_imaps._tcp.corp.example. IN SRV 0 1 993 imap.corp.example.", Why: "IMAP old.corp.example:993 with SSL/TLS does not work, IMAP imap.corp.example:993 with SSL/TLS does."},
			{Who: "web", At: "the web server autodiscover.corp.example", Where: "https://autodiscover.corp.example/autodiscover/autodiscover.xml", Line: 12, Now: "<Encryption>TLS</Encryption>", Write: "<Encryption>SSL</Encryption>", Why: "IMAP imap.corp.example:993 with STARTTLS does not work, IMAP imap.corp.example:993 with SSL/TLS does."},
			{Who: "mail", At: "the mail server old.corp.example", Why: "The certificate of old.corp.example is expired. Renew it."},
			{Who: "provider", At: "whoever receives the mail of corp.example", Where: "https://autoconfig.hoster.example/mail/config-v1.1.xml", Why: "It does not work."},
			{Who: "file", At: "the file a.xml", Where: "a.xml", Line: 3, Now: "<port>9930</port>", Write: "<port>993</port>", Why: "It does not work."},
		},
	}
	d.Comparison.Sources = []document.FromSource{
		{Source: "autoconfig", Where: "https://autoconfig.corp.example/mail/config-v1.1.xml", Status: "found"}, {Source: "pacc", Status: "none", Reason: "there is no such host"}, {Source: "guess", Status: "found"},
		{Source: "autodiscover", Where: "https://autodiscover.corp.example/autodiscover/autodiscover.xml", Status: "failed", Reason: "cut", Findings: []document.LintFinding{{Code: "settings.http_status", Severity: "error", Message: "It answers 500.", Remedy: "Mend it."}}},
	}
	d.Comparison.TLSA = []document.Pin{{Server: imap, Record: "3 1 1 ab", Matches: "yes"}, {Server: send, Record: "3 1 1 cd", Matches: "no"}, {Server: send, Record: "2 0 0 ef"}}
	return d
}

// TestComparison: the matrix of sources and programs, with reasons and who has to
// change what, in every width, in colour, for screen readers and as a page.
func TestComparison(t *testing.T) {
	for file, o := range map[string]Options{
		"compared.txt": {}, "compared.60.txt": {Width: 60}, "compared.40.txt": {Width: 40}, "compared.color.txt": {Color: true, Frames: true}, "compared.plain.txt": {Plain: true}, "compared.verbose.120.txt": {Verbose: true, Width: 120},
		"card.txt": {Card: true}, "card.40.txt": {Card: true, Width: 40}, "card.plain.txt": {Card: true, Plain: true},
	} {
		o.Compare = true
		got := write(t, "text", o, sampleCompared())
		golden(t, file, got)
		for line := range strings.Lines(string(got)) {
			copied := strings.HasPrefix(line, "  https://") || strings.Contains(line, "now:") || strings.Contains(line, "write:")
			if !o.Color && !copied && len(strings.TrimRight(line, "\n")) > o.width() && !o.Plain {
				t.Errorf("%s: wider than %d columns: %s", file, o.width(), line)
			}
		}
		if strings.Contains(string(got), "\x1b[31mTLS") {
			t.Errorf("%s: holds a control sequence from outside", file)
		}
	}
	golden(t, "card.html", write(t, "html", Options{Compare: true, Card: true}, sampleCompared()))
	page := write(t, "html", Options{Compare: true}, sampleCompared())
	golden(t, "compared.html", page)
	if strings.Contains(string(page), "<script>") {
		t.Error("the page holds an element from outside")
	}
	if got := string(write(t, "text", Options{}, sampleCompared())); strings.Contains(got, "mail programs make of it") {
		t.Errorf("got  %s\nwant no comparison that nobody asked for", got)
	}
}
