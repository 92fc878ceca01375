package world

import (
	"context"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"errors"
	"fmt"
	"io"
	"net"
	"net/netip"
	"strings"
	"syscall"

	"mailprobe/internal/lab"
	"mailprobe/internal/lab/pki"
	"mailprobe/internal/settings"
)

// Faults of this room, beside those of the lab.
const (
	closesAtHello = "closes-at-hello" // closes when TLS begins
	resetsAtHello = "resets-at-hello" // resets when TLS begins
	silentAtHello = "silent-at-hello" // takes the first bytes of TLS and says nothing
	cutsAt        = "cuts-at "        // closes at the client's record of this number since TLS began; its first command is the third
	silentFrom    = "silent-from "    // lets nothing through any more from then on; 2 is behind the handshake
	says          = "says "           // sends a text and closes
	signedBy      = "signed-by "      // sound, but its certificate is made by an authority of this name
)

// A front is a server at its public addresses. Behind it stands one of the
// lab.
type front struct {
	endpoint settings.Endpoint
	fault    string
	behind   string
}

// startServers starts every endpoint at its addresses. It returns the
// authority that the world trusts.
func (w *World) startServers(ctx context.Context, endpoints []settings.Endpoint, accounts []lab.Account) (*pki.CA, error) {
	trusted, err := authority()
	if err != nil {
		return nil, err
	}
	byAuthority := map[string][]lab.Server{}
	for _, s := range lab.Servers(endpoints...) {
		fault := w.faultAt(s.Endpoint)
		if known := lab.Fault(fault); known.Known() && known.Fits(s.Endpoint) {
			s.Fault = known
		}
		name, _ := strings.CutPrefix(fault, signedBy)
		if name == fault {
			name = ""
		}
		byAuthority[name] = append(byAuthority[name], s)
	}
	addrs := addresses(endpoints)
	for name, servers := range byAuthority {
		ca := trusted
		if name != "" {
			if ca, err = pki.NewCA(name); err != nil {
				return nil, err
			}
		}
		box, err := lab.Start(ctx, lab.Options{Servers: servers, Accounts: accounts, CA: ca})
		if err != nil {
			return nil, err
		}
		for _, s := range servers {
			f := &front{s.Endpoint, w.faultAt(s.Endpoint), box.Address(s.Endpoint)}
			if err := f.listenAt(addrs[s.Endpoint.Host]); err != nil {
				return nil, err
			}
		}
	}
	return trusted, nil
}

// ballast makes an intermediate certificate as large as those of public
// authorities, which hold policies, addresses and an RSA key. With two of them
// a server's first answer has 3 to 4 KB, as that of a large provider.
const ballast = 1100

// authority returns an authority whose servers send a chain of a usual size.
func authority() (*pki.CA, error) {
	ca, err := pki.NewCA("World Root")
	if err != nil {
		return nil, err
	}
	heavier := func(c *x509.Certificate) {
		private := asn1.ObjectIdentifier{2, 25, 1} // of nobody (ITU-T X.667)
		c.ExtraExtensions = []pkix.Extension{{Id: private, Value: make([]byte, ballast)}}
	}
	for _, name := range []string{"World Authority", "World Issuer"} {
		if ca, err = ca.Intermediate(name, heavier); err != nil {
			return nil, err
		}
	}
	return ca, nil
}

func (f *front) listenAt(addrs []netip.Addr) error {
	if f.fault == string(lab.Refused) {
		return nil
	}
	for _, a := range addrs {
		l, err := net.Listen("tcp", netip.AddrPortFrom(a, f.endpoint.Port).String())
		if err != nil {
			return fmt.Errorf("%s: %w", f.endpoint, err)
		}
		go f.accept(l)
	}
	return nil
}

func (f *front) accept(l net.Listener) {
	for {
		conn, err := l.Accept()
		if err != nil {
			return
		}
		go f.serve(conn.(*net.TCPConn))
	}
}

func (f *front) serve(conn *net.TCPConn) {
	defer conn.Close()
	if text, ok := strings.CutPrefix(f.fault, says); ok {
		io.WriteString(conn, text+"\r\n\r\n")
		conn.CloseWrite()
		io.Copy(io.Discard, conn)
		return
	}
	back, err := net.Dial("tcp", f.behind)
	if err != nil {
		conn.SetLinger(0)
		return
	}
	defer back.Close()
	go f.toServer(conn, back.(*net.TCPConn))
	if _, err := io.Copy(conn, back); errors.Is(err, syscall.ECONNRESET) {
		conn.SetLinger(0)
	}
}

// toServer hands on what the client says, until TLS begins where that is the
// fault.
func (f *front) toServer(conn, back *net.TCPConn) {
	defer back.CloseWrite()
	buf := make([]byte, 32<<10)
	var said clientRecords
	for {
		n, err := conn.Read(buf)
		hello := n > 0 && buf[0] == recordHandshake
		if hello || said.n > 0 {
			said.count(buf[:n])
		}
		if hello && f.atHello(conn) || said.reached(f.fault, cutsAt) {
			conn.Close()
			back.Close()
			return
		}
		if said.reached(f.fault, silentFrom) {
			io.Copy(io.Discard, conn)
			back.Close()
			return
		}
		if _, failed := back.Write(buf[:n]); failed != nil || err != nil {
			return
		}
	}
}

// atHello acts out what becomes of a ClientHello. false: it is handed on.
func (f *front) atHello(conn *net.TCPConn) bool {
	switch f.fault {
	case resetsAtHello:
		conn.SetLinger(0)
	case silentAtHello:
		io.Copy(io.Discard, conn)
	case closesAtHello:
	default:
		return false
	}
	conn.Close()
	return true
}
