package world

import (
	"strconv"
	"strings"
)

const (
	recordHandshake = 22 // RFC 8446 §5.1
	recordChange    = 20 // told for the sake of old firewalls alone
	recordHeader    = 5
)

// clientRecords counts what a client says in TLS, however it arrives.
type clientRecords struct {
	n      int
	header []byte // of the record that has begun
	left   int    // bytes of the present record that are still to come
}

func (r *clientRecords) count(b []byte) {
	for len(b) > 0 {
		if r.left > 0 {
			skip := min(r.left, len(b))
			r.left, b = r.left-skip, b[skip:]
			continue
		}
		take := min(recordHeader-len(r.header), len(b))
		r.header, b = append(r.header, b[:take]...), b[take:]
		if len(r.header) < recordHeader {
			return
		}
		if r.header[0] != recordChange {
			r.n++
		}
		r.left, r.header = int(r.header[3])<<8|int(r.header[4]), nil
	}
}

// reached reports whether a fault of a kind begins at a record that has come.
func (r *clientRecords) reached(fault, kind string) bool {
	at, ok := strings.CutPrefix(fault, kind)
	if !ok {
		return false
	}
	number, err := strconv.Atoi(at)
	return err == nil && r.n >= number
}
