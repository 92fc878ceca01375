package main

import (
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"mailprobe/internal/safe"
	"mailprobe/internal/settings"
)

// A target is what one argument asks to verify.
type target struct {
	text      string             // as typed
	user      string             // the address, if the argument is one; empty: none
	settings  *settings.Provider // nil: the argument is an endpoint URL
	endpoints []settings.Setting
}

// oneTarget wants exactly one argument.
func oneTarget(c *cobra.Command, args []string) error {
	if len(args) != 1 {
		return fmt.Errorf("write it like this: %s, with one provider, domain or address", strings.TrimSuffix(c.UseLine(), " [flags]"))
	}
	return nil
}

// target reads one argument: an endpoint URL, a provider's id or alias, a
// domain, or an address.
func (a *app) target(text string) (target, error) {
	if strings.Contains(text, "://") {
		e, err := settings.ParseURL(text)
		if err != nil {
			return target{}, err
		}
		return target{text: text, endpoints: []settings.Setting{{Endpoint: e, Origin: settings.FromURL, Role: settings.Documented, Username: settings.FullAddress}}}, nil
	}
	t := target{text: text}
	if local, domain, ok := cutAddress(text); ok {
		if local == "" || domain == "" {
			return target{}, fmt.Errorf(`"%s" is not a mail address; write it like me@example.com`, safe.Display(text))
		}
		t.user = text
	}
	if found, ok := a.providers.Lookup(text); ok {
		return t.of(found), nil
	}
	return t, a.unknownTarget(text)
}

// of completes a target with what is documented for its provider.
func (t target) of(s *settings.Provider) target {
	t.settings = s
	for _, e := range s.Settings() {
		if e.Role == settings.Documented {
			t.endpoints = append(t.endpoints, e)
		}
	}
	return t
}

func cutAddress(text string) (local, domain string, ok bool) {
	i := strings.LastIndexByte(text, '@')
	if i < 0 {
		return "", "", false
	}
	return text[:i], text[i+1:], true
}

// An unknownError says that nothing is known under a name.
type unknownError struct{ message string }

func (e *unknownError) Error() string { return e.message }

// unknownTarget says that nothing is known under a name, and what may be
// meant.
func (a *app) unknownTarget(text string) error {
	near := a.providers.Suggest(text)
	shown := safe.Display(text)
	if len(near) > 0 {
		return &unknownError{fmt.Sprintf(`unknown provider "%s"; did you mean %s?`, shown, strings.Join(near, " or "))}
	}
	return &unknownError{fmt.Sprintf(`unknown provider "%s"; 'mailprobe list' shows those that are known, and a server is named like imaps://imap.example.com`, shown)}
}

// restrict keeps the protocols that --only names.
func (t target) restrict(only []string) (target, error) {
	if len(only) == 0 {
		return t, nil
	}
	wanted := func(p settings.Protocol) bool { return slices.Contains(only, string(p)) }
	var kept []settings.Setting
	for _, s := range t.endpoints {
		if wanted(s.Protocol) {
			kept = append(kept, s)
		}
	}
	t.endpoints = kept
	if len(kept) == 0 {
		return t, t.nothingLeft(only)
	}
	return t, nil
}

// nothingLeft says why a target has nothing for the protocols asked for.
func (t target) nothingLeft(only []string) error {
	if t.settings != nil {
		for _, n := range t.settings.NotOffered {
			if slices.Contains(only, string(n.Protocol)) {
				return fmt.Errorf("%s does not offer %s (documented); there is nothing to verify", t.settings.Name, n.Protocol.Name())
			}
		}
	}
	return fmt.Errorf("%s has no documented setting for %s", safe.Display(t.text), strings.Join(only, ", "))
}

// usernames returns what is sent as user name for a setting: what was given
// by hand, or the form of the address that the provider documents.
func (f *runFlags) usernames() func(settings.Setting) string {
	return func(s settings.Setting) string {
		switch {
		case f.username != "":
			return f.username
		case s.Username == "" || f.user == "":
			return f.user
		}
		return s.Username.For(f.user)
	}
}
