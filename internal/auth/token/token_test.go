package token

import (
	"encoding/base64"
	"strings"
	"testing"
)

const accessClaims = `{"aud":"https://outlook.office.com","iss":"https://sts.windows.net/t/","scp":"IMAP.AccessAsUser.All","upn":"me@corp.example","appid":"a"}`

func TestRead(t *testing.T) {
	access := signed(accessClaims)
	idToken := signed(`{"aud":"0f3c1f52-8d7e-4b51-a4a9-6a0e7d1c2b3a","iss":"https://login.microsoftonline.com/t/v2.0","preferred_username":"me@corp.example","nonce":"n","sub":"s"}`)
	b64 := base64.StdEncoding.EncodeToString
	for _, row := range []struct {
		name, text string
		want       Form
		said       string
	}{
		{"access token", access, Access, ""},
		{"with white space around it", "\n " + access + "\r\n", Access, ""},
		{"byte order mark", "\ufeff" + access, Access, ""},
		{"application's", signed(`{"aud":"https://outlook.office365.com","roles":["IMAP.AccessAsApp"],"appid":"a","idtyp":"app"}`), Access, ""},
		{"RFC 9068", signedAs(`{"alg":"RS256","typ":"at+jwt"}`, `{"aud":"x","nonce":"y"}`), Access, ""},
		{"Keycloak's", signed(`{"typ":"Bearer","iss":"https://idp/realms/x","nonce":"y"}`), Access, ""},
		{"nothing marks it", signed(`{"sub":"me"}`), Access, ""},
		{"Google's", "ya29.a0AfH6SMBx", Opaque, ""},
		{"personal Microsoft account's", "EwB4A8l6BAAU" + strings.Repeat("aB3/", 300) + "==", Opaque, ""},
		{"encrypted", base64.RawURLEncoding.EncodeToString([]byte(`{"alg":"dir","enc":"A128GCM"}`)) + "..iv.text.tag", Opaque, ""},
		{"a lab's", "a-token-of-the-lab", Opaque, ""},
		{"a number", "6f1d2c3b-1a2b-4c3d-8e9f-001122334455", Opaque, ""},

		{"ID token of Entra", idToken, IDToken, ""},
		{"ID token without nonce", signed(`{"aud":"0f3c1f52-8d7e-4b51-a4a9-6a0e7d1c2b3a","iss":"https://login.microsoftonline.com/t/v2.0","sub":"s"}`), IDToken, ""},
		{"ID token of Google", signed(`{"aud":"1-a.apps.googleusercontent.com","azp":"1-a.apps.googleusercontent.com","iss":"https://accounts.google.com","at_hash":"h","email":"me@gmail.com"}`), IDToken, ""},
		{"ID token of Keycloak", signed(`{"typ":"ID","aud":"app","iss":"https://idp/realms/x"}`), IDToken, ""},
		{"refresh token of Keycloak", signed(`{"typ":"Refresh","aud":"https://idp/realms/x"}`), RefreshToken, ""},
		{"offline token of Keycloak", signed(`{"typ":"Offline","aud":"https://idp/realms/x"}`), RefreshToken, ""},
		{"GitHub's identity token", signed(`{"iss":"https://token.actions.githubusercontent.com","aud":"api://AzureADTokenExchange","sub":"repo:a/b:ref:x"}`), Assertion, ""},
		{"service account's assertion", signed(`{"iss":"p@x.iam.gserviceaccount.com","aud":"https://oauth2.googleapis.com/token","scope":"https://mail.google.com/"}`), Assertion, ""},
		{"client assertion", signed(`{"iss":"app","sub":"app","aud":"https://login.microsoftonline.com/t/oauth2/v2.0/token"}`), Assertion, ""},

		{"empty", " \n", Empty, ""},
		{"null", "null", Null, ""},
		{"None", "None\n", Null, ""},
		{"two quotes", `""`, Null, ""},
		{"undefined", "undefined", Null, ""},
		{"quoted", `"` + access + `"`, Quoted, ""},
		{"quoted in single", `'ya29.x'`, Quoted, ""},
		{"half a quote", `"ya29.x`, Quoted, ""},
		{"with its scheme", "Bearer " + access, Prefixed, ""},
		{"header", "Authorization: Bearer " + access, Prefixed, ""},
		{"variable", "ACCESS_TOKEN=" + access, Assignment, ""},
		{"export", "export TOKEN='" + access + "'", Assignment, ""},
		{"YAML", "access_token: " + access, Assignment, ""},
		{"placeholder", "<your token>", Placeholder, ""},
		{"variable that was not expanded", "$TOKEN", Placeholder, ""},
		{"workflow's expression", "${{ secrets.TOKEN }}", Placeholder, ""},

		{"what PowerShell prints", "System.Security.SecureString", Placeholder, ""},
		{"what JavaScript prints", "[object Object]", Placeholder, ""},
		{"template that was not filled in", "{{ access_token }}", Placeholder, ""},
		{"Yandex'", "y0_AgAAAABk" + strings.Repeat("x7Y", 15), Opaque, ""},
		{"in base64 once more", b64([]byte(access)), Coded, ""},
		{"in two lines", access[:40] + "\n" + access[40:], Broken, ""},
		{"two tokens", access + "\n" + access, Words, ""},
		{"app password in fours", "abcd efgh ijkl mnop", AppPassword, ""},
		{"file of passwords", "machine imap.gmail.com login me password hunter2secret", Words, ""},
		{"file of passwords, in words", "error: default login me password hunterhunter", Words, ""},
		{"password in an error", "error: password hunter2secret is wrong", Words, "error: password [not shown] is wrong"},

		{"no header", access[strings.Index(access, ".")+1:], Truncated, ""},
		{"no signature", access[:strings.LastIndex(access, ".")], Truncated, ""},
		{"empty signature", access[:strings.LastIndex(access, ".")+1], Truncated, ""},
		{"cut in the claims", access[:60], Truncated, ""},
		{"header alone", "eyJ0eXAiOiJKV1QiLCJhbGciOiJSUzI1NiJ9", Truncated, ""},

		{"refresh token of Google", "1//0gAbCdEfGhIjKlMnOpQrStUvWxYz-0123456789_abcdef", RefreshToken, ""},
		{"refresh token of Entra", "0.AXcA" + strings.Repeat("aB3_", 10) + ".AgABAwEAAAD" + strings.Repeat("x", 40), RefreshToken, ""},
		{"refresh token of Entra, newer", "1.AXcA" + strings.Repeat("aB3_", 10) + ".AgABAwEAAAD", RefreshToken, ""},
		{"refresh token of a personal account", "M.C507_BAY.0.U.-CxYz0123456789", RefreshToken, ""},
		{"refresh token of a personal account, other", "M.R3_SN1.-CxYz0123456789", RefreshToken, ""},
		{"beginning of one", "M.C5", RefreshToken, ""},
		{"code of Google", "4/0AX4XfWhYyZ0123456789abcdefghij", Code, ""},
		{"code of Entra", "0.AXcA" + strings.Repeat("aB3_", 10) + ".AgABBAIAAAD", Code, ""},
		{"code of a personal account", "M.C507_BAY.2.U.0a1b2c3d-4e5f-6789-abcd-0123456789ab", Code, ""},
		{"redirect", "http://localhost:1234/?code=4/0AX4&state=x", CodeAddress, ""},
		{"address", "https://login.microsoftonline.com/common", Address, ""},
		{"client secret of Google", "GOCSPX-abcdefghijklmnopqrstuvwxyz", ClientSecret, ""},
		{"client secret of Entra", "abc8Q~" + strings.Repeat("aB3_", 8) + "xy", ClientSecret, ""},
		{"client id of Google", "12-ab.apps.googleusercontent.com", ClientID, ""},
		{"GitHub's", "ghp_0123456789abcdef0123456789abcdef0123", ForeignToken, ""},

		{"XOAUTH2 in base64", b64([]byte("user=me@x.example\x01auth=Bearer ya29.x\x01\x01")), SASLMessage, ""},
		{"XOAUTH2 in lines", b64([]byte("user=me@x.example\x01auth=Bearer " + strings.Repeat("a", 99) + "\x01\x01"))[:76] + "\n" + b64([]byte("user=me@x.example\x01auth=Bearer " + strings.Repeat("a", 99) + "\x01\x01"))[76:], SASLMessage, ""},
		{"XOAUTH2 bare", "user=me@x.example\x01auth=Bearer ya29.x\x01\x01", SASLMessage, ""},
		{"OAUTHBEARER", b64([]byte("n,a=me@x.example,\x01host=h\x01port=993\x01auth=Bearer ya29.x\x01\x01")), SASLMessage, ""},

		{"app password", "abcdefghijklmnop", AppPassword, ""},
		{"password", "Tr0ub4dor&3!", Password, ""},
		{"pass phrase", "correct horse battery staple", Words, ""},
		{"beyond ASCII", "pässwort", OtherLanguage, ""},
		{"control", "ya29.x\x07y", NotPrintable, ""},
		{"two lines", "ya29.x\nya29.y", Words, ""},

		{"page", "<!DOCTYPE html><html><head><title>Sign in to your account</title></head></html>", HTML, "Sign in to your account"},
		{"page of a proxy", "<html><body>blocked</body></html>", HTML, ""},
		{"error of a program", "ERROR: Please run 'az login' to setup account.", Words, "ERROR: Please run 'az login' to setup account."},
		{"number of Microsoft's alone", "AADSTS50076: Due to a change you must use multi-factor authentication", Words, "AADSTS50076: Due to a change you must use multi-factor authentication"},
		{"error with a secret", "error: token " + access + " is expired", Words, "error: token [not shown] is expired"},
		{"JSON with a token", `{"token_type":"Bearer","access_token":"ya29.x"}`, JSONToken, "JSON with access_token, token_type"},
		{"JSON of az", "{\n \"accessToken\": \"eyJ0\",\n \"expiresOn\": \"x\"\n}", JSONToken, "JSON with accessToken, expiresOn"},
		{"JSON that is cut off", `{"token_type":"Bearer","access_token":"ya29.x`, JSONToken, "JSON with access_token, token_type"},
		{"JSON with an error", `{"error":"invalid_grant","error_description":"AADSTS700082: The refresh token has expired due to inactivity.\r\nTrace"}`, JSONError,
			"invalid_grant: AADSTS700082: The refresh token has expired due to inactivity. Trace"},
		{"JSON with an error inside", `{"error":{"code":401,"message":"Request had invalid credentials."}}`, JSONError, "401: Request had invalid credentials."},
		{"other JSON", `{"a":"b"}`, JSON, ""},
		{"service account's key", `{"type":"service_account","private_key":"-----BEGIN PRIVATE KEY-----\nMIIE\n"}`, ServiceKey, ""},
		{"key", "-----BEGIN PRIVATE KEY-----\nMIIE\n-----END PRIVATE KEY-----", PrivateKey, ""},
		{"too long", strings.Repeat("a", maxToken+1), TooLong, ""},
	} {
		got := Read(row.text)
		if got.Form != row.want || row.said != "" && got.Said != row.said {
			t.Errorf("%s\ngot  %s %q\nwant %s %q", row.name, got.Form, got.Said, row.want, row.said)
		}
		if said := got.Said; strings.Contains(said, "ya29.x") || strings.Contains(said, "MIIE") || strings.Contains(said, "horse") {
			t.Errorf("%s\ngot  %q\nwant no secret", row.name, said)
		}
		if got.Usable() != (row.want == Opaque || row.want == Access) {
			t.Errorf("%s: usable %v", row.name, got.Usable())
		}
	}
}

// A signature is as long as its algorithm makes it.
func TestCut(t *testing.T) {
	for header, row := range map[string]struct {
		octets int
		want   bool
	}{
		`{"alg":"RS256"}`: {256, false}, `{"alg":"RS384"}`: {100, true},
		`{"alg":"ES256"}`: {64, false}, `{"alg":"PS256"}`: {60, true},
		`{"alg":"HS256"}`: {31, true}, `{"alg":"XX"}`: {1, false},
	} {
		raw := base64.RawURLEncoding.EncodeToString
		text := raw([]byte(header)) + "." + raw([]byte(accessClaims)) + "." + raw(make([]byte, row.octets))
		if got := Read(text); got.Cut() != row.want || !got.Usable() {
			t.Errorf("%s with %d octets\ngot  %v, usable %v\nwant %v, usable", header, row.octets, got.Cut(), got.Usable(), row.want)
		}
	}
	if Read("ya29.x").Cut() {
		t.Error("an opaque token is cut")
	}
}
