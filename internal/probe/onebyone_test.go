package probe_test

import (
	"crypto/tls"
	"io"
	"net"
	"testing"
	"time"

	"mailprobe/internal/lab/pki"
	"mailprobe/internal/probe"
	"mailprobe/internal/probe/imap"
	"mailprobe/internal/settings"
)

// A server that takes one client at a time never sees the second connection,
// on which the ClientHello is tried first.
func TestOneClientAtATime(t *testing.T) {
	t.Parallel()
	ca, err := pki.NewCA("one by one")
	if err != nil {
		t.Fatal(err)
	}
	leaf, err := ca.Leaf(pki.LeafOptions{Names: []string{"localhost"}})
	if err != nil {
		t.Fatal(err)
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			over := tls.Server(c, &tls.Config{Certificates: []tls.Certificate{leaf}})
			io.WriteString(over, "* OK [CAPABILITY IMAP4rev1 AUTH=PLAIN] hello\r\n")
			io.Copy(io.Discard, over)
			c.Close()
		}
	}()
	e := settings.Endpoint{Protocol: settings.IMAP, Host: "127.0.0.1", Port: uint16(l.Addr().(*net.TCPAddr).Port), Security: settings.StartTLS}
	var opt probe.Options
	opt.TLS.System = ca.Pool()
	opt.Timeouts = probe.Timeouts{Phase: 8 * time.Second, Silence: 50 * time.Millisecond}
	r := imap.New(e, opt).Probe(t.Context())
	if got := probe.FaultOf(r.Step(probe.Greeting).Err); got != probe.SpeaksTLS {
		t.Errorf("got  %q (%v)\nwant %q", got, r.Step(probe.Greeting).Err, probe.SpeaksTLS)
	}
}
