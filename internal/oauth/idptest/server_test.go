package idptest

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"
)

// post sends a form and returns the answer's status and members.
func post(t *testing.T, target string, form url.Values) (int, map[string]any) {
	t.Helper()
	resp, err := http.PostForm(target, form)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	var answer map[string]any
	if err := json.NewDecoder(resp.Body).Decode(&answer); err != nil {
		t.Fatal(err)
	}
	return resp.StatusCode, answer
}

func TestAccessTokenIsSignedJWT(t *testing.T) {
	key := []byte("0123456789abcdef0123456789abcdef")
	s := New(Options{Key: key, Secret: "s", User: "me@corp.example", Claims: map[string]any{"aud": "mail"}})
	defer s.Close()
	_, answer := post(t, s.URL+"/token", url.Values{
		"grant_type": {"client_credentials"}, "client_id": {"c"}, "client_secret": {"s"}, "scope": {"x"},
	})
	token, _ := answer["access_token"].(string)
	parts := strings.Split(token, ".")
	if len(parts) != 3 {
		t.Fatalf("token %q", token)
	}
	mac := hmac.New(sha256.New, key)
	mac.Write([]byte(parts[0] + "." + parts[1]))
	if got, want := parts[2], base64.RawURLEncoding.EncodeToString(mac.Sum(nil)); got != want {
		t.Errorf("signature %s\nwant      %s", got, want)
	}
	header, claims := decode(t, parts[0]), decode(t, parts[1])
	if header["alg"] != "HS256" || header["typ"] != "JWT" {
		t.Errorf("header %v", header)
	}
	for name, want := range map[string]any{
		"iss": s.URL, "aud": "mail", "sub": "me@corp.example", "upn": "me@corp.example", "scp": "x", "appid": "c",
	} {
		if got := claims[name]; got != want {
			t.Errorf("%s: got  %v\nwant %v", name, got, want)
		}
	}
	now := float64(time.Now().Unix())
	if iat, _ := claims["iat"].(float64); iat >= now {
		t.Errorf("iat %v is not before %v", iat, now)
	}
	if exp, _ := claims["exp"].(float64); exp < now+3500 {
		t.Errorf("exp %v is not an hour after %v", exp, now)
	}
}

func decode(t *testing.T, part string) map[string]any {
	t.Helper()
	data, err := base64.RawURLEncoding.DecodeString(part)
	if err != nil {
		t.Fatal(err)
	}
	var members map[string]any
	if err := json.Unmarshal(data, &members); err != nil {
		t.Fatal(err)
	}
	return members
}

func TestTokenRefuses(t *testing.T) {
	tests := []struct {
		name string
		opts Options
		form url.Values
		want string
	}{
		{"no client", Options{}, url.Values{"grant_type": {"refresh_token"}}, "invalid_client"},
		{"secret of a public client", Options{}, url.Values{"client_id": {"c"}, "client_secret": {""}}, "invalid_client"},
		{"no secret", Options{Secret: "s"}, url.Values{"client_id": {"c"}}, "invalid_client"},
		{"wrong secret", Options{Secret: "s"}, url.Values{"client_id": {"c"}, "client_secret": {"x"}}, "invalid_client"},
		{"no assertion", Options{Assertion: true}, url.Values{"client_id": {"c"}}, "invalid_client"},
		{"public application", Options{}, url.Values{"client_id": {"c"}, "grant_type": {"client_credentials"}}, "unauthorized_client"},
		{"unknown code", Options{}, url.Values{"client_id": {"c"}, "grant_type": {"authorization_code"}, "code": {"x"}}, "invalid_grant"},
		{"unknown refresh token", Options{}, url.Values{"client_id": {"c"}, "grant_type": {"refresh_token"}}, "invalid_grant"},
		{"password", Options{}, url.Values{"client_id": {"c"}, "grant_type": {"password"}}, "unsupported_grant_type"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s := New(tt.opts)
			defer s.Close()
			status, answer := post(t, s.URL+"/token", tt.form)
			if got := answer["error"]; got != tt.want || status < 400 {
				t.Errorf("got  %v, status %d\nwant %v", got, status, tt.want)
			}
		})
	}
}

// A code without the verifier that its challenge was made of is void.
func TestCodeNeedsItsVerifier(t *testing.T) {
	s := New(Options{})
	defer s.Close()
	client := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	resp, err := client.Get(s.URL + "/authorize?" + url.Values{
		"response_type": {"code"}, "client_id": {"c"}, "redirect_uri": {"http://127.0.0.1:1/"},
		"code_challenge": {"x"}, "code_challenge_method": {"S256"}, "state": {"st"},
	}.Encode())
	if err != nil {
		t.Fatal(err)
	}
	resp.Body.Close()
	back, err := resp.Location()
	if err != nil {
		t.Fatal(err)
	}
	if got, want := back.Query().Get("state"), "st"; got != want {
		t.Errorf("state %q\nwant  %q", got, want)
	}
	_, answer := post(t, s.URL+"/token", url.Values{
		"grant_type": {"authorization_code"}, "client_id": {"c"}, "redirect_uri": {"http://127.0.0.1:1/"},
		"code": {back.Query().Get("code")}, "code_verifier": {"y"},
	})
	if got, want := answer["error"], "invalid_grant"; got != want {
		t.Errorf("got  %v\nwant %v", got, want)
	}
}
