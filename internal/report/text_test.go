package report

import (
	"encoding/json"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode"

	"github.com/fatih/color"

	"mailprobe/internal/document"
	"mailprobe/internal/finding"
	"mailprobe/internal/probe"
	"mailprobe/internal/safe"
	"mailprobe/internal/settings"
	"mailprobe/internal/tlscheck"
	"mailprobe/internal/verify"
)

// TestNothingOverflows holds every line within the width, but for what people
// copy: addresses of pages and commands.
func TestNothingOverflows(t *testing.T) {
	for name, sample := range samples {
		for _, width := range []int{20, 40, 60, 80, 120, 200} {
			t.Run(fmt.Sprintf("%s/%d", name, width), func(t *testing.T) {
				out := string(render(t, "text", Options{Width: width, Verbose: true}, sample()))
				for line := range strings.Lines(out) {
					line = strings.TrimSuffix(line, "\n")
					whole := width < 60 && strings.HasPrefix(strings.TrimSpace(line), "mailprobe ") || strings.Contains(line, "https://") || strings.Contains(line, "  mailprobe ") || strings.Contains(line, "SHA-256") || name == "hostile"
					if w := safe.Width(line); w > width && !whole {
						t.Fatalf("%d columns: %q", w, line)
					}
				}
			})
		}
	}
}

// TestHostile holds that no format lets a peer's text act.
func TestHostile(t *testing.T) {
	for _, format := range Formats() {
		for _, o := range []Options{{}, {Verbose: true}, {Quiet: true}, {Width: 60, Verbose: true}} {
			checkHarmless(t, fmt.Sprint(format, " ", o), render(t, format, o, sampleHostile()))
		}
	}
}

var (
	ourCommand  = regexp.MustCompile(`^::(error|warning|notice) (file=[^:,]*,line=\d+,)?title=[^:,]*::`)
	hashCommand = regexp.MustCompile(`##[A-Za-z0-9._-]*\[`)
)

func checkHarmless(t *testing.T, what string, out []byte) {
	t.Helper()
	for _, r := range string(out) {
		if r != '\n' && !unicode.IsPrint(r) {
			t.Errorf("%s: the output holds %U", what, r)
		}
	}
	for line := range strings.Lines(string(out)) {
		line = ourCommand.ReplaceAllString(line, "")
		if strings.HasPrefix(strings.TrimLeft(line, " "), "::") || hashCommand.MatchString(line) {
			t.Errorf("%s: the output holds the mark of a CI command: %q", what, line)
		}
	}
}

// What is typed again is shown as it is typed, and JSON is escaped by JSON
// alone.
func TestWhatIsTypedAgain(t *testing.T) {
	type field struct {
		Auth struct{ Username, Reply string }
	}
	for _, name := range []string{`DOMAIN\user`, `user@domain\shared`, "::1", "2001:db8::1", `a"b'c<d>&e`, "##", "a::b"} {
		sample := sampleURL()
		sample.SignInAsked = true
		sample.Endpoints[0].Result.Auth = probe.Auth{Status: probe.AuthRejected, Mechanism: "PLAIN", Username: name, Reply: &probe.Reply{Text: "NO " + name}}
		for _, o := range []Options{{}, {Verbose: true}} {
			if out := string(render(t, "text", o, sample)); !strings.Contains(out, "as "+name) || !strings.Contains(out, "NO "+name) {
				t.Errorf("%s is not in\n%s", name, out)
			}
		}
		if out := string(render(t, "junit", Options{}, sample)); !strings.Contains(out, "NO "+name) {
			t.Errorf("%s is not in\n%s", name, out)
		}
		var got struct{ Endpoints []field }
		if err := json.Unmarshal(render(t, "json", Options{}, sample), &got); err != nil || got.Endpoints[0].Auth.Username != name || !strings.HasSuffix(got.Endpoints[0].Auth.Reply, name) {
			t.Errorf("got  %+v, %v\nwant %s", got, err, name)
		}
	}
}

