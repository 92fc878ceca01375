package token

import (
	"encoding/base64"
	"encoding/json"
	"errors"
	"slices"
	"strconv"
	"strings"
	"time"
)

const (
	maxClaimValues = 64  // of one claim
	maxClaimLength = 512 // of one value, in bytes
)

// Claims are what a token says of itself, read and not verified. They hold
// nothing by which anybody could sign in. Zero fields were not said.
type Claims struct {
	Issuer      string   // "iss": who made it
	Audience    []string // "aud": the service that the token is for
	Subject     string   // "sub": whom it stands for, often a number
	Username    string   // "upn", or else "preferred_username", "unique_name", "email"
	Names       []string // all of these, each once
	Application string   // "appid", "azp" or "client_id": who asked for it
	Tenant      string   // "tid": the organisation's directory id at Microsoft
	Scopes      []string // "scp" or "scope": what the user allowed
	Roles       []string // "roles": what the application may do by itself
	AppOnly     bool     // the application itself signed in, no user
	Issued      time.Time
	NotBefore   time.Time
	Expires     time.Time

	kind      string // "typ" of the claims or the header, in lower case
	forClient bool   // "nonce", "at_hash" or "c_hash": it tells a client who signed in
	algorithm string // "alg" of the header
	signature int    // octets; -1: it cannot be decoded
}

// decodeClaims reads the claims of a signed JWT (RFC 7519). It returns nil for
// anything else.
func decodeClaims(text string) *Claims {
	parts := strings.Split(text, ".")
	if len(parts) != 3 || len(text) > maxToken {
		return nil
	}
	header, payload := jsonObject(parts[0]), jsonObject(parts[1])
	if header == nil || payload == nil || header["alg"] == nil {
		return nil
	}
	c := &Claims{
		Issuer:      first(payload, "iss"),
		Audience:    values(payload, "aud"),
		Subject:     first(payload, "sub"),
		Username:    first(payload, usernames...),
		Names:       all(payload, usernames...),
		Application: first(payload, "appid", "azp", "client_id"),
		Tenant:      first(payload, "tid"),
		Scopes:      scopes(payload),
		Roles:       values(payload, "roles"),
		Issued:      instant(payload["iat"]),
		NotBefore:   instant(payload["nbf"]),
		Expires:     instant(payload["exp"]),
		kind:        strings.ToLower(first(payload, "typ") + " " + first(header, "typ")),
		algorithm:   strings.ToUpper(first(header, "alg")),
		signature:   decodedLength(parts[2]),
	}
	c.forClient = payload["nonce"] != nil || payload["at_hash"] != nil || payload["c_hash"] != nil
	c.AppOnly = first(payload, "idtyp") == "app" || len(c.Roles) > 0 && len(c.Scopes) == 0 && c.Username == ""
	return c
}

func decodedLength(part string) int {
	data, err := base64.RawURLEncoding.DecodeString(strings.TrimRight(part, "="))
	if err != nil {
		return -1
	}
	return len(data)
}

func jsonObject(part string) map[string]json.RawMessage {
	data, err := base64.RawURLEncoding.DecodeString(strings.TrimRight(part, "="))
	if err != nil {
		return nil
	}
	var object map[string]json.RawMessage
	if json.Unmarshal(data, &object) != nil {
		return nil
	}
	return object
}

func values(payload map[string]json.RawMessage, name string) []string {
	var all []string
	for _, v := range list(payload[name]) {
		all = append(all, strings.ToValidUTF8(v[:min(len(v), maxClaimLength)], ""))
	}
	return all
}

// scopes takes both the blank-separated string of RFC 8693 §4.2 and a list.
func scopes(payload map[string]json.RawMessage) []string {
	var all []string
	for _, v := range append(values(payload, "scp"), values(payload, "scope")...) {
		all = append(all, strings.Fields(v)...)
	}
	return all[:min(len(all), maxClaimValues)]
}

// usernames are the claims that name a user as people do.
var usernames = []string{"upn", "preferred_username", "unique_name", "email"}

// all returns the values of claims, each once.
func all(payload map[string]json.RawMessage, names ...string) []string {
	var found []string
	for _, name := range names {
		if v := first(payload, name); v != "" && !slices.Contains(found, v) {
			found = append(found, v)
		}
	}
	return found
}

func first(payload map[string]json.RawMessage, names ...string) string {
	for _, name := range names {
		if found := values(payload, name); len(found) > 0 && found[0] != "" {
			return found[0]
		}
	}
	return ""
}

// instant reads a NumericDate, which may have a fraction or be quoted.
func instant(raw json.RawMessage) time.Time {
	text, err := scalar(raw)
	if err != nil {
		return time.Time{}
	}
	seconds, err := strconv.ParseFloat(text, 64)
	if err != nil || seconds < 0 || seconds > 1<<38 {
		return time.Time{}
	}
	return time.Unix(int64(seconds), 0).UTC()
}

// list returns a JSON string, number, or list of them.
func list(raw json.RawMessage) []string {
	var many []json.RawMessage
	if json.Unmarshal(raw, &many) != nil {
		many = []json.RawMessage{raw}
	}
	var all []string
	for _, one := range many[:min(len(many), maxClaimValues)] {
		if text, err := scalar(one); err == nil {
			all = append(all, text)
		}
	}
	return all
}

var errNoScalar = errors.New("neither a string nor a number")

func scalar(raw json.RawMessage) (string, error) {
	var text string
	if json.Unmarshal(raw, &text) == nil && string(raw) != "null" {
		return text, nil
	}
	var number json.Number
	if json.Unmarshal(raw, &number) == nil && number != "" {
		return number.String(), nil
	}
	return "", errNoScalar
}
