package main

import (
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"html"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"mailprobe/internal/lab/pki"
	"mailprobe/internal/lab/script"
	"mailprobe/internal/settings"
)

const leakHost, leakUser = "mail.example.test", "me@example.test"

// The secrets have what each layer on the way treats in its own way.
var oddSecrets = []string{
	"simple-secret",
	`S3cr"et\Pass/w+rd?`,
	"two  blanks and 100% & <html>",
	"Grüße-aus-Köln-€",
	"{PLAIN}a:b'c$HOME",
	"q7#",
	"ya29.A0" + strings.Repeat("eyJhbGciOi.x_-", 8),
}

// forms are the shapes in which a server may say a secret again. The list is
// made without the code that it is there to test.
func forms(user, secret string) []string {
	quoted := strings.ReplaceAll(strings.ReplaceAll(secret, `\`, `\\`), `"`, `\"`)
	inJSON, _ := json.Marshal(secret) // a string always marshals
	list := []string{
		secret, quoted, string(inJSON), html.EscapeString(secret), url.QueryEscape(secret), url.PathEscape(secret),
		strings.ToUpper(secret), hex.EncodeToString([]byte(secret)),
	}
	for _, message := range []string{
		secret, "\x00" + user + "\x00" + secret, user + "\x00" + user + "\x00" + secret,
		"user=" + user + "\x01auth=Bearer " + secret + "\x01\x01",
	} {
		list = append(list,
			base64.StdEncoding.EncodeToString([]byte(message)), base64.RawStdEncoding.EncodeToString([]byte(message)),
			base64.URLEncoding.EncodeToString([]byte(message)))
	}
	return list
}

// leaks returns the forms that stand in text, also where the text has been
// escaped, once by the report and once more by JSON.
func leaks(text string, forms []string) []string {
	plain := strings.NewReplacer(`\\`, `\`, `\"`, `"`, `\u0026`, "&", `\u003c`, "<", `\u003e`, ">",
		"&#34;", `"`, "&#39;", "'", "&amp;", "&", "&lt;", "<", "&gt;", ">")
	once := plain.Replace(text)
	all := text + "\n" + once + "\n" + plain.Replace(once)
	var found []string
	for _, form := range forms {
		if strings.Contains(all, form) {
			found = append(found, form)
		}
	}
	return found
}

// Scripts of servers that refuse a sign-in and say the secret again, in every
// form: %s stands for one of them.
var leakScripts = []struct {
	endpoint             settings.Endpoint
	before, each, behind string
}{
	{
		settings.Endpoint{Protocol: settings.IMAP, Host: leakHost, Port: 993, Security: settings.TLS},
		"TLS\nS: * OK ready\nC: * CAPABILITY\nS: * CAPABILITY IMAP4rev1 SASL-IR AUTH=PLAIN\nS: $tag OK done\nC: * AUTHENTICATE PLAIN\n",
		"S: * BAD you sent [%s]\n", "S: $tag NO [AUTHENTICATIONFAILED] you sent [%s]\n",
	},
	{
		settings.Endpoint{Protocol: settings.POP3, Host: leakHost, Port: 995, Security: settings.TLS},
		"TLS\nS: +OK ready\nC: CAPA\nS: +OK\nS: SASL PLAIN\nS: .\nC: AUTH PLAIN\n",
		"", "S: -ERR [AUTH] you sent [%s]\n",
	},
	{
		settings.Endpoint{Protocol: settings.SMTP, Host: leakHost, Port: 465, Security: settings.TLS},
		"TLS\nS: 220 ready\nC: EHLO\nS: 250-hello\nS: 250 AUTH PLAIN\nC: AUTH PLAIN\n",
		"S: 535-5.7.8 you sent [%s]\n", "S: 535 5.7.8 you sent [that]\n",
	},
}

// No output ever holds the secret, in any shape, whatever a server says.
func TestNoSecretInAnyOutput(t *testing.T) {
	t.Parallel()
	ca, err := pki.NewCA("leaks")
	if err != nil {
		t.Fatal(err)
	}
	for i, secret := range oddSecrets {
		for _, s := range leakScripts {
			t.Run(fmt.Sprintf("%d/%s", i, s.endpoint.Protocol), func(t *testing.T) {
				t.Parallel()
				forms := forms(leakUser, secret)
				text := s.before
				for _, form := range forms {
					text += strings.ReplaceAll(s.each, "%s", form)
				}
				text += strings.ReplaceAll(s.behind, "%s", strings.Join(forms, "] ["))
				if missed := len(forms) - len(leaks(text, forms)); missed > 0 {
					t.Fatalf("%d of %d forms would not be found", missed, len(forms))
				}
				server := script.Start(t, script.Options{CA: ca, Leaf: pki.LeafOptions{Names: []string{leakHost}}}, text)
				out := leakRun(t, server, s.endpoint, secret)
				for name, text := range out {
					for _, form := range leaks(text, forms) {
						t.Errorf("%s holds %q", name, form)
					}
				}
				if !strings.Contains(out["stdout"], "you sent [") && !strings.Contains(out["stdout"], "withheld") {
					t.Errorf("the server's words are not in the report:\n%s", out["stdout"])
				}
				server.Close()
				sent := base64.StdEncoding.EncodeToString([]byte("\x00" + leakUser + "\x00" + secret))
				if got := server.Received(); !strings.Contains(got, sent) {
					t.Errorf("the server was not sent the secret:\n%q", got)
				}
			})
		}
	}
}

// leakRun verifies a server with all that can be shown, and returns every
// output.
func leakRun(t *testing.T, server *script.Server, e settings.Endpoint, secret string) map[string]string {
	t.Helper()
	dir := t.TempDir()
	for name, text := range map[string][]byte{"ca.pem": server.CA().PEM(), "password": []byte(secret)} {
		if err := os.WriteFile(filepath.Join(dir, name), text, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	c := exec.Command("mailprobe", e.String(), "--user", leakUser, "--password-file", "password", "--cacert", "ca.pem",
		"--connect-to", e.Address()+":"+server.Address(), "--transcript", "-v",
		"-o", "text", "-o", "json=report.json", "-o", "junit=report.xml")
	c.Dir = dir
	c.Env = append(os.Environ(), "COLUMNS=10000") // a form that is wrapped would not be found
	var stdout, stderr strings.Builder
	c.Stdout, c.Stderr = &stdout, &stderr
	err := c.Run()
	if got := c.ProcessState.ExitCode(); got != exitFails {
		t.Errorf("exit status (%v):\n got %d\nwant %d\n%s", err, got, exitFails, stdout.String())
	}
	out := map[string]string{"stdout": stdout.String(), "stderr": stderr.String()}
	for _, name := range []string{"report.json", "report.xml"} {
		text, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil {
			t.Error(err)
		}
		out[name] = string(text)
	}
	return out
}
