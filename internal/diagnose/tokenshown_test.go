package diagnose

import (
	"testing"

	"mailprobe/internal/auth/token"
	"mailprobe/internal/catalog"
)

// TestMadeFor holds tokens of Microsoft's clouds against the providers of
// each.
func TestMadeFor(t *testing.T) {
	for _, row := range []struct {
		name             string
		issuer, audience string
		provider         string
		made, byAudience bool
	}{
		{"worldwide", "https://sts.windows.net/1/", "https://outlook.office.com", "office365", true, true},
		{"worldwide, not that of the US government", "https://login.microsoftonline.com/1/v2.0", "https://outlook.office.com", "office365-usgov", false, false},
		{"US government", "https://login.microsoftonline.us/1/v2.0", "https://outlook.office365.us", "office365-usgov", true, true},
		{"US government, issued under the worldwide name", "https://sts.windows.net/1/", "https://outlook.office365.us", "office365", true, false},
		{"China, by its issuer alone", "https://sts.chinacloudapi.cn/1/", "https://graph.chinacloudapi.cn", "office365-china", true, false},
		{"China, not worldwide", "https://sts.chinacloudapi.cn/1/", "https://partner.outlook.cn", "office365", false, false},
	} {
		t.Run(row.name, func(t *testing.T) {
			p, ok := catalog.Load().Lookup(row.provider)
			if !ok {
				t.Fatal("no such provider")
			}
			made, byAudience := MadeFor(&token.Claims{Issuer: row.issuer, Audience: []string{row.audience}}, p)
			if made != row.made || byAudience != row.byAudience {
				t.Errorf("got  %v %v\nwant %v %v", made, byAudience, row.made, row.byAudience)
			}
		})
	}
}

func TestSameIssuer(t *testing.T) {
	for _, row := range []struct {
		a, b string
		want bool
	}{
		{"https://login.microsoftonline.com/1/v2.0", "https://sts.windows.net/1/", true},
		{"https://login.microsoftonline.us/1/v2.0", "https://login.microsoftonline.com/1/v2.0", false},
		{"https://login.microsoftonline.us/1/v2.0", "https://sts.windows.net/1/", true},
		{"https://sts.chinacloudapi.cn/1/", "https://login.partner.microsoftonline.cn/1/v2.0", true},
		{"https://idp.example/realms/a/", "https://IDP.example/realms/a", true},
		{"https://idp.example/realms/a", "https://idp.example/realms/b", false},
	} {
		if got := sameIssuer(row.a, row.b); got != row.want {
			t.Errorf("%s and %s\ngot  %v\nwant %v", row.a, row.b, got, row.want)
		}
	}
}
