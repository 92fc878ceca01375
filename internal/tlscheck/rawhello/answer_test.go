package rawhello

import (
	"bytes"
	"crypto/tls"
	"errors"
	"io"
	"net"
	"reflect"
	"slices"
	"testing"
)

// record frames a payload.
func record(typ byte, payload ...byte) []byte {
	return append([]byte{typ, 3, 3, byte(len(payload) >> 8), byte(len(payload))}, payload...)
}

// message frames a handshake message.
func message(typ byte, body ...byte) []byte {
	return append([]byte{typ, byte(len(body) >> 16), byte(len(body) >> 8), byte(len(body))}, body...)
}

// serverHello is one with a random of zeros unless it is a retry.
func serverHello(version, suite uint16, retry bool, extensions ...byte) []byte {
	body := []byte{byte(version >> 8), byte(version)}
	if retry {
		body = append(body, retryRandom...)
	} else {
		body = append(body, make([]byte, 32)...)
	}
	body = append(body, 0, byte(suite>>8), byte(suite), 0)
	if len(extensions) > 0 {
		body = append(body, byte(len(extensions)>>8), byte(len(extensions)))
		body = append(body, extensions...)
	}
	return message(typeServerHello, body...)
}

func join(parts ...[]byte) []byte { return bytes.Join(parts, nil) }

func TestRead(t *testing.T) {
	done := message(typeServerHelloDone)
	dh := append([]byte{1, 0}, append(bytes.Repeat([]byte{0xff}, 256), 0, 1, 2, 0, 1, 3)...)
	for _, r := range []struct {
		name  string
		bytes []byte
		want  Answer
		err   error
	}{
		{"TLS 1.3 retry", record(22, serverHello(TLS12, 0x1301, true, 0, 43, 0, 2, 3, 4, 0, 51, 0, 2, 0, 29)...), Answer{Version: TLS13, Suite: 0x1301, Retry: true, Group: 29}, nil},
		{"TLS 1.0 without extensions", record(22, join(serverHello(TLS10, 0x2f, false), done)...), Answer{Version: TLS10, Suite: 0x2f}, nil},
		{"TLS 1.2 with a curve", record(22, join(serverHello(TLS12, 0xc02f, false, 0xff, 1, 0, 1, 0, 0, 23, 0, 0), message(11, 0, 0, 0), message(12, 3, 0, 23, 0), done)...), Answer{Version: TLS12, Suite: 0xc02f, Group: 23, ExtendedMaster: true, Renegotiation: true}, nil},
		{"TLS 1.2 with DHE", record(22, join(serverHello(TLS12, 0x9e, false), message(12, dh...), done)...), Answer{Version: TLS12, Suite: 0x9e, DHBits: 2048}, nil},
		{"asks for a certificate", record(22, join(serverHello(TLS12, 0x2f, false), message(13, 1, 1, 0, 0, 0, 0), done)...), Answer{Version: TLS12, Suite: 0x2f, CertAsked: true}, nil},
		{"in pieces", join(record(22, serverHello(TLS12, 0x2f, false)[:7]...), record(22, join(serverHello(TLS12, 0x2f, false)[7:], done)...)), Answer{Version: TLS12, Suite: 0x2f}, nil},
		{"cut off behind the hello", record(22, serverHello(TLS12, 0x2f, false)...), Answer{Version: TLS12, Suite: 0x2f}, nil},
		{"alert", record(21, 2, 40), Answer{Refused: true, Alert: 40}, nil},
		{"warning, then hello", join(record(21, 1, 112), record(22, join(serverHello(TLS12, 0x2f, false), done)...)), Answer{Version: TLS12, Suite: 0x2f}, nil},
		{"close notify", record(21, 1, 0), Answer{Refused: true}, nil},
		{"closed", nil, Answer{}, io.EOF},
		{"text", []byte("* OK ready\r\n"), Answer{}, ErrNotTLS},
		{"little text", []byte("+O"), Answer{}, ErrNotTLS},
		{"long record", []byte{22, 3, 3, 0xff, 0xff}, Answer{}, ErrTooLong},
		{"endless warnings", bytes.Repeat(record(21, 1, 90), 100), Answer{}, ErrTooLong},
		{"no hello first", record(22, done...), Answer{}, ErrMalformed},
		{"data", record(23, 0), Answer{}, ErrMalformed},
		{"hello cut short", record(22, message(typeServerHello, 3, 3, 0)...), Answer{}, ErrMalformed},
		{"unheard-of version", record(22, serverHello(0x0305, 0x2f, false)...), Answer{}, ErrMalformed},
		{"endless message", join(record(22, 2, 0xff, 0xff, 0xff), bytes.Repeat(record(22, make([]byte, 16000)...), 20)), Answer{}, ErrTooLong},
	} {
		got, err := Read(bytes.NewReader(r.bytes))
		if !reflect.DeepEqual(got, r.want) || !errors.Is(err, r.err) || (err == nil) != (r.err == nil) {
			t.Errorf("%s: got  %+v, %v\n\twant %+v, %v", r.name, got, err, r.want, r.err)
		}
	}
}

