package compare

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"mailprobe/internal/discover"
	"mailprobe/internal/settings"
)

const (
	autoconfig = `<?xml version="1.0"?><clientConfig version="1.1"><emailProvider id="nord.example"><domain>nord.example</domain>
<incomingServer type="imap"><hostname>HOST</hostname><port>PORT</port><socketType>TYPE</socketType><authentication>password-cleartext</authentication><username>%EMAILADDRESS%</username></incomingServer>
<outgoingServer type="smtp"><hostname>smtp.nord.example</hostname><port>465</port><socketType>SSL</socketType><authentication>password-cleartext</authentication><username>%EMAILADDRESS%</username></outgoingServer>
</emailProvider></clientConfig>`
	imapAt       = "imaps://imap.nord.example:993"
	sends        = "submissions://smtp.nord.example:465"
	autodiscover = `<Autodiscover><Response><Account><Action>settings</Action>
<Protocol><Type>IMAP</Type><Server>imap.nord.example</Server><Port>993</Port>WORDS</Protocol>
<Protocol><Type>SMTP</Type><Server>smtp.nord.example</Server><Port>465</Port><Encryption>SSL</Encryption></Protocol></Account></Response></Autodiscover>`
)

func config(host, port, kind string) string {
	return strings.NewReplacer("HOST", host, "PORT", port, "TYPE", kind).Replace(autoconfig)
}

