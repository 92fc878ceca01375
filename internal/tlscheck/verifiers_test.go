package tlscheck

import (
	"bytes"
	"cmp"
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"flag"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

// needProgram skips where a program is not installed, unless the run demands
// all real servers.
func needProgram(t *testing.T, name string) string {
	t.Helper()
	path, err := exec.LookPath(name)
	switch {
	case err == nil:
	case os.Getenv("MAILPROBE_REQUIRE_SERVERS") == "1":
		t.Fatalf("%s is not installed, and MAILPROBE_REQUIRE_SERVERS=1", name)
	default:
		t.Skipf("SKIPPED: %s is not installed: nothing is held against it", name)
	}
	return path
}

// A stand is a server that shows one chain, as other verifiers reach it.
type stand struct {
	dial    Dial
	address string
	roots   string // file
	name    string
}

// standFor serves cfg until the test ends.
func standFor(t *testing.T, cfg *tls.Config, name string, root *x509.Certificate) stand {
	t.Helper()
	return standOf(t, listenPeer(t, serve(cfg)), name, root)
}

// standOf is a server that runs already.
func standOf(t *testing.T, dial Dial, name string, root *x509.Certificate) stand {
	t.Helper()
	s := stand{dial: dial, roots: filepath.Join(t.TempDir(), "roots.pem"), name: name}
	conn, err := s.dial(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	s.address = conn.RemoteAddr().String()
	conn.Close()
	var text bytes.Buffer
	if err := pem.Encode(&text, &pem.Block{Type: "CERTIFICATE", Bytes: root.Raw}); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(s.roots, text.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	return s
}

// ask runs the client of a family.
func (s stand) ask(t *testing.T, f Family) (Habit, string) {
	t.Helper()
	if f == OpenSSL {
		return clientSays(t, needOpenSSL(t), "s_client", "-connect", s.address, "-servername", s.name, check(s.name), s.name,
			"-CAfile", s.roots, "-no-CApath", "-no-CAstore", "-verify_return_error", "-auth_level", "2", "-brief")
	}
	host, port, err := net.SplitHostPort(s.address)
	if err != nil {
		t.Fatal(err)
	}
	return clientSays(t, needProgram(t, "gnutls-cli"), "--x509cafile", s.roots, "--sni-hostname", s.name, "--verify-hostname", s.name, "--port", port, host)
}

func clientSays(t *testing.T, path string, args ...string) (Habit, string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	out, err := exec.CommandContext(ctx, path, args...).CombinedOutput()
	if err != nil {
		return Refuses, string(out)
	}
	return Takes, string(out)
}

// examined is what this package says of the same server.
func (s stand) examined(t *testing.T, cfg Config) *State {
	t.Helper()
	conn, err := s.dial(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	_, state, err := Client(t.Context(), conn, s.name, cfg)
	if err != nil {
		t.Fatal(err)
	}
	return state
}

// TestVerifiers shows every leaf to OpenSSL and to GnuTLS, in each way in
// which a server can use its key. Whoever of them refuses, no permit is given;
// and what the table says of them and of Go is what they do.
func TestVerifiers(t *testing.T) {
	needOpenSSL(t)
	needProgram(t, "gnutls-cli")
	staged := leaves(t)
	for _, p := range Practices {
		if slices.ContainsFunc(p.Cells[:], func(c Cell) bool { return c.Source == Run }) && !slices.ContainsFunc(staged, func(l leaf) bool { return l.is == p.Kind && l.which == p.Case }) {
			t.Errorf("no leaf shows %s, %q", p.Kind, p.Case)
		}
	}
	for _, l := range staged {
		for _, m := range l.modes() {
			t.Run(l.name+", "+m.name, func(t *testing.T) {
				t.Parallel()
				l.show(t, m)
			})
		}
	}
}

func (l leaf) show(t *testing.T, m mode) {
	t.Helper()
	s := standFor(t, m.config(l.chain), l.host, l.root)
	mozilla := x509.NewCertPool()
	if l.public {
		mozilla.AddCert(l.root)
	}
	state := s.examined(t, Config{System: poolOf([]*x509.Certificate{l.root}), Mozilla: mozilla})
	_, permit := state.Permit()
	said := map[Family]Habit{Go: Takes}
	if plainVerify(certsOf(l.chain), l.host, poolOf([]*x509.Certificate{l.root}), time.Now()) != nil {
		said[Go] = Refuses
	}
	for _, f := range []Family{OpenSSL, GnuTLS} {
		var text string
		if said[f], text = s.ask(t, f); permit && said[f] != Takes {
			t.Errorf("got  a permit (%v)\nwant none, %s says:\n%s", state.Causes, f, text)
		}
	}
	if !l.tests(m) {
		return
	}
	l.compare(t, state, said)
}

// compare holds what was said against the row of the table.
func (l leaf) compare(t *testing.T, state *State, said map[Family]Habit) {
	t.Helper()
	if l.is == "" {
		if _, permit := state.Permit(); !permit || len(state.Causes) > 0 {
			t.Errorf("got  %v\nwant nothing", state.Causes)
		}
		return
	}
	at := slices.IndexFunc(state.Causes, func(c Cause) bool { return c.Kind == l.is && c.Case == l.which })
	p, ok := PracticeOf(Cause{Kind: l.is, Case: l.which})
	if at < 0 || !ok {
		t.Fatalf("got  %+v\nwant %s, %q, and a row", state.Causes, l.is, l.which)
	}
	if _, permit := state.Permit(); state.Causes[at].Fatal != p.Refused() || permit == p.Refused() {
		t.Errorf("got  %+v, permit %v\nwant refused: %v", state.Causes[at], permit, p.Refused())
	}
	for i, f := range Families {
		if c := p.Cells[i]; c.Source == Run && c.Habit != said[f] {
			t.Errorf("%s: got  %s\nwant %s, says the table", f, said[f], c.Habit)
		}
	}
}

// TestPractices holds the table to its form.
func TestPractices(t *testing.T) {
	seen := map[string]bool{}
	for _, p := range Practices {
		key := fmt.Sprintf("%s, %q", p.Kind, p.Case)
		if seen[key] {
			t.Errorf("%s stands twice", key)
		}
		seen[key] = true
		for i, c := range p.Cells {
			if (c.Habit == Unknown) != (c.Source == "") {
				t.Errorf("%s: %s says %q by %q", key, Families[i], c.Habit, c.Source)
			}
			if f := Families[i]; (f == OpenSSL || f == GnuTLS || f == Go) != (c.Source == Run) {
				t.Errorf("%s: %s is known by %q", key, f, c.Source)
			}
		}
		if got, ok := PracticeOf(Cause{Kind: p.Kind, Case: p.Case, Detail: "x"}); !ok || got != p {
			t.Errorf("%s: got  %q\nwant its own row", key, got.About)
		}
		if p.About == "" || len(p.Those(Refuses)) == 0 {
			t.Errorf("%s: nobody refuses %q", key, p.About)
		}
	}
}

// TestSources: every habit that is not run has a source, and every source
// stands in the tables.
func TestSources(t *testing.T) {
	var cells []Cell
	for _, p := range slices.Concat(Practices, Unread) {
		cells = append(cells, p.Cells[:]...)
	}
	for _, o := range Offers {
		cells = append(cells, o.Cells[:]...)
	}
	named := func(name string) bool {
		return slices.ContainsFunc(Sources, func(s Source) bool { return s.Name == name && s.At != "" })
	}
	for _, c := range cells {
		if c.Source != "" && c.Source != Run && !named(c.Source) {
			t.Errorf("%q is no source", c.Source)
		}
		if got, want := strings.Contains(c.String(), "not verified"), c.Habit != Unknown && !verified(c.Source); got != want {
			t.Errorf("%q: got  %v\nwant %v", c, got, want)
		}
	}
	for _, s := range Sources {
		if !slices.ContainsFunc(cells, func(c Cell) bool { return c.Source == s.Name }) {
			t.Errorf("nothing rests on %q", s.Name)
		}
	}
}

// TestRefused is the threshold.
func TestRefused(t *testing.T) {
	ours, others := []Family{OpenSSL, GnuTLS, Go}, []Family{NSS, Windows, Apple}
	row := func(broad bool, families ...Family) Practice {
		p := Practice{Broad: broad}
		for i, f := range Families {
			if p.Cells[i].Habit = Takes; slices.Contains(families, f) {
				p.Cells[i].Habit = Refuses
			}
		}
		return p
	}
	if row(false).Refused() || row(true).Refused() {
		t.Error("refused by nobody")
	}
	for _, f := range ours {
		if !row(false, f).Refused() {
			t.Errorf("%s is not enough", f)
		}
	}
	for i, f := range others {
		if row(false, f).Refused() || !row(true, f).Refused() || !row(false, f, others[(i+1)%3]).Refused() {
			t.Errorf("%s alone, in a broad matter, or with another", f)
		}
	}
	if _, ok := PracticeOf(Cause{Kind: EKU}); ok {
		t.Error("a row for a case that is not said")
	}
	if _, ok := PracticeOf(Cause{Kind: RootSent}); ok {
		t.Error("a row for a mere fact")
	}
}

// TestVerifiersDocument keeps docs/verifiers.md.
var update = flag.Bool("update", false, "write docs/verifiers.md anew")

func TestVerifiersDocument(t *testing.T) {
	const path = "../../docs/verifiers.md"
	want := verifiersPage()
	if *update {
		if err := os.WriteFile(path, []byte(want), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if got, err := os.ReadFile(path); err != nil || string(got) != want {
		t.Errorf("%s is not what the tables say (%v); run with -update", path, err)
	}
}

func verifiersPage() string {
	var b strings.Builder
	b.WriteString(verifiersIntro)
	b.WriteString("| the certificate |")
	for _, f := range Families {
		fmt.Fprintf(&b, " %s |", f)
	}
	b.WriteString(" code | no secret |\n|" + strings.Repeat(" --- |", len(Families)+3) + "\n")
	for _, p := range Practices {
		fmt.Fprintf(&b, "| %s |", p.About)
		for _, c := range p.Cells {
			fmt.Fprintf(&b, " %s |", c)
		}
		no := ""
		if p.Refused() {
			no = "refused"
		}
		fmt.Fprintf(&b, " `cert.%s` | %s |\n", p.Kind, no)
	}
	b.WriteString(unreadIntro + "| the certificate |")
	for _, f := range Families {
		fmt.Fprintf(&b, " %s |", f)
	}
	b.WriteString("\n|" + strings.Repeat(" --- |", len(Families)+1) + "\n")
	for _, p := range Unread {
		fmt.Fprintf(&b, "| %s |", p.About)
		for _, c := range p.Cells {
			fmt.Fprintf(&b, " %s |", c)
		}
		b.WriteString("\n")
	}
	b.WriteString(offersIntro + "| the method |")
	for _, f := range Families {
		fmt.Fprintf(&b, " %s |", f)
	}
	b.WriteString("\n|" + strings.Repeat(" --- |", len(Families)+1) + "\n")
	for _, o := range Offers {
		fmt.Fprintf(&b, "| %s |", o.About)
		for _, c := range o.Cells {
			fmt.Fprintf(&b, " %s |", c)
		}
		b.WriteString("\n")
	}
	b.WriteString("\n# Sources\n\n| name | where | looked at |\n| --- | --- | --- |\n")
	for _, s := range Sources {
		fmt.Fprintf(&b, "| %s | %s | %s |\n", s.Name, s.At, cmp.Or(s.Read, "not verified"))
	}
	return b.String()
}

const unreadIntro = `
# What cannot be read here

Go's library reads no certificate of these kinds (` + "`cert.unreadable`" + `), so that nothing behind one is judged and no secret is sent.

`

const offersIntro = `
# Which programs offer what

A server that chooses one of these methods alone, or has only a key of one of these kinds, is reached by some programs only. RSA key exchange is offered here, too; the
others cannot be spoken here, so that nothing behind them is tested. What is missing is offered by all or by none.

`

const verifiersIntro = `# Which verifiers refuse what

Mail programs share a handful of libraries that verify certificates, and these differ. Each row is one fault, all else being
well; each cell says what the library does and where that can be read. "Run" means that a test shows such a certificate to the
library itself; a name is a source, listed at the end with the day on which it was looked at; "not verified" is from memory,
and its source was not looked at. An empty cell: nothing was found that says it.

No secret is sent over a connection that OpenSSL, GnuTLS or Go's own verifier refuses, or that two of the others refuse by their
own documents: it is a fault of the certificate then, and an error. What one of the others refuses alone is that vendor's rule,
and a warning that names it. A certificate that stands for hosts of strangers is an error once anybody refuses it.

`

// check is OpenSSL's flag for a name.
func check(name string) string {
	if net.ParseIP(name) != nil {
		return "-verify_ip"
	}
	return "-verify_hostname"
}