func TestUnlessColorThereIsNoEscape(t *testing.T) {
	defer func(none bool) { color.NoColor = none }(color.NoColor)
	color.NoColor = false // as on a terminal
	for name, sample := range samples {
		if out := render(t, "text", Options{Verbose: true}, sample()); strings.Contains(string(out), "\x1b") {
			t.Errorf("%s: the output holds an escape sequence", name)
		}
	}
	if out := render(t, "text", Options{Color: true}, sampleTLS()); !strings.Contains(string(out), "\x1b[31;1m") {
		t.Error("a failure in colour is not red")
	}
}

// TestNeverSilent holds that a report says what was not tested, and never
// sounds like success where there is none.
func TestNeverSilent(t *testing.T) {
	for name, sample := range samples {
		t.Run(name, func(t *testing.T) {
			r := sample()
			first := string(render(t, "text", Options{Quiet: true}, r))
			if strings.Count(first, "\n") != 1 {
				t.Errorf("the answer is not one line: %q", first)
			}
			if !r.SignInAsked && !strings.Contains(first, "Signing in was not tested.") {
				t.Errorf("the answer does not say that signing in was not tested: %q", first)
			}
			want := map[verify.Verdict]string{verify.Fails: "FAILS: ", verify.Unknown: "UNKNOWN: "}[r.Verdict]
			if got := strings.HasPrefix(first, "FAILS: ") || strings.HasPrefix(first, "UNKNOWN: "); got != (want != "") || !strings.HasPrefix(first, want) {
				t.Errorf("verdict %s: %q", r.Verdict, first)
			}
		})
	}
}

func TestAnswer(t *testing.T) {
	with := func(verdicts ...verify.Verdict) *verify.Report {
		r := &verify.Report{Target: "t", Provider: &settings.Provider{}, Verdict: verify.Fails}
		for _, v := range verdicts {
			r.Endpoints = append(r.Endpoints, verify.Endpoint{Verdict: v})
		}
		return r
	}
	const w, f, u = verify.Works, verify.Fails, verify.Unknown
	tests := []struct {
		r    *verify.Report
		want string
	}{
		{with(f), "the documented setting does not work from here."},
		{with(u), "it could not be judged from here whether the documented setting works."},
		{with(w, w), "both documented settings work from here."},
		{with(w, w, w), "3 of 3 documented settings work from here."},
		{with(f, f), "neither documented setting works from here."},
		{with(f, f, f), "none of 3 documented settings works from here."},
		{with(u, u), "it could not be judged from here whether any of 2 documented settings works."},
		{with(f, u), "none of 2 documented settings is known to work from here, 1 fails, 1 could not be judged."},
		{with(w, f, f), "1 of 3 documented settings works from here, 2 fail."},
		{with(w, w, u), "2 of 3 documented settings work from here, 1 could not be judged."},
		{with(w, ""), "1 of 2 documented settings works from here, 1 could not be judged."},
	}
	for _, tt := range tests {
		if got := documentedTally.say(nil, document.Of(tt.r, "")); got != tt.want {
			t.Errorf("\n got %s\nwant %s", got, tt.want)
		}
	}
}

// TestAnswerSaysWhatWasNotAsked: an account that signed in may be unable to
// send.
func TestAnswerSaysWhatWasNotAsked(t *testing.T) {
	const want = "Whether the account may send was not tested; --user names its address."
	r := sampleAccepted()
	if got := answer(nil, document.Of(r, "")); slices.Contains(got, want) {
		t.Errorf("got  %q\nwant nothing of sending", got)
	}
	e := &r.Endpoints[2]
	e.Findings = append(e.Findings, finding.Finding{Code: "access.sender_unknown", Severity: finding.Info, Message: "x"})
	if got := answer(nil, document.Of(r, "")); !slices.Contains(got, want) {
		t.Errorf("got  %q\nwant %q among them", got, want)
	}
}

