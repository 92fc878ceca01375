//go:build unix

package verify_test

import (
	"crypto/x509"
	"encoding/json"
	"io"
	"os"
	"os/exec"
	"syscall"
	"testing"
	"time"

	"mailprobe/internal/auth"
	"mailprobe/internal/catalog"
	"mailprobe/internal/lab"
	"mailprobe/internal/probe"
	"mailprobe/internal/settings"
	"mailprobe/internal/tlscheck"
	"mailprobe/internal/verify"
)

// BenchmarkProvider verifies one whole provider with signing in. Its servers are
// a process of their own: CPU time and memory are the client's alone.
func BenchmarkProvider(b *testing.B) {
	const user, password = "me@example.test", "correct horse"
	office, ok := catalog.Load().Lookup("office365")
	if !ok {
		b.Fatal("office365 is not in the catalogue")
	}
	var documented []settings.Setting
	var endpoints []settings.Endpoint
	for _, s := range office.Settings() {
		if s.Role == settings.Documented {
			documented, endpoints = append(documented, s), append(endpoints, s.Endpoint)
		}
	}
	far := startProvider(b, user, password, endpoints)
	plan := verify.Plan{
		Target: "office365", Provider: office, Endpoints: documented,
		Username: func(settings.Setting) string { return user },
		Options: probe.Options{
			Credential: auth.NewCredential(auth.Password, auth.NewSecret(password)),
			Overrides:  far.Overrides,
			TLS:        tlscheck.Config{System: far.roots(b), Mozilla: tlscheck.MozillaRoots()},
		},
	}
	b.ReportAllocs()
	before := cpuTime()
	for b.Loop() {
		if r := verify.Run(b.Context(), plan); r.Verdict != verify.Works {
			b.Fatalf("verdict %s", r.Verdict)
		}
	}
	b.ReportMetric(float64((cpuTime()-before).Microseconds())/float64(b.N), "cpu-µs/op")
}

func cpuTime() time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		panic(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// A far is a provider in another process.
type far struct {
	Overrides probe.Overrides
	Authority []byte // PEM
}

func (f far) roots(b *testing.B) *x509.CertPool {
	pool := x509.NewCertPool()
	if !pool.AppendCertsFromPEM(f.Authority) {
		b.Fatal("the other process has no authority")
	}
	return pool
}

const farVariable = "MAILPROBE_BENCH_PROVIDER"

// startProvider runs TestServeProvider in a process of its own.
func startProvider(b *testing.B, user, password string, endpoints []settings.Endpoint) (f far) {
	b.Helper()
	asked, err := json.Marshal(offer{user, password, endpoints})
	if err != nil {
		b.Fatal(err)
	}
	cmd := exec.CommandContext(b.Context(), os.Args[0], "-test.run=^TestServeProvider$")
	cmd.Env = append(os.Environ(), farVariable+"="+string(asked))
	in, err := cmd.StdinPipe()
	if err != nil {
		b.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		b.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { in.Close(); cmd.Wait() })
	if err := json.NewDecoder(out).Decode(&f); err != nil {
		b.Fatal(err)
	}
	return f
}

// An offer is what the other process serves.
type offer struct {
	User, Password string
	Endpoints      []settings.Endpoint
}

// TestServeProvider is the other process of BenchmarkProvider; otherwise it does
// nothing.
func TestServeProvider(t *testing.T) {
	var o offer
	if json.Unmarshal([]byte(os.Getenv(farVariable)), &o) != nil {
		return
	}
	box, err := lab.Start(t.Context(), lab.Options{Servers: lab.Servers(o.Endpoints...), Accounts: []lab.Account{{Address: o.User, Password: o.Password}}})
	if err != nil {
		t.Fatal(err)
	}
	defer box.Close()
	if err := json.NewEncoder(os.Stdout).Encode(far{box.Overrides(), box.CAPEM()}); err != nil {
		t.Fatal(err)
	}
	io.Copy(io.Discard, os.Stdin)
}
