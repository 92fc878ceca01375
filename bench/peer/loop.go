//go:build unix

package main

import (
	"bufio"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

// loop is the bare loop: what no Go client that dials, verifies and reads the
// capabilities can do without. It says what one dialogue allocates.
func loop(o options) error {
	pem, err := os.ReadFile(o.roots)
	if err != nil {
		return err
	}
	roots := x509.NewCertPool()
	if !roots.AppendCertsFromPEM(pem) {
		return errors.New(o.roots + " holds no certificate")
	}
	var next, failed atomic.Int64
	var first atomic.Value
	var all sync.WaitGroup
	for range o.jobs {
		all.Go(func() {
			for i := int(next.Add(1)); i <= o.n; i = int(next.Add(1)) {
				if err := dialogue(o.to, &tls.Config{ServerName: host(i - 1), RootCAs: roots}); err != nil {
					failed.Add(1)
					first.CompareAndSwap(nil, err.Error())
				}
			}
		})
	}
	all.Wait()
	if n := failed.Load(); n > 0 {
		return fmt.Errorf("%d of %d failed: %v", n, o.n, first.Load())
	}
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	fmt.Printf("allocs=%d bytes=%d\n", m.Mallocs/uint64(o.n), m.TotalAlloc/uint64(o.n))
	return nil
}

// dialogue is that of one endpoint.
func dialogue(address string, config *tls.Config) error {
	raw, err := net.Dial("tcp", address)
	if err != nil {
		return err
	}
	defer raw.Close()
	raw.SetDeadline(time.Now().Add(30 * time.Second))
	plain := &talk{Writer: raw, in: bufio.NewReader(raw)}
	plain.say("")
	plain.say("EHLO bench")
	plain.say("STARTTLS")
	if plain.err != nil {
		return plain.err
	}
	conn := tls.Client(raw, config)
	if err := conn.Handshake(); err != nil {
		return err
	}
	defer conn.Close()
	secure := &talk{Writer: conn, in: bufio.NewReader(conn)}
	secure.say("EHLO bench")
	secure.say("QUIT")
	return secure.err
}

// A talk keeps its first error.
type talk struct {
	io.Writer
	in  *bufio.Reader
	err error
}

// say says a command, unless it is empty, and reads the answer.
func (t *talk) say(command string) {
	if command != "" && t.err == nil {
		_, t.err = io.WriteString(t, command+"\r\n")
	}
	for t.err == nil {
		var line string
		if line, t.err = t.in.ReadString('\n'); t.err == nil && !strings.HasPrefix(line, "2") {
			t.err = fmt.Errorf("%s is answered with %q", command, line)
		}
		if len(line) > 3 && line[3] == ' ' {
			return
		}
	}
}