// TestChanges: who has to change what, with the line to write. What is named is
// the domain's own, whoever else was seen to work.
func TestChanges(t *testing.T) {
	dead := "imaps://old.nord.example:993 fails dns.nxdomain"
	for _, row := range []struct {
		name  string
		given []given
		seen  []string
		set   func(*Subject)
		want  string
	}{
		{"the record names a host that is gone", []given{says("autoconfig", imapAt), says("srv", "imaps://old.nord.example:993")}, []string{imapAt + " works", dead}, nil,
			"dns the DNS zone of nord.example: _imaps._tcp.nord.example. IN SRV 0 1 993 old.nord.example. -> _imaps._tcp.nord.example. IN SRV 0 1 993 imap.nord.example."},
		{"a record of another service takes its place", []given{says("srv", imapAt)}, []string{imapAt + " fails net.refused > imap://imap.nord.example:143"}, nil,
			"dns the DNS zone of nord.example: _imaps._tcp.nord.example. IN SRV 0 1 993 imap.nord.example. -> _imaps._tcp.nord.example. IN SRV 0 0 0 .\n" +
				"dns the DNS zone of nord.example:  -> _imap._tcp.nord.example. IN SRV 0 1 143 imap.nord.example."},
		{"the other service has its record", []given{says("srv", imapAt, "imap://imap.nord.example:143")}, []string{imapAt + " fails net.refused", "imap://imap.nord.example:143 works"}, nil,
			"dns the DNS zone of nord.example: _imaps._tcp.nord.example. IN SRV 0 1 993 imap.nord.example. -> _imaps._tcp.nord.example. IN SRV 0 0 0 ."},
		{"a document names a stranger's server", []given{says("autoconfig", "imaps://imap.gmail.example:993"), says("srv", "imaps://old.nord.example:993")}, []string{"imaps://imap.gmail.example:993 works", dead}, nil,
			"dns the DNS zone of nord.example: _imaps._tcp.nord.example. IN SRV 0 1 993 old.nord.example. -> "},
		{"the stranger's is what works in its place", []given{says("srv", imapAt)}, []string{imapAt + " fails cert.name_mismatch > imaps://mail.evil.example:993"}, nil,
			"dns the DNS zone of nord.example: _imaps._tcp.nord.example. IN SRV 0 1 993 imap.nord.example. -> "},
		{"a neighbour's name in a shared certificate", []given{says("srv", imapAt)}, []string{imapAt + " fails cert.name_mismatch > imaps://neighbour.hoster.example:993"},
			func(s *Subject) { s.MX = []string{"nord.hoster.example"} }, "dns the DNS zone of nord.example: _imaps._tcp.nord.example. IN SRV 0 1 993 imap.nord.example. -> "},
		{"the name in the certificate receives the mail", []given{says("srv", imapAt)}, []string{imapAt + " fails cert.name_mismatch > imaps://nord.hoster.example:993"},
			func(s *Subject) { s.MX = []string{"nord.hoster.example"} }, "dns the DNS zone of nord.example: _imaps._tcp.nord.example. IN SRV 0 1 993 imap.nord.example. -> _imaps._tcp.nord.example. IN SRV 0 1 993 nord.hoster.example."},
		{"a source names another server of the same owner", []given{says("srv", "imaps://old.hoster.example:993"), says("autoconfig", "imaps://mail.hoster.example:993")}, []string{"imaps://old.hoster.example:993 fails dns.nxdomain", "imaps://mail.hoster.example:993 works"}, nil,
			"dns the DNS zone of nord.example: _imaps._tcp.nord.example. IN SRV 0 1 993 old.hoster.example. -> _imaps._tcp.nord.example. IN SRV 0 1 993 mail.hoster.example."},
		{"an address is nobody's", []given{says("autoconfig", "imaps://192.0.2.1:993"), says("srv", "imaps://10.9.2.1:993")}, []string{"imaps://192.0.2.1:993 works", "imaps://10.9.2.1:993 fails dns.nxdomain"}, nil,
			"dns the DNS zone of nord.example: _imaps._tcp.nord.example. IN SRV 0 1 993 10.9.2.1. -> "},
		{"it receives the domain's mail", []given{says("autoconfig", "imaps://mail.hoster.example:993"), says("srv", "imaps://old.nord.example:993")}, []string{"imaps://mail.hoster.example:993 works", dead},
			func(s *Subject) { s.MX = []string{"mx1.hoster.example"} },
			"dns the DNS zone of nord.example: _imaps._tcp.nord.example. IN SRV 0 1 993 old.nord.example. -> _imaps._tcp.nord.example. IN SRV 0 1 993 mail.hoster.example."},
		{"it is the known provider's", []given{says("autoconfig", "imaps://mail.hoster.example:993"), says("srv", "imaps://old.nord.example:993")}, []string{"imaps://mail.hoster.example:993 works", dead},
			func(s *Subject) { s.Provider = provider("mail.hoster.example") },
			"dns the DNS zone of nord.example: _imaps._tcp.nord.example. IN SRV 0 1 993 old.nord.example. -> _imaps._tcp.nord.example. IN SRV 0 1 993 mail.hoster.example."},
		{"nothing without encryption is named", []given{says("srv", imapAt), says("mailconf", "imap+plain://imap.nord.example:143")}, []string{imapAt + " fails net.refused", "imap+plain://imap.nord.example:143 works"}, nil,
			"dns the DNS zone of nord.example: _imaps._tcp.nord.example. IN SRV 0 1 993 imap.nord.example. -> "},
		{"port 25 is for other servers", []given{says("srv", sends), says("mailconf", "submission://smtp.nord.example:25")}, []string{sends + " fails net.refused", "submission://smtp.nord.example:25 works"}, nil,
			"dns the DNS zone of nord.example: _submissions._tcp.nord.example. IN SRV 0 1 465 smtp.nord.example. -> "},
		{"a certificate is mended where it is", []given{says("srv", imapAt), says("autoconfig", "imaps://imap2.nord.example:993")}, []string{imapAt + " fails cert.expired", "imaps://imap2.nord.example:993 works"}, nil,
			"mail the mail server imap.nord.example: imap.nord.example is broken. Mend it."},
		{"POP3 at a port of IMAP is for whoever names it", []given{document("autoconfig", "a.xml", strings.Replace(config("imap.nord.example", "993", "SSL"), `"imap"`, `"pop3"`, 1))}, []string{"pop3s://imap.nord.example:993 fails mode.wrong_protocol", sends + " works"}, nil,
			"web the web server autoconfig.nord.example: <hostname>imap.nord.example</hostname><port>993</port><socketType>SSL</socketType> -> "},
		{"a guess is one", []given{says("guess", imapAt), {source: "srv", status: discover.None}}, []string{imapAt + " works"}, nil,
			"dns the DNS zone of nord.example:  -> _imaps._tcp.nord.example. IN SRV 0 1 993 imap.nord.example."},
		{"a refused password is nobody's to mend here", []given{says("srv", imapAt)}, []string{imapAt + " fails auth.rejected"}, nil, ""},
		{"the network here is nobody's to mend", []given{says("srv", imapAt)}, []string{imapAt + " fails tls.corrupted"}, nil, ""},
		{"what could not be judged", []given{says("srv", imapAt)}, []string{imapAt + " unknown net.timeout"}, nil, ""},
		{"in a private network", []given{says("srv", "imaps://old.nord.example:993"), says("autoconfig", "imaps://inside.nord.example:993")}, []string{dead, "imaps://inside.nord.example:993 works"},
			func(s *Subject) { s.Inside = func(host string) bool { return host == "inside.nord.example" } }, "dns the DNS zone of nord.example: _imaps._tcp.nord.example. IN SRV 0 1 993 old.nord.example. -> "},
		{"the elements of autoconfig", []given{document("autoconfig", "a.xml", config("imap.nord.example", "993", "STARTTLS"))}, []string{"imap://imap.nord.example:993 fails mode.implicit_on_starttls_port > " + imapAt, sends + " works"}, nil,
			"web the web server autoconfig.nord.example: <socketType>STARTTLS</socketType> -> <socketType>SSL</socketType>"},
		{"a placeholder stays as it is written", []given{document("autoconfig", "a.xml", config("mail.%EMAILDOMAIN%", "993", "SSL"))}, []string{"imaps://mail.nord.example:993 fails dns.nxdomain", imapAt + " works", sends + " works"}, nil,
			"web the web server autoconfig.nord.example: <hostname>mail.%EMAILDOMAIN%</hostname> -> <hostname>imap.nord.example</hostname>"},
		{"an international domain", []given{document("autoconfig", "a.xml", config("imap.%EMAILDOMAIN%", "993", "SSL"))}, []string{"imaps://imap.xn--bcher-kva.example:993 fails net.refused > imap://imap.xn--bcher-kva.example:143"},
			func(s *Subject) { s.Target, s.Domain = "bücher.example", "xn--bcher-kva.example" },
			"web the web server autoconfig.nord.example: <port>993</port><socketType>SSL</socketType> -> <port>143</port><socketType>STARTTLS</socketType>"},
		{"another server wants another user name", []given{document("autoconfig", "a.xml", config("old.nord.example", "993", "SSL")), says("mailconf", imapAt+" %EMAILLOCALPART%")}, []string{dead, imapAt + " works", sends + " works"}, nil,
			"web the web server autoconfig.nord.example: <hostname>old.nord.example</hostname><username>%EMAILADDRESS%</username> -> <hostname>imap.nord.example</hostname><username>%EMAILLOCALPART%</username>"},
		{"the right one stands there already", []given{document("autodiscover", "a.xml", strings.ReplaceAll(autodiscover, "WORDS", "</Protocol><Protocol><Type>IMAP</Type><Server>old.nord.example</Server><Port>993</Port><Encryption>SSL</Encryption>"))},
			[]string{dead, imapAt + " works", sends + " works"}, nil,
			"web the web server autodiscover.nord.example: <Server>old.nord.example</Server><Port>993</Port><Encryption>SSL</Encryption> -> "},
		{"what Autodiscover says is quoted", []given{document("autodiscover", "a.xml", strings.ReplaceAll(autodiscover, "WORDS", "<Encryption>TLS</Encryption>"))}, []string{"imap://imap.nord.example:993 fails mode.implicit_on_starttls_port > " + imapAt, sends + " works"}, nil,
			"web the web server autodiscover.nord.example: <Encryption>TLS</Encryption> -> <Encryption>SSL</Encryption>"},
		{"PACC implies the port", []given{document("pacc", "a.json", `{"protocols": {"imap": {"host": "imap.nord.example"}}}`)}, []string{imapAt + " fails net.refused > imap://imap.nord.example:143"}, nil,
			`web the web server pacc.nord.example: "host": "imap.nord.example" -> `},
		{"PACC names another host", []given{document("pacc", "a.json", `{"protocols": {"imap": {"host": "old.nord.example"}}}`), says("mailconf", imapAt)}, []string{dead, imapAt + " works"}, nil,
			`web the web server pacc.nord.example: "host": "old.nord.example" -> "host": "imap.nord.example"`},
		{"a program drops it for its id", []given{document("autoconfig", "a.xml", strings.Replace(config("imap.nord.example", "993", "SSL"), `id="nord.example"`, `id="%EMAILDOMAIN%"`, 1))}, []string{imapAt + " works", sends + " works"}, nil,
			`web the web server autoconfig.nord.example: <emailProvider id="%EMAILDOMAIN%"> -> <emailProvider id="nord.example">`},
		{"an id with what must be escaped", []given{document("autoconfig", "a.xml", strings.Replace(config("imap.nord.example", "993", "SSL"), `id="nord.example"`, `id='%"&lt;x'`, 1))}, []string{imapAt + " works", sends + " works"}, nil,
			`web the web server autoconfig.nord.example: <emailProvider id="%&#34;&lt;x"> -> <emailProvider id="nord.example">`},
		{"a domain in letters that no program reads", []given{document("autoconfig", "a.xml", strings.NewReplacer(`id="nord.example"`, `id="xn--nrd-sna.example"`, "<domain>nord.example", "<domain>nörd.example").Replace(config("imap.nord.example", "993", "SSL")))}, []string{imapAt + " works", sends + " works"},
			func(s *Subject) { s.Target, s.Domain = "nörd.example", "xn--nrd-sna.example" }, "web the web server autoconfig.nord.example: <domain>nörd.example</domain> -> <domain>xn--nrd-sna.example</domain>"},
		{"an element that is unknown", []given{document("autoconfig", "a.xml", config("imap.nord.example", "993", "TLS"))}, []string{sends + " works"}, nil,
			`web the web server autoconfig.nord.example: <socketType> is "TLS", which the format does not know: Thunderbird passes over this server, and Thunderbird for Android and K-9 refuse the whole document. Write SSL (for TLS at once), STARTTLS or plain, in these capitals.`},
		{"an element that is unknown, and what is meant", []given{document("autoconfig", "a.xml", config("imap.%EMAILDOMAIN%", "993", "TLS"))}, []string{imapAt + " works", sends + " works"}, nil,
			"web the web server autoconfig.nord.example: <socketType>TLS</socketType> -> <socketType>SSL</socketType>"},
		{"an empty document", []given{document("autoconfig", "a.xml", " ")}, nil, nil,
			"web the web server autoconfig.nord.example: The document is no well-formed XML, so mail programs refuse it: there is no element in it. Mend the line, and check the document with an XML parser such as xmllint."},
		{"a stronger one stands behind", []given{says("mailconf", "imap://imap.nord.example:143", imapAt)}, []string{"imap://imap.nord.example:143 works", imapAt + " works"}, nil,
			"web the web server mailconf.nord.example: List IMAP imap.nord.example:993 with SSL/TLS before IMAP imap.nord.example:143 with STARTTLS: mail programs take the first."},
		{"what works and no record names", []given{says("autoconfig", "imap://imap.nord.example:143", imapAt, sends, "pop3+plain://imap.nord.example:110"), {source: "srv", status: discover.None}}, []string{"imap://imap.nord.example:143 unknown", imapAt + " works", sends + " works", "pop3+plain://imap.nord.example:110 works"}, nil,
			"web the web server autoconfig.nord.example: List IMAP imap.nord.example:993 with SSL/TLS before IMAP imap.nord.example:143 with STARTTLS: mail programs take the first.\ndns the DNS zone of nord.example:  -> _imaps._tcp.nord.example. IN SRV 0 1 993 imap.nord.example.\ndns the DNS zone of nord.example:  -> _submissions._tcp.nord.example. IN SRV 0 1 465 smtp.nord.example."},
		{"a service that has no record", []given{says("autoconfig", imapAt, sends), says("srv", imapAt)}, []string{imapAt + " works", sends + " works"}, nil,
			"dns the DNS zone of nord.example:  -> _submissions._tcp.nord.example. IN SRV 0 1 465 smtp.nord.example."},
		{"DNS denies it", []given{says("autoconfig", sends), {source: "srv", status: discover.None}}, []string{sends + " works"}, func(s *Subject) { s.Denied = []settings.Protocol{settings.SMTP} }, ""},
		{"DNS could not be asked", []given{says("autoconfig", imapAt), {source: "srv", status: discover.Failed}}, []string{imapAt + " works"}, nil, ""},
		{"a stranger's is not published", []given{says("autoconfig", "imaps://imap.gmail.example:993"), {source: "srv", status: discover.None}}, []string{"imaps://imap.gmail.example:993 works"}, nil, ""},
	} {
		t.Run(row.name, func(t *testing.T) {
			s := domain(t, "nord.example", row.given...)
			if row.set != nil {
				row.set(s)
			}
			if got := told(s.With(report(t, row.seen...)).Changes); got != row.want {
				t.Errorf("\ngot  %s\nwant %s", got, row.want)
			}
		})
	}
}

