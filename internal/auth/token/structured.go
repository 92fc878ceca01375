package token

import (
	"encoding/json"
	"slices"
	"strings"

	"mailprobe/internal/lazyregexp"
)

const maxSaid = 240

// structured finds JSON, PEM and web pages.
func structured(text string, r *Reading) bool {
	switch lower := strings.ToLower(text); {
	case strings.HasPrefix(text, "{"), strings.HasPrefix(text, "["):
		return r.be(object(text, r))
	case strings.Contains(text, "-----BEGIN "):
		return r.be(PrivateKey)
	case strings.HasPrefix(lower, "<!doctype"), strings.HasPrefix(lower, "<html"), strings.HasPrefix(lower, "<?xml"),
		strings.HasPrefix(lower, "<head"), strings.Contains(lower, "</html>"), strings.Contains(lower, "</body>"):
		r.Said = title(text)
		return r.be(HTML)
	}
	return false
}

// tokenMembers are the names under which programs print an access token.
var tokenMembers = []string{"access_token", "accesstoken", "token", "id_token"}

// object reads JSON, whole or cut off, and in a list the first of it.
func object(text string, r *Reading) Form {
	text = strings.TrimLeft(text, "[ \r\n\t")
	var members map[string]json.RawMessage
	d := json.NewDecoder(strings.NewReader(text))
	if d.Decode(&members) != nil {
		members = memberNames(text)
	}
	names := make([]string, 0, len(members))
	for name := range members {
		names = append(names, name)
	}
	slices.Sort(names)
	has := func(wanted ...string) bool {
		return slices.ContainsFunc(names, func(n string) bool { return slices.Contains(wanted, strings.ToLower(n)) })
	}
	r.Said = "JSON with " + strings.Join(names[:min(len(names), 12)], ", ")
	switch {
	case has("private_key", "private_key_id"):
		return ServiceKey
	case has("error") && !has(tokenMembers...):
		r.Said = refusal(members)
		return JSONError
	case has(tokenMembers...):
		return JSONToken
	case len(names) == 0:
		r.Said = ""
	}
	r.Said = clip(r.Said)
	return JSON
}

var memberName = lazyregexp.New(`"([A-Za-z_]{2,40})"\s*:`)

// memberNames finds the names in JSON that is not whole.
func memberNames(text string) map[string]json.RawMessage {
	all := make(map[string]json.RawMessage)
	for _, m := range memberName.FindAllStringSubmatch(text, maxClaimValues) {
		all[m[1]] = nil
	}
	return all
}

// refusal is what a sign-in server says for a refusal (RFC 6749 section 5.2),
// or another API in its own form.
func refusal(members map[string]json.RawMessage) string {
	said := first(members, "error")
	var inner map[string]json.RawMessage
	if json.Unmarshal(members["error"], &inner) == nil && said == "" {
		said, members = first(inner, "code", "status"), inner
	}
	if description := first(members, "error_description", "message"); description != "" {
		said += ": " + description
	}
	return prune(said)
}

var titled = lazyregexp.New(`(?is)<title[^>]*>(.*?)</title>`)

// title is that of a web page.
func title(page string) string {
	m := titled.FindStringSubmatch(page)
	if m == nil {
		return ""
	}
	return prune(m[1])
}

// speaking are words by which a program speaks to a person. A pass phrase
// has several words, too, and is not shown.
var speaking = lazyregexp.New(`(?i)\b(error|errors|failed|failure|fatal|usage|please|cannot|can't|could not|couldn't|unable|denied|expired|invalid|not found|not logged|no such|login|log in|sign in|warning|exception|traceback|refused|timed? ?out|AADSTS\d+|multi-factor|consent)\b`)

// netrc is what a file of passwords looks like. No words of it are shown.
var netrc = lazyregexp.New(`(?i)\b(machine\s+\S+|default)\s+(login|user|account|password)\s`)

// prose is what a program says in place of a token; empty: it may be a secret.
func prose(text string) string {
	if len(strings.Fields(text)) < 3 || !speaking.MatchString(text) || netrc.MatchString(text) {
		return ""
	}
	return prune(text)
}

// A run this long without a blank is no word. Correlation ids have 36
// characters, parts of a JWT or password are told by mixing.
var (
	long   = lazyregexp.New(`[A-Za-z0-9_~+/=%.-]{40,}|eyJ[A-Za-z0-9_.-]+`)
	mixed  = lazyregexp.New(`[^\s]*[a-z][^\s]*[0-9][^\s]*[A-Z][^\s]*|[^\s]*[A-Z][^\s]*[0-9][^\s]*[a-z][^\s]*|[^\s]*[0-9][^\s]*[a-z][^\s]*[A-Z][^\s]*`)
	aadsts = lazyregexp.New(`^\W*AADSTS\d+\W*$`)
)

// Hidden stands in a text for what may be a secret.
const Hidden = "[not shown]"

// prune makes one short line of a text, without what may be a secret.
func prune(text string) string {
	words := strings.Fields(Hide(long.ReplaceAllString(clipTo(text, 4*maxSaid), Hidden)))
	for i, w := range words {
		if len(w) >= 8 && mixed.MatchString(w) && !aadsts.MatchString(w) {
			words[i] = Hidden
		}
	}
	return clip(strings.Join(words, " "))
}

func clip(text string) string {
	if len(text) <= maxSaid {
		return text
	}
	return clipTo(text, maxSaid) + "..."
}

func clipTo(text string, n int) string { return strings.ToValidUTF8(text[:min(len(text), n)], "") }
