package token

import (
	"encoding/base64"
	"strings"
	"testing"
)

func TestHide(t *testing.T) {
	message := base64.StdEncoding.EncodeToString([]byte("user=me@corp.example\x01auth=Bearer ya29.Abc123\x01\x01"))
	for _, row := range []struct{ text, secret string }{
		{"AUTHENTICATE XOAUTH2 " + message, message},
		{`{"access_token":"sEcReT12345","error":"invalid_grant"}`, "sEcReT12345"},
		{"error: refresh_token=abcdef-123456&client_id=c", "abcdef-123456"},
		{"Authorization: Bearer abcDEF123456789", "abcDEF123456789"},
		{"token " + signed(accessClaims) + " is expired", "eyJ"},
		{"used 1//0gAbCdEfGhIjKlMnOpQrStUvWxYz", "0gAbCdEf"},
		{"client secret GOCSPX-abcdefghijkl is wrong", "abcdefghijkl"},
		{"http://localhost:1/?code=4/0AX4XfWhYyZ0123456789abcdef&state=x", "0AX4XfWh"},
		{"-----BEGIN PRIVATE KEY-----\nMIIEv\n-----END PRIVATE KEY-----", "MIIEv"},
		{"password: hunter2hunter", "hunter2hunter"},
		{"machine imap.example.com login me password hunter2hunter", "hunter2hunter"},
		{"user=me password=correcthorse", "correcthorse"},
		{"Password: 123456789", "123456789"},
		{"AADSTS7000215: secret hunter2hunter", "hunter2hunter"},
		{"client_secret: abc8Q~aB3_aB3_aB3_aB3_aB3_aB3_", "aB3_aB3_"},
	} {
		if got := Hide(row.text); strings.Contains(got, row.secret) || !strings.Contains(got, Hidden) {
			t.Errorf("%s\ngot  %s\nwant it without %s", row.text, got, row.secret)
		}
	}
	for _, text := range []string{
		"535 5.7.3 Authentication unsuccessful [FR3P281CA0094.DEUP281.PROD.OUTLOOK.COM 2026-11-29T08:22:10.123Z 08DD2F6A1B3C4D5E]",
		"AADSTS700016: Application with identifier 'x' was not found. Trace ID: 0f3c1f52-8d7e-4b51-a4a9-6a0e7d1c2b3a",
		"535-5.7.8 Username and Password not accepted. Learn more at https://support.google.com/mail/?p=BadCredentials",
		"The password is expired", "invalid password: rejected", "wrong password specified", "Invalid client secret provided.", "the client secret value, not the client secret ID", "Username and password required: please sign in", "NO [AUTHENTICATIONFAILED] Invalid credentials (Failure)", "error code: 535", "code=400", "access token expired",
	} {
		if got := Hide(text); got != text {
			t.Errorf("%s\ngot  %s\nwant it as it is", text, got)
		}
	}
}
