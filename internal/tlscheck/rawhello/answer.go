package rawhello

import (
	"errors"
	"io"

	"golang.org/x/crypto/cryptobyte"
)

const (
	maxRecord  = 16384 + 2048 // RFC 5246 §6.2.3
	maxFlight  = 128 << 10    // handshake bytes of one answer
	maxRecords = 64

	maxCertificates = 10
)

// The ways in which an answer is none.
var (
	ErrNotTLS    = errors.New("the answer is not TLS")
	ErrTooLong   = errors.New("the answer is longer than a handshake")
	ErrMalformed = errors.New("the answer breaks the grammar of TLS")
)

// An Answer is what a server said to a Hello.
type Answer struct {
	Refused bool  // a fatal alert came instead of a ServerHello
	Alert   uint8 // with Refused; RFC 8446 §6

	Version        uint16
	Suite          uint16
	Compression    uint8  // 0: none
	Retry          bool   // HelloRetryRequest: TLS 1.3 chose, and wants a share of Group
	Group          uint16 // 0: not told, as in RSA key exchange
	DHBits         int    // size of the finite-field group before TLS 1.3; 0: none
	ExtendedMaster bool   // RFC 7627
	Renegotiation  bool   // RFC 5746
	CertAsked      bool   // before TLS 1.3: a client certificate is asked for
	Signature      uint16 // in TLS 1.2: how the server signed its key (RFC 8446 §4.2.3); 0: not at all, or not told

	Certificates [][]byte // before TLS 1.3: what the server showed, in DER; nothing is verified
}

// Read reads the answer to a Hello: to the ServerHello under TLS 1.3, before
// that to the ServerHelloDone, so far as it comes. At most 128 KiB are read;
// the caller bounds the time.
func Read(r io.Reader) (Answer, error) {
	var a Answer
	var flight []byte
	for range maxRecords {
		typ, payload, err := readRecord(r)
		switch {
		case err != nil:
			return a, a.unless(err)
		case typ == recordAlert:
			if a.alert(payload) {
				return a, nil
			}
			continue
		case typ != recordHandshake:
			return a, a.unless(ErrMalformed)
		}
		flight = append(flight, payload...)
		if len(flight) > maxFlight {
			return a, a.unless(ErrTooLong)
		}
		var done bool
		if flight, done, err = a.messages(flight); done || err != nil {
			return a, a.unless(err)
		}
	}
	return a, a.unless(ErrTooLong)
}

// unless drops an error that came once the server had chosen: what is wanted
// is there.
func (a *Answer) unless(err error) error {
	if a.Version != 0 {
		return nil
	}
	return err
}

// alert notes an alert and reports whether it ends the answer. A warning,
// such as "unrecognized name" of old servers, does not.
func (a *Answer) alert(payload []byte) bool {
	const warning = 1
	if len(payload) != 2 || payload[0] == warning && payload[1] != 0 {
		return false
	}
	if a.Version == 0 {
		a.Refused, a.Alert = true, payload[1]
	}
	return true
}

func readRecord(r io.Reader) (typ uint8, payload []byte, err error) {
	var header [5]byte
	if n, err := io.ReadFull(r, header[:]); err != nil {
		if n > 0 && !plausible(header[:n]) {
			return 0, nil, ErrNotTLS
		}
		return 0, nil, err
	}
	if !plausible(header[:]) {
		return 0, nil, ErrNotTLS
	}
	size := int(header[3])<<8 | int(header[4])
	if size > maxRecord {
		return 0, nil, ErrTooLong
	}
	payload = make([]byte, size)
	_, err = io.ReadFull(r, payload)
	return header[0], payload, err
}

// plausible reports whether a record can begin so.
func plausible(header []byte) bool {
	if header[0] < 20 || header[0] > 23 {
		return false
	}
	return len(header) < 2 || header[1] == 3
}

// messages consumes the whole messages of a flight and returns the rest.
func (a *Answer) messages(flight []byte) (rest []byte, done bool, err error) {
	for {
		s := cryptobyte.String(flight)
		var typ uint8
		var body cryptobyte.String
		if !s.ReadUint8(&typ) || !s.ReadUint24LengthPrefixed(&body) {
			return flight, false, nil
		}
		flight = s
		if done, err := a.message(typ, body); done || err != nil {
			return flight, done, err
		}
	}
}
