package token

import (
	"encoding/base64"
	"reflect"
	"strings"
	"testing"
	"time"
)

// signed returns a JWT with a signature that nobody made.
func signed(payload string) string { return signedAs(`{"typ":"JWT","alg":"RS256"}`, payload) }

func signedAs(header, payload string) string {
	raw := base64.RawURLEncoding.EncodeToString
	return raw([]byte(header)) + "." + raw([]byte(payload)) + "." + raw([]byte("signature"))
}

func TestClaims(t *testing.T) {
	for _, row := range []struct {
		name, token string
		want        Claims // what it exports
		ok          bool
	}{
		{
			"Microsoft",
			signed(`{"aud":"https://outlook.office.com","iss":"https://sts.windows.net/t/","nbf":1700000000,"exp":1700003600,` +
				`"appid":"app","scp":"IMAP.AccessAsUser.All SMTP.Send","tid":"t","upn":"me@example.com","unique_name":"other"}`),
			Claims{
				Issuer: "https://sts.windows.net/t/", Application: "app", Tenant: "t",
				Audience: []string{"https://outlook.office.com"}, Scopes: []string{"IMAP.AccessAsUser.All", "SMTP.Send"},
				NotBefore: time.Unix(1700000000, 0).UTC(), Expires: time.Unix(1700003600, 0).UTC(),
				Username: "me@example.com", Names: []string{"me@example.com", "other"},
			}, true,
		},
		{
			"application",
			signed(`{"aud":["a","b"],"roles":["IMAP.AccessAsApp"],"exp":"1700003600.5","azp":"z"}`),
			Claims{Application: "z", AppOnly: true, Audience: []string{"a", "b"}, Roles: []string{"IMAP.AccessAsApp"}, Expires: time.Unix(1700003600, 0).UTC()}, true,
		},
		{"scopes as list", signed(`{"scope":["a","b c"]}`), Claims{Scopes: []string{"a", "b", "c"}}, true},
		{"absurd times", signed(`{"exp":1e300,"nbf":-5}`), Claims{}, true},
		{"wrong types", signed(`{"aud":{},"exp":true,"upn":null,"scp":[[1]]}`), Claims{}, true},
		{"null", signed(`{"aud":null,"scp":null,"roles":[null]}`), Claims{}, true},
		{"opaque", "ya29.a0AfH6SMB", Claims{}, false},
		{"three words", "one.two.three", Claims{}, false},
		{"no object", signed(`[]`), Claims{}, false},
		{"encrypted", "a.b.c.d.e", Claims{}, false},
		{"empty", "", Claims{}, false},
	} {
		c := decodeClaims(row.token)
		var got Claims
		if c != nil {
			got = *c
			got.kind, got.forClient, got.algorithm, got.signature = "", false, "", 0
		}
		if !reflect.DeepEqual(got, row.want) || (c != nil) != row.ok {
			t.Errorf("%s:\ngot  %+v %v\nwant %+v %v", row.name, got, c != nil, row.want, row.ok)
		}
	}
}

func TestClaimsAreBounded(t *testing.T) {
	c := decodeClaims(signed(`{"aud":["` + strings.Repeat(`x","`, 500) + `"],"upn":"` + strings.Repeat("é", 5000) + `"}`))
	if c == nil || len(c.Audience) > maxClaimValues || len(c.Username) > maxClaimLength {
		t.Errorf("got  %+v\nwant bounded claims", c)
	}
}

func FuzzRead(f *testing.F) {
	f.Add(signed(`{"aud":"x","exp":1}`), `{"aud":"x","exp":1}`)
	f.Fuzz(func(t *testing.T, text, payload string) {
		Read(text)
		Read(signed(payload))
	})
}
