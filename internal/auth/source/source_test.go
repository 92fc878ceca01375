package source

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"mailprobe/internal/auth"
	"mailprobe/internal/auth/authtest"
)

const (
	testUser = "me@example.com"
	testHost = "imap.example.com"
)

// env makes a lookupEnv of pairs, so that no test sees the real environment.
func env(pairs ...string) func(string) (string, bool) {
	vars := map[string]string{}
	for i := 0; i+1 < len(pairs); i += 2 {
		vars[pairs[i]] = pairs[i+1]
	}
	return func(name string) (string, bool) {
		value, ok := vars[name]
		return value, ok
	}
}

func noTTY() (*os.File, error) { return nil, errors.New("no terminal here") }

// alone completes options so that nothing outside the test is looked at.
func alone(o Options) Options {
	if o.lookupEnv == nil {
		o.lookupEnv = env()
	}
	if o.tty == nil {
		o.tty = noTTY
	}
	return o
}

func write(t *testing.T, text string, mode os.FileMode) string {
	t.Helper()
	name := filepath.Join(t.TempDir(), "secret")
	if err := os.WriteFile(name, []byte(text), mode); err != nil {
		t.Fatal(err)
	}
	return name
}

// shown returns the secret of c as a server would see it.
func shown(t *testing.T, c *auth.Credential) string {
	t.Helper()
	permit := authtest.Permit(t, testHost)
	c = c.For(testHost)
	if c.Kind == auth.Password {
		text, err := c.Login(permit, permit.ServerName(), "")
		if err != nil {
			t.Fatal(err)
		}
		return text
	}
	client, err := c.Client(permit, auth.Attempt{Mechanism: "XOAUTH2", Username: testUser, Host: testHost})
	if err != nil {
		t.Fatal(err)
	}
	_, ir, err := client.Start()
	if err != nil {
		t.Fatal(err)
	}
	_, text, _ := strings.Cut(string(ir), "auth=Bearer ")
	return strings.TrimRight(text, "\x01")
}

func TestFind(t *testing.T) {
	const odd = ` p"w\ äß€ %x#' end `
	netrc := "machine imap.example.com\n login me@example.com\n password from-netrc\n"
	for _, row := range []struct {
		name  string
		o     Options
		want  string
		where string
		kind  auth.Kind
	}{
		{"file", Options{PasswordFile: write(t, odd+"\n", 0o600)}, odd, "--password-file", auth.Password},
		{"file with CRLF", Options{PasswordFile: write(t, odd+"\r\n", 0o600)}, odd, "--password-file", auth.Password},
		{"file without line break", Options{PasswordFile: write(t, odd, 0o600)}, odd, "--password-file", auth.Password},
		{"file with more lines", Options{PasswordFile: write(t, "one\ntwo\n", 0o600)}, "one", "--password-file", auth.Password},
		{"stdin", Options{PasswordFile: "-", Stdin: strings.NewReader(odd + "\n")}, odd, "--password-file", auth.Password},
		{"token file", Options{TokenFile: write(t, "\n  ya29.x \r\n\n", 0o600)}, "ya29.x", "--token-file", auth.Token},
		{"token on stdin", Options{TokenFile: "-", Stdin: strings.NewReader("ya29.y\n")}, "ya29.y", "--token-file", auth.Token},
		{"variable", Options{lookupEnv: env(PasswordVariable, odd)}, odd, PasswordVariable, auth.Password},
		{"token variable", Options{lookupEnv: env(TokenVariable, "ya29.z")}, "ya29.z", TokenVariable, auth.Token},
		{"an empty variable is none", Options{PasswordFile: write(t, "pw", 0o600), lookupEnv: env(PasswordVariable, "")}, "pw", "--password-file", auth.Password},
		{"netrc file", Options{NetrcFile: write(t, netrc, 0o600)}, "from-netrc", "--netrc-file", auth.Password},
		{"netrc by variable", Options{Netrc: true, lookupEnv: env("NETRC", write(t, netrc, 0o600))}, "from-netrc", "--netrc", auth.Password},
		{"keyring", Options{Keyring: true, keyringOf: func(s, u string) (string, error) { return s + "/" + u, nil }}, "mailprobe" + "/" + testUser, "--keyring", auth.Password},
	} {
		t.Run(row.name, func(t *testing.T) {
			c, where, err := Find(t.Context(), alone(row.o), testUser, testHost)
			if err != nil {
				t.Fatal(err)
			}
			if got := shown(t, c); got != row.want || where != row.where || c.Kind != row.kind {
				t.Errorf("got  %q from %q, a %s\nwant %q from %q, a %s", got, where, c.Kind, row.want, row.where, row.kind)
			}
		})
	}
}