func TestSignInAnswer(t *testing.T) {
	tests := []struct {
		status []probe.AuthStatus
		want   string
	}{
		{nil, "Signing in was not tested."},
		{[]probe.AuthStatus{"accepted", "accepted"}, "Signing in was accepted."},
		{[]probe.AuthStatus{"accepted", "skipped"}, "Signing in: 1 accepted, 1 not tested."},
		{[]probe.AuthStatus{"", "skipped", "not_tested"}, "Signing in was not tested."},
		{[]probe.AuthStatus{"unknown"}, "Signing in was not judged."},
		{[]probe.AuthStatus{"rejected", "unknown", "accepted"}, "Signing in: 1 accepted, 1 rejected, 1 not judged."},
	}
	for _, tt := range tests {
		r := &verify.Report{SignInAsked: true}
		for _, s := range tt.status {
			r.Endpoints = append(r.Endpoints, verify.Endpoint{Result: &probe.Result{Auth: probe.Auth{Status: s}}})
		}
		if got := signInAnswer(nil, document.Of(r, "")); got != tt.want {
			t.Errorf("%v\n got %s\nwant %s", tt.status, got, tt.want)
		}
	}
}

// TestVerdictWithoutFinding holds that a verdict counts even if nothing
// explains it.
func TestVerdictWithoutFinding(t *testing.T) {
	tests := map[verify.Verdict]string{
		verify.Fails:   "This setting does not work; mailprobe cannot say why.",
		verify.Unknown: "It could not be judged from here whether this setting works.",
	}
	for verdict, want := range tests {
		r := sampleURL()
		r.Verdict, r.Endpoints[0].Verdict = verdict, verdict
		for _, format := range []string{"text", "junit"} {
			if got := string(render(t, format, Options{Width: 120}, r)); !strings.Contains(got, want) {
				t.Errorf("%s of %s\n got %s\nwant %s", format, verdict, got, want)
			}
		}
	}
}

func TestWrap(t *testing.T) {
	tests := []struct {
		in   string
		want string
	}{
		{"", ""},
		{"one two three", "one two|three"},
		{"exactly8", "exactly8"},
		{"a verylongword b", "a|verylong|word b"},
		{"世界世界世界", "世界世界|世界"},
		{"1234567a::error", "1234567|a::error"},
	}
	for _, tt := range tests {
		if got := strings.Join(wrap(tt.in, 8), "|"); got != tt.want {
			t.Errorf("wrap(%q)\n got %s\nwant %s", tt.in, got, tt.want)
		}
	}
}

func TestNew(t *testing.T) {
	for _, name := range Formats() {
		if w, err := New(name, io.Discard, Options{}); w == nil || err != nil {
			t.Errorf("New(%q): %v", name, err)
		}
	}
	const all = "there are text, json, ndjson, junit, github, markdown, html, csv, nagios, prometheus"
	tests := []struct{ name, want string }{
		{"jsno", `unknown output format "jsno" (did you mean json?); ` + all},
		{"JUnit", `unknown output format "JUnit" (did you mean junit?); ` + all},
		{"yaml", `unknown output format "yaml"; ` + all},
		{"sarif", "-o sarif says in which file and line a fault stands, and settings that are verified stand in none; take -o github or -o json, or 'mailprobe lint' for files"},
	}
	for _, tt := range tests {
		if _, err := New(tt.name, io.Discard, Options{}); err == nil || err.Error() != tt.want {
			t.Errorf("New(%q)\n got %v\nwant %s", tt.name, err, tt.want)
		}
	}
}

// TestJUnitIsNeverGreen holds that every suite of a report that does not work
// has a failure or an error, and that the counts are right.
func TestJUnitIsNeverGreen(t *testing.T) {
	for name, sample := range samples {
		t.Run(name, func(t *testing.T) {
			r := sample()
			var got struct {
				junitSuite
				XMLName xml.Name     `xml:"testsuites"`
				Suites  []junitSuite `xml:"testsuite"`
			}
			if err := xml.Unmarshal(render(t, "junit", Options{}, r), &got); err != nil {
				t.Fatal(err)
			}
			failures, errs := 0, 0
			for _, c := range got.Suites[0].Cases {
				if c.Failure != nil {
					failures++
				}
				if c.Error != nil {
					errs++
				}
			}
			if got.Failures != failures || got.Errors != errs || got.Tests != len(got.Suites[0].Cases) {
				t.Errorf("counts\n got %d %d %d\nwant %d %d %d", got.Tests, got.Failures, got.Errors, len(got.Suites[0].Cases), failures, errs)
			}
			if red := failures+errs > 0; red != (r.Verdict != verify.Works) {
				t.Errorf("verdict %s, red %v", r.Verdict, red)
			}
		})
	}
}

