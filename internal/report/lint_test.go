package report

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"os"
	"reflect"
	"strings"
	"testing"

	"mailprobe/internal/document"
	"mailprobe/internal/published"
)

// part returns what stands in a file of docs behind a heading, up to the next.
func part(t *testing.T, file, heading string) string {
	t.Helper()
	data, err := os.ReadFile("../../docs/" + file)
	if err != nil {
		t.Fatal(err)
	}
	_, after, ok := strings.Cut(string(data), "\n## "+heading+"\n")
	if !ok {
		t.Fatalf("docs/%s has no part %s", file, heading)
	}
	before, _, _ := strings.Cut(after, "\n## ")
	return before
}

func TestLintIsDocumented(t *testing.T) {
	want := map[string]string{}
	fields(reflect.TypeFor[document.Lint](), "", want)
	compareFields(t, documented(part(t, "settings.md", "The JSON of `lint`")), want)
}

func TestDiscoveryIsDocumented(t *testing.T) {
	want := map[string]string{}
	fields(reflect.TypeFor[document.Discovery](), "", want)
	compareFields(t, documented(part(t, "settings.md", "The JSON of `discover`")), want)
	want = map[string]string{}
	fields(reflect.TypeFor[document.Redundancy](), "", want)
	compareFields(t, documented(part(t, "settings.md", "The JSON of `--redundant`")), want)
}

// linted is a file with a finding of each severity, and names that are meant
// to do harm.
func linted() document.Lint {
	source := "<clientConfig version=\"1.1\"><emailProvider id=\"x\"><domain>x.example</domain>\n" +
		"<incomingServer type=\"pop3\"><hostname>pop.x.example</hostname><port>993</port><socketType>SSL</socketType>" +
		"<authentication>100%,::error::\x7f</authentication><username>u</username><restriction>client-IP-address</restriction></incomingServer>\n" +
		"<outgoingServer type=\"smtp\"><hostname>%EMAIL</hostname><port>25</port></outgoingServer></emailProvider></clientConfig>"
	return document.Lint{Schema: document.Schema, Mailprobe: "v0", Files: []document.LintFile{
		document.LintOf("a b/100%,x:y.xml", published.Read("a.xml", []byte(source))),
		document.LintOf("sound.xml", published.Document{Format: published.Autoconfig, Read: true}),
	}}
}

func lint(t *testing.T, format string, o Options) string {
	t.Helper()
	var b bytes.Buffer
	if err := Lint(&b, format, linted(), o); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestLintText(t *testing.T) {
	got := lint(t, "text", Options{})
	for _, want := range []string{
		"a b/100%,x:y.xml:2: error: POP3 is published on port 993, which is for IMAP. [settings.port_contradicts]\n    Publish POP3",
		"a b/100%,x:y.xml:2: warning: The user name u is the same for everybody. [settings.placeholder]",
		"2 files with 1 server: 3 errors in 1 file, 4 warnings\n",
	} {
		if !strings.Contains(got, want) {
			t.Errorf("got  %s\nwant %s", got, want)
		}
	}
	if strings.Contains(got, "settings.restricted") || !strings.Contains(lint(t, "text", Options{Verbose: true}), "settings.restricted") {
		t.Errorf("got  %s\nwant mere facts only with details", got)
	}
	if quiet := lint(t, "text", Options{Quiet: true}); strings.Count(quiet, "\n") != 4 {
		t.Errorf("got  %s\nwant the errors and the sum", quiet)
	}
}

func TestLintGitHub(t *testing.T) {
	got := lint(t, "github", Options{})
	if want := "::error file=a b/100%25%2Cx%3Ay.xml,line=2,title=settings.port_contradicts::POP3 is published on port 993"; !strings.Contains(got, want) {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	for line := range strings.Lines(got) {
		if !strings.HasPrefix(line, "::") || strings.Contains(line, "\x7f") {
			t.Errorf("got  %q\nwant a command, and nothing that cannot be seen", line)
		}
	}
}

func TestLintGitHubShowsTen(t *testing.T) {
	l := document.Lint{Files: []document.LintFile{{File: "a.xml"}, {File: "b.xml"}}}
	for i := range 12 {
		l.Files[0].Findings = append(l.Files[0].Findings, document.LintFinding{Code: "settings.unknown_value", Severity: "warning", Line: i + 1, Message: "odd"})
		l.Files[1].Findings = append(l.Files[1].Findings, document.LintFinding{Code: "settings.missing", Severity: "error", Line: i + 1, Message: "gone"})
	}
	var b bytes.Buffer
	if err := Lint(&b, "github", l, Options{}); err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(strings.TrimSpace(b.String()), "\n")
	if len(lines) != 20 || lines[0] != "::error file=b.xml,line=1,title=settings.missing::gone" ||
		lines[9] != "::error file=b.xml,line=10,title=settings.missing::gone +2 more" ||
		lines[19] != "::warning file=a.xml,line=10,title=settings.unknown_value::odd +2 more" {
		t.Errorf("got  %s\nwant ten errors, then ten warnings, and how many more", b.String())
	}
}

func TestLintSARIF(t *testing.T) {
	var log struct {
		Version string
		Runs    []struct {
			Tool struct {
				Driver struct{ Rules []struct{ ID string } }
			}
			Results []struct {
				RuleID    string
				RuleIndex int
				Level     string
				Locations []struct {
					PhysicalLocation struct {
						ArtifactLocation struct{ URI string }
						Region           struct{ StartLine int }
					}
				}
			}
		}
	}
	if err := json.Unmarshal([]byte(lint(t, "sarif", Options{})), &log); err != nil {
		t.Fatal(err)
	}
	run := log.Runs[0]
	levels := map[string]bool{}
	for _, r := range run.Results {
		levels[r.Level] = true
		place := r.Locations[0].PhysicalLocation
		if run.Tool.Driver.Rules[r.RuleIndex].ID != r.RuleID || place.ArtifactLocation.URI != "a%20b/100%25,x:y.xml" || place.Region.StartLine < 1 {
			t.Errorf("got  %+v", r)
		}
	}
	if log.Version != "2.1.0" || len(levels) != 3 {
		t.Errorf("got  %s, %v", log.Version, levels)
	}
}

func TestLintJUnit(t *testing.T) {
	var all struct {
		Tests    int `xml:"tests,attr"`
		Failures int `xml:"failures,attr"`
		Suites   []struct {
			Cases []junitCase `xml:"testcase"`
		} `xml:"testsuite"`
	}
	if err := xml.Unmarshal([]byte(lint(t, "junit", Options{})), &all); err != nil {
		t.Fatal(err)
	}
	if all.Tests != 2 || all.Failures != 1 || all.Suites[0].Cases[0].Failure == nil || all.Suites[0].Cases[1].Failure != nil {
		t.Errorf("got  %+v", all)
	}
}

func TestLintFormats(t *testing.T) {
	err := CheckLintFormat("sarfi")
	if err == nil || !strings.Contains(err.Error(), "did you mean sarif?") || CheckLintFormat("github") != nil {
		t.Errorf("got  %v", err)
	}
}