func provider(host string) *settings.Provider {
	return &settings.Provider{ID: "hoster", Name: "Hoster", Offers: []settings.Offer{{Endpoints: []settings.Setting{{Endpoint: settings.Endpoint{Protocol: settings.IMAP, Host: host, Port: 993, Security: settings.TLS}}}}}}
}

// TestFile: a file names its own servers; of who runs them nothing more is
// known than its domains.
func TestFile(t *testing.T) {
	for _, row := range []struct{ name, file, text, seen, want string }{
		{"autoconfig", "a.xml", config("imap.nord.example", "9930", "SSL"), "imaps://imap.nord.example:9930 fails net.refused > " + imapAt, "file the file a.xml: <port>9930</port> -> <port>993</port>"},
		{"another's host", "a.xml", config("imap.nord.example", "993", "SSL"), imapAt + " fails cert.name_mismatch > imaps://mail.evil.example", "file the file a.xml: <hostname>imap.nord.example</hostname><port>993</port><socketType>SSL</socketType> -> "},
		{"a profile", "a.mobileconfig", profile, "imap://imap.nord.example:143 fails net.refused > " + imapAt, "file the file a.mobileconfig: <key>IncomingMailServerPortNumber</key><integer>143</integer> -> <key>IncomingMailServerPortNumber</key><integer>993</integer>"},
		{"the provider database", "a.md", "---\nname: Nord\ndomains:\n  - nord.example\nserver:\n  - type: imap\n    socket: STARTTLS\n    hostname: imap.nord.example\n    port: 143\n---\n", "imap://imap.nord.example:143 fails net.refused > " + imapAt, "file the file a.md: port: 143, socket: STARTTLS -> port: 993, socket: SSL"},
		{"lines of a zone", "a.zone", "_imaps._tcp.nord.example. 3600 IN SRV 10 5 993 old.nord.example.\n", "imaps://old.nord.example:993 fails dns.nxdomain > " + imapAt, "file the file a.zone: _imaps._tcp.nord.example. IN SRV 10 5 993 old.nord.example. -> _imaps._tcp.nord.example. IN SRV 10 5 993 imap.nord.example."},
		{"an id in a file without a domain", "a.xml", `<clientConfig version="1.1"><emailProvider id=""></emailProvider></clientConfig>`, "", ""},
	} {
		g := document("ispdb-file", row.file, row.text).as(t)
		target := ""
		if len(g.Document.Domains) > 0 {
			target = g.Document.Domains[0]
		}
		s := OfFile(row.file, target, "ispdb-file", g.Document)
		var lines []string
		if row.seen != "" {
			lines = []string{row.seen}
		}
		if got := told(s.With(report(t, lines...)).Changes); !strings.HasPrefix(got, row.want) || strings.Contains(got, "example.com") {
			t.Errorf("%s\ngot  %s\nwant %s", row.name, got, row.want)
		}
	}
}

