package target

import (
	"cmp"
	"errors"
	"fmt"
	"strings"
	"testing"

	"mailprobe/internal/catalog"
)

// TestBelongs: whose secret is shown to whose servers, and whose is not.
func TestBelongs(t *testing.T) {
	dns := mx{
		"workspace.example": {"aspmx.l.google.com"}, "own.example": {"mx.own.example"},
		"exchange.example": {"exchange-example.mail.protection.outlook.com"}, "mixed.example": {"aspmx.l.google.com", "mx.own.example"},
	}
	for _, row := range []struct {
		target, user, name string
		dns                MXAsker
		want               string // part of the error; empty: it belongs
		chosen             bool
	}{
		{target: "gmail", user: "me@gmail.com"},
		{target: "gmail", user: "me@GoogleMail.com"},
		{target: "gmail", user: ""},
		{target: "icloud", user: "", name: "me"}, // takes the local part
		{target: "imaps://imap.own.example", user: "", name: "me"},
		{target: "gmail", user: "me@gmail.com", name: "me"},
		{target: "gmail", user: "me@workspace.example", dns: dns},
		{target: "office365", user: "me@exchange.example", dns: dns},
		{target: "office365", user: "me@corp.onmicrosoft.com"},
		{target: "office365", user: "me@outlook.com"}, // one server for both
		{target: "outlook", user: "me@msn.com"},
		{target: "outlook", user: "me@exchange.example", dns: dns},
		{target: "me@gmail.com", user: "me@gmail.com"},
		{target: "gmail.com", user: "you@gmail.com"},
		{target: "workspace.example", user: "me@Workspace.example.", dns: dns},
		{target: "imaps://imap.example.com", user: "me@own.example"},
		{target: "imaps://imap.gmail.com", user: "me@own.example"},
		{target: "imaps://imap.gmail.com", user: "me@gmail.com"},
		{target: "imaps://localhost:1143", user: "me@lan"},

		{target: "gmail", user: "", name: "me", want: "Gmail wants the whole address as user name; did you mean me@gmail.com?"},
		{target: "workspace.example", user: "", name: "me", dns: dns, want: "did you mean me@workspace.example?"},
		{target: "office365", user: "", name: "me", want: "wants the whole address as user name"},
		{target: "imaps://imap.gmail.com", user: "", name: "me", want: "did you mean me@gmail.com?"},
		{target: "imaps://imap.gmail.com", user: "me@gmial.com", dns: dns, want: "did you mean me@gmail.com?"},
		{target: "imaps://imap.gmail.com", user: "me@gmial.com", want: "did you mean me@gmail.com?"},
		{target: "imaps://imap.gmail.com", user: "me@own.example", dns: dns, want: "nothing shows that it is Gmail", chosen: true},
		{target: "imaps://imap.own.example", user: "me@gmial.com", want: "did you mean me@gmail.com", chosen: true},
		{target: "gmail", user: "me@outlook.com", want: "me@outlook.com: outlook.com is a domain of Outlook.com, Hotmail.com, Live.com, not of Gmail; its own settings are verified by 'mailprobe outlook'"},
		{target: "yahoo", user: "me@aol.com", want: "not of Yahoo!"},
		{target: "gmail", user: "me@gmial.com", dns: dns, want: "its mail servers (MX) cannot be found: NXDOMAIN\\x1b; did you mean me@gmail.com?"},
		{target: "gmail", user: "me@gmial.com", want: "there is no DNS server to ask where it receives its mail; did you mean me@gmail.com?"},
		{target: "gmail", user: "me@gmail", dns: dns, want: "gmail is no mail domain of Gmail; did you mean me@gmail.com?"},
		{target: "gmail", user: "Me <me@gmail.com>", dns: dns, want: "is no mail domain of Gmail"},
		{target: "gmail", user: "me@exchange.example", dns: dns, want: "exchange.example receives its mail at exchange-example.mail.protection.outlook.com, which belongs to Office 365, not to Gmail"},
		{target: "gmail", user: "me@own.example", dns: dns, want: "own.example receives its mail at mx.own.example, which belongs to no provider that is known; nothing shows that it is Gmail"},
		{target: "gmail", user: "me@mixed.example", dns: dns, want: "at aspmx.l.google.com and mx.own.example, which belong to no one provider"},
		{target: "workspace.example", user: "me@own.example", dns: dns, want: "nothing shows that it is Gmail"},
		{target: "gmail", user: "me@gmail.com", name: "me@outlook.com", want: "me@outlook.com: "},
		{target: "imaps://imap.gmail.com", user: "me@outlook.com", want: "not of Gmail"},
		{target: "imaps://imap.example.com", user: "me@outlook.com", want: "and imap.example.com is no server of it that is known", chosen: true},
	} {
		r := Resolver{Catalogue: catalog.Load(), MX: row.dns}
		target, err := r.Resolve(t.Context(), row.target)
		if err != nil {
			t.Fatal(err)
		}
		err = r.Belongs(t.Context(), target, Account{Address: row.user, Name: row.name})
		stranger, _ := errors.AsType[*StrangerError](err)
		if row.want == "" != (err == nil) || err != nil && (!strings.Contains(err.Error(), row.want) || stranger.Chosen != row.chosen) {
			t.Errorf("%s as %q %q\ngot  %v\nwant %s", row.target, row.user, row.name, err, cmp.Or(row.want, fmt.Sprint(nil)))
		}
	}
}

