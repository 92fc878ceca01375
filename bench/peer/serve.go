//go:build unix

package main

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
	"os"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

// counts are what the server saw of all clients.
type counts struct{ connections, turns, in, out atomic.Int64 }

// A counting connection counts bytes, and how often the server had to wait for
// the client after it had said something: the client's round trips but the one
// in which it connects.
type counting struct {
	net.Conn
	*counts
	said bool
}

func (c *counting) Read(p []byte) (int, error) {
	said := c.said
	c.said = false
	n, err := c.Conn.Read(p)
	c.in.Add(int64(n))
	if said && n > 0 {
		c.turns.Add(1)
	}
	return n, err
}

func (c *counting) Write(p []byte) (int, error) {
	c.said = true
	n, err := c.Conn.Write(p)
	c.out.Add(int64(n))
	return n, err
}

// serve speaks SMTP with STARTTLS until its input ends.
func serve(o options) error {
	certs, err := newCertificates(o.leaves == "each")
	if err != nil {
		return err
	}
	if err := os.WriteFile(o.roots, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: certs.root}), 0o600); err != nil {
		return err
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	fmt.Println(l.Addr())
	config := &tls.Config{GetCertificate: certs.get, SessionTicketsDisabled: true}
	seen := new(counts)
	go func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			seen.connections.Add(1)
			go answer(&counting{Conn: conn, counts: seen}, config)
		}
	}()
	_, err = io.Copy(io.Discard, os.Stdin)
	l.Close()
	fmt.Printf("connections=%d turns=%d in=%d out=%d\n", seen.connections.Load(), seen.turns.Load(), seen.in.Load(), seen.out.Load())
	return err
}

// answer holds one dialogue.
func answer(conn net.Conn, config *tls.Config) {
	defer func() { conn.Close() }()
	io.WriteString(conn, "220 bench.example ESMTP\r\n")
	in, secure := bufio.NewReader(conn), false
	for {
		line, err := in.ReadString('\n')
		if err != nil {
			return
		}
		switch verb := strings.ToUpper(strings.TrimSpace(line)); {
		case strings.HasPrefix(verb, "EHLO"):
			offer := "STARTTLS" // as Postfix with smtpd_tls_auth_only
			if secure {
				offer = "AUTH PLAIN LOGIN"
			}
			io.WriteString(conn, "250-bench.example\r\n250-PIPELINING\r\n250-SIZE 10240000\r\n250-"+offer+"\r\n250 8BITMIME\r\n")
		case verb == "STARTTLS":
			io.WriteString(conn, "220 go ahead\r\n")
			conn = tls.Server(conn, config)
			in, secure = bufio.NewReader(conn), true
		case verb == "QUIT":
			io.WriteString(conn, "221 bye\r\n")
			return
		case verb == "NOOP":
			io.WriteString(conn, "250 well\r\n")
		default:
			io.WriteString(conn, "502 what\r\n")
		}
	}
}

// Certificates are those of the server: RSA keys of 2048 bits, a root, an
// intermediate, and a leaf for all hosts or one for each.
type certificates struct {
	root, middle []byte
	issuer       *x509.Certificate
	issuerKey    *rsa.PrivateKey
	key          *rsa.PrivateKey
	each         bool

	mu    sync.Mutex
	known map[string]*tls.Certificate
}

func newCertificates(each bool) (*certificates, error) {
	c := &certificates{each: each, known: make(map[string]*tls.Certificate)}
	var keys [3]*rsa.PrivateKey
	for i := range keys {
		var err error
		if keys[i], err = rsa.GenerateKey(rand.Reader, 2048); err != nil {
			return nil, err
		}
	}
	root := template("Bench Root", true)
	var err error
	if c.root, err = x509.CreateCertificate(rand.Reader, root, root, &keys[0].PublicKey, keys[0]); err != nil {
		return nil, err
	}
	middle := template("Bench Intermediate", true)
	if c.middle, err = x509.CreateCertificate(rand.Reader, middle, root, &keys[1].PublicKey, keys[0]); err != nil {
		return nil, err
	}
	c.issuer, err = x509.ParseCertificate(c.middle)
	c.issuerKey, c.key = keys[1], keys[2]
	return c, err
}

func template(name string, authority bool) *x509.Certificate {
	t := &x509.Certificate{
		SerialNumber: big.NewInt(time.Now().UnixNano()), Subject: pkix.Name{CommonName: name},
		NotBefore: time.Now().AddDate(0, 0, -30), NotAfter: time.Now().AddDate(0, 0, 60),
		IsCA: authority, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign,
	}
	if !authority {
		t.KeyUsage, t.ExtKeyUsage, t.DNSNames = x509.KeyUsageDigitalSignature, []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth}, []string{name}
	}
	return t
}

// get returns the certificate of a host.
func (c *certificates) get(hello *tls.ClientHelloInfo) (*tls.Certificate, error) {
	name := "*.bench.example"
	if c.each {
		name = hello.ServerName
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if known := c.known[name]; known != nil {
		return known, nil
	}
	leaf, err := x509.CreateCertificate(rand.Reader, template(name, false), c.issuer, &c.key.PublicKey, c.issuerKey)
	if err != nil {
		return nil, err
	}
	c.known[name] = &tls.Certificate{Certificate: [][]byte{leaf, c.middle}, PrivateKey: c.key}
	return c.known[name], nil
}