const profile = `<?xml version="1.0"?><plist version="1.0"><dict><key>PayloadType</key><string>Configuration</string><key>PayloadContent</key><array><dict>
<key>PayloadType</key><string>com.apple.mail.managed</string><key>EmailAccountType</key><string>EmailTypeIMAP</string>
<key>IncomingMailServerHostName</key><string>imap.nord.example</string><key>IncomingMailServerPortNumber</key><integer>143</integer><key>IncomingMailServerUseSSL</key><true/><key>IncomingMailServerAuthentication</key><string>EmailAuthPassword</string>
<key>OutgoingMailServerHostName</key><string>smtp.nord.example</string><key>OutgoingMailServerPortNumber</key><integer>465</integer><key>OutgoingMailServerUseSSL</key><true/><key>OutgoingMailServerAuthentication</key><string>EmailAuthPassword</string>
</dict></array></dict></plist>`

// TestMechanisms: what is documented of signing in beside what is offered.
func TestMechanisms(t *testing.T) {
	for _, row := range []struct {
		ways, offers []string
		native       string
		want         string
	}{
		{[]string{"password"}, []string{"PLAIN", "LOGIN"}, "", "[]"},
		{[]string{"password"}, nil, "LOGIN", "[]"},
		{[]string{"password"}, []string{"XOAUTH2"}, "", "[settings.mechanism_not_offered settings.mechanism_undocumented]"},
		{[]string{"oauth2"}, []string{"PLAIN"}, "", "[settings.mechanism_not_offered]"},
		{[]string{"oauth2", "password"}, []string{"plain", "OAUTHBEARER"}, "", "[]"},
		{[]string{"encrypted"}, []string{"PLAIN", "SCRAM-SHA-256-PLUS"}, "", "[]"},
		{[]string{"encrypted"}, []string{"PLAIN"}, "", "[settings.mechanism_not_offered]"},
		{[]string{"gssapi"}, []string{"PLAIN"}, "", "[settings.mechanism_not_offered]"},
		{[]string{"none"}, []string{"PLAIN"}, "", "[]"},
		{[]string{"a-way-that-is-not-known"}, []string{"PLAIN"}, "", "[]"},
		{nil, []string{"PLAIN", "XOAUTH2"}, "", "[]"},
		{[]string{"password"}, nil, "", "[]"},
	} {
		s := domain(t, "nord.example", says("autoconfig", imapAt))
		s.Given[0].Offers[0].SignIn = row.ways
		r := report(t, imapAt+" works")
		r.Endpoints[0].Result.Mechanisms, r.Endpoints[0].Result.NativeLogin = row.offers, row.native
		c := s.With(r)
		if got := fmt.Sprint(codes(c.Findings)); got != row.want {
			t.Errorf("%q offered %q %s\ngot  %s\nwant %s", row.ways, row.offers, row.native, got, row.want)
		}
		for _, f := range c.Findings {
			if !strings.Contains(f.Says(), "imap.nord.example:993") {
				t.Errorf("got  %s\nwant the server named", f.Says())
			}
		}
	}
}

