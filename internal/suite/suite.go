// Package suite reads what is to be verified and what is expected of it from
// a file, and judges a document by that. It dials nothing and opens nothing.
package suite

import (
	_ "embed"
	"time"

	"mailprobe/internal/settings"
)

// A Suite is what one file asks for.
type Suite struct {
	Name        string
	File        string        // as named to Parse
	Interval    time.Duration // how often it is run; zero: not said
	Concurrency int           // cases at once; zero: not said
	Modules     []Module      // other ways to look at each case, for 'mailprobe serve'
	Cases       []Case

	places places
}

// A Case is one target and what is expected of it.
type Case struct {
	Name   string // empty: the target
	Target string
	Line   int // where it begins

	User, Username string
	Auth           string // empty: auto
	Only           []string
	Secret         Secret
	OwnAccount     bool // the account is the provider's, although nothing shows it

	Expect    Expect
	Endpoints []EndpointExpect
	Known     []Known
	Unknown   string // what counts that could not be judged: fail, warn or pass
	Drift     string // what counts that changed since a baseline: fail, warn or pass; empty: pass
	Retries   Retries

	MinInterval time.Duration // least time between two runs of it by 'mailprobe serve'; zero: not said

	path string // the keys that lead to it in its file
}

// Title returns what people call a case.
func (c Case) Title() string {
	if c.Name != "" {
		return c.Name
	}
	return c.Target
}

// A Secret says where a secret comes from; it is never one. The zero Secret is
// none.
type Secret struct {
	Source string // one of SecretSources; empty: none
	Value  string // the file, command, or variable; empty where there is nothing to name
}

// Where a secret may come from.
const (
	PasswordVariable = "password_env"
	PasswordFile     = "password_file"
	PasswordCommand  = "password_command"
	TokenVariable    = "token_env"
	TokenFile        = "token_file"
	TokenCommand     = "token_command"
	NetrcFile        = "netrc_file"
	Keyring          = "keyring"
	Stored           = "stored"
)

// An Expect is what is expected of an endpoint, or of all of a target. What is
// empty is not asked.
type Expect struct {
	Verdict      string // works, fails, unknown
	Code         string // of a finding that must be there
	SignIn       string // accepted, rejected, not_tested
	Capabilities Must
	Mechanisms   Must
	MinTLS       string // 1.2
	MinDaysLeft  *int
	MaxTime      time.Duration
	MaxPhases    map[string]time.Duration
}

// A Must is what must be among a list, and what must not. Case does not matter.
type Must struct{ Have, HaveNot []string }

// An EndpointExpect is what is expected of some endpoints of a target.
type EndpointExpect struct {
	Selector
	Line   int
	Expect Expect
}

// A Selector names endpoints: all of a protocol, or one by its URL. The zero
// Selector names all.
type Selector struct {
	Text     string
	Protocol settings.Protocol
	Endpoint settings.Endpoint // zero: all of the protocol
}

// A Known is a failure that is known and does not count.
type Known struct {
	Selector
	Line   int
	Code   string
	Until  time.Time // the last day, in UTC
	Reason string
}

// Retries say how often what could not be judged is tried again.
type Retries struct {
	Times int
	Wait  time.Duration
}

// What counts that could not be judged, or changed.
const (
	UnknownFails  = "fail"
	UnknownWarns  = "warn"
	UnknownPasses = "pass"
)

// Example is a suite to begin with.
//
//go:embed example.yaml
var Example string

// Schema is the JSON Schema of a suite.
//
//go:embed suite.schema.json
var Schema string
