package verify

import (
	"strings"
	"testing"

	"mailprobe/internal/auth"
	"mailprobe/internal/lab"
	"mailprobe/internal/settings"
)

// A server under a name of its owner's gets the advice of the provider that
// its greeting shows.
func TestRecognisedProvider(t *testing.T) {
	w := newWorld(t).build(at("192.0.2.1", server("imaps://mail.corp.example", lab.LoginRefused)))
	w.name("mail.corp.example", "192.0.2.1")
	p := w.plan(documented("imaps://mail.corp.example"))
	p.Options.Credential = auth.NewCredential(auth.Password, auth.NewSecret("wrong"))
	p.Options.Username = "me@corp.example"
	var asked string
	p.Recognise = func(host, greeting string) *settings.Provider {
		asked = host + " " + greeting
		return &settings.Provider{ID: "hoster", Advice: []settings.Advice{{Codes: []string{"auth.rejected"}, Text: "Make an app password."}}}
	}
	e := Run(t.Context(), p).Endpoints[0]
	if !strings.HasPrefix(asked, "mail.corp.example * OK") {
		t.Errorf("got  %q\nwant the host and its greeting", asked)
	}
	f := find(e.Findings, "auth.rejected")
	if f == nil || !strings.Contains(f.Advises(), "Make an app password.") {
		t.Errorf("got  %+v\nwant the provider's advice", f)
	}
}
