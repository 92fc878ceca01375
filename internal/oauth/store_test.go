package oauth

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/zalando/go-keyring"

	"mailprobe/internal/auth"
	"mailprobe/internal/secret"
	"mailprobe/internal/settings"
)

func sample() *Record {
	return &Record{
		Key:  Key{Provider: "office365", ClientID: "client-1", User: testUser},
		Flow: DeviceCode, Tenant: "corp.example", TokenURL: "https://login.example/t",
		Scopes: []string{"a", "b"}, Places: Places{SecretFile: "/s"},
		Expiry: time.Unix(2000000000, 0).UTC(), Saved: time.Unix(1900000000, 0).UTC(),
		access: auth.NewSecret("the-access-token"), refresh: auth.NewSecret("the-refresh-token"),
	}
}

func same(t *testing.T, got, want *Record) {
	t.Helper()
	a, errA := encode(got)
	b, errB := encode(want)
	if errA != nil || errB != nil || string(a) != string(b) {
		t.Errorf("got  %s\nwant %s", a, b)
	}
}

// fakeRing is a keyring in memory. max bounds an entry (0: no bound); gate,
// where it is not nil, holds every call back.
type fakeRing struct {
	entries map[string]string
	max     int
	gate    chan struct{}
}

func (f *fakeRing) wait() {
	if f.gate != nil {
		<-f.gate
	}
}

func (f *fakeRing) Set(service, user, password string) error {
	f.wait()
	if f.max > 0 && len(password) > f.max {
		return keyring.ErrSetDataTooBig
	}
	f.entries[service+"/"+user] = password
	return nil
}

func (f *fakeRing) Get(service, user string) (string, error) {
	f.wait()
	v, ok := f.entries[service+"/"+user]
	if !ok {
		return "", keyring.ErrNotFound
	}
	return v, nil
}

func (f *fakeRing) Delete(service, user string) error {
	f.wait()
	if _, ok := f.entries[service+"/"+user]; !ok {
		return keyring.ErrNotFound
	}
	delete(f.entries, service+"/"+user)
	return nil
}

func newFakeKeyring(dir string, r *fakeRing) *Keyring {
	r.entries = make(map[string]string)
	return &Keyring{locks: newLocks(dir), ring: r, limit: keyringLimit}
}

func TestStores(t *testing.T) {
	stores := map[string]func(dir string) Store{
		"files":   func(dir string) Store { return NewFiles(dir) },
		"memory":  func(string) Store { return newMemory() },
		"keyring": func(dir string) Store { return newFakeKeyring(dir, &fakeRing{}) },
	}
	for name, open := range stores {
		t.Run(name, func(t *testing.T) {
			s, r, ctx := open(filepath.Join(t.TempDir(), "a", "tokens")), sample(), t.Context()
			if _, err := s.Load(ctx, r.Key); !errors.Is(err, ErrNotLoggedIn) {
				t.Errorf("got  %v\nwant %v", err, ErrNotLoggedIn)
			}
			if err := s.Save(ctx, r); err != nil {
				t.Fatal(err)
			}
			got, err := s.Load(ctx, r.Key)
			if err != nil {
				t.Fatal(err)
			}
			same(t, got, r)
			if _, err := s.Load(ctx, Key{"office365", "client-2", testUser}); !errors.Is(err, ErrNotLoggedIn) {
				t.Errorf("another key: got  %v\nwant %v", err, ErrNotLoggedIn)
			}
			for range 2 {
				if err := s.Delete(ctx, r.Key); err != nil {
					t.Error(err)
				}
			}
			if _, err := s.Load(ctx, r.Key); !errors.Is(err, ErrNotLoggedIn) {
				t.Errorf("got  %v\nwant %v", err, ErrNotLoggedIn)
			}
		})
	}
}

func TestLockWaitsAndHeedsTheContext(t *testing.T) {
	stores := map[string]Store{
		"files": NewFiles(filepath.Join(t.TempDir(), "tokens")), "memory": newMemory(),
	}
	for name, s := range stores {
		t.Run(name, func(t *testing.T) {
			k := sample().Key
			unlock, err := s.Lock(t.Context(), k)
			if err != nil {
				t.Fatal(err)
			}
			ended, cancel := context.WithCancel(t.Context())
			cancel()
			if _, err := s.Lock(ended, k); !errors.Is(err, context.Canceled) {
				t.Errorf("got  %v\nwant one that is context.Canceled", err)
			}
			if other, err := s.Lock(t.Context(), Key{User: "other"}); err != nil {
				t.Errorf("another key: %v", err)
			} else {
				other()
			}
			unlock()
			if again, err := s.Lock(t.Context(), k); err != nil {
				t.Errorf("after unlock: %v", err)
			} else {
				again()
			}
		})
	}
}

