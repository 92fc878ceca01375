// Package replies knows what servers and mail programs say: tables of their
// texts, and the engine that reads a text by them. It dials nothing and judges
// no observation.
package replies

import (
	"time"

	"mailprobe/internal/finding"
	"mailprobe/internal/settings"
)

// A Query is a text to be explained and what is known of where it came from.
type Query struct {
	Text     string            // a reply, an error message, a transcript, a bounce or a finding code
	Provider string            // settings id; empty: recognised from the text, if it can be
	Protocol settings.Protocol // empty: not known
	Layer    string            // one of the Layer names: the text is one server's reply (or one failure) of that layer; empty: pasted text
	At       time.Time         // when it was said; the zero time: rows hold whatever their dates say
}

// The layers of a mail dialogue, as replies are ordered by.
const (
	LayerDNS        = "dns"
	LayerTCP        = "tcp"
	LayerGreeting   = "greeting"
	LayerTLS        = "tls"
	LayerIssuer     = "tls-issuer" // the text is the issuer of a certificate
	LayerStartTLS   = "starttls"
	LayerCapability = "capability"
	LayerAuth       = "auth"
	LayerToken      = "token"   // an OAuth2 server gives no token
	LayerAccess     = "session" // after a successful sign-in
	LayerPolicy     = "policy"  // the server refuses to pass a message on
	LayerService    = "service" // the provider does not offer the protocol
)

// A Match is one explanation of a text.
type Match struct {
	Code     string
	Severity finding.Severity
	Blame    finding.Blame // empty: nobody need act
	Layer    string        // empty: the text is a finding code
	Provider string        // the provider whose row it is; empty: any
	Title    string        // the code's own title
	Cause    string        // what happened
	Remedy   string        // what to do
	HelpURL  string        // empty: none
	Evidence string        // the line it was read from, as received; empty: none
	Judged   finding.Judged

	References []string // standards that a finding code's page names; nil with replies
}
