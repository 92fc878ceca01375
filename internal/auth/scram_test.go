package auth

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/xdg-go/scram"

	"mailprobe/internal/auth/authtest"
)

// scramServer returns the server's half of a conversation for one user.
func scramServer(t *testing.T, hash scram.HashGeneratorFcn, password string, iterations int, b Binding) *scram.ServerConversation {
	t.Helper()
	stored, err := hash.NewClient("", password, "")
	if err != nil {
		stored, _ = hash.NewClientUnprepped("", password, "")
	}
	keys, err := stored.GetStoredCredentialsWithError(scram.KeyFactors{Salt: "salt of sixteen!", Iters: iterations})
	if err != nil {
		t.Fatal(err)
	}
	server, err := hash.NewServer(func(string) (scram.StoredCredentials, error) { return keys, nil })
	if err != nil {
		t.Fatal(err)
	}
	if b.usable() {
		return server.NewConversationWithChannelBindingRequired(scram.ChannelBinding{Type: scram.ChannelBindingType(b.Type), Data: b.Data})
	}
	return server.NewConversation()
}

func TestSCRAM(t *testing.T) {
	exporter, unique := Binding{"tls-exporter", []byte("exported")}, Binding{"tls-unique", []byte("finished")}
	permit := authtest.Permit(t, host)
	for _, row := range []struct {
		mechanism string
		hash      scram.HashGeneratorFcn
		binding   Binding
	}{
		{"SCRAM-SHA-1", scram.SHA1, Binding{}},
		{"SCRAM-SHA-256", scram.SHA256, Binding{}},
		{"SCRAM-SHA-1-PLUS", scram.SHA1, unique},
		{"SCRAM-SHA-256-PLUS", scram.SHA256, exporter},
	} {
		for _, text := range odd {
			t.Run(row.mechanism+" "+text, func(t *testing.T) {
				server := scramServer(t, row.hash, text, 10, row.binding)
				c, err := NewCredential(Password, NewSecret(text)).Client(permit,
					Attempt{Mechanism: row.mechanism, Username: "u=,ser", Host: host, Binding: row.binding})
				if err != nil {
					t.Fatal(err)
				}
				name, answer, err := c.Start()
				if name != row.mechanism || err != nil {
					t.Fatalf("Start: got %s, %v", name, err)
				}
				for !server.Done() {
					challenge, err := server.Step(string(answer))
					if err != nil {
						t.Fatalf("server: %v", err)
					}
					if Confirm(c) == nil {
						t.Fatal("confirmed before the server's proof")
					}
					if answer, err = c.Next([]byte(challenge)); err != nil || answer == nil {
						t.Fatalf("client: %v, %v", answer, err)
					}
				}
				if !server.Valid() || Confirm(c) != nil || server.Username() != "u=,ser" {
					t.Errorf("server %v, client %v, user %q", server.Valid(), Confirm(c), server.Username())
				}
			})
		}
	}
}

// The dialogues of RFC 5802 §5 and RFC 7677 §3, with their nonces.
func TestSCRAMVectors(t *testing.T) {
	for _, row := range []struct {
		name, nonce                      string
		hash                             scram.HashGeneratorFcn
		first, challenge, answer, verify string
	}{
		{
			"RFC 5802", "fyko+d2lbbFgONRv9qkxdawL", scram.SHA1,
			"n,,n=user,r=fyko+d2lbbFgONRv9qkxdawL",
			"r=fyko+d2lbbFgONRv9qkxdawL3rfcNHYJY1ZVvWVs7j,s=QSXCR+Q6sek8bf92,i=4096",
			"c=biws,r=fyko+d2lbbFgONRv9qkxdawL3rfcNHYJY1ZVvWVs7j,p=v0X8v3Bz2T0CJGbJQyF0X+HI4Ts=",
			"v=rmF9pqV8S7suAoZWja4dJRkFsKQ=",
		},
		{
			"RFC 7677", "rOprNGfwEbeRWgbNEkqO", scram.SHA256,
			"n,,n=user,r=rOprNGfwEbeRWgbNEkqO",
			"r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096",
			"c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=",
			"v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=",
		},
	} {
		lib, err := row.hash.NewClient("user", "pencil", "")
		if err != nil {
			t.Fatal(err)
		}
		talk := lib.WithNonceGenerator(func() string { return row.nonce }).NewConversation()
		scrubber := NewScrubber()
		c := &scramClient{mechanism: row.name, step: talk.Step, valid: talk.Valid, scrubber: scrubber}
		_, first, _ := c.Start()
		answer, err := c.Next([]byte(row.challenge))
		if string(first) != row.first || string(answer) != row.answer || err != nil {
			t.Errorf("%s:\ngot  %s %s, %v\nwant %s %s", row.name, first, answer, err, row.first, row.answer)
		}
		if end, err := c.Next([]byte(row.verify)); err != nil || end == nil || Confirm(c) != nil {
			t.Errorf("%s: got %v, %v, %v", row.name, end, err, Confirm(c))
		}
		// Whoever has the proof of either side can try guesses without the server.
		for _, proof := range []string{attribute(row.answer, "p"), attribute(row.verify, "v")} {
			if got := scrubber.Scrub("x=" + proof + ",y=1"); got != "x=[redacted],y=1" {
				t.Errorf("%s: got %s", row.name, got)
			}
		}
	}
}

func startedSCRAM(t *testing.T) (c interface{ Next([]byte) ([]byte, error) }, nonce string) {
	t.Helper()
	client := clientOf(t, Password, "pencil", Attempt{Mechanism: "SCRAM-SHA-256", Username: "user"})
	_, first, err := client.Start()
	if err != nil {
		t.Fatal(err)
	}
	_, nonce, _ = strings.Cut(string(first), ",r=")
	return client, nonce
}

