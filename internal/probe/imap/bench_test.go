//go:build unix

package imap_test

import (
	"bufio"
	"crypto/rand"
	"crypto/rsa"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"fmt"
	"io"
	"math/big"
	"net"
	"net/netip"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"testing"
	"time"

	"golang.org/x/crypto/x509roots/fallback/bundle"

	"mailprobe/internal/probe"
	"mailprobe/internal/probe/imap"
	"mailprobe/internal/settings"
	"mailprobe/internal/tlscheck"
)

const benchHost = "imap.example.test"

// BenchmarkProbe sets the CPU time of one probe beside that of a bare loop
// that dials, shakes hands, verifies and says the same commands. The server
// is a process of its own, so that only the client's time counts.
func BenchmarkProbe(b *testing.B) {
	addr, root := startPeer(b)
	mozilla := tlscheck.MozillaRoots().Clone()
	mozilla.AddCert(root)
	given := x509.NewCertPool()
	given.AddCert(root)
	for _, row := range []struct {
		name string
		tls  tlscheck.Config
	}{
		{"system", tlscheck.Config{Mozilla: mozilla, Verifier: new(tlscheck.Verifier)}},
		{"given", tlscheck.Config{System: given, Mozilla: tlscheck.MozillaRoots(), Verifier: new(tlscheck.Verifier)}},
		{"anew", tlscheck.Config{Mozilla: mozilla}},
	} {
		b.Run(row.name, func(b *testing.B) { beside(b, addr, row.tls) })
	}
}

// beside measures both in turns.
func beside(b *testing.B, addr netip.AddrPort, cfg tlscheck.Config) {
	ip := addr.Addr()
	e := settings.Endpoint{Protocol: settings.IMAP, Host: benchHost, Port: addr.Port(), Security: settings.TLS}
	probed := func() {
		r := imap.New(e, probe.Options{Address: &ip, TLS: cfg}).Probe(b.Context())
		if r.FailedStep() != nil || !r.TLS.Trusted() {
			b.Fatalf("%+v", r)
		}
	}
	bare := func() {
		if err := bareProbe(addr.String(), &tls.Config{ServerName: benchHost, RootCAs: cfg.System}); err != nil {
			b.Fatal(err)
		}
	}
	const batch = 200
	var ours, theirs cost
	for b.Loop() {
		theirs.add(batch, bare)
		ours.add(batch, probed)
	}
	n := float64(b.N * batch)
	b.ReportMetric(0, "ns/op")
	b.ReportMetric(ours.cpu.Seconds()/theirs.cpu.Seconds(), "times-bare")
	ours.report(b, "probe", n)
	theirs.report(b, "bare", n)
}

// A cost is what calls have used up.
type cost struct {
	cpu           time.Duration
	allocs, bytes uint64
}

// add calls do n times. The collection before and the one behind let each
// side pay for its own memory.
func (c *cost) add(n int, do func()) {
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	started := cpuTime()
	for range n {
		do()
	}
	runtime.GC()
	c.cpu += cpuTime() - started
	runtime.ReadMemStats(&after)
	c.allocs += after.Mallocs - before.Mallocs
	c.bytes += after.TotalAlloc - before.TotalAlloc
}

func (c *cost) report(b *testing.B, each string, n float64) {
	b.ReportMetric(c.cpu.Seconds()*1e6/n, "µs/"+each)
	b.ReportMetric(float64(c.allocs)/n, "allocs/"+each)
	b.ReportMetric(float64(c.bytes)/n, "B/"+each)
}

