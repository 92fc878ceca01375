package compare

import (
	"crypto/sha256"
	"crypto/sha512"
	"crypto/x509"
	"encoding/hex"
	"testing"

	"mailprobe/internal/dnsclient"
)

// TestPins: what a record says of the server's own certificate and of the
// authorities' behind it.
func TestPins(t *testing.T) {
	own, authority := &x509.Certificate{Raw: []byte("own"), RawSubjectPublicKeyInfo: []byte("own key")}, &x509.Certificate{Raw: []byte("authority"), RawSubjectPublicKeyInfo: []byte("its key")}
	short := func(s string) string { sum := sha256.Sum256([]byte(s)); return hex.EncodeToString(sum[:]) }
	long := sha512.Sum512([]byte("own"))
	for _, row := range []struct {
		pin  dnsclient.Pin
		want string
	}{
		{dnsclient.Pin{Usage: 3, Selector: 1, Matching: 1, Data: short("own key")}, "yes"},
		{dnsclient.Pin{Usage: 3, Selector: 0, Matching: 2, Data: hex.EncodeToString(long[:])}, "yes"},
		{dnsclient.Pin{Usage: 1, Selector: 0, Matching: 0, Data: hex.EncodeToString([]byte("own"))}, "yes"},
		{dnsclient.Pin{Usage: 3, Selector: 1, Matching: 1, Data: short("its key")}, "no"},
		{dnsclient.Pin{Usage: 2, Selector: 1, Matching: 1, Data: short("its key")}, "yes"},
		{dnsclient.Pin{Usage: 2, Selector: 1, Matching: 1, Data: short("a root that is not sent")}, ""},
		{dnsclient.Pin{Usage: 3, Selector: 1, Matching: 1}, "no"},
		{dnsclient.Pin{Usage: 9, Data: "00"}, ""}, {dnsclient.Pin{Usage: 3, Selector: 9}, ""}, {dnsclient.Pin{Usage: 3, Matching: 9}, ""},
	} {
		if got := matches(row.pin, []*x509.Certificate{own, authority}); got != row.want {
			t.Errorf("%+v\ngot  %q\nwant %q", row.pin, got, row.want)
		}
	}
	if got := matches(dnsclient.Pin{Usage: 3}, nil); got != "" {
		t.Errorf("got  %q\nwant nothing without a certificate", got)
	}
}
