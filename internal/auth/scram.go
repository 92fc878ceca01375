package auth

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/emersion/go-sasl"
	"github.com/xdg-go/scram"

	"mailprobe/internal/secret"
)

// maxIterations bounds the work that a server can ask for. Real servers ask
// for 4,096 to some 100,000; a million costs about a second.
const maxIterations = 1_000_000

// A scramClient is SCRAM (RFC 5802, RFC 7677), with channel binding if the
// mechanism's name ends in -PLUS.
type scramClient struct {
	mechanism string
	step      func(string) (string, error) // of the library's conversation, which holds the password
	valid     func() bool
	scrubber  *Scrubber
	sent      int // messages of this side
	refusal   []byte
	proved    bool // the message with the proof was given out
	broken    bool // a message could not be used: nothing after it counts
}

func scramOf(name string, hash scram.HashGeneratorFcn) func(Secret, Attempt) sasl.Client {
	return func(s Secret, a Attempt) sasl.Client {
		talk := scramTalk(hash, s, a, strings.HasSuffix(name, "-PLUS"))
		return &scramClient{mechanism: name, step: talk.Step, valid: talk.Valid, scrubber: a.Scrubber}
	}
}

func scramTalk(hash scram.HashGeneratorFcn, s Secret, a Attempt, bind bool) *scram.ClientConversation {
	client, err := hash.NewClient(a.Username, secret.Reveal(s), "")
	if err != nil {
		// SASLprep knows Unicode 3.2 only and refuses, for instance, every
		// emoji. A server that stored such a password did not prepare it.
		client, _ = hash.NewClientUnprepped(a.Username, secret.Reveal(s), "") // its error is always nil
	}
	// The library refuses less than 4,096 rounds. Over verified TLS, where
	// PLAIN is allowed too, a low count is no reason not to sign in.
	client.WithMinIterations(1)
	if !bind {
		return client.NewConversation()
	}
	return client.NewConversationWithChannelBinding(scram.ChannelBinding{
		Type: scram.ChannelBindingType(a.Binding.Type),
		Data: a.Binding.Data,
	})
}

func (c *scramClient) Start() (string, []byte, error) {
	first, err := c.step("")
	c.sent++
	return c.mechanism, []byte(first), err
}

// Next answers the server's first and final message. A refusal ("e=...") is
// kept and answered with an empty message, so that the server can end the
// exchange with its own words.
func (c *scramClient) Next(challenge []byte) ([]byte, error) {
	if c.refusal != nil || c.broken || c.sent > 2 {
		return nil, unexpected(c.mechanism)
	}
	c.sent++
	message := string(challenge)
	if strings.HasPrefix(message, "e=") {
		c.refusal = keep(challenge)
		return []byte{}, nil
	}
	answer, err := c.answer(message)
	if err != nil {
		// The library would go on, and take an empty signature for the one
		// that it never computed.
		c.broken = true
		return nil, &ExchangeError{Mechanism: c.mechanism, Detail: err.Error()}
	}
	c.proved = true
	return []byte(answer), nil
}

func (c *scramClient) Shown() bool { return c.proved }

func (c *scramClient) answer(message string) (string, error) {
	if err := checkIterations(message); err != nil {
		return "", err
	}
	answer, err := c.step(message)
	c.scrubber.learnBase64(attribute(answer, "p"))  // the proof of this side
	c.scrubber.learnBase64(attribute(message, "v")) // that of the server: both show whether a guess is right
	return answer, err
}

// checkIterations looks for the iteration count before the library does, and
// in every attribute: the library would start to count at once.
func checkIterations(message string) error {
	for part := range strings.SplitSeq(message, ",") {
		text, found := strings.CutPrefix(part, "i=")
		if !found {
			continue
		}
		n, err := strconv.Atoi(text)
		if err != nil || n < 1 || n > maxIterations {
			return fmt.Errorf("the server asks for %.20q rounds of hashing; between 1 and %d are done", text, maxIterations)
		}
	}
	return nil
}

func (c *scramClient) Challenge() []byte { return c.refusal }

func (c *scramClient) Confirm() error {
	if c.broken || !c.valid() {
		return &ExchangeError{Mechanism: c.mechanism, Detail: "the server did not prove that it knows the password"}
	}
	return nil
}
