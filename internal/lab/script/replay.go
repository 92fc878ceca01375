package script

import (
	"bytes"
	"context"
	"crypto/tls"
	"io"
	"net"
)

// handshake goes over to TLS. What the client sent already is taken as the
// beginning of its ClientHello.
func (d *dialogue) handshake(s step) error {
	cert, err := d.server.options.CA.Leaf(d.server.options.Leaf)
	if err != nil {
		return &mismatch{s, err.Error()}
	}
	early, _ := d.br.Peek(d.br.Buffered())
	d.wire = &replay{Conn: d.conn, r: io.MultiReader(bytes.NewReader(bytes.Clone(early)), d.conn)}
	secure := tls.Server(d.wire, &tls.Config{Certificates: []tls.Certificate{cert}})
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	if err := secure.HandshakeContext(ctx); err != nil {
		return &mismatch{s, err.Error()}
	}
	d.use(secure)
	return nil
}

// A replay is a connection of which some bytes were read already, and to which
// several writes may go as one.
type replay struct {
	net.Conn
	r    io.Reader
	hold bool // what is written waits for the write that comes without it
	held []byte
}

func (r *replay) Write(p []byte) (int, error) {
	r.held = append(r.held, p...)
	if r.hold {
		return len(p), nil
	}
	_, err := r.Conn.Write(r.held)
	r.held = nil
	return len(p), err
}

func (r *replay) Read(p []byte) (int, error) { return r.r.Read(p) }
