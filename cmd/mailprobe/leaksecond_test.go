package main

import (
	"bufio"
	"bytes"
	"crypto/tls"
	"encoding/base64"
	"fmt"
	"net"
	"os"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"mailprobe/internal/lab/pki"
)

// A gossip is an IMAP server that refuses the first sign-in, and says what it
// was sent on every later connection: in the greeting, in its capabilities, and
// in answer to whatever it is asked.
type gossip struct {
	cert  tls.Certificate
	calls atomic.Int32
	later atomic.Int32 // connections on which it said the secret
	said  []string     // the secret, in several shapes
}

func (g *gossip) serve(t *testing.T, address string) net.Listener {
	t.Helper()
	l, err := net.Listen("tcp", address)
	if err != nil {
		t.Skipf("SKIPPED: %v", err)
	}
	t.Cleanup(func() { l.Close() })
	go func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			go g.talk(tls.Server(conn, &tls.Config{Certificates: []tls.Certificate{g.cert}}))
		}
	}()
	return l
}

func (g *gossip) talk(conn net.Conn) {
	defer conn.Close()
	gossip := "nobody"
	if g.calls.Add(1) > 1 {
		gossip = strings.Join(g.said, " ")
	}
	if _, err := fmt.Fprintf(conn, "* OK ready, last was %s\r\n", gossip); err != nil {
		return
	}
	if gossip != "nobody" {
		g.later.Add(1)
	}
	lines, started := bufio.NewScanner(conn), ""
	for lines.Scan() {
		tag, command, _ := strings.Cut(lines.Text(), " ")
		switch command = strings.ToUpper(command); {
		case tag == "*":
			fmt.Fprintf(conn, "%s BAD cancelled [%s]\r\n", started, gossip)
		case command == "CAPABILITY":
			fmt.Fprintf(conn, "* CAPABILITY IMAP4rev1 SASL-IR AUTH=PLAIN AUTH=CRAM-MD5 X-LAST=%s\r\n%s OK done\r\n", strings.ReplaceAll(gossip, " ", " X-LAST="), tag)
		case strings.HasPrefix(command, "AUTHENTICATE CRAM"):
			started = tag
			fmt.Fprintf(conn, "+ %s\r\n", base64.StdEncoding.EncodeToString([]byte(gossip)))
		case command == "LOGOUT":
			fmt.Fprintf(conn, "* BYE %s\r\n%s OK %s\r\n", gossip, tag, gossip)
			return
		default:
			fmt.Fprintf(conn, "%s NO [AUTHENTICATIONFAILED] wrong, %s\r\n", tag, gossip)
		}
	}
}

// What a server says of a secret on another connection than that of the
// sign-in is cut out as well: where mechanisms are checked, at the host's other
// addresses, and where another target, shown nothing, is compared.
func TestNoSecretOfASecondConnection(t *testing.T) {
	t.Parallel()
	const secret = "hunter2-Grünkohl"
	ca, err := pki.NewCA("gossip")
	if err != nil {
		t.Fatal(err)
	}
	g := &gossip{said: forms("me@one.example", secret)}
	if g.cert, err = ca.Leaf(pki.LeafOptions{Names: []string{"mail.one.example", "mail.two.example"}}); err != nil {
		t.Fatal(err)
	}
	g.said = slices.DeleteFunc(g.said, func(s string) bool { return strings.ContainsAny(s, "\r\n\" ") })
	port := g.serve(t, "127.0.0.1:0").Addr().(*net.TCPAddr).Port
	g.serve(t, fmt.Sprintf("127.0.0.2:%d", port))
	at := func(host string) string { return fmt.Sprintf("imaps://%s:%d", host, port) }
	jsonFile := write(t, "report.json", nil)
	var stdout, stderr bytes.Buffer
	a := &app{stdin: strings.NewReader(secret + "\n"), stdout: &stdout, stderr: &stderr}
	status := a.run(t.Context(), []string{at("mail.one.example"), at("mail.two.example"), "--user", "me@one.example", "--password-file", "-", "--yes",
		"--cacert", write(t, "ca.pem", ca.PEM()), "--check-mechanisms", "--all-addresses", "--transcript", "-v", "-o", "text", "-o", "json=" + jsonFile,
		"--resolve", fmt.Sprintf("mail.one.example:%d:127.0.0.1,127.0.0.2", port), "--resolve", fmt.Sprintf("mail.two.example:%d:127.0.0.1", port)})
	document, err := os.ReadFile(jsonFile)
	if err != nil {
		t.Fatal(err)
	}
	report := stdout.String() + stderr.String() + string(document)
	if status != exitFails || g.later.Load() < 3 {
		t.Errorf("got  %d, %d connections on which it was said\nwant %d, three at least\n%s", status, g.later.Load(), exitFails, report)
	}
	if !strings.Contains(report, "last was") {
		t.Errorf("got  %s\nwant what the server says in the transcript", report)
	}
	for _, form := range leaks(report, g.said) {
		t.Errorf("got  %q\nwant nothing of it", form)
	}
}
