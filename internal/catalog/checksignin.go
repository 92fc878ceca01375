package catalog

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"

	"mailprobe/internal/settings"
)

// username wants one of the two usual forms, or a template.
func (c *checker) username(text string, path ...any) {
	if text == "" {
		c.present(text, path...)
	} else if err := settings.TemplateOf(text).Check(); err != nil {
		c.wrong(fmt.Sprintf("username %q is not one of address, local-part, or a template: %v", text, err), path...)
	}
}

func (c *checker) signIn(list []signIn, path ...any) {
	for i, s := range list {
		at := func(key string) []any { return append(slices.Clone(path), i, key) }
		c.oneOf(s.Way, []string{"oauth2", "app-password", "password"}, at("way")...)
		c.oneOf(s.Status, []string{settings.DocumentedWay, settings.RefusedWay, settings.DisputedWay, settings.UnverifiedWay}, at("status")...)
		c.cite(s.Source, at("source")...)
		if s.Form != nil {
			c.form(s.Form, at("form"))
		}
	}
}

// form wants a pattern that can be matched, and the same in words.
func (c *checker) form(f *form, path []any) {
	at := func(key string) []any { return append(slices.Clone(path), key) }
	c.present(f.Pattern, at("pattern")...)
	c.present(f.Looks, at("looks")...)
	c.cite(f.Source, at("source")...)
	if _, err := regexp.Compile(f.Pattern); err != nil {
		c.wrong(fmt.Sprintf("pattern %q cannot be read: %v", f.Pattern, err), at("pattern")...)
	}
}

func (c *checker) oauth() {
	o := c.doc.OAuth
	if o == nil {
		return
	}
	c.link(o.plain(o.AuthURL), "oauth", "auth_url")
	c.link(o.plain(o.TokenURL), "oauth", "token_url")
	if o.Issuer != "" {
		c.link(o.plain(o.Issuer), "oauth", "issuer")
	}
	if o.DeviceURL != "" {
		c.link(o.plain(o.DeviceURL), "oauth", "device_url")
	}
	c.cite(o.Source, "oauth", "source")
	if len(o.Scopes) == 0 {
		c.wrong("scopes is missing", "oauth", "scopes")
	}
	for _, protocol := range slices.Sorted(maps.Keys(o.Scopes)) {
		if !slices.Contains(protocols(), protocol) {
			c.wrong(fmt.Sprintf("%q is not a protocol", protocol), "oauth", "scopes", protocol)
		}
		if len(o.Scopes[protocol]) == 0 {
			c.wrong("a protocol without scopes", "oauth", "scopes", protocol)
		}
	}
	for _, protocol := range slices.Sorted(maps.Keys(o.AppRoles)) {
		if !slices.Contains(protocols(), protocol) {
			c.wrong(fmt.Sprintf("%q is not a protocol", protocol), "oauth", "app_roles", protocol)
		}
	}
	if r := o.Register; r != nil {
		c.cite(r.Source, "oauth", "register", "source")
		if r.URL != "" {
			c.link(r.URL, "oauth", "register", "url")
		}
		if (r.Closed == "") == (len(r.Steps) == 0) {
			c.wrong("either closed or steps", "oauth", "register")
		}
	}
	if w := o.Workload; w != nil {
		c.cite(w.Source, "oauth", "workload", "source")
		if w.Audience == "" || o.AppScope == "" || (w.ExchangeURL == "") != (w.SignURL == "") {
			c.wrong("an audience, app_scope, and both URLs or none", "oauth", "workload")
		}
		for key, link := range map[string]string{"exchange_url": w.ExchangeURL, "sign_url": w.SignURL} {
			if link != "" {
				c.link(strings.ReplaceAll(link, "{account}", "a"), "oauth", "workload", key)
			}
		}
	}
	if o.AppGrant != "" {
		c.oneOf(o.AppGrant, []string{"urn:ietf:params:oauth:grant-type:jwt-bearer"}, "oauth", "app_grant")
	}
	if o.RedirectHost != "" {
		c.oneOf(o.RedirectHost, []string{"localhost", "127.0.0.1"}, "oauth", "redirect_host")
	}
	if o.Mechanism != "" {
		c.oneOf(o.Mechanism, []string{"XOAUTH2", "OAUTHBEARER"}, "oauth", "mechanism")
	}
}

const tenant = "{tenant}"

// tenant says whether the URLs depend on the organisation that a user
// belongs to.
func (o *oauth) tenant() bool {
	return strings.Contains(o.AuthURL+o.TokenURL+o.DeviceURL, tenant)
}

// plain fills in a tenant, so that the URL can be checked.
func (o *oauth) plain(link string) string { return strings.ReplaceAll(link, tenant, "common") }
