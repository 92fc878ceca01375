package main

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"mailprobe/internal/document"
	"mailprobe/internal/oauth"
	"mailprobe/internal/safe"
	"mailprobe/internal/settings"
)

// tellLogin says who signed in, where the token is kept, what it allows and
// how long.
func (a *app) tellLogin(ctx context.Context, f *loginFlags, c *oauth.Client, place string) error {
	g, err := c.Granted(ctx)
	if err != nil {
		return err
	}
	lines := []string{fmt.Sprintf("signed in as %s at %s; token kept in %s", safe.Display(f.user), c.Provider.Name, safe.Display(place))}
	lines = append(lines, grantedWords(g, f.flow == flowApp)...)
	if f.keyring {
		lines = append(lines, fmt.Sprintf("use it with: mailprobe %s --user %s --oauth --client-id %s",
			c.Provider.ID, safe.Display(f.user), safe.Display(c.ClientID)))
	}
	for _, p := range settings.Protocols() {
		if lacking := g.Missing[p]; len(lacking) > 0 {
			fmt.Fprintf(a.stderr, "warning: %s was not granted, which %s needs; sign in again and allow it, or add it to the application's registration\n",
				safe.Display(strings.Join(lacking, " ")), p.Name())
		}
	}
	if !g.Renewable {
		fmt.Fprintf(a.stderr, "warning: the provider gave nothing to renew the sign-in with (no refresh token), so it ends%s\n", until(g.Expiry))
	}
	_, err = fmt.Fprintln(a.stdout, strings.Join(lines, "\n"))
	return err
}

func grantedWords(g oauth.Granted, app bool) []string {
	var lines []string
	switch {
	case app:
		lines = append(lines, "the application itself signed in")
	case g.Account == "":
		lines = append(lines, "who signed in the provider does not say; a run will show whether it is this account")
	}
	if len(g.Scopes) > 0 {
		lines = append(lines, "granted: "+safe.Display(strings.Join(g.Scopes, " ")))
	}
	if g.Renewable {
		lines = append(lines, "it renews itself when it is used")
	}
	return lines
}

func until(t time.Time) string {
	if t.IsZero() {
		return " soon"
	}
	return " at " + t.Local().Format("15:04")
}

// A storedLogin is one stored sign-in in the list.
type storedLogin struct {
	Provider  document.Text  `json:"provider"`
	User      document.Text  `json:"user"`
	ClientID  document.Text  `json:"client_id"`
	Flow      document.Text  `json:"flow"`
	Account   document.Maybe `json:"account"`
	Scopes    []string       `json:"scopes"`
	Renewable bool           `json:"renewable"`
	Saved     time.Time      `json:"saved"`
	Expires   *time.Time     `json:"expires"` // of the access token
}

// listLogins lists what is stored in files. The keyring cannot be searched.
func (a *app) listLogins(ctx context.Context, asJSON bool) error {
	dir, err := tokenDir()
	if err != nil {
		return err
	}
	all, err := oauth.NewFiles(dir).All(ctx)
	if err != nil {
		return err
	}
	list := make([]storedLogin, 0, len(all))
	for _, r := range all {
		s := storedLogin{document.Text(r.Provider), document.Text(r.User), document.Text(r.ClientID), document.Text(r.Flow),
			document.Maybe(r.Account), append([]string{}, r.Scopes...), r.Renewable(), r.Saved.UTC(), nil}
		if !r.Expiry.IsZero() {
			expires := r.Expiry.UTC()
			s.Expires = &expires
		}
		list = append(list, s)
	}
	if asJSON {
		e := json.NewEncoder(a.stdout)
		e.SetIndent("", "  ")
		return e.Encode(map[string]any{"schema": document.Schema, "logins": list})
	}
	for _, s := range list {
		fmt.Fprintf(a.stdout, "%s  %s  client id %s  %s, since %s%s\n", safe.Display(string(s.Provider)), safe.Display(string(s.User)),
			safe.Display(string(s.ClientID)), s.Flow, s.Saved.Format(time.DateOnly), ends(s))
	}
	if len(list) == 0 {
		fmt.Fprintln(a.stdout, "no sign-in is stored in files; those in the keyring cannot be listed")
	}
	return nil
}

func ends(s storedLogin) string {
	if s.Renewable || s.Expires == nil {
		return ""
	}
	return ", ends " + s.Expires.Format(time.RFC3339)
}