func BenchmarkText(b *testing.B)  { benchmark(b, "text") }
func BenchmarkJSON(b *testing.B)  { benchmark(b, "json") }
func BenchmarkJUnit(b *testing.B) { benchmark(b, "junit") }

func benchmark(b *testing.B, format string) {
	for b.Loop() {
		w, err := New(format, io.Discard, Options{Verbose: true, Targets: 1})
		if err != nil {
			b.Fatal(err)
		}
		if err := errors.Join(w.Begin(), w.Report(document.Of(sampleRejected(), testVersion)), w.End()); err != nil {
			b.Fatal(err)
		}
	}
}

// TestShared holds which endpoints share a box: those of which all that is
// said is the same but for the address.
func TestShared(t *testing.T) {
	tests := []struct {
		name   string
		change func(*verify.Endpoint) // of the second endpoint
		want   int                    // boxes
	}{
		{"the same", func(*verify.Endpoint) {}, 2},
		{"another remedy", func(e *verify.Endpoint) { e.Findings[0].Remedy = "Something else." }, 3},
		{"another code", func(e *verify.Endpoint) { e.Findings[0].Code = "net.timeout" }, 3},
		{"another severity", func(e *verify.Endpoint) { e.Verdict = verify.Unknown }, 3},
		{"other arguments", func(e *verify.Endpoint) { e.Findings[0].Args = finding.Args{"x": "y"} }, 3},
		{"other evidence", func(e *verify.Endpoint) { e.Findings[0].Evidence = finding.Saw("something else") }, 3},
		{"a setting that works instead", func(e *verify.Endpoint) { e.Instead = []verify.Instead{{}} }, 3},
		{"nothing explains it", func(e *verify.Endpoint) { e.Findings = nil }, 3},
		{"it works", func(e *verify.Endpoint) { e.Verdict = verify.Works }, 2},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r := sampleShared()
			tt.change(&r.Endpoints[1])
			if got := len(document.Of(r, "").Faults); got != tt.want {
				t.Errorf("boxes\n got %d\nwant %d", got, tt.want)
			}
		})
	}
}

// TestHeldBackHasNoBox holds that an endpoint has no box only if the list of
// sign-ins says all that there is to say of it.
func TestHeldBackHasNoBox(t *testing.T) {
	tests := []struct {
		name   string
		change func(*verify.Endpoint)
		want   int // boxes, with that of the rejection
	}{
		{"held back", func(*verify.Endpoint) {}, 1},
		{"no reason is known", func(e *verify.Endpoint) { e.Result.Auth.Reason = "" }, 2},
		{"a phase failed", func(e *verify.Endpoint) { failAt(e, probe.Capabilities, io.EOF) }, 2},
		{"a warning", func(e *verify.Endpoint) {
			e.Findings = []finding.Finding{{Code: "x.y", Severity: finding.Warning, Message: "odd"}}
		}, 2},
		{"not verified", func(e *verify.Endpoint) { e.Result.TLS = nil }, 2},
		{"it fails", func(e *verify.Endpoint) { e.Verdict = verify.Fails }, 2},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r := sampleRejected()
			e := &r.Endpoints[1]
			e.Verdict = verify.Unknown
			tt.change(e)
			if got := len(document.Of(r, "").Faults); got != tt.want {
				t.Errorf("boxes\n got %d\nwant %d", got, tt.want)
			}
		})
	}
}

func TestUnwrappedDialogueIsWhole(t *testing.T) {
	r := sampleTranscript()
	long := strings.Repeat("x", 3*maxDialogue)
	r.Endpoints[0].Result.Transcript[0].Text = long
	for _, tt := range []struct {
		unwrapped, want bool
	}{{true, true}, {false, false}} {
		if got := strings.Contains(string(render(t, "text", Options{Unwrapped: tt.unwrapped}, r)), long); got != tt.want {
			t.Errorf("whole line with unwrapped %v\n got %v\nwant %v", tt.unwrapped, got, tt.want)
		}
	}
}