func TestCrashBeforeRenameLeavesTheOld(t *testing.T) {
	s, old := NewFiles(filepath.Join(t.TempDir(), "tokens")), sample()
	if err := s.Save(t.Context(), old); err != nil {
		t.Fatal(err)
	}
	crash := errors.New("crash")
	s.rename = func(from, to string) error {
		if data, err := os.ReadFile(from); err != nil || !strings.Contains(string(data), "newer-token") {
			t.Errorf("the new file is not complete before the rename: %s, %v", data, err)
		}
		return crash
	}
	newer := sample()
	newer.refresh = auth.NewSecret("newer-token")
	if err := s.Save(t.Context(), newer); !errors.Is(err, crash) {
		t.Errorf("got  %v\nwant %v", err, crash)
	}
	got, err := s.Load(t.Context(), old.Key)
	if err != nil {
		t.Fatal(err)
	}
	same(t, got, old)
	if left, _ := filepath.Glob(filepath.Join(s.dir, ".new-*")); len(left) != 0 {
		t.Errorf("left behind: %v", left)
	}
}

func TestRecordOfAnotherKeyIsRefused(t *testing.T) {
	s, r := NewFiles(filepath.Join(t.TempDir(), "tokens")), sample()
	if err := s.Save(t.Context(), r); err != nil {
		t.Fatal(err)
	}
	other := Key{"office365", "client-1", "boss@example.com"}
	if err := os.Rename(s.path(r.Key), s.path(other)); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Load(t.Context(), other); !errors.Is(err, errRecord) {
		t.Errorf("got  %v\nwant %v", err, errRecord)
	}
}

func TestFind(t *testing.T) {
	s, r := NewFiles(filepath.Join(t.TempDir(), "tokens")), sample()
	if keys, err := s.Find(t.Context(), "office365", testUser); err != nil || len(keys) != 0 {
		t.Errorf("no directory: %v, %v", keys, err)
	}
	second, stranger := sample(), sample()
	second.ClientID, stranger.User = "client-2", "boss@example.com"
	for _, r := range []*Record{r, second, stranger} {
		if err := s.Save(t.Context(), r); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.WriteFile(filepath.Join(s.dir, "x.json"), []byte("{"), 0o600); err != nil {
		t.Fatal(err)
	}
	keys, err := s.Find(t.Context(), "office365", testUser)
	if err != nil || len(keys) != 2 {
		t.Errorf("got  %v, %v\nwant 2 keys", keys, err)
	}
	var damaged *DamagedError
	if keys, err := s.Find(t.Context(), "gmail", testUser); len(keys) != 0 || !errors.As(err, &damaged) || filepath.Base(damaged.File) != "x.json" {
		t.Errorf("it may be in the file that cannot be read\ngot  %v, %v\nwant a *DamagedError", keys, err)
	}
}

func TestFileNameTellsNobody(t *testing.T) {
	a := Key{"p", "c", "me@example.com"}.name()
	if len(a) != 64 || strings.Contains(a, "me") {
		t.Errorf("name %q", a)
	}
	if b := (Key{"p", "cm", "e@example.com"}).name(); a == b {
		t.Error("two keys have one name")
	}
}

func TestKeyringLocksInItsDirectory(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "tokens")
	unlock, err := NewKeyring(dir).Lock(t.Context(), sample().Key)
	if err != nil {
		t.Fatal(err)
	}
	unlock()
	if _, err := os.Stat(dir); err != nil {
		t.Errorf("got  %v\nwant the directory of the locks", err)
	}
}

func TestKeyringThatHangs(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		gate := make(chan struct{})
		k, start := newFakeKeyring(t.TempDir(), &fakeRing{gate: gate}), time.Now()
		_, err := k.Load(t.Context(), sample().Key)
		if !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("got  %v\nwant one that is context.DeadlineExceeded", err)
		}
		if got, want := time.Since(start), 10*time.Second; got != want {
			t.Errorf("took %v\nwant %v", got, want)
		}
		close(gate)
	})
}

