package auth

import (
	"strings"

	"github.com/emersion/go-sasl"
	"github.com/xdg-go/scram"
)

// A mechanism is one way to show a credential.
type mechanism struct {
	name      string
	kind      Kind
	binds     bool // needs channel binding
	anonymous bool // does without a user name
	client    func(Secret, Attempt) sasl.Client
}

// mechanisms lists what this program can do, for each kind of credential the
// strongest first; rank says when the free choice goes by another order.
var mechanisms = []mechanism{
	{name: "SCRAM-SHA-256-PLUS", kind: Password, binds: true, client: scramOf("SCRAM-SHA-256-PLUS", scram.SHA256)},
	{name: "SCRAM-SHA-256", kind: Password, client: scramOf("SCRAM-SHA-256", scram.SHA256)},
	{name: "SCRAM-SHA-1-PLUS", kind: Password, binds: true, client: scramOf("SCRAM-SHA-1-PLUS", scram.SHA1)},
	{name: "SCRAM-SHA-1", kind: Password, client: scramOf("SCRAM-SHA-1", scram.SHA1)},
	{name: "PLAIN", kind: Password, client: newPlain},
	{name: "LOGIN", kind: Password, client: newLogin},
	{name: "CRAM-MD5", kind: Password, client: newCRAMMD5},
	{name: "OAUTHBEARER", kind: Token, anonymous: true, client: newOAuthBearer},
	{name: "XOAUTH2", kind: Token, client: newXOAuth2},
	{name: "EXTERNAL", kind: Certificate, anonymous: true, client: newExternal},
}

// oldNames are spellings found in settings files and other programs.
var oldNames = map[string]string{
	"XOAUTH":            "XOAUTH2",
	"X-OAUTH2":          "XOAUTH2",
	"OAUTH-BEARER":      "OAUTHBEARER",
	"CRAMMD5":           "CRAM-MD5",
	"SCRAM-SHA1":        "SCRAM-SHA-1",
	"SCRAM-SHA1-PLUS":   "SCRAM-SHA-1-PLUS",
	"SCRAM-SHA256":      "SCRAM-SHA-256",
	"SCRAM-SHA256-PLUS": "SCRAM-SHA-256-PLUS",
}

// Mechanisms returns the SASL names that this program can do, the strongest
// first.
func Mechanisms() []string {
	names := make([]string, len(mechanisms))
	for i, m := range mechanisms {
		names[i] = m.name
	}
	return names
}

// MechanismName returns the SASL name that text means: in capitals, old
// spellings replaced. "" and "auto" give "". It does not ask whether this
// program can do the mechanism.
func MechanismName(text string) string {
	name := strings.ReplaceAll(strings.ToUpper(strings.TrimSpace(text)), "_", "-")
	name = strings.TrimPrefix(name, "AUTH=")
	if name == "AUTO" {
		return ""
	}
	if now, ok := oldNames[name]; ok {
		return now
	}
	return name
}

func mechanismNamed(text string) (mechanism, bool) {
	name := MechanismName(text)
	for _, m := range mechanisms {
		if m.name == name {
			return m, true
		}
	}
	return mechanism{}, false
}

// newExternal makes EXTERNAL (RFC 4422 appendix A). An empty user name leaves
// it to the server to take the one in the certificate.
func newExternal(_ Secret, a Attempt) sasl.Client {
	return &external{Client: sasl.NewExternalClient(a.Username)}
}

// An external is EXTERNAL. The proof is the certificate, which the handshake
// has shown; the message that claims it is the mechanism's only one.
type external struct {
	sasl.Client
	shown bool
}

func (e *external) Start() (string, []byte, error) {
	e.shown = true
	return e.Client.Start()
}

func (e *external) Shown() bool { return e.shown }
