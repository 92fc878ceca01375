// Package token reads what the text shows that somebody gives as an OAuth2
// access token: what it is, and what it says of itself. It verifies nothing
// and knows no server.
package token

import (
	"slices"
	"strings"
)

// maxToken bounds what is read of a text, in bytes.
const maxToken = 64 << 10

// A Form is what a text is.
type Form string

const (
	Opaque Form = "opaque"       // it may be an access token; nothing can be read of it
	Access Form = "access_token" // a JWT with the claims of an access token
)

// The forms that are no access token.
const (
	Empty         Form = "empty"
	Null          Form = "null"                 // null, None and the like, or quotes around nothing
	Quoted        Form = "quoted"               // something between quotation marks
	Prefixed      Form = "bearer_prefix"        // "Bearer ..."
	Assignment    Form = "assignment"           // "access_token=...", "token: ..."
	Words         Form = "words"                // several words, or several lines
	HTML          Form = "html"                 // a web page
	JSONToken     Form = "json_with_token"      // JSON with an access token inside
	JSONError     Form = "json_with_error"      // the refusal of a sign-in server
	JSON          Form = "json"                 // other JSON
	ServiceKey    Form = "service_account_key"  // the JSON key of a Google service account
	PrivateKey    Form = "private_key"          // PEM
	Address       Form = "address"              // a URL
	CodeAddress   Form = "address_with_code"    // the URL to which a browser was sent back
	Coded         Form = "coded"                // a JWT that is in base64 once more
	Broken        Form = "broken_lines"         // a JWT with blanks or line ends inside
	Truncated     Form = "truncated_jwt"        // a JWT of which a part is missing
	IDToken       Form = "id_token"             // a JWT that tells a client who signed in
	Assertion     Form = "assertion"            // a JWT that is to be exchanged for a token
	RefreshToken  Form = "refresh_token"        // RFC 6749 section 1.5
	Code          Form = "authorization_code"   // RFC 6749 section 1.3.1
	ClientSecret  Form = "client_secret"        // of an application
	ClientID      Form = "client_id"            // of an application
	SASLMessage   Form = "sasl_message"         // the finished message of XOAUTH2 or OAUTHBEARER
	AppPassword   Form = "app_password"         // sixteen letters
	Password      Form = "password"             // characters that no token has
	ForeignToken  Form = "foreign_token"        // a token of a service that has no mail
	Placeholder   Form = "placeholder"          // <token>, $TOKEN, YOUR_TOKEN
	NotPrintable  Form = "control_characters"   // bytes that no token has
	TooLong       Form = "too_long"             // more than a server could take
	OtherLanguage Form = "characters_not_ascii" // beyond ASCII
)

// A Reading is what a text shows.
type Reading struct {
	Form   Form
	Claims *Claims // nil: nothing can be read
	Length int     // of the text without white space around it, in octets
	Lines  int     // 0: it is empty
	// Maker is whose sign-in service makes opaque tokens of this form; empty: it
	// cannot be told.
	Maker Maker
	// Said is what may be shown of a text that is no token, in one line: the
	// words of an error, the names of JSON members. It is from outside: escape
	// it. Empty: nothing may be shown.
	Said string
}

// Usable reports whether the text may be an access token: what is not is sent
// to no server.
func (r Reading) Usable() bool { return r.Form == Opaque || r.Form == Access }

// Spoken reports whether the text is words, a document or nothing, rather than
// a secret: it is sent nowhere, and Said is what may be shown of it. Its words
// are those of ordinary texts, and not to be cut out of them.
func (r Reading) Spoken() bool {
	return slices.Contains([]Form{Empty, Null, Placeholder, Words, HTML, JSONToken, JSONError, JSON}, r.Form)
}

// Cut reports whether a JWT has a signature that is shorter than its algorithm
// makes it: most probably its end is missing. RFC 7518 section 3.
func (r Reading) Cut() bool {
	return r.Claims != nil && r.Claims.signature >= 0 && r.Claims.signature < leastSignature[r.Claims.algorithm]
}

// Unsigned reports whether a JWT says of itself that nobody has signed it
// (RFC 7518 section 3.6).
func (r Reading) Unsigned() bool { return r.Claims != nil && r.Claims.algorithm == "NONE" }

// leastSignature is the length of signatures in octets, those of RSA with a
// key of 1024 bits.
var leastSignature = map[string]int{
	"HS256": 32, "HS384": 48, "HS512": 64, "ES256": 64, "ES384": 96, "ES512": 132, "EDDSA": 64,
	"RS256": 128, "RS384": 128, "RS512": 128, "PS256": 128, "PS384": 128, "PS512": 128,
}

// Read reads a text. White space around it is no part of it.
func Read(text string) Reading {
	text = strings.TrimSpace(strings.TrimPrefix(text, "\ufeff"))
	r := Reading{Length: len(text)}
	if text != "" {
		r.Lines = strings.Count(text, "\n") + 1
	}
	for _, read := range []func(string, *Reading) bool{plain, structured, message, wrapped, jwt, known, odd} {
		if read(text, &r) {
			return r
		}
	}
	r.Form, r.Maker = Opaque, makerOf(text)
	return r
}

func (r *Reading) be(f Form) bool {
	r.Form = f
	return true
}
