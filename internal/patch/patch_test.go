package patch

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"mailprobe/internal/published"
	"mailprobe/internal/settings"
)

const server = `    <incomingServer type="imap">
      <hostname>imap.nord.example</hostname>
      <port>9930</port>
      <socketType>SSL</socketType>
      <authentication>password-cleartext</authentication>
      <username>%EMAILADDRESS%</username>
    </incomingServer>
`

func autoconfig(servers string) string {
	return "<?xml version=\"1.0\"?>\n<clientConfig version=\"1.1\">\n  <emailProvider id=\"nord.example\">\n    <domain>nord.example</domain>\n" + servers +
		strings.NewReplacer("incomingServer", "outgoingServer", `"imap"`, `"smtp"`, "imap.nord", "smtp.nord", "9930", "465").Replace(server) + "  </emailProvider>\n</clientConfig>\n"
}

const (
	database = "---\nname: Nord – Post\ndomains:\n  - nord.example\nserver:\n  - type: imap\n    socket: SSL\n    hostname: imap.nord.example\n    port: 9930 # ours\n  - {type: smtp, socket: SSL, hostname: smtp.nord.example, port: 465}\nstatus: OK\n---\n\ntext\n"
	ours     = "id: nord\nname: Nord\nendpoints:\n  - protocol: imap\n    host: \"imap.nord.example\"\n    port: 9930\n    security: tls\n  - protocol: smtp\n    host: 'smtp.nord.example'\n    port: 465\n    security: tls\n"
	pacc     = "{\n  \"protocols\": {\n    \"imap\": {\n      \"host\": \"imap.nord.example\"\n    },\n    \"submit\": {\"host\": \"smtp.nord.example\"}\n  }\n}\n"
	outlook  = "<Autodiscover><Response><Account><Action>settings</Action>\n<Protocol><Type>IMAP</Type>\n<Server>imap.nord.example</Server>\n<Port>9930</Port>\n<SSL>on</SSL>\n<Encryption>SSL</Encryption></Protocol>\n<Protocol><Type>SMTP</Type><Server>smtp.nord.example</Server><Port>465</Port><Encryption>SSL</Encryption></Protocol></Account></Response></Autodiscover>\n"
	profile  = `<?xml version="1.0"?>
<plist version="1.0"><dict><key>PayloadType</key><string>Configuration</string><key>PayloadContent</key><array><dict>
<key>PayloadType</key><string>com.apple.mail.managed</string><key>EmailAccountType</key><string>EmailTypeIMAP</string>
<key>IncomingMailServerHostName</key><string>imap.nord.example</string>
<key>IncomingMailServerPortNumber</key><integer>9930</integer>
<key>IncomingMailServerUseSSL</key><true/><key>IncomingMailServerAuthentication</key><string>EmailAuthPassword</string>
<key>OutgoingMailServerHostName</key><string>smtp.nord.example</string><key>OutgoingMailServerPortNumber</key><integer>465</integer><key>OutgoingMailServerUseSSL</key><true/><key>OutgoingMailServerAuthentication</key><string>EmailAuthPassword</string>
</dict></array></dict></plist>
`
)

