package published

import (
	"bytes"
	"crypto/x509"
	"strings"
	"testing"
	"time"

	"github.com/smallstep/pkcs7"

	"mailprobe/internal/finding"
	"mailprobe/internal/lab/pki"
)

// codes returns what is found, in its order.
func codes(d Document) string {
	var all []string
	for _, f := range d.Findings {
		all = append(all, f.Code)
	}
	return strings.Join(all, " ")
}

// TestHostileDocuments holds that no document takes long, goes deep, or is
// read where it is larger than it may be.
func TestHostileDocuments(t *testing.T) {
	const plist = `<plist version="1.0">`
	for _, row := range []struct {
		name, file string
		source     string
		want       string
	}{
		{"arrays in a profile", "a.mobileconfig", plist + strings.Repeat("<array>", 70000), "settings.too_large"},
		{"large profile", "a.mobileconfig", plist + strings.Repeat(" ", MaxPlist), "settings.too_large"},
		{"binary that names itself", "a.mobileconfig", circle(), "settings.too_large"},
		{"binary of many from few", "a.mobileconfig", bomb(), "settings.too_large"},
		{"binary cut off", "a.mobileconfig", "bplist00" + strings.Repeat("\xff", 40), "settings.not_well_formed"},
		{"CMS that is deep", "a.mobileconfig", strings.Repeat("\x30\x80", 1<<18), "settings.too_large"},
		{"CMS that is none", "a.mobileconfig", "\x30\x03\x02\x01\x01", "settings.not_well_formed"},
		{"elements", "a.xml", strings.Repeat("<a>", 80000), "settings.too_large"},
		{"large XML", "a.xml", "<clientConfig>" + strings.Repeat(" ", MaxSize), "settings.too_large"},
		{"laughs", "a.xml", `<!DOCTYPE a [<!ENTITY a "` + strings.Repeat("x", 1000) + `"><!ENTITY b "` + strings.Repeat("&a;", 1000) + `"><!ENTITY c "` + strings.Repeat("&b;", 1000) + `">]><clientConfig>&c;</clientConfig>`, "settings.not_well_formed"},
		{"lists in JSON", "a.json", `{"protocols":` + strings.Repeat("[", 100000), "settings.too_large"},
		{"large JSON", "a.json", `{"protocols":"` + strings.Repeat("x", MaxSize), "settings.too_large"},
		{"lists in YAML", "a.yaml", "id: x\nendpoints: " + strings.Repeat("[", 5000), "settings.too_large"},
		{"YAML of many from few", "a.yaml", "a: &a [x,x,x,x,x,x,x,x,x]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a]\nendpoints: [*b,*b,*b,*b]\n", "settings.missing settings.missing settings.missing settings.missing"},
		{"front matter without end", "a.md", "---\n" + strings.Repeat("a:\n", 1000), "settings.unknown_value"},
		{"nothing", "a.xml", "", "settings.not_well_formed"},
		{"nothing of JSON", "a.json", "", "settings.not_well_formed"},
		{"nothing of YAML", "a.yaml", "", "settings.missing"},
		{"nothing of a page", "a.md", "", "settings.unknown_value"},
		{"a list", "a.json", "[]", "settings.missing"},
	} {
		start := time.Now()
		d := Read(row.file, []byte(row.source))
		if got := codes(d); got != row.want {
			t.Errorf("%s\n got %s\nwant %s", row.name, got, row.want)
		}
		if took := time.Since(start); took > 5*time.Second {
			t.Errorf("%s took %s", row.name, took)
		}
	}
}

// circle is a binary property list whose array holds itself.
func circle() string { return binaryList([]string{"\xa1\x00"}) }

// bomb is arrays of which each holds the next ten times.
func bomb() string {
	var values []string
	for i := range 12 {
		values = append(values, "\xaa"+strings.Repeat(string(rune(i+1)), 10))
	}
	return binaryList(append(values, "\x09"))
}

func binaryList(values []string) string {
	var b bytes.Buffer
	b.WriteString("bplist00")
	var offsets []byte
	for _, v := range values {
		offsets = append(offsets, byte(b.Len()))
		b.WriteString(v)
	}
	table := b.Len()
	b.Write(offsets)
	b.Write([]byte{0, 0, 0, 0, 0, 0, 1, 1})
	for _, n := range []int{len(values), 0, table} {
		b.Write([]byte{0, 0, 0, 0, 0, 0, byte(n >> 8), byte(n)})
	}
	return b.String()
}

// signed returns a profile with a signature, and its content perhaps changed
// afterwards.
func signed(t *testing.T, content []byte, changed bool) []byte {
	t.Helper()
	ca, err := pki.NewCA("Nord")
	if err != nil {
		t.Fatal(err)
	}
	cert, err := ca.Leaf(pki.LeafOptions{Names: []string{"nord.example"}})
	if err != nil {
		t.Fatal(err)
	}
	s, err := pkcs7.NewSignedData(content)
	if err != nil {
		t.Fatal(err)
	}
	leaf, err := x509.ParseCertificate(cert.Certificate[0])
	if err != nil {
		t.Fatal(err)
	}
	if err := s.AddSigner(leaf, cert.PrivateKey, pkcs7.SignerInfoConfig{}); err != nil {
		t.Fatal(err)
	}
	der, err := s.Finish()
	if err != nil {
		t.Fatal(err)
	}
	if changed {
		der = bytes.Replace(der, []byte("imap.nord.example"), []byte("imap.evil.example"), 1)
	}
	return der
}

func TestSignedProfiles(t *testing.T) {
	plain := source(t, "profile-sound.mobileconfig")
	want := ReadMobileConfig(plain)
	for _, row := range []struct {
		name    string
		changed bool
		codes   string
	}{
		{"sound", false, "settings.signed"},
		{"changed", true, "settings.signed settings.signature_wrong"},
	} {
		got := Read("nord.mobileconfig", signed(t, plain, row.changed))
		if codes(got) != row.codes || len(got.Offers) != len(want.Offers) || got.Offers[1].Host != want.Offers[1].Host {
			t.Errorf("%s\n got %s\nwant %s", row.name, told(got), row.codes)
		}
	}
}

// No output may show a password that stands in a profile.
func TestPasswordIsNowhere(t *testing.T) {
	d := Read("a.mobileconfig", source(t, "profile-password.mobileconfig"))
	for _, f := range d.Findings {
		if strings.Contains(f.Says()+f.Advises()+f.Seen(), "hunter2") {
			t.Errorf("got  %s", f.Says())
		}
	}
	if Gravest(d.Findings) != finding.Error {
		t.Errorf("got  %s\nwant an error", codes(d))
	}
}