func TestFindFails(t *testing.T) {
	for _, row := range []struct {
		name string
		o    Options
		says string
	}{
		{"no file", Options{PasswordFile: "/nonexistent/file"}, "there is no file"},
		{"directory", Options{PasswordFile: t.TempDir()}, "is a directory"},
		{"device", Options{PasswordFile: os.DevNull}, "neither a file nor a pipe"},
		{"empty", Options{PasswordFile: write(t, "", 0o600)}, "it is empty"},
		{"only a line break", Options{PasswordFile: write(t, "\n", 0o600)}, "it is empty"},
		{"first line empty", Options{PasswordFile: write(t, "\nSEKRIT", 0o600)}, "its first line is empty"},
		{"byte order mark", Options{PasswordFile: write(t, "\ufeffSEKRIT", 0o600)}, "byte order mark"},
		{"NUL", Options{PasswordFile: write(t, "SEK\x00RIT", 0o600)}, "NUL"},
		{"too much", Options{PasswordFile: write(t, strings.Repeat("SEKRIT", 20000), 0o600)}, "more than 64 KiB"},
		{"no stdin", Options{PasswordFile: "-"}, "no standard input"},
		{"token only blanks", Options{TokenFile: write(t, " \n", 0o600)}, "it is empty"},
		{"netrc of another host", Options{NetrcFile: write(t, "machine mail.example.com password SEKRIT\ndefault password SEKRIT", 0o600)}, "no entry"},
		{"netrc of another user", Options{NetrcFile: write(t, "machine imap.example.com login you password SEKRIT", 0o600)}, "no entry"},
	} {
		t.Run(row.name, func(t *testing.T) {
			c, _, err := Find(t.Context(), alone(row.o), testUser, testHost)
			var e *Error
			if c != nil || !errors.As(err, &e) || !strings.Contains(err.Error(), row.says) {
				t.Fatalf("got  %v, %v\nwant an *Error with %q", c, err, row.says)
			}
			if want := row.o.Given()[0]; e.Source != want || !strings.HasPrefix(err.Error(), want+": ") {
				t.Errorf("got  %v\nwant %s before it", err, want)
			}
			if strings.Contains(err.Error(), "SEKRIT") || strings.Contains(err.Error(), "\n") {
				t.Errorf("the error shows the secret or has more than one line: %v", err)
			}
		})
	}
}

func TestUnreadableFile(t *testing.T) {
	if runtime.GOOS == "windows" || os.Getuid() == 0 {
		t.Skip("every file can be read here: the user is root, or the system has no modes")
	}
	_, _, err := Find(t.Context(), alone(Options{PasswordFile: write(t, "pw", 0o000)}), testUser, testHost)
	if !errors.Is(err, os.ErrPermission) {
		t.Errorf("got %v, want %v", err, os.ErrPermission)
	}
}

func TestTwoSecrets(t *testing.T) {
	file := write(t, "pw", 0o600)
	both := env(PasswordVariable, "SEKRIT", TokenVariable, "SEKRIT")
	for _, row := range []struct {
		name          string
		o             Options
		first, second string
	}{
		{"two flags", Options{PasswordFile: file, PasswordCommand: "echo x"}, "--password-file", "--password-command"},
		{"password and token", Options{PasswordFile: file, TokenFile: file}, "--password-file", "--token-file"},
		{"flag and variable", Options{PasswordFile: file, lookupEnv: env(PasswordVariable, "SEKRIT")}, "--password-file", PasswordVariable},
		{"token command and password variable", Options{TokenCommand: "echo x", lookupEnv: env(PasswordVariable, "SEKRIT")}, "--token-command", PasswordVariable},
		{"two variables", Options{lookupEnv: both}, PasswordVariable, TokenVariable},
		{"netrc and keyring", Options{Netrc: true, Keyring: true}, "--netrc", "--keyring"},
	} {
		t.Run(row.name, func(t *testing.T) {
			_, _, err := Find(t.Context(), alone(row.o), testUser, testHost)
			var e *ConflictError
			if !errors.As(err, &e) || e.First != row.first || e.Second != row.second {
				t.Fatalf("got  %v\nwant %s and %s", err, row.first, row.second)
			}
			for _, name := range []string{row.first, row.second} {
				if !strings.Contains(err.Error(), name) {
					t.Errorf("the error does not name %s: %v", name, err)
				}
			}
			if strings.Contains(err.Error(), "SEKRIT") {
				t.Errorf("the error shows the secret: %v", err)
			}
		})
	}
}

func TestNoSecretAtAll(t *testing.T) {
	for _, row := range []struct {
		name string
		o    Options
		says string
	}{
		{"no terminal", Options{}, "there is no terminal"},
		{"not to be asked", Options{NoPrompt: true}, "--no-prompt forbids"},
		{"an empty variable", Options{NoPrompt: true, lookupEnv: env(PasswordVariable, "")}, PasswordVariable + " is empty"},
		{"an empty token", Options{lookupEnv: env(TokenVariable, "")}, TokenVariable + " is empty"},
	} {
		c, where, err := Find(t.Context(), alone(row.o), testUser, testHost)
		var none *NoneError
		if c != nil || where != "" || !errors.As(err, &none) || !strings.Contains(none.Error(), row.says) {
			t.Errorf("%s\ngot  %v, %q, %v\nwant nothing, and why: %s", row.name, c, where, err, row.says)
		}
	}
	opened := func() (*os.File, error) { t.Error("the terminal was opened"); return noTTY() }
	Find(t.Context(), alone(Options{NoPrompt: true, tty: opened}), testUser, testHost)
	Find(t.Context(), alone(Options{tty: opened}), "", testHost)
}