func cpuTime() time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		panic(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// bareProbe is the least that a Go program does to see the capabilities.
func bareProbe(addr string, cfg *tls.Config) error {
	raw, err := net.Dial("tcp", addr)
	if err != nil {
		return err
	}
	conn := tls.Client(raw, cfg)
	defer conn.Close()
	if err := conn.Handshake(); err != nil {
		return err
	}
	in := bufio.NewReader(conn)
	if _, err := in.ReadString('\n'); err != nil {
		return err
	}
	if _, err := io.WriteString(conn, "a CAPABILITY\r\n"); err != nil {
		return err
	}
	for line := ""; !strings.HasPrefix(line, "a "); {
		if line, err = in.ReadString('\n'); err != nil {
			return err
		}
	}
	_, err = io.WriteString(conn, "b LOGOUT\r\n")
	return err
}

// startPeer runs this binary again as the server and makes its root one of
// this process's system store.
func startPeer(b *testing.B) (netip.AddrPort, *x509.Certificate) {
	b.Helper()
	store := filepath.Join(b.TempDir(), "store.pem")
	b.Setenv("SSL_CERT_FILE", store)
	cmd := exec.CommandContext(b.Context(), os.Args[0], "-test.run=^$")
	cmd.Env = append(os.Environ(), peerVariable+"=1")
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
	b.Cleanup(func() {
		in.Close()
		cmd.Wait()
	})
	var port string
	var der []byte
	if _, err := fmt.Fscanf(out, "%s %x\n", &port, &der); err != nil {
		b.Fatal(err)
	}
	root, err := x509.ParseCertificate(der)
	if err != nil {
		b.Fatal(err)
	}
	writeStore(b, store, der)
	return netip.MustParseAddrPort(port), root
}

// writeStore makes a system store of the usual size.
func writeStore(b *testing.B, file string, root []byte) {
	b.Helper()
	text := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: root})
	for r := range bundle.Roots() {
		text = append(text, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: r.Certificate})...)
	}
	if err := os.WriteFile(file, text, 0o600); err != nil {
		b.Fatal(err)
	}
}

// peerVariable makes this binary the server of BenchmarkProbe.
const peerVariable = "MAILPROBE_BENCH_PEER"

func TestMain(m *testing.M) {
	if os.Getenv(peerVariable) == "" {
		os.Exit(m.Run())
	}
	if err := servePeer(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// servePeer answers until its input ends.
func servePeer() error {
	cert, root, err := rsaChain()
	if err != nil {
		return err
	}
	l, err := tls.Listen("tcp", "127.0.0.1:0", &tls.Config{Certificates: []tls.Certificate{cert}, SessionTicketsDisabled: true})
	if err != nil {
		return err
	}
	fmt.Printf("%s %x\n", l.Addr(), root)
	go func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			go answer(conn)
		}
	}()
	_, err = io.Copy(io.Discard, os.Stdin)
	return err
}

func answer(conn net.Conn) {
	defer conn.Close()
	io.WriteString(conn, "* OK ready\r\n")
	in := bufio.NewReader(conn)
	for {
		line, err := in.ReadString('\n')
		if err != nil {
			return
		}
		tag, _, _ := strings.Cut(line, " ")
		io.WriteString(conn, "* CAPABILITY IMAP4rev1 SASL-IR AUTH=PLAIN AUTH=LOGIN IDLE\r\n"+tag+" OK done\r\n")
	}
}

// rsaChain makes a leaf with its intermediate, and the root above them.
func rsaChain() (leaf tls.Certificate, root []byte, err error) {
	var cert tls.Certificate // the issuer of the next
	for _, name := range []string{"Bench Root", "Bench Intermediate", benchHost} {
		key, err := rsa.GenerateKey(rand.Reader, 2048)
		if err != nil {
			return leaf, nil, err
		}
		tmpl := &x509.Certificate{
			SerialNumber: big.NewInt(time.Now().UnixNano()), Subject: pkix.Name{CommonName: name},
			NotBefore: time.Now().AddDate(0, 0, -30), NotAfter: time.Now().AddDate(0, 0, 60),
			IsCA: name != benchHost, BasicConstraintsValid: true, DNSNames: []string{name},
			KeyUsage:    x509.KeyUsageDigitalSignature | x509.KeyUsageCertSign,
			ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
		}
		if cert.Leaf == nil {
			cert = tls.Certificate{Leaf: tmpl, PrivateKey: key}
		}
		der, err := x509.CreateCertificate(rand.Reader, tmpl, cert.Leaf, key.Public(), cert.PrivateKey)
		if err != nil {
			return leaf, nil, err
		}
		if root == nil {
			root = der
		}
		cert.Certificate, cert.PrivateKey = append([][]byte{der}, cert.Certificate...), key
		if cert.Leaf, err = x509.ParseCertificate(der); err != nil {
			return leaf, nil, err
		}
	}
	cert.Certificate = cert.Certificate[:2]
	return cert, root, nil
}
