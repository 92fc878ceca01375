package oauth

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"unicode/utf8"

	"golang.org/x/oauth2"
)

// A Reason is the class of a failed sign-in or renewal.
type Reason string

const (
	Ended       Reason = "ended"       // the sign-in was revoked or has run out: sign in again
	Denied      Reason = "denied"      // the user said no
	TimedOut    Reason = "timed-out"   // the user did not finish in time
	Application Reason = "application" // the client id, its secret or its registration is wrong
	Consent     Reason = "consent"     // the application lacks a permission
	Interaction Reason = "interaction" // the provider wants to see the user: MFA and the like
	Policy      Reason = "policy"      // an administrator's rule forbids it
	Account     Reason = "account"     // the account cannot sign in here
	Tenant      Reason = "tenant"      // the directory is unknown or another one is meant
	Scope       Reason = "scope"       // the provider does not know the scopes asked for
	Clock       Reason = "clock"       // this computer's clock is wrong
	Temporary   Reason = "temporary"   // the provider asks to come back later
	Unreachable Reason = "unreachable" // no answer, or none that could be trusted
	Unexpected  Reason = "unexpected"  // an answer that the standards do not allow
	Other       Reason = "other"       // refused for a cause that is not known here
)

// What errors that are made here tell the user to do.
const (
	signInAgain = "sign in again with mailprobe login"
	checkTenant = "pass --tenant with the organisation's domain or directory id (consumers for outlook.com and hotmail.com)"
)

// ErrNotLoggedIn is returned where no sign-in is stored.
var ErrNotLoggedIn = errors.New("not signed in; run mailprobe login first")

// An Error says why a sign-in or a renewal failed and what to do. None of its
// texts holds token material; those from the provider are escaped and clipped.
type Error struct {
	Provider string // as people know it
	Reason   Reason
	Finding  string // finding code of a refusal; empty: the provider did not refuse
	Code     string // RFC 6749 §5.2 or §4.1.2.1, or Microsoft's AADSTS number; may be empty
	Status   int    // HTTP status; 0: not known
	Message  string // what is the matter, in plain words
	Remedy   string // what to do; may be empty
	HelpURL  string // where more is said; may be empty
	Detail   string // the provider's own words; may be empty

	cause error // the context's own; another could hold an answer
}

func (e *Error) Error() string {
	var b strings.Builder
	fmt.Fprintf(&b, "sign-in at %s", e.Provider)
	switch {
	case e.Code != "":
		fmt.Fprintf(&b, " (%s)", e.Code)
	case e.Status != 0:
		fmt.Fprintf(&b, " (HTTP status %d)", e.Status)
	}
	fmt.Fprintf(&b, ": %s", sentence(e.Message))
	if e.Remedy != "" {
		fmt.Fprintf(&b, " %s", sentence(e.Remedy))
	}
	if e.HelpURL != "" {
		fmt.Fprintf(&b, " See %s .", e.HelpURL)
	}
	if e.Detail != "" {
		fmt.Fprintf(&b, " The provider said: %s", e.Detail)
	}
	return b.String()
}

// sentence makes a clause a sentence; one stays as it is.
func sentence(s string) string {
	_, size := utf8.DecodeRuneInString(s)
	s = strings.ToUpper(s[:size]) + s[size:]
	if strings.HasSuffix(s, ".") {
		return s
	}
	return s + "."
}

// Unwrap returns the context's error if its end was the cause.
func (e *Error) Unwrap() error { return e.cause }

// explain turns an error of the library into an Error. The library's own
// errors are not wrapped: they hold the whole answer.
func (c *Client) explain(g *guard, err error) error {
	var refused *oauth2.RetrieveError
	var transport *url.Error
	var redirect *redirectError
	switch {
	case errors.As(err, &refused) && refused.ErrorCode == "" && g.page && !busy(status(refused.Response)):
		return c.webPage(status(refused.Response))
	case errors.As(err, &refused):
		return c.refusal(g, refusal{
			code: refused.ErrorCode, description: refused.ErrorDescription,
			status: status(refused.Response),
		})
	case errors.As(err, &redirect):
		return c.elsewhere(redirect.Error())
	case errors.Is(err, errTooLarge):
		return c.unexpected(errTooLarge.Error())
	case errors.Is(err, errNull):
		return c.unexpected(errNull.Error())
	case g.ctx.Err() != nil:
		return c.unreachable(g, g.ctx.Err())
	case errors.As(err, &transport):
		return c.unreachable(g, transport.Err)
	}
	if g.page {
		return c.webPage(http.StatusOK)
	}
	return c.unexpected("it is no token answer as RFC 6749 describes it")
}

// webPage says that a web page came in place of an answer.
func (c *Client) webPage(status int) error {
	return c.elsewhere(fmt.Sprintf("it is a web page (HTTP status %d)", status))
}

// elsewhere says that somebody else answers in the sign-in server's place.
func (c *Client) elsewhere(what string) error {
	e := c.unexpected(what)
	e.Remedy = "a portal, a filter or a proxy may answer in its place; open any page in a browser on this network and do what it asks, look whether HTTPS_PROXY is needed, then try again"
	return e
}

func (c *Client) unreachable(g *guard, err error) error {
	e := &Error{
		Provider: c.Provider.Name, Reason: Unreachable, cause: g.ctx.Err(),
		Message: "no answer from the sign-in server: " + g.quote(err.Error()),
		Remedy:  "check the network, the proxy and the clock of this machine",
	}
	if message, remedy := OnTheWay(err); message != "" {
		e.Message, e.Remedy = message, remedy
	}
	switch {
	case errors.Is(err, context.Canceled):
		e.Message, e.Remedy = "interrupted", ""
	case errors.Is(err, context.DeadlineExceeded):
		e.Message = "no answer in time from the sign-in server"
	}
	return e
}

func (c *Client) unexpected(what string) *Error {
	return &Error{
		Provider: c.Provider.Name, Reason: Unexpected,
		Message: "the sign-in server's answer cannot be used: " + what,
		Remedy:  "try again; if it stays so, something on the way may have changed the answer",
	}
}
