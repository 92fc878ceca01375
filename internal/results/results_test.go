package results

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"mailprobe/internal/settings"
)

var (
	noon = time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)
	imap = settings.Endpoint{Protocol: settings.IMAP, Host: "imap.example.com", Port: 993, Security: settings.TLS}
)

func entry(e settings.Endpoint, verdict string, at time.Time, codes ...string) Entry {
	return Entry{e.Protocol, e.Host, e.Port, e.Security, verdict, codes, at, time.Time{}, "here", "v1"}
}

func TestBook(t *testing.T) {
	name := filepath.Join(t.TempDir(), "results.json")
	b, err := Read(name)
	if err != nil || b.Fresh(imap, noon, time.Hour) || !b.Differs(entry(imap, "works", noon)) {
		t.Fatalf("got  %v, %v\nwant an empty book", b, err)
	}
	b.Note(entry(imap, "works", noon))
	b.Note(entry(imap, "works", noon.Add(time.Hour)))
	if err := b.Write(name); err != nil {
		t.Fatal(err)
	}
	if b, err = Read(name); err != nil {
		t.Fatal(err)
	}
	if e := b.entries[imap]; !e.Since.Equal(noon) || !e.Verified.Equal(noon.Add(time.Hour)) || e.From != "here" || e.Mailprobe != "v1" {
		t.Errorf("got  %+v", e)
	}
	for _, row := range []struct {
		name string
		got  bool
		want bool
	}{
		{"fresh", b.Fresh(imap, noon.Add(2*time.Hour), time.Hour), true},
		{"too old", b.Fresh(imap, noon.Add(2*time.Hour+1), time.Hour), false},
		{"from the future", b.Fresh(imap, noon, time.Hour), false},
		{"the same", b.Differs(entry(imap, "works", noon)), false},
		{"another verdict", b.Differs(entry(imap, "fails", noon)), true},
		{"another finding", b.Differs(entry(imap, "works", noon, "cert.expires_soon")), true},
	} {
		if row.got != row.want {
			t.Errorf("%s: got  %t\nwant %t", row.name, row.got, row.want)
		}
	}
	b.Note(entry(imap, "fails", noon.Add(3*time.Hour)))
	if b.Fresh(imap, noon.Add(3*time.Hour), time.Hour) || !b.entries[imap].Since.Equal(noon.Add(3*time.Hour)) {
		t.Errorf("got  %+v\nwant a failure never fresh", b.entries[imap])
	}
	if files, _ := os.ReadDir(filepath.Dir(name)); len(files) != 1 {
		t.Errorf("got  %v\nwant nothing left behind", files)
	}
}

func TestRefuses(t *testing.T) {
	for text, want := range map[string]string{"{}": "holds no results", "x": "holds no results", `{"schema": 2}`: "has schema 2"} {
		name := filepath.Join(t.TempDir(), "results.json")
		if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := Read(name); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: got  %v\nwant %s", text, err, want)
		}
	}
	if err := new(Book).Write(filepath.Join(t.TempDir(), "nowhere", "x")); err == nil {
		t.Error("got  a file in a folder that is not there")
	}
}