// TestPatch: Git applies a patch of every format, whatever ends its lines, and
// the file then says what was meant, and no byte of it anything else.
func TestPatch(t *testing.T) {
	var first, other = "imaps://imap.nord.example:9930", "imaps://imap.nord.example:993"
	for _, row := range []struct {
		name, file, text, from, to string
		was, is                    string // what changes in the text; empty: there is no patch
	}{
		{"port", "a.xml", autoconfig(server), first, other, "9930<", "993<"},
		{"port and encryption", "a.xml", autoconfig(server), first, "imap://imap.nord.example:143", "9930</port>\n      <socketType>SSL", "143</port>\n      <socketType>STARTTLS"},
		{"host", "a.xml", autoconfig(server), first, "imaps://mail.nord.example:9930", "imap.nord.example<", "mail.nord.example<"},
		{"blanks and comments", "a.xml", autoconfig(strings.Replace(strings.Replace(server, ">9930<", "> 9930 <", 1), "      <port>", "<!-- <port>9930</port> --><port>", 1)), first, other, "<port> 9930", "<port> 993"},
		{"a comment within", "a.xml", autoconfig(strings.Replace(server, ">9930<", ">99<!-- x -->30<", 1)), first, other, "", ""},
		{"an entity", "a.xml", autoconfig(strings.Replace(server, ">9930<", ">99&#51;0<", 1)), first, other, "", ""},
		{"twice on one line", "a.xml", autoconfig(strings.ReplaceAll(server, "\n", "") + strings.ReplaceAll(strings.ReplaceAll(server, "imap.nord", "imap2.nord"), "\n", "") + "\n"), "imaps://imap2.nord.example:9930", "imaps://imap2.nord.example:993", "imap2.nord.example</hostname>      <port>9930", "imap2.nord.example</hostname>      <port>993"},
		{"a placeholder", "a.xml", autoconfig(strings.Replace(server, "imap.nord.example", "imap.%EMAILDOMAIN%", 1)), first, other, "9930<", "993<"},
		{"it would stand there twice", "a.xml", autoconfig(server + strings.Replace(server, "9930", "993", 1)), first, other, "9930<", "993<"},
		{"a byte order mark", "a.xml", "\xef\xbb\xbf" + autoconfig(server), first, other, "9930<", "993<"},
		{"latin-1", "a.xml", "<?xml version=\"1.0\" encoding=\"ISO-8859-1\"?>\n<!-- Gr\xfc\xdfe -->" + strings.TrimPrefix(autoconfig(server), "<?xml version=\"1.0\"?>\n"), first, other, "9930<", "993<"},
		{"Autodiscover", "a.xml", outlook, first, "imap://imap.nord.example:143", "9930</Port>\n<SSL>on</SSL>\n<Encryption>SSL", "143</Port>\n<SSL>on</SSL>\n<Encryption>TLS"},
		{"a profile", "a.mobileconfig", profile, first, other, "9930<", "993<"},
		{"a profile's port says how", "a.mobileconfig", profile, first, "imap://imap.nord.example:143", "9930<", "143<"},
		{"the provider database", "a.md", database, first, "imap://imap.nord.example:143", "socket: SSL\n    hostname: imap.nord.example\n    port: 9930", "socket: STARTTLS\n    hostname: imap.nord.example\n    port: 143"},
		{"a line of braces", "a.md", database, "submissions://smtp.nord.example:465", "submission://smtp.nord.example:587", "socket: SSL, hostname: smtp.nord.example, port: 465", "socket: STARTTLS, hostname: smtp.nord.example, port: 587"},
		{"YAML of our own", "a.yaml", ours, first, "imap://mail.nord.example:143", "\"imap.nord.example\"\n    port: 9930\n    security: tls", "\"mail.nord.example\"\n    port: 143\n    security: starttls"},
		{"YAML with a tag", "a.yaml", strings.Replace(ours, "port: 9930", "port: !!int 9930", 1), first, other, "", ""},
		{"PACC", "a.json", pacc, "imaps://imap.nord.example:993", "imaps://mail.nord.example:993", "imap.nord.example", "mail.nord.example"},
		{"PACC has no ports", "a.json", pacc, "imaps://imap.nord.example:993", "imap://imap.nord.example:143", "", ""},
		{"a server that is not there", "a.xml", autoconfig(server), "imaps://imap9.nord.example:993", other, "", ""},
		{"no settings at all", "a.xml", "<a/>", first, other, "", ""},
		{"a name with blanks", "a b.xml", autoconfig(server), first, other, "9930<", "993<"},
		{"a name with quotes", "ä\"\\b.xml", autoconfig(server), first, other, "9930<", "993<"},
		{"in a folder", "x/y/a.xml", autoconfig(server), first, other, "9930<", "993<"},
	} {
		for ending, change := range map[string]func(string) string{
			"LF": func(s string) string { return s }, "CRLF": func(s string) string { return strings.ReplaceAll(s, "\n", "\r\n") }, "no last LF": func(s string) string { return strings.TrimSuffix(s, "\n") },
		} {
			t.Run(row.name+", "+ending, func(t *testing.T) {
				text := change(row.text)
				diff, left := Of(row.file, []byte(text), []Fix{fixOf(t, row.file, text, row.from, row.to)})
				if row.is == "" {
					if len(diff) > 0 || len(left) != 1 {
						t.Errorf("got  %s\nwant no patch", diff)
					}
					return
				}
				if want := strings.Replace(text, change(row.was), change(row.is), 1); applied(t, row.file, text, diff) != want || len(left) != 0 || want == text {
					t.Errorf("got  %s\nof   %s\nwant %s", diff, text, want)
				}
			})
		}
	}
}

// fixOf is a fix of a server of a document.
func fixOf(t *testing.T, name, text, from, to string) Fix {
	t.Helper()
	f := Fix{From: endpoint(t, from), To: endpoint(t, to)}
	for _, o := range published.Read(name, []byte(text)).Offers {
		if o.Endpoint("nord.example") == f.From {
			f.Offer = o
			break
		}
	}
	return f
}

func endpoint(t *testing.T, url string) settings.Endpoint {
	t.Helper()
	e, err := settings.ParseURL(url)
	if err != nil {
		t.Fatal(err)
	}
	return e
}

// applied is what Git makes of a text by a patch.
func applied(t *testing.T, name, text string, diff []byte) string {
	t.Helper()
	folder := t.TempDir()
	path := filepath.Join(folder, name)
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, args := range [][]string{{"apply", "--check", "-"}, {"apply", "-"}} {
		c := exec.CommandContext(t.Context(), "git", args...)
		c.Dir, c.Stdin, c.Env = folder, bytes.NewReader(diff), append(os.Environ(), "GIT_CEILING_DIRECTORIES="+filepath.Dir(folder), "GIT_CONFIG_GLOBAL=/dev/null")
		if out, err := c.CombinedOutput(); err != nil {
			t.Fatalf("%v: %s\n%s", err, out, diff)
		}
	}
	after, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(after)
}

// TestSeveral: fixes of one file make one patch, near ones in one hunk.
func TestSeveral(t *testing.T) {
	far := autoconfig(server + strings.Repeat("    <!-- far -->\n", 20))
	fixes := []Fix{fixOf(t, "a.xml", far, "imaps://imap.nord.example:9930", "imap://imap.nord.example:143"), fixOf(t, "a.xml", far, "submissions://smtp.nord.example:465", "submission://smtp.nord.example:587")}
	diff, left := Of("a.xml", []byte(far), fixes)
	if got := strings.Count(string(diff), "@@ -"); got != 2 || len(left) != 0 {
		t.Errorf("got  %d hunks, %v left: %s", got, left, diff)
	}
	want := strings.NewReplacer("9930</port>\n      <socketType>SSL", "143</port>\n      <socketType>STARTTLS", "465</port>\n      <socketType>SSL", "587</port>\n      <socketType>STARTTLS").Replace(far)
	if applied(t, "a.xml", far, diff) != want {
		t.Errorf("got  %s", diff)
	}
	if diff, left := Of("a.xml", []byte(far), nil); len(diff)+len(left) > 0 {
		t.Errorf("got  %s", diff)
	}
}
