package report

import (
	"errors"
	"path/filepath"
	"strings"
	"testing"

	"mailprobe/internal/finding"
	"mailprobe/internal/language"
	"mailprobe/internal/probe"
	"mailprobe/internal/replies"
	"mailprobe/internal/settings"
	"mailprobe/internal/verify"
)

func german(t *testing.T) *language.Language {
	t.Helper()
	l, err := language.Named("de")
	if err != nil {
		t.Fatal(err)
	}
	return l
}

// sampleSpoken is a report whose findings say what the rules say, so that it is
// said in each language as a whole.
func sampleSpoken() *verify.Report {
	s := three("office365")
	refused, _ := finding.PageOf("auth.basic_disabled")
	s.signIn(&s.Endpoints[0], probe.Auth{Status: probe.AuthRejected, Mechanism: "PLAIN", Reply: &probe.Reply{Text: "NO LOGIN failed.", Status: "NO"}})
	s.blame(&s.Endpoints[0], probe.SignIn, finding.Finding{
		Code: "auth.basic_disabled", Blame: finding.Account, Subject: finding.About(s.Endpoints[0].Setting.Endpoint), HelpURL: "https://aka.ms/oauth",
		Message: "{server}: " + finding.Sentence(refused.Means), Remedy: finding.Sentence(refused.Fix), Evidence: finding.Saw("NO LOGIN failed."),
	})
	s.signIn(&s.Endpoints[1], probe.Auth{Status: probe.AuthSkipped, Reason: "the credential was rejected at outlook.office365.com:993; trying it again could lock the account"})
	e := &s.Endpoints[2]
	failAt(e, probe.Connect, errors.New("dial tcp 192.0.2.10:587: i/o timeout"))
	s.blame(e, probe.Connect, finding.Finding{
		Code: "net.port_blocked_suspected", Blame: finding.LocalNetwork, Subject: finding.About(e.Setting.Endpoint), Args: finding.Args{"other": "smtp.gmail.com"},
		Message: "Port {port} answers neither at {host} nor at {other}, although this network reaches other servers: this network probably blocks the port.",
		Remedy:  "Try from another network, such as a phone's, or ask whoever runs this network to allow port {port}.",
	})
	e.Instead = []verify.Instead{{Endpoint: settings.Endpoint{Protocol: settings.SMTP, Host: "smtp.office365.com", Port: 465, Security: settings.TLS}, Why: "the usual port"}}
	s.Endpoints[1].Findings = append(s.Endpoints[1].Findings, finding.Finding{Code: "cert.expires_soon", Severity: finding.Warning, Blame: finding.Provider, Args: finding.Args{"days": "9 days", "day": "2026-12-02"},
		Subject: finding.About(s.Endpoints[1].Setting.Endpoint), Message: "The certificate of {server} expires in {days}, on {day}. From then on every mail program warns or refuses.", Remedy: "The provider should renew it now; by its lifetime the renewal is overdue."})
	return s.Report
}

func TestGoldenGerman(t *testing.T) {
	for file, row := range map[string]struct {
		format string
		o      Options
		of     func() *verify.Report
	}{
		"works.txt":          {"text", Options{}, sampleWorks},
		"spoken.txt":         {"text", Options{}, sampleSpoken},
		"spoken.verbose.txt": {"text", Options{Verbose: true}, sampleSpoken},
		"spoken.plain.txt":   {"text", Options{Plain: true}, sampleSpoken},
		"spoken.40.txt":      {"text", Options{Width: 40}, sampleSpoken},
		"spoken.md":          {"markdown", Options{}, sampleSpoken},
		"spoken.html":        {"html", Options{}, sampleSpoken},
	} {
		t.Run(file, func(t *testing.T) {
			row.o.Language = german(t)
			golden(t, filepath.Join("de", file), render(t, row.format, row.o, row.of()))
		})
	}
}

func TestExplainGerman(t *testing.T) {
	for name, text := range map[string]string{
		"tenant": "535 5.7.139 Authentication unsuccessful, SmtpClientAuthentication is disabled for the Tenant.",
		"code":   "cert.expired",
		"none":   "The cat sat on the mat.",
	} {
		t.Run(name, func(t *testing.T) {
			var b strings.Builder
			if err := ExplainText(&b, replies.Explain(replies.Query{Text: text}), Options{Verbose: name == "code", Language: german(t)}); err != nil {
				t.Fatal(err)
			}
			golden(t, filepath.Join("de", "explain-"+name+".txt"), []byte(b.String()))
		})
	}
}

// TestProgramsReadEnglish: formats for programs are the same in all languages.
func TestProgramsReadEnglish(t *testing.T) {
	for _, format := range []string{"json", "ndjson", "junit", "github", "csv", "nagios", "prometheus"} {
		want, got := render(t, format, Options{}, sampleSpoken()), render(t, format, Options{Language: german(t)}, sampleSpoken())
		if string(got) != string(want) {
			t.Errorf("%s\ngot\n%s\nwant\n%s", format, got, want)
		}
	}
}
