package tlscheck

import (
	"crypto/tls"
	"os/exec"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"mailprobe/internal/tlscheck/rawhello"
)

func TestScanOpenSSL(t *testing.T) {
	for _, r := range []struct {
		name     string
		args     []string
		versions []uint16
	}{
		{"1.2 and 1.3", nil, []uint16{rawhello.TLS13, rawhello.TLS12}},
		{"1.3 only", []string{"-tls1_3"}, []uint16{rawhello.TLS13}},
		{"1.2 only", []string{"-tls1_2"}, []uint16{rawhello.TLS12}},
		{"old", []string{"-cipher", "ALL:@SECLEVEL=0", "-no_tls1_3"}, []uint16{rawhello.TLS12, rawhello.TLS11, rawhello.TLS10}},
		{"1.0 only", []string{"-tls1", "-cipher", "DEFAULT:@SECLEVEL=0"}, []uint16{rawhello.TLS10}},
	} {
		t.Run(r.name, func(t *testing.T) {
			got := Scan(t.Context(), openssl(t, r.args...), host)
			var versions []uint16
			for _, v := range got.Versions {
				versions = append(versions, v.Version)
			}
			if !slices.Equal(versions, r.versions) || got.Err != nil {
				t.Errorf("got  %x, %v\nwant %x", versions, got.Err, r.versions)
			}
			if got.Hellos > maxScan {
				t.Errorf("got  %d hellos\nwant at most %d", got.Hellos, maxScan)
			}
			if len(got.Groups) == 0 || got.Compression || got.NoRenegotiation {
				t.Errorf("got  %+v", got)
			}
		})
	}
}

// TestScanSuitesOpenSSL holds the enumeration against the server's own list.
func TestScanSuitesOpenSSL(t *testing.T) {
	const list = "ECDHE-RSA-AES128-GCM-SHA256:DHE-RSA-AES256-SHA256:AES128-SHA:CAMELLIA256-SHA:ECDHE-RSA-CHACHA20-POLY1305:AES256-CCM8"
	want := opensslSuites(t, list)
	got := Scan(t.Context(), openssl(t, "-tls1_2", "-serverpref", "-cipher", list), host)
	if len(got.Versions) != 1 || !got.Complete || !got.Versions[0].ServerOrder {
		t.Fatalf("got  %+v\nwant TLS 1.2 alone, complete, in the server's order", got)
	}
	if !slices.Equal(got.Versions[0].Suites, want) {
		t.Errorf("got  %x\nwant %x", got.Versions[0].Suites, want)
	}
	if got.DHBits < 2048 {
		t.Errorf("got  %d bits\nwant the size of the group", got.DHBits)
	}
}

// TestScanClientOrderOpenSSL: without a preference of its own the server
// takes what the client names first.
func TestScanClientOrderOpenSSL(t *testing.T) {
	got := Scan(t.Context(), openssl(t, "-tls1_2", "-cipher", "AES128-SHA:CAMELLIA256-SHA"), host)
	if len(got.Versions) != 1 || len(got.Versions[0].Suites) != 2 || got.Versions[0].ServerOrder {
		t.Errorf("got  %+v\nwant two suites in the client's order", got)
	}
}

// TestSuiteNamesOpenSSL holds the table against that of OpenSSL.
func TestSuiteNamesOpenSSL(t *testing.T) {
	for _, m := range opensslTable(t, "ALL:COMPLEMENTOFALL:@SECLEVEL=0") {
		if strings.Contains(m.name, "PSK") || strings.Contains(m.name, "SRP") {
			continue
		}
		if got, want := rawhello.SuiteName(m.id), m.name; got != want {
			t.Errorf("%04x: got  %s\n\twant %s", m.id, got, want)
		}
	}
}

type opensslSuite struct {
	id   uint16
	name string
}

var suiteLine = regexp.MustCompile(`0x(..),0x(..) - (\S+)`)

func opensslTable(t *testing.T, args ...string) []opensslSuite {
	t.Helper()
	out, err := exec.CommandContext(t.Context(), needOpenSSL(t), append([]string{"ciphers", "-V", "-stdname"}, args...)...).Output()
	if err != nil {
		t.Fatal(err)
	}
	var table []opensslSuite
	for _, m := range suiteLine.FindAllStringSubmatch(string(out), -1) {
		id, err := strconv.ParseUint(m[1]+m[2], 16, 16)
		if err != nil {
			t.Fatal(err)
		}
		table = append(table, opensslSuite{uint16(id), m[3]})
	}
	return table
}

func opensslSuites(t *testing.T, list string) []uint16 {
	t.Helper()
	var ids []uint16
	for _, s := range opensslTable(t, list) {
		if s.id>>8 != tls.TLS_AES_128_GCM_SHA256>>8 {
			ids = append(ids, s.id)
		}
	}
	return ids
}