// What was granted is stored even if the run ends while it comes in.
func TestInterruptLosesNoGrant(t *testing.T) {
	k, r := newFakeKeyring(t.TempDir(), &fakeRing{}), sample()
	if err := os.Chmod(k.dir, 0o700); err != nil {
		t.Fatal(err)
	}
	c := &Client{Config: Config{
		Provider: &settings.Provider{ID: r.Provider}, ClientID: r.ClientID, User: r.User, Store: k,
	}}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := c.keep(ctx, r); err != nil {
		t.Fatal(err)
	}
	same(t, stored1(t, c), r)
}

func TestKeyringWithLittleRoom(t *testing.T) {
	k, r := newFakeKeyring(t.TempDir(), &fakeRing{max: 2560}), sample()
	r.access = auth.NewSecret(strings.Repeat("a", 2560))
	if err := k.Save(t.Context(), r); err != nil {
		t.Fatal(err)
	}
	got, err := k.Load(t.Context(), r.Key)
	if err != nil {
		t.Fatal(err)
	}
	if !got.access.Empty() || secret.Reveal(got.refresh) != "the-refresh-token" || got.fresh(time.Now()) {
		t.Errorf("got %+v", got)
	}
	r.refresh = auth.NewSecret(strings.Repeat("r", 2560))
	if err := k.Save(t.Context(), r); !errors.Is(err, keyring.ErrSetDataTooBig) {
		t.Errorf("got  %v\nwant %v", err, keyring.ErrSetDataTooBig)
	}
}

func TestDir(t *testing.T) {
	state := t.TempDir()
	tests := []struct {
		name, goos string
		env        map[string]string
		want       string // empty: an error
	}{
		{"XDG", "linux", map[string]string{"XDG_STATE_HOME": state, "HOME": "/h"}, filepath.ToSlash(state) + "/mailprobe/tokens"},
		{"relative XDG is void", "linux", map[string]string{"XDG_STATE_HOME": "x", "HOME": "/h"}, "/h/.local/state/mailprobe/tokens"},
		{"Linux", "linux", map[string]string{"HOME": "/h"}, "/h/.local/state/mailprobe/tokens"},
		{"macOS", "darwin", map[string]string{"HOME": "/h"}, "/h/Library/Application Support/mailprobe/tokens"},
		{"Windows", "windows", map[string]string{"LocalAppData": "/l", "HOME": "/h"}, "/l/mailprobe/tokens"},
		{"nothing set", "linux", nil, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, err := Dir(tt.goos, func(name string) string { return tt.env[name] })
			if filepath.ToSlash(got) != tt.want || (err != nil) != (tt.want == "") {
				t.Errorf("got  %q, %v\nwant %q", got, err, tt.want)
			}
		})
	}
}

// A run that is killed while it writes leaves tokens behind. The next one, or
// logout, removes them, but not what another run is writing.
func TestUnfinishedFilesAreSwept(t *testing.T) {
	for name, do := range map[string]func(context.Context, *Files) error{
		"load": func(ctx context.Context, s *Files) error { _, err := s.Load(ctx, sample().Key); return err },
		"find": func(ctx context.Context, s *Files) error { _, err := s.Find(ctx, "office365", testUser); return err },
	} {
		t.Run(name, func(t *testing.T) {
			s := NewFiles(filepath.Join(t.TempDir(), "tokens"))
			if err := s.Save(t.Context(), sample()); err != nil {
				t.Fatal(err)
			}
			left := filepath.Join(s.dir, ".new-12345")
			if err := os.WriteFile(left, []byte("tokens"), 0o600); err != nil {
				t.Fatal(err)
			}
			if old := time.Now().Add(-time.Hour); os.Chtimes(left, old, old) != nil {
				t.Fatal("its age cannot be set")
			}
			unlock, err := s.lock(t.Context(), writing)
			if err != nil {
				t.Fatal(err)
			}
			hurried, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
			defer cancel()
			if err := do(hurried, s); !errors.Is(err, context.DeadlineExceeded) {
				t.Errorf("got  %v while another run writes\nwant %v", err, context.DeadlineExceeded)
			}
			if _, err := os.Stat(left); err != nil {
				t.Errorf("it is gone while another run writes: %v", err)
			}
			unlock()
			if err := do(t.Context(), s); err != nil {
				t.Error(err)
			}
			if _, err := os.Stat(left); !errors.Is(err, os.ErrNotExist) {
				t.Errorf("got  %v\nwant that it is gone", err)
			}
			if _, err := s.Load(t.Context(), sample().Key); err != nil {
				t.Errorf("the sign-in is gone, too: %v", err)
			}
		})
	}
}