// TestWordsOfHandshakes holds that the text has words for each way in which a
// handshake fails, and for each that it is explained.
func TestWordsOfHandshakes(t *testing.T) {
	for _, f := range []tlscheck.Failure{tlscheck.Plaintext, tlscheck.Alert, tlscheck.Closed, tlscheck.Reset, tlscheck.Timeout, tlscheck.Canceled, tlscheck.Other} {
		if endings[document.Text(f)] == "" {
			t.Errorf("there are no words for %s", f)
		}
	}
	for _, r := range []tlscheck.Reason{
		tlscheck.LegacyVersion, tlscheck.NoCommonCipher, tlscheck.NoCommonGroup, tlscheck.SHA1Signatures, tlscheck.NameRefused, tlscheck.CertWanted, tlscheck.LargeHello,
	} {
		if got := shown(nil, &document.TLSFailure{Reason: document.Maybe(r), Hellos: 1}); strings.Contains(got, "nothing more") {
			t.Errorf("%s\n got %s\nwant what it means", r, got)
		}
	}
	for store, want := range map[tlscheck.Store]string{tlscheck.StoreGiven: "by hand", tlscheck.StoreMozilla: "has no list", tlscheck.StoreSystem: "by this computer", "": "by this computer"} {
		r := sampleURL()
		r.Endpoints[0].Result.TLS.Store = store
		if got := trustWords(nil, document.Of(r, "").Endpoints[0].TLS); !strings.Contains(got, want) {
			t.Errorf("%q\n got %s\nwant %s", store, got, want)
		}
	}
}

// TestPhasesAreThose holds the words for phases against those of a document.
func TestPhasesAreThose(t *testing.T) {
	e := document.Of(sampleURL(), "").Endpoints[0]
	if len(e.Phases) != len(phases) {
		t.Fatalf("got  %d phases\nwant %d", len(phases), len(e.Phases))
	}
	for i, ph := range e.Phases {
		if string(ph.Name) != phases[i].name {
			t.Errorf("got  %s\nwant %s", phases[i].name, ph.Name)
		}
	}
}

func TestHandshakeExplained(t *testing.T) {
	for _, tt := range []struct {
		f    document.TLSFailure
		want string
	}{
		{document.TLSFailure{}, ""},
		{document.TLSFailure{Reason: "cert_wanted"}, "it demands a client certificate"},
		{document.TLSFailure{Hellos: 1}, "asked again with 1 hello: they show nothing more"},
		{document.TLSFailure{Reason: "no_common_group", Group: "P-384", Hellos: 2}, "asked again with 2 hellos: it chooses only groups such as P-384"},
	} {
		if got := shown(nil, &tt.f); got != tt.want {
			t.Errorf("got  %s\nwant %s", got, tt.want)
		}
	}
}

func TestSeconds(t *testing.T) {
	for m, want := range map[document.Millis]string{0: "0.0 s", 0.1: "0.00 s", 99.9: "0.10 s", 100: "0.1 s", 1260: "1.3 s"} {
		if got := seconds(nil, m); got != want {
			t.Errorf("%v\ngot  %s\nwant %s", m, got, want)
		}
	}
}

func TestValidity(t *testing.T) {
	for _, tt := range []struct {
		from, until time.Duration // since the run started
		daysLeft    int
		want        string
		half        string
	}{
		{-time.Hour, -time.Second, 0, "expired", "expired"},
		{time.Hour, -48 * time.Hour, -2, "expired", "expired"},
		{time.Second, time.Hour, 0, "not yet", "not good yet"},
		{0, 0, 0, "today", "ends today"},
		{0, 24 * time.Hour, 1, "in 1 day", "ends in 1 day"},
		{0, 48 * time.Hour, 2, "in 2 days", "ends in 2 days"},
	} {
		c := document.ShortCertificate{NotBefore: sampleTime.Add(tt.from), NotAfter: sampleTime.Add(tt.until), DaysLeft: tt.daysLeft}
		if got, half := validity(nil, c, sampleTime), remaining(nil, c, sampleTime); got != tt.want || half != tt.half {
			t.Errorf("%+v\ngot  %s, %s\nwant %s, %s", tt, got, half, tt.want, tt.half)
		}
	}
}

