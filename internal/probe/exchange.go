package probe

import (
	"encoding/base64"
	"fmt"
	"strings"
	"time"

	"github.com/emersion/go-sasl"

	"mailprobe/internal/auth"
)

// maxChallenges bounds one exchange; no mechanism has more than three.
const maxChallenges = 10

// farewell is how long a server may take to say what cannot change the outcome
// any more, such as its consent to the end of an exchange.
const farewell = 2 * time.Second

// A Carrier is how a protocol carries SASL exchanges (RFC 4422 §4).
type Carrier struct {
	Command string // starts a mechanism: its name follows, and maybe its first message
	// Receive reads what the server says next: a challenge, as it stands on
	// the wire, or its final reply.
	Receive func() (challenge string, final *Reply, err error)
	// Ahead reports whether the server has said more already than the
	// challenge that was read last.
	Ahead func() bool
	// Behind are commands that leave in the flight of the mechanism's only
	// message, if that stands on the command's line. Hear reads the answer to
	// one of them; see SendBehind.
	Behind []string
	Hear   func() error
}

// Exchange shows a credential by a SASL mechanism. The server's consent counts
// only if the mechanism's last message was sent before it.
func (s *Session) Exchange(c Carrier, client sasl.Client) Auth {
	s.InStep(false)
	x := &exchange{Session: s, carrier: c, client: client}
	reply, err := x.run()
	a := Outcome(reply, err, client, x.shown)
	a.initial, a.Begun, a.Taken = x.initial, x.begun, x.taken
	s.InStep(x.over && !ends(reply))
	return a
}

// An exchange is one run through a mechanism.
type exchange struct {
	*Session
	carrier Carrier
	client  sasl.Client
	name    string
	initial bool // the first message stood on the command's line
	begun   bool // a message of the mechanism was sent
	taken   bool // the server has asked for one: it took the command
	shown   bool // the one that holds the secret or its proof was sent
	over    bool // the server has ended it

	called *Reply // what it answered when the exchange was called off; nil: nothing was heard
	onward bool   // it went on asking when the exchange was called off
}

func (x *exchange) run() (*Reply, error) {
	name, first, err := x.client.Start()
	if err != nil {
		return nil, err
	}
	x.name, x.initial = name, first != nil
	if err := x.start(first); err != nil {
		return nil, err
	}
	if x.initial && x.single() {
		if err := x.SendBehind(x.carrier.Behind, x.carrier.Hear); err != nil {
			return nil, err
		}
	}
	for range maxChallenges {
		challenge, final, err := x.receive()
		if err != nil || final != nil {
			return final, err
		}
		x.taken = true
		if err := x.answer(challenge); err != nil {
			return nil, err
		}
	}
	return nil, x.cancel("the server asks on and on")
}

func (x *exchange) start(first []byte) error {
	line := x.carrier.Command + " " + x.name
	if first == nil {
		return x.Send(line)
	}
	text := base64.StdEncoding.EncodeToString(first)
	if len(first) == 0 {
		text = "=" // stands for an empty one (RFC 4954 §4, RFC 5034 §4, RFC 9051 §6.2.2)
	}
	return x.show(line+" "+text, line+" [redacted]")
}

// show sends a message of the mechanism.
func (x *exchange) show(line, shown string) error {
	x.begun, x.shown = true, auth.Shown(x.client)
	return x.SendSecret(line, shown)
}

// receive reads the server's next challenge or its final reply. A server that
// has gone on before it was answered has decided without that: its consent is
// none, and to its refusal nothing is shown any more.
func (x *exchange) receive() (string, *Reply, error) {
	challenge, final, err := x.carrier.Receive()
	if err != nil || final != nil {
		x.over = err == nil
		return "", final, err
	}
	if x.SentBehind() || !x.carrier.Ahead() { // what was sent behind may have been answered
		return challenge, nil, nil
	}
	again, final, err := x.carrier.Receive()
	switch {
	case err != nil:
		return "", nil, err
	case final == nil:
		return "", nil, &ProtocolError{Fault: EarlyAnswer, Detail: again}
	case final.Positive():
		return "", nil, &ProtocolError{Fault: EarlyAnswer, Detail: final.Text}
	}
	x.over = true
	return "", final, nil
}

// answer answers one challenge, or calls the exchange off and says why.
func (x *exchange) answer(challenge string) error {
	text := strings.TrimSpace(challenge)
	if x.initial && text == "" && x.single() {
		return x.ignore()
	}
	decoded, err := base64.StdEncoding.DecodeString(text)
	if err != nil {
		return x.cancel(fmt.Sprintf("the server's challenge is not base64: %.200s", text))
	}
	response, err := x.client.Next(decoded)
	if err != nil {
		return x.cancelFor(err)
	}
	return x.show(base64.StdEncoding.EncodeToString(response), "[redacted]")
}

// single reports whether the mechanism has one message and no challenge: an empty
// one can only mean that the server has not read the command's line, and commands
// may follow at once (RFC 4954 §4).
func (x *exchange) single() bool { return x.name == "PLAIN" || x.name == "EXTERNAL" }

// Briefly lets read wait for what cannot change the outcome any more.
func (s *Session) Briefly(read func()) {
	s.waitUntil(time.Now().Add(farewell))
	defer s.waitUntil(time.Time{})
	read()
}

func ends(r *Reply) bool { return r != nil && r.Ends() }