// TestPrograms: what becomes of a program, and that one is told alone where
// others work.
func TestPrograms(t *testing.T) {
	s := domain(t, "nord.example", document("autodiscover", "a.xml", strings.ReplaceAll(autodiscover, "WORDS", "<Encryption>TLS</Encryption>")))
	c := s.With(report(t, "imap://imap.nord.example:993 fails mode.implicit_on_starttls_port", imapAt+" works", sends+" works"))
	var got []string
	for _, p := range c.Programs {
		if p.Verdict != "" {
			got = append(got, p.Client.ID+" "+string(p.Verdict)+": "+p.Says)
		}
	}
	want := []string{
		"thunderbird works: Thunderbird works with IMAP imap.nord.example:993 with SSL/TLS, and with SMTP smtp.nord.example:465 with SSL/TLS.",
		"outlook fails: Outlook would try IMAP imap.nord.example:993 with STARTTLS (Encryption=TLS) and fail. Outlook works with SMTP smtp.nord.example:465 with SSL/TLS.",
		"deltachat works: Delta Chat works with IMAP imap.nord.example:993 with SSL/TLS, and with SMTP smtp.nord.example:465 with SSL/TLS.",
	}
	if !slices.Equal(got, want) {
		t.Errorf("got  %s\nwant %s", strings.Join(got, "\n     "), strings.Join(want, "\n     "))
	}
	if len(c.Findings) != 1 || c.Findings[0].Severity != "warning" || !strings.HasSuffix(c.Findings[0].Says(), "; Thunderbird, Delta Chat work.") {
		t.Errorf("got  %+v", c.Findings)
	}
	alone := domain(t, "nord.example", document("autoconfig", "a.xml", `<clientConfig version="1.1"><emailProvider id="nord.example"><domain>nord.example</domain>`+
		`<outgoingServer type="smtp"><hostname>smtp.nord.example</hostname><port>465</port><socketType>SSL</socketType><username>%EMAILADDRESS%</username></outgoingServer></emailProvider></clientConfig>`))
	for _, p := range alone.With(report(t, sends+" works")).Programs {
		if p.Client.ID == "deltachat" && p.Source == "autoconfig" && (p.Verdict != "unknown" || !strings.HasPrefix(p.Says, "Where it reads mail is not said.")) {
			t.Errorf("half an account\ngot  %s %q", p.Verdict, p.Says)
		}
	}
}