// TestTheLastColumnIsUsed holds that what fits a line exactly stands on it, and
// what is one column longer does not.
func TestTheLastColumnIsUsed(t *testing.T) {
	for name, tt := range map[string]struct {
		report *verify.Report
		line   string // with an x that is made as long as it takes
	}{
		"table":  {sampleURL(), "IMAP  x:993  SSL/TLS   works   TLS 1.3  in 71 days  0.4 s"},
		"answer": {sampleURL(), "x works from here. Signing in was not tested."},
		"detail": {sampleRejected(), "  SMTP  smtp.office365.com:587     not judged: x"},
	} {
		for over, want := range []bool{true, false} {
			long := strings.Repeat("x", 90-len(tt.line)+1+over)
			tt.report.Endpoints[0].Host, tt.report.Endpoints[len(tt.report.Endpoints)-1].Result.Auth.Reason = "imap.example.com", "x"
			switch name {
			case "table":
				tt.report.Endpoints[0].Host = long
			case "answer":
				tt.report.Target = long
			case "detail":
				tt.report.Endpoints[0].Host = "outlook.office365.com"
				tt.report.Endpoints[2].Result.Auth.Reason = long
			}
			out := string(render(t, "text", Options{Width: 90}, tt.report))
			if got := strings.Contains(out, strings.Replace(tt.line, "x", long, 1)); got != want {
				t.Errorf("%s, %d columns too long\ngot  %s\nwant it on one line: %v", name, over, out, want)
			}
		}
	}
}

func TestPeerLines(t *testing.T) {
	for lines, want := range map[int]string{0: "", maxLines: "line", maxLines + 1: "… and 1 line more", maxLines + 2: "… and 2 lines more"} {
		got := peerLines(nil, strings.Repeat("line\n", lines))
		if last := strings.Join(got[max(0, len(got)-1):], ""); last != want || len(got) != min(lines, maxLines+1) {
			t.Errorf("%d lines\ngot  %q\nwant %q last", lines, got, want)
		}
	}
}

func TestOrderWords(t *testing.T) {
	two := []document.Text{"a", "b"}
	for _, tt := range []struct {
		v    document.VersionScan
		want string
	}{
		{document.VersionScan{Suites: two[:1]}, ""},
		{document.VersionScan{Suites: two}, "(the server follows the order of the mail program)"},
		{document.VersionScan{Suites: two, ServerOrder: true}, "(in the server's own order)"},
		{document.VersionScan{Suites: two[:1], FirstOnly: true}, "(its first choice; more was not asked)"},
	} {
		if got := orderWords(tt.v); string(got) != tt.want {
			t.Errorf("%v\ngot  %s\nwant %s", tt.v, got, tt.want)
		}
	}
}

// TestMechanismWords holds that a server's words are shown as it wrote them.
func TestMechanismWords(t *testing.T) {
	for _, tt := range []struct {
		mechanisms, caps []document.Text
		native           document.Maybe
		want             string
	}{
		{[]document.Text{"PLAIN", "LOGIN"}, []document.Text{"Auth plain Login"}, "", "plain Login"},
		{[]document.Text{"XOAUTH2"}, []document.Text{"IMAP4rev1", "auth=xoauth2"}, "IMAP LOGIN", "xoauth2 (IMAP LOGIN command)"},
		{[]document.Text{"PLAIN"}, nil, "", "PLAIN"},
		{nil, []document.Text{"PLAIN"}, "", "none"},
	} {
		if got := mechanismWords(nil, tt.mechanisms, tt.caps, tt.native); got != tt.want {
			t.Errorf("%v of %v\ngot  %s\nwant %s", tt.mechanisms, tt.caps, got, tt.want)
		}
	}
}
