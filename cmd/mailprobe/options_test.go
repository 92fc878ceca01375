package main

import (
	"testing"
	"time"

	"mailprobe/internal/probe"
	"mailprobe/internal/target"
)

// -4 and -6 leave addresses of the other kind alone.
func TestFamily(t *testing.T) {
	for _, row := range []struct {
		flags runFlags
		want  probe.Family
	}{
		{runFlags{}, probe.AnyFamily},
		{runFlags{netFlags: netFlags{ipv4: true}}, probe.IPv4Only},
		{runFlags{netFlags: netFlags{ipv6: true}}, probe.IPv6Only},
	} {
		o, err := row.flags.options()
		if err != nil || o.Family != row.want {
			t.Errorf("-4 %v, -6 %v\ngot  %v, %v\nwant %v", row.flags.ipv4, row.flags.ipv6, o.Family, err, row.want)
		}
	}
}

func TestDays(t *testing.T) {
	for text, want := range map[string]time.Duration{
		"14d": 14 * 24 * time.Hour, "36h": 36 * time.Hour, "0s": 0, "0d": 0,
		"-1s": -1, "-1d": -1, "1.5d": -1, "d": -1, "70000d": -1, "soon": -1, "": -1,
	} {
		var got days
		if err := got.Set(text); (err != nil) != (want < 0) || err == nil && time.Duration(got) != want {
			t.Errorf("%q\ngot  %v, %v\nwant %v", text, time.Duration(got), err, want)
		}
	}
}

// Who names a user asks to sign in, by the address or by the name alone; the
// address that is the only target asks for nothing.
func TestSignInIsAskedFor(t *testing.T) {
	mine := []target.Target{{User: "me@example.com"}}
	for _, row := range []struct {
		flags   runFlags
		targets []target.Target
		want    signIn
	}{
		{runFlags{}, nil, signIn{target.Account{}, false}},
		{runFlags{}, mine, signIn{target.Account{Address: "me@example.com"}, false}},
		{runFlags{}, append(mine, mine...), signIn{target.Account{}, false}},
		{runFlags{user: "you@example.com"}, mine, signIn{target.Account{Address: "you@example.com"}, true}},
		{runFlags{username: "you"}, mine, signIn{target.Account{Address: "me@example.com", Name: "you"}, true}},
	} {
		if got := row.flags.signIn(row.targets); got != row.want {
			t.Errorf("--user %q --username %q, %d targets\ngot  %+v\nwant %+v", row.flags.user, row.flags.username, len(row.targets), got, row.want)
		}
	}
}