func TestSCRAMIterationBomb(t *testing.T) {
	for _, count := range []string{"2147483647", "1000001", "99999999999999999999", "0", "-1", "", "4096x", "4096,i=2147483647", "2147483647,i=4096"} {
		c, nonce := startedSCRAM(t)
		start := time.Now()
		got, err := c.Next([]byte("r=" + nonce + "x,s=QSXCR+Q6sek8bf92,i=" + count))
		var e *ExchangeError
		if !errors.As(err, &e) || got != nil {
			t.Errorf("i=%s: got %q, %v\nwant *ExchangeError", count, got, err)
		}
		if took := time.Since(start); took > 20*time.Second {
			t.Errorf("i=%s: took %s, want no work done", count, took)
		}
	}
}

func TestSCRAMRefusalIsKept(t *testing.T) {
	server := scramServer(t, scram.SHA256, "other", 10, Binding{})
	client := clientOf(t, Password, "pencil", Attempt{Mechanism: "SCRAM-SHA-256", Username: "user"})
	_, answer, _ := client.Start()
	var challenge string
	for !server.Done() {
		challenge, _ = server.Step(string(answer)) // its error is the refusal itself
		var err error
		if answer, err = client.Next([]byte(challenge)); err != nil {
			t.Fatal(err)
		}
	}
	if answer == nil || len(answer) != 0 {
		t.Errorf("answer to the refusal: got %#v, want empty and not nil", answer)
	}
	if got := string(Challenge(client)); got != "e=invalid-proof" || got != challenge {
		t.Errorf("got %q, want e=invalid-proof", got)
	}
	if Confirm(client) == nil {
		t.Error("a refused exchange is confirmed")
	}
	if _, err := client.Next([]byte("v=AAAA")); err == nil {
		t.Error("the exchange goes on after the refusal")
	}
}

func TestSCRAMServerCannotCheat(t *testing.T) {
	c, nonce := startedSCRAM(t)
	if _, err := c.Next([]byte("r=" + nonce + "x,s=QSXCR+Q6sek8bf92,i=10")); err != nil {
		t.Fatal(err)
	}
	if _, err := c.Next([]byte("v=rmF9pqV8S7suAoZWja4dJRkFsKQ=")); err == nil {
		t.Error("a false signature: got no error")
	}
	for _, first := range []string{"", "r=", "r=someone,s=QSXCR+Q6sek8bf92,i=4096", "m=ext,r=x,s=x,i=1", "v=AAAA", "\x00\xff"} {
		c, _ := startedSCRAM(t)
		if got, err := c.Next([]byte(first)); err == nil {
			t.Errorf("first message %q: got %q, want an error", first, got)
		}
	}
}

// Nothing counts after a message that could not be used, nor after the end.
func TestSCRAMEndsOnce(t *testing.T) {
	const rest = "the server asks for more than the mechanism has"
	c, nonce := startedSCRAM(t)
	for _, row := range []struct{ message, want string }{
		{"r=" + nonce + "x,s=QSXCR+Q6sek8bf92,i=0", `the server asks for "0" rounds of hashing; between 1 and 1000000 are done`},
		{"r=" + nonce + "x,s=QSXCR+Q6sek8bf92,i=1", rest},
	} {
		if _, err := c.Next([]byte(row.message)); err == nil || err.Error() != "SCRAM-SHA-256: "+row.want {
			t.Errorf("after a bad count: got  %v\nwant %s", err, row.want)
		}
	}

	server := scramServer(t, scram.SHA256, "pencil", 1, Binding{})
	client := clientOf(t, Password, "pencil", Attempt{Mechanism: "SCRAM-SHA-256", Username: "user"})
	_, answer, _ := client.Start()
	for !server.Done() {
		challenge, err := server.Step(string(answer))
		if err != nil {
			t.Fatal(err)
		}
		if answer, err = client.Next([]byte(challenge)); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := client.Next([]byte("e=other")); err == nil || err.Error() != "SCRAM-SHA-256: "+rest {
		t.Errorf("after the proof: got  %v\nwant %s", err, rest)
	}
	if err := Confirm(client); err != nil {
		t.Errorf("after the proof: got  %v\nwant it confirmed", err)
	}
}

func FuzzSCRAMServerMessagesAreBounded(f *testing.F) {
	f.Add("r=%,s=QSXCR+Q6sek8bf92,i=4096", "v=AAAA")
	f.Add("e=other", "")
	f.Add("0", "v=") // the library alone calls this valid
	f.Add("r=%,s=,i=1", "e=x")
	permit := authtest.Permit(f, host)
	c := NewCredential(Password, NewSecret("pencil"))
	f.Fuzz(func(t *testing.T, one, two string) {
		if strings.Contains(one, "i=") && len(one) > 60 {
			t.Skip("a large count that is allowed takes a second")
		}
		client, err := c.Client(permit, Attempt{Mechanism: "SCRAM-SHA-1", Username: "user", Host: host})
		if err != nil {
			t.Fatal(err)
		}
		_, first, _ := client.Start()
		_, nonce, _ := strings.Cut(string(first), ",r=")
		for _, message := range []string{strings.ReplaceAll(one, "%", nonce), two} {
			answer, err := client.Next([]byte(message))
			if answer == nil && err == nil {
				t.Fatalf("(nil, nil) for %q", message)
			}
		}
		if Confirm(client) == nil {
			t.Fatalf("confirmed by %q, %q", one, two)
		}
	})
}
