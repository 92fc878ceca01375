package verify

import (
	"flag"
	"net/netip"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"mailprobe/internal/auth"
	"mailprobe/internal/finding"
	"mailprobe/internal/lab/script"
	"mailprobe/internal/probe"
	"mailprobe/internal/settings"
	"mailprobe/internal/tlscheck"
)

// TestMain lets more tests run at once than there are processors: their
// servers are slow or silent on purpose.
func TestMain(m *testing.M) {
	if err := flag.Set("test.parallel", "8"); err != nil {
		panic(err)
	}
	os.Exit(m.Run())
}

// TestDialogues holds every dialogue against the gravest finding that its file
// names: what fails is explained, what is explained so does not work, and what
// works has no finding but facts.
func TestDialogues(t *testing.T) {
	files, err := filepath.Glob("../../testdata/dialogues/*.txt")
	if err != nil || len(files) == 0 {
		t.Fatalf("got  %v, %v\nwant files of dialogues", files, err)
	}
	for _, file := range files {
		dialogues, err := script.Read(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range dialogues {
			t.Run(filepath.Base(file)+"/"+d.Name, func(t *testing.T) {
				t.Parallel()
				checkDialogue(t, d)
			})
		}
	}
}

func checkDialogue(t *testing.T, d script.Dialogue) {
	e := Run(t.Context(), dialoguePlan(t, d)).Endpoints[0]
	got := ""
	for _, f := range e.Findings {
		if got == "" && f.Severity != finding.Info {
			got = f.Code
		}
	}
	if !slices.Contains(strings.Split(d.Finding, "|"), got) || string(e.Verdict) != d.Verdict {
		t.Errorf("got  %s, gravest finding %q\nwant %s, %q", e.Verdict, got, d.Verdict, d.Finding)
	}
	if failed := strings.Contains(d.Steps, "FAILED"); failed && d.Verdict == "works" {
		t.Error("got  a dialogue that fails and is to work")
	}
}

// dialoguePlan verifies a scripted server with a password, and nothing beside
// it.
func dialoguePlan(t *testing.T, d script.Dialogue) Plan {
	s := script.Start(t, script.Options{}, d.Script)
	kind, secret := auth.Password, d.Password
	if d.Token != "" {
		kind, secret = auth.Token, d.Token
	}
	loopback := netip.MustParseAddr("127.0.0.1")
	e := settings.Endpoint{Protocol: settings.Protocol(d.Protocol), Host: "localhost", Port: s.Port(), Security: settings.Security(d.Security)}
	return Plan{
		Endpoints:      []settings.Setting{{Endpoint: e, Origin: settings.FromURL}},
		NoAlternatives: true, NoControl: true,
		Options: probe.Options{
			Username: "me@example.com", Credential: auth.NewCredential(kind, auth.NewSecret(secret)), Mechanism: d.Auth,
			Address: &loopback, TLS: tlscheck.Config{System: s.CA().Pool()},
			// Time enough on the busiest computer; the server tells of its silence.
			Dialer: s, Timeouts: probe.Timeouts{Phase: time.Minute, SignIn: time.Minute, Silence: 250 * time.Millisecond},
		},
	}
}
