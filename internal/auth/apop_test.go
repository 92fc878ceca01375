package auth_test

import (
	"errors"
	"testing"

	"mailprobe/internal/auth"
	"mailprobe/internal/auth/authtest"
	"mailprobe/internal/tlscheck"
)

func TestAPOP(t *testing.T) {
	permit := authtest.Permit(t, "pop.example.com")
	mrose := auth.Attempt{Username: "mrose", Host: "pop.example.com"}
	password := auth.NewCredential(auth.Password, auth.NewSecret("tanstaaf"))
	token := auth.NewCredential(auth.Token, auth.NewSecret("tanstaaf"))
	const stamp = "<1896.697170952@dbc.mtview.ca.us>" // the example of RFC 1939 §7
	var exchange *auth.ExchangeError
	var mechanism *auth.MechanismError
	for _, row := range []struct {
		name       string
		credential *auth.Credential
		permit     tlscheck.Permit
		stamp      string
		want       string
		refused    func(error) bool
	}{
		{"example", password, permit, stamp, "c4c9334bac560ecc979e58001b3e22fb", nil},
		{"no permit", password, tlscheck.Permit{}, stamp, "", func(err error) bool { return errors.Is(err, auth.ErrNoPermit) }},
		{"a token is no password", token, permit, stamp, "", func(err error) bool { return errors.As(err, &mechanism) }},
		{"no timestamp", password, permit, "", "", func(err error) bool { return errors.As(err, &exchange) }},
		{"more than a timestamp", password, permit, stamp + "\x00\x01", "", func(err error) bool { return errors.As(err, &exchange) }},
	} {
		t.Run(row.name, func(t *testing.T) {
			got, err := row.credential.APOP(row.permit, mrose, row.stamp)
			if got != row.want || (err == nil) != (row.refused == nil) || err != nil && !row.refused(err) {
				t.Errorf("got  %q, %v\nwant %q", got, err, row.want)
			}
		})
	}
}

func TestAPOPTimestamp(t *testing.T) {
	for _, row := range []struct{ name, greeting, want string }{
		{"example", "+OK POP3 server ready <1896.697170952@dbc.mtview.ca.us>", "<1896.697170952@dbc.mtview.ca.us>"},
		{"none", "+OK ready", ""},
		{"no address", "+OK <ready>", ""},
		{"blank", "+OK <a b@c>", ""},
		{"not ASCII", "+OK <a\xff@c>", ""},
		{"empty", "+OK <@>", ""},
	} {
		t.Run(row.name, func(t *testing.T) {
			if got := auth.APOPTimestamp(row.greeting); got != row.want {
				t.Errorf("got  %q\nwant %q", got, row.want)
			}
		})
	}
}
