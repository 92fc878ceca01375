package rawhello

import (
	"crypto/tls"
	"testing"
)

// TestSuiteNames holds the table against that of crypto/tls.
func TestSuiteNames(t *testing.T) {
	for _, s := range append(tls.CipherSuites(), tls.InsecureCipherSuites()...) {
		if got, want := SuiteName(s.ID), s.Name; got != want {
			t.Errorf("%04x: got  %s\n\twant %s", s.ID, got, want)
		}
	}
}

func TestNoTwins(t *testing.T) {
	ids, names := map[uint16]bool{}, map[string]bool{}
	for _, s := range suites {
		if ids[s.id] || names[s.name] {
			t.Errorf("twice: %04x %s", s.id, s.name)
		}
		ids[s.id], names[s.name] = true, true
	}
}

func TestUnknownNames(t *testing.T) {
	if got, want := SuiteName(0xfefe)+GroupName(0xfefd)+VersionName(0x0399), "0xFEFE0xFEFD0x0399"; got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}