// Servers that are named one by one count each by itself.
func TestBelongsToEachServer(t *testing.T) {
	r := Resolver{Catalogue: catalog.Load()}
	for _, row := range []struct {
		servers []string
		want    string
	}{
		{[]string{"imaps://imap.gmail.com", "submissions://smtp.gmail.com"}, ""},
		{[]string{"imaps://imap.gmail.com", "submissions://smtp.own.example"}, "smtp.own.example is no server of it"},
		{[]string{"imaps://imap.own.example", "submissions://smtp.mail.me.com"}, "not of iCloud"},
	} {
		var all Target
		for _, text := range row.servers {
			one, err := r.Resolve(t.Context(), text)
			if err != nil {
				t.Fatal(err)
			}
			all.Settings = append(all.Settings, one.Settings...)
		}
		err := r.Belongs(t.Context(), all, Account{Address: "me@gmail.com"})
		if (err == nil) != (row.want == "") || err != nil && !strings.Contains(err.Error(), row.want) {
			t.Errorf("%v\ngot  %v\nwant %s", row.servers, err, row.want)
		}
	}
}

func TestPlain(t *testing.T) {
	for text, want := range map[string]bool{
		"me@example.com": true, "me+tag@example.com": true, "50%d@example.org": true, "jürgen@example.org": true, "me@bücher.example": true,
		"o'brien@example.org": true, `"two words"@example.org`: true, "me@localhost": true,
		"": false, "me": false, "@example.com": false, "me@": false, "user@@gmail.com": false, "user@evil.example@gmail.com": false,
		"me me@gmail.com": false, "me@gmail.com,you@gmail.com": false, ".me@gmail.com": false, "me.@gmail.com": false, "m..e@gmail.com": false,
		"me@gmail.com.": false, "me@gmail.com\u200b": false, "me\u00a0@gmail.com": false, "me@\uff47mail.com": false, "<me@gmail.com>": false,
		"me@test.example:p4ss": false, "me@gmail..com": false,
	} {
		if got := Plain(text); got != want {
			t.Errorf("%q\n got %t\nwant %t", text, got, want)
		}
	}
}

// TestMistyped: what an address may have meant whose domain is nearly known.
func TestMistyped(t *testing.T) {
	r := Resolver{Catalogue: catalog.Load()}
	for address, want := range map[string]string{
		"me@gmial.com": "me@gmail.com", "me@gmail.com": "", "me@own.example": "", "me": "", "": "", "gmial": "", "me@": "",
	} {
		if got := strings.Join(r.Mistyped(address), " "); !strings.Contains(got, want) || (got == "") != (want == "") {
			t.Errorf("%q\ngot  %q\nwant %q", address, got, want)
		}
	}
}