// A netrc file has a password for each host, and none for others.
func TestNetrcIsForEachHost(t *testing.T) {
	file := write(t, `machine imap.example.com login me@example.com password one
machine SMTP.example.com password two
machine pop.example.com login you@example.com password SEKRIT
default password SEKRIT
`, 0o600)
	c, _, err := Find(t.Context(), alone(Options{NetrcFile: file}), testUser, "imap.example.com", "smtp.example.com", "pop.example.com", "mail.example.com")
	if err != nil {
		t.Fatal(err)
	}
	for host, want := range map[string]string{
		"imap.example.com": "one", "smtp.example.com": "two", "IMAP.example.com.": "one", "pop.example.com": "", "mail.example.com": "", "": "",
	} {
		got, own := "", c.For(host)
		if own != nil {
			if got, err = own.Login(authtest.Permit(t, testHost), testHost, testUser); err != nil {
				t.Fatal(err)
			}
		}
		if got != want {
			t.Errorf("%q\ngot  %q\nwant %q", host, got, want)
		}
	}
	if text, err := c.Login(authtest.Permit(t, testHost), testHost, testUser); err == nil {
		t.Errorf("what is for each host is shown to whatever host: %q", text)
	}
}

func TestWarnings(t *testing.T) {
	for _, row := range []struct {
		name string
		o    Options
		says string
	}{
		{"private", Options{PasswordFile: write(t, "SEKRIT", 0o600)}, ""},
		{"others can read", Options{PasswordFile: write(t, "SEKRIT", 0o644)}, "chmod 600"},
		{"the group can read", Options{TokenFile: write(t, "SEKRIT", 0o640)}, "chmod 600"},
		{"netrc", Options{NetrcFile: write(t, "machine imap.example.com password SEKRIT", 0o644)}, "chmod 600"},
		{"empty variable", Options{PasswordFile: write(t, "SEKRIT", 0o600), lookupEnv: env(PasswordVariable, "")}, "set but empty"},
	} {
		t.Run(row.name, func(t *testing.T) {
			if runtime.GOOS == "windows" && row.says == "chmod 600" {
				t.Skip("no file modes on Windows")
			}
			var said strings.Builder
			row.o.Stderr = &said
			if _, _, err := Find(t.Context(), alone(row.o), testUser, testHost); err != nil {
				t.Fatal(err)
			}
			if (row.says == "") != (said.String() == "") || !strings.Contains(said.String(), row.says) {
				t.Errorf("got  %q\nwant %q in it", said.String(), row.says)
			}
			if strings.Contains(said.String(), "SEKRIT") {
				t.Errorf("the warning shows the secret: %q", said.String())
			}
		})
	}
}

func TestParseNetrc(t *testing.T) {
	text := `# machine commented.example password no
machine one.example login a password b
machine two.example
	account x
	password "with \"quotes\" and \\ blanks"
	login c
macdef init
	machine macro.example password no

machine three.example password machine login d
default login anonymous password guess
machine four.example password`
	want := []machine{
		{"one.example", "a", "b"},
		{"two.example", "c", `with "quotes" and \ blanks`},
		{"three.example", "d", "machine"},
		{"", "anonymous", "guess"},
		{"four.example", "", ""},
	}
	got := parseNetrc(text)
	if len(got) != len(want) {
		t.Fatalf("got  %+v\nwant %+v", got, want)
	}
	for i := range want {
		if got[i] != want[i] {
			t.Errorf("entry %d: got %+v\nwant %+v", i, got[i], want[i])
		}
	}
}

func FuzzParseNetrcEnds(f *testing.F) {
	f.Add(`machine a login b password "c\`)
	f.Add("default default machine")
	f.Fuzz(func(t *testing.T, text string) {
		for _, m := range parseNetrc(text) {
			if len(m.host)+len(m.login)+len(m.password) > len(text) {
				t.Fatalf("%+v is longer than %q", m, text)
			}
		}
	})
}

func TestCancelled(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	for name, o := range map[string]Options{
		"command": {PasswordCommand: "sleep 20"},
		"stdin":   {PasswordFile: "-", Stdin: mute{}},
		"keyring": {Keyring: true, keyringOf: func(string, string) (string, error) { select {} }},
	} {
		if _, _, err := Find(ctx, alone(o), testUser, testHost); !errors.Is(err, context.Canceled) {
			t.Errorf("%s: got %v, want %v", name, err, context.Canceled)
		}
	}
}

// mute is an input on which nothing ever comes.
type mute struct{}

func (mute) Read([]byte) (int, error) { select {} }
