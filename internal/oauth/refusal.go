package oauth

import (
	"errors"
	"net/http"

	"mailprobe/internal/lazyregexp"
	"mailprobe/internal/replies"
)

// A refusal is an error answer as it came.
type refusal struct {
	code, description string
	status            int // HTTP status; 0: not known
}

var aadstsNumber = lazyregexp.New(`\bAADSTS[0-9]{4,8}\b`)

// refusal explains an error answer as "mailprobe explain" does.
func (c *Client) refusal(g *guard, r refusal) *Error {
	code := aadstsNumber.FindString(r.description)
	if code == "" {
		code = g.quote(r.code)
	}
	m := r.meaning(c.Provider.ID)
	return &Error{
		Provider: c.Provider.Name, Reason: reasonOf(m.Code), Finding: m.Code, Code: code, Status: r.status,
		Message: m.Cause, Remedy: m.Remedy, HelpURL: m.HelpURL, Detail: g.quote(r.description),
	}
}

// meaning is what the tables of replies know of a refusal. Where they know
// nothing of its words, its HTTP status may still ask to come back later.
func (r refusal) meaning(provider string) replies.Match {
	const unknown = "auth.oauth_refused"
	found := replies.Explain(replies.Query{Text: r.code + ": " + r.description, Provider: provider, Layer: replies.LayerToken})
	switch {
	case len(found) > 0 && found[0].Code != unknown:
	case busy(r.status):
		found = replies.Explain(replies.Query{Text: "temporarily_unavailable", Layer: replies.LayerToken})
	case len(found) == 0:
		found = replies.Explain(replies.Query{Text: unknown})
	}
	return found[0]
}

// busy reports whether an HTTP status asks to come back later (RFC 9110 §15.6,
// RFC 6585 §4).
func busy(status int) bool { return status == http.StatusTooManyRequests || status >= 500 }

// refusedApp explains a refusal of what an application showed of itself. Nobody
// signed in for it, so nobody has to sign in again.
func (c *Client) refusedApp(g *guard, err error) error {
	err = c.explain(g, err)
	var e *Error
	if errors.As(err, &e) && (e.Reason == Ended || e.Reason == Interaction) {
		e.Reason, e.Finding, e.HelpURL = Application, "auth.oauth_application", ""
		e.Message = "the sign-in server does not take what the application shows of itself: its secret, its certificate, its key, or the workload's identity token"
		e.Remedy = "read the server's own words, and compare what is shown with the application's registration; nobody has to sign in"
	}
	return err
}

// reasons are the classes of refusals, by the finding code that explains them;
// of those that are not here it is Other.
var reasons = map[string]Reason{
	"auth.token_expired":        Ended,
	"auth.oauth_declined":       Denied,
	"auth.oauth_timed_out":      TimedOut,
	"auth.oauth_application":    Application,
	"auth.token_scope":          Consent,
	"auth.oauth_scope":          Scope,
	"auth.oauth_interaction":    Interaction,
	"auth.policy_blocked":       Policy,
	"auth.oauth_tenant":         Tenant,
	"auth.user_unknown":         Account,
	"auth.token_user":           Account,
	"auth.disabled_for_account": Account,
	"auth.expired":              Account,
	"auth.rejected":             Account,
	"env.clock_skew_suspected":  Clock,
	"auth.temporary":            Temporary,
}

func reasonOf(code string) Reason {
	if r, known := reasons[code]; known {
		return r
	}
	return Other
}

func status(r *http.Response) int {
	if r == nil {
		return 0
	}
	return r.StatusCode
}