// TestConflicts: what contradicts what is told with what is known of either.
func TestConflicts(t *testing.T) {
	s := domain(t, "nord.example", says("autoconfig", imapAt), says("srv", "imaps://old.nord.example:993"), says("pacc"))
	s.Conflict = []discover.Conflict{
		{Protocol: settings.IMAP, Between: [2]discover.Source{"autoconfig", "srv"}}, {Protocol: settings.IMAP, Between: [2]discover.Source{"autoconfig", "pacc"}},
		{Protocol: settings.SMTP, Between: [2]discover.Source{"autoconfig", "srv"}},
	}
	var got []string
	for _, f := range s.With(report(t, imapAt+" works", "imaps://old.nord.example:993 unknown")).Findings {
		got = append(got, strings.TrimSpace(f.Says()))
	}
	want := []string{"Verified: autoconfig works, srv could not be judged.", "Verified: autoconfig works, pacc names no server.", "Verified: autoconfig names no server, srv names no server."}
	if !slices.Equal(got, want) {
		t.Errorf("got  %q\nwant %q", got, want)
	}
}

// TestWanted: what programs would connect to is looked at, once, and nothing in
// a private network.
func TestWanted(t *testing.T) {
	s := domain(t, "nord.example", document("autodiscover", "a.xml", strings.ReplaceAll(autodiscover, "WORDS", "<Encryption>TLS</Encryption>")))
	if got := fmt.Sprint(s.Wanted(nil)); got != "[imaps://imap.nord.example:993 submissions://smtp.nord.example:465 imap://imap.nord.example:993 submission://smtp.nord.example:465]" {
		t.Errorf("got  %s", got)
	}
	s.Inside = func(host string) bool { return strings.HasPrefix(host, "imap.") }
	if got := fmt.Sprint(s.Wanted([]settings.Setting{{Endpoint: endpoint(t, sends)}})); got != "[submission://smtp.nord.example:465]" {
		t.Errorf("got  %s", got)
	}
}
