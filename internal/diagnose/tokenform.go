package diagnose

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"mailprobe/internal/auth/token"
	"mailprobe/internal/finding"
	"mailprobe/internal/probe"
	"mailprobe/internal/replies"
)

// A notToken is what is said of a text that is no access token.
type notToken struct {
	what   string
	remedy finding.Sentence
}

const byHand = "Run the command by hand: it must print the access token and nothing else, and its errors to the error output."

var notTokens = map[token.Form]notToken{
	token.Empty:         {"empty", byHand},
	token.Null:          {"a word for nothing (such as null, None or empty quotation marks)", "The command has found no token. Run it by hand and look whether the field that it takes has another name, or whether somebody must sign in first."},
	token.Quoted:        {"between quotation marks, which would be sent as a part of it", "Let the command print the bare token: jq -r instead of jq, --output tsv (az) instead of JSON."},
	token.Prefixed:      {"a token with a header's words before it (Bearer)", "Give the token alone."},
	token.Assignment:    {"a name with a value behind it", "Give the value alone, without its name and without quotation marks."},
	token.Placeholder:   {"a placeholder that nobody has replaced, or the name of a type in place of its value", "Put the access token in its place. In a workflow look whether the variable or secret exists under that name."},
	token.Words:         {"several words, and an access token is one", byHand},
	token.HTML:          {"a web page", "Something other than the token endpoint has answered: a proxy, a sign-in page, or a wrong address. Run the command by hand and read the page."},
	token.JSONToken:     {"JSON with a token inside", "Give the value of access_token (accessToken with az) alone, for example with jq -r .access_token behind the command."},
	token.JSONError:     {"the refusal of a sign-in server", "Read the server's words; mailprobe explain knows most of them."},
	token.JSON:          {"JSON without an access token", byHand},
	token.ServiceKey:    {"the key of a Google service account, which never goes to a mail server", "Get an access token with it for the mailbox (scope https://mail.google.com/)."},
	token.PrivateKey:    {"a private key or certificate, which never goes to a mail server", "Get an access token with it, and give that."},
	token.Address:       {"an address of a web page", "Give the access token alone."},
	token.CodeAddress:   {"the address to which the browser was sent back: it holds a code that is to be exchanged once at the sign-in server", "Give the address to mailprobe login, which exchanges it, or exchange the code at the token endpoint and give the access token."},
	token.Coded:         {"a token (JWT) that is in base64 once more, as in a secret of Kubernetes", "Decode it first, for example with base64 -d behind the command."},
	token.Broken:        {"a token (JWT) with blanks or line ends inside", "Give it in one line without blanks. Terminals and mail break long lines; tr -d '[:space:]' behind the command mends it."},
	token.Truncated:     {"a part of a token (JWT): its end, its beginning or its middle is missing", "Take the whole of it: three parts with two dots between them, in one line. Terminals and variables cut long lines; give it by a file (--token-file)."},
	token.IDToken:       {"an ID token, which tells an application who signed in and opens nothing", "Give the access token of the same answer (access_token, not id_token), asked for with the mail scopes."},
	token.Assertion:     {"an assertion that is to be exchanged for an access token at the sign-in server", "Exchange it at the token endpoint (client_assertion, or grant_type jwt-bearer), and give the access token."},
	token.RefreshToken:  {"a refresh token, which makes new access tokens for months and never goes to a mail server", "Exchange it at the token endpoint (grant_type=refresh_token), and give the access token."},
	token.Code:          {"an authorization code, which is to be exchanged once at the sign-in server", "Exchange it at the token endpoint within minutes, and give the access token."},
	token.ClientSecret:  {"an application's secret, which never goes to a mail server", "Get an access token with it. If somebody else may have seen the secret, make a new one and delete this."},
	token.ClientID:      {"the id of an application", "Give the access token that was issued to it."},
	token.SASLMessage:   {"the finished message of XOAUTH2 or OAUTHBEARER", "Give the access token alone; user name and mechanism are put around it here."},
	token.AppPassword:   {"sixteen letters, as app passwords are", "Give it as a password (--password-file, --password-command or MAILPROBE_PASSWORD)."},
	token.Password:      {"a text with characters that no access token has, such as a password", "Give a password by --password-file, --password-command or MAILPROBE_PASSWORD, and an access token alone here."},
	token.ForeignToken:  {"a key or token of a service that has no mail", "Give the access token of the mail provider."},
	token.NotPrintable:  {"a text with control characters", byHand},
	token.TooLong:       {"longer than any access token", byHand},
	token.OtherLanguage: {"a text with characters beyond ASCII, which no access token has", byHand},
}

