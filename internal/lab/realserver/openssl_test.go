package realserver_test

import (
	"crypto/tls"
	"testing"

	"mailprobe/internal/lab/realserver"
	"mailprobe/internal/settings"
)

func TestOpenSSLOldVersion(t *testing.T) {
	s := realserver.OpenSSL(t, realserver.OpenSSLOptions{Args: []string{"-tls1_1", "-cipher", "ALL:@SECLEVEL=0"}})
	address := s.Endpoint(settings.IMAP, settings.TLS).Address()
	if conn, err := tls.Dial("tcp", address, &tls.Config{RootCAs: s.CAPool()}); err == nil {
		conn.Close()
		t.Error("agreed on TLS 1.2 or newer")
	}
	conn, err := tls.Dial("tcp", address, &tls.Config{RootCAs: s.CAPool(), MinVersion: tls.VersionTLS10})
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	if got, want := conn.ConnectionState().Version, uint16(tls.VersionTLS11); got != want {
		t.Errorf("version:\n got %s\nwant %s", tls.VersionName(got), tls.VersionName(want))
	}
}

func TestOpenSSLGreeting(t *testing.T) {
	s := realserver.OpenSSL(t, realserver.OpenSSLOptions{Greeting: "* OK ready\r\n"})
	got, want := dial(t, s, s.Endpoint(settings.IMAP, settings.TLS)).banner[0], "* OK ready"
	if got != want {
		t.Errorf("greeting:\n got %q\nwant %q", got, want)
	}
}

func TestCertificateNames(t *testing.T) {
	s := realserver.OpenSSL(t, realserver.OpenSSLOptions{HostNames: []string{"imap.example.org"}})
	address := s.Endpoint(settings.IMAP, settings.TLS).Address()
	for name, want := range map[string]bool{"imap.example.org": true, "mail.test": false} {
		conn, err := tls.Dial("tcp", address, &tls.Config{RootCAs: s.CAPool(), ServerName: name})
		if got := err == nil; got != want {
			t.Errorf("certificate for %s (%v):\n got %t\nwant %t", name, err, got, want)
		}
		if err == nil {
			conn.Close()
		}
	}
}
