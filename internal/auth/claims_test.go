package auth

import (
	"encoding/base64"
	"reflect"
	"strings"
	"testing"
	"time"
)

func jwt(payload string) string {
	raw := base64.RawURLEncoding.EncodeToString
	return raw([]byte(`{"typ":"JWT","alg":"RS256"}`)) + "." + raw([]byte(payload)) + "." + raw([]byte("signature"))
}

func TestClaims(t *testing.T) {
	for _, row := range []struct {
		name, token string
		want        Claims
		ok          bool
	}{
		{
			"Microsoft",
			jwt(`{"aud":"https://outlook.office.com","iss":"https://sts.windows.net/t/","nbf":1700000000,"exp":1700003600,` +
				`"appid":"app","scp":"IMAP.AccessAsUser.All SMTP.Send","tid":"t","upn":"me@example.com","unique_name":"other"}`),
			Claims{
				Audience: []string{"https://outlook.office.com"}, Scopes: []string{"IMAP.AccessAsUser.All", "SMTP.Send"},
				NotBefore: time.Unix(1700000000, 0).UTC(), Expires: time.Unix(1700003600, 0).UTC(),
				Username: "me@example.com",
			}, true,
		},
		{
			"application",
			jwt(`{"aud":["a","b"],"roles":["IMAP.AccessAsApp"],"exp":"1700003600.5","azp":"z"}`),
			Claims{Audience: []string{"a", "b"}, Roles: []string{"IMAP.AccessAsApp"}, Expires: time.Unix(1700003600, 0).UTC()}, true,
		},
		{"scopes as list", jwt(`{"scope":["a","b c"]}`), Claims{Scopes: []string{"a", "b", "c"}}, true},
		{"absurd times", jwt(`{"exp":1e300,"nbf":-5}`), Claims{}, true},
		{"wrong types", jwt(`{"aud":{},"exp":true,"upn":null,"scp":[[1]]}`), Claims{}, true},
		{"null", jwt(`{"aud":null,"scp":null,"roles":[null]}`), Claims{}, true},
		{"opaque", "ya29.a0AfH6SMB", Claims{}, false},
		{"three words", "one.two.three", Claims{}, false},
		{"no object", jwt(`[]`), Claims{}, false},
		{"encrypted", "a.b.c.d.e", Claims{}, false},
		{"empty", "", Claims{}, false},
	} {
		got, ok := NewCredential(Token, NewSecret(row.token)).Claims()
		if !reflect.DeepEqual(got, row.want) || ok != row.ok {
			t.Errorf("%s:\ngot  %+v %v\nwant %+v %v", row.name, got, ok, row.want, row.ok)
		}
	}
	if _, ok := NewCredential(Password, NewSecret(jwt(`{"aud":"x"}`))).Claims(); ok {
		t.Error("claims of a password")
	}
	if _, ok := (*Credential)(nil).Claims(); ok {
		t.Error("claims of no credential")
	}
}

func TestClaimsAreBounded(t *testing.T) {
	c, ok := decodeClaims(NewSecret(jwt(`{"aud":["` + strings.Repeat(`x","`, 500) + `"],"upn":"` + strings.Repeat("é", 5000) + `"}`)))
	if !ok || len(c.Audience) > maxClaimValues || len(c.Username) > maxClaimLength {
		t.Errorf("got %d audiences, %d bytes of user name, %v", len(c.Audience), len(c.Username), ok)
	}
}

func FuzzClaimsNeverPanic(f *testing.F) {
	f.Add(`{"aud":"x","exp":1}`)
	f.Fuzz(func(t *testing.T, payload string) { decodeClaims(NewSecret(jwt(payload))) })
}