// notAToken says what was given in the place of an access token, and what is
// wanted.
func notAToken(t token.Reading) finding.Finding {
	n := notTokens[t.Form]
	f := finding.Finding{Code: "auth.token_form", Phase: probe.SignIn, Args: finding.Args{"what": n.what},
		Message: "What was given as access token is {what}; it was not sent.", Remedy: n.remedy,
		Evidence: finding.Saw(cmp.Or(t.Said, fmt.Sprintf("%d characters, %d line(s)", t.Length, t.Lines)))}
	if t.Form != token.JSONError && t.Form != token.Words {
		return f
	}
	known := replies.Explain(replies.Query{Text: t.Said, Layer: replies.LayerToken})
	if t.Said != "" && len(known) > 0 && known[0].Layer == replies.LayerToken {
		f.Message = f.Message.Then(finding.Verbatim(known[0].Cause))
		f.Remedy, f.HelpURL = finding.Verbatim(known[0].Remedy), known[0].HelpURL
	}
	return f
}

// cutOff says that a token's signature is too short for its algorithm.
func (t accessToken) cutOff() (finding.Finding, bool) {
	return finding.Finding{Code: "auth.token_form",
		Message:  "The signature of the access token is shorter than its algorithm makes it: the end of the token is missing.",
		Remedy:   "Take the whole of it, in one line. Terminals and variables cut long lines; give it by a file (--token-file).",
		Evidence: finding.Saw(fmt.Sprintf("%d characters", t.Token.Length)),
	}, t.Token.Cut()
}

// makers are the ends of the hosts at which makers of tokens sign users in.
var makers = map[token.Maker][]string{
	token.Google: {"google.com", "googleapis.com"}, token.Microsoft: {"microsoftonline.com", "live.com"}, token.Yandex: {"yandex.com", "yandex.ru"},
}

// foreign says that an opaque token has the form of another provider's.
func (t accessToken) foreign() (finding.Finding, bool) {
	here := hostOf(t.oauth.TokenURL)
	own := func(end string) bool { return here == end || strings.HasSuffix(here, "."+end) }
	return finding.Finding{Code: "auth.token_issuer", Args: finding.Args{"maker": string(t.Token.Maker), "here": here},
		Message:  "This access token has the form of {maker}'s; the users of this server sign in at {here}.",
		Remedy:   "Give the token of the provider that has the mailbox: sign in at {here}.",
		Evidence: finding.Saw("a token of " + string(t.Token.Maker)),
	}, t.Token.Maker != "" && here != "" && !slices.ContainsFunc(makers[t.Token.Maker], own)
}

// unsigned says that anybody could have made the token.
func (t accessToken) unsigned() (finding.Finding, bool) {
	return finding.Finding{Code: "auth.token_form",
		Message:  "The access token says of itself that nobody has signed it (alg none), so no server may believe it.",
		Remedy:   "Get the token from the sign-in server: this one was made elsewhere, for example for a test.",
		Evidence: finding.Saw("alg none"),
	}, t.Token.Unsigned()
}

// maxSignInLine is what Dovecot and others take as one line of a sign-in, in
// octets.
const maxSignInLine = 8192

// size says that the line that carries the token is longer than some servers
// bear.
func (t accessToken) size() (finding.Finding, bool) {
	message := len("user=") + len(t.Auth.Username) + len("\x01auth=Bearer ") + t.Token.Length + len("\x01\x01")
	line := (message + 2) / 3 * 4
	f := finding.Finding{Code: tokenTooLong, Args: finding.Args{"octets": strconv.Itoa(line), "length": strconv.Itoa(t.Token.Length)},
		Message: "The access token has {length} characters, which makes a line of {octets} octets to sign in; many servers take 8,192 and break off at more.",
		Remedy:  "Let the token name fewer scopes and groups (the application's token configuration), or let the server's administrator allow longer lines."}
	return f, line > maxSignInLine
}