// TestMarshal has crypto/tls read what was written.
func TestMarshal(t *testing.T) {
	for _, r := range []struct {
		name  string
		hello Hello
		want  tls.ClientHelloInfo
	}{
		{"TLS 1.3", Hello{Version: TLS12, TLS13: true, Suites: Suites13(), Groups: []uint16{29}, ServerName: "imap.example.net"}, tls.ClientHelloInfo{ServerName: "imap.example.net", SupportedVersions: []uint16{TLS13, TLS12, TLS11, TLS10}}},
		{"TLS 1.3 only", Hello{Version: TLS12, TLS13: true, TLS13Only: true, Suites: Suites13(), Groups: []uint16{29}}, tls.ClientHelloInfo{SupportedVersions: []uint16{TLS13}}},
		{"TLS 1.2 by address", Hello{Version: TLS12, Suites: Suites12(), Groups: Groups(), ServerName: "192.0.2.1"}, tls.ClientHelloInfo{SupportedVersions: []uint16{TLS12, TLS11, TLS10}}},
		{"TLS 1.0, bare", Hello{Version: TLS10, Suites: []uint16{0x2f}, Bare: true}, tls.ClientHelloInfo{SupportedVersions: []uint16{TLS10}}},
	} {
		raw, err := r.hello.Marshal()
		if err != nil {
			t.Fatal(err)
		}
		near, far := net.Pipe()
		go func() {
			_, _ = near.Write(raw)
			_, _ = io.Copy(io.Discard, near)
		}()
		var got *tls.ClientHelloInfo
		_ = tls.Server(far, &tls.Config{GetConfigForClient: func(h *tls.ClientHelloInfo) (*tls.Config, error) {
			got = h
			return nil, io.EOF
		}}).Handshake()
		near.Close()
		if got == nil {
			t.Fatalf("%s: not read", r.name)
		}
		if got.ServerName != r.want.ServerName || !slices.Equal(got.SupportedVersions, r.want.SupportedVersions) || !slices.Equal(got.CipherSuites, r.hello.Suites) {
			t.Errorf("%s: got  %q %x %x\n\twant %q %x %x", r.name, got.ServerName, got.SupportedVersions, got.CipherSuites, r.want.ServerName, r.want.SupportedVersions, r.hello.Suites)
		}
	}
}

// FuzzServerHello: whatever comes, reading ends within its bounds, and says
// either what was chosen, or that it was refused, or why it is no answer.
func FuzzServerHello(f *testing.F) {
	f.Add(record(22, serverHello(TLS12, 0x1301, true, 0, 43, 0, 2, 3, 4, 0, 51, 0, 2, 0, 29)...))
	f.Add(record(22, join(serverHello(TLS12, 0xc02f, false), message(12, 3, 0, 23, 0), message(typeServerHelloDone))...))
	f.Add(record(21, 2, 40))
	f.Add([]byte("* OK ready\r\n"))
	f.Fuzz(func(t *testing.T, raw []byte) {
		r := bytes.NewReader(raw)
		a, err := Read(r)
		if chose := a.Version >= SSL30 && a.Version <= TLS13; (err == nil) != (chose || a.Refused) {
			t.Errorf("got  %+v, %v", a, err)
		}
		if a.Refused && a.Version != 0 {
			t.Errorf("refused and chosen: %+v", a)
		}
		if read := len(raw) - r.Len(); read > maxFlight+maxRecords*(maxRecord+5) {
			t.Errorf("read %d bytes", read)
		}
	})
}
