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
// first choice first. A free choice goes by this order; nativeRank says where the
// command without SASL stands in it.
//
// PLAIN leads because it is what mail programs use and what servers can always
// judge: SCRAM and CRAM-MD5 need a secret of their own for each user, and
// servers announce them where only PAM or a table of hashes knows the
// password. They then refuse the right one, and there is no second try. PLAIN
// goes out only over verified TLS. SCRAM with channel binding comes behind
// that without: Cyrus SASL announces it under TLS 1.3 and knows no binding
// that TLS 1.3 has, and GNU Mailutils knows none at all.
var mechanisms = []mechanism{
	{name: "PLAIN", kind: Password, client: newPlain},
	{name: "LOGIN", kind: Password, client: newLogin},
	{name: "SCRAM-SHA-256", kind: Password, client: scramOf("SCRAM-SHA-256", scram.SHA256)},
	{name: "SCRAM-SHA-1", kind: Password, client: scramOf("SCRAM-SHA-1", scram.SHA1)},
	{name: "SCRAM-SHA-256-PLUS", kind: Password, binds: true, client: scramOf("SCRAM-SHA-256-PLUS", scram.SHA256)},
	{name: "SCRAM-SHA-1-PLUS", kind: Password, binds: true, client: scramOf("SCRAM-SHA-1-PLUS", scram.SHA1)},
	{name: "CRAM-MD5", kind: Password, client: newCRAMMD5},
	{name: "OAUTHBEARER", kind: Token, anonymous: true, client: newOAuthBearer},
	{name: "XOAUTH2", kind: Token, client: newXOAuth2},
	{name: "EXTERNAL", kind: Certificate, anonymous: true, client: newExternal},
}

// nativeRank is the mechanism before which the command without SASL is taken.
const nativeRank = "SCRAM-SHA-256"

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

// Mechanisms returns the SASL names that this program can do, the first
// choice first.
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
