package target

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"mailprobe/internal/discover"
	"mailprobe/internal/published"
	"mailprobe/internal/settings"
)

// publishing is domains and what they publish.
type publishing map[string][]discover.Report

func (p publishing) Ask(_ context.Context, target string) (*discover.Result, error) {
	domain, err := discover.Domain(target)
	return &discover.Result{Target: target, Domain: domain, Sources: p[domain]}, err
}

func offer(url, user string) published.Offer {
	e, err := settings.ParseURL(url)
	if err != nil {
		panic(err)
	}
	return published.Offer{Protocol: e.Protocol, Host: e.Host, Port: e.Port, Security: e.Security, Username: settings.Template(user), SignIn: []string{"password"}}
}

func says(source discover.Source, where string, offers ...published.Offer) discover.Report {
	r := discover.Report{Source: source, Where: where, Status: discover.Found, Offers: offers}
	if len(offers) == 0 {
		r.Status = discover.None
	}
	return r
}

const acURL = "https://autoconfig.corp.example/mail/config-v1.1.xml"

// domains are what the tests here ask.
func domains() publishing {
	imap, smtp := offer("imaps://imap.corp.example", "%EMAILLOCALPART%"), offer("submissions://smtp.corp.example", "%EMAILADDRESS%")
	return publishing{
		"corp.example":    {says(discover.Autoconfig, acURL, imap, smtp), says(discover.SRV, "x", imap, offer("imaps://old.corp.example", ""))},
		"hosted.example":  {says(discover.SRV, "x", offer("imaps://imap.hoster.example", ""))},
		"trusted.example": {says(discover.Autoconfig, acURL, offer("imaps://imap.hoster.example", ""))},
		"guessed.example": {says(discover.Guess, "guessed.example", offer("imaps://imap.guessed.example", ""))},
		"silent.example":  {says(discover.Autoconfig, acURL), says(discover.MX, "silent.example MX mx.nobody.example")},
		"mixed.example":   {says(discover.Autoconfig, acURL), says(discover.MX, "mixed.example MX mx.small.example, mx.nobody.example")},
	}
}

func TestPublishes(t *testing.T) {
	for _, row := range []struct{ text, user, settings, also, err string }{
		{"me@corp.example", "me@corp.example", "imaps://imap.corp.example:993 autoconfig, submissions://smtp.corp.example:465 autoconfig, imaps://old.corp.example:993 srv", "[srv] [] []", ""},
		{"CORP.example", "", "imaps://imap.corp.example:993 autoconfig, submissions://smtp.corp.example:465 autoconfig, imaps://old.corp.example:993 srv", "[srv] [] []", ""},
		{"guessed.example", "", "imaps://imap.guessed.example:993 guess", "[]", ""},
		{"mixed.example", "", "", "", "it publishes no settings; its mail arrives at mx.small.example and mx.nobody.example, which belong to no one provider that is known"},
		{"silent.example", "", "", "", "it publishes no settings; its mail arrives at mx.nobody.example, which belongs to no provider that is known"},
	} {
		got, err := Resolver{Catalogue: known(t), Domains: domains()}.Resolve(t.Context(), row.text)
		if (err != nil) != (row.err != "") || err != nil && !strings.Contains(err.Error(), row.err) {
			t.Errorf("%s: got  %v\nwant %s", row.text, err, row.err)
		}
		var also []string
		for _, s := range got.Settings {
			also = append(also, fmt.Sprint(s.AlsoFrom))
		}
		if listed(got.Settings) != row.settings || got.User != row.user || strings.Join(also, " ") != row.also {
			t.Errorf("%s\n got %s, %q, %s\nwant %s, %q, %s", row.text, listed(got.Settings), got.User, also, row.settings, row.user, row.also)
		}
	}
}

func TestPublishedUserName(t *testing.T) {
	got, err := Resolver{Catalogue: known(t), Domains: domains()}.Resolve(t.Context(), "me@corp.example")
	if err != nil || (Account{Address: "me@corp.example"}).Username(got.Settings[0]) != "me" || got.Settings[0].Source.URL != acURL {
		t.Errorf("got  %+v, %v", got.Settings, err)
	}
}

// A secret goes only to servers that the account's own domain names, and that
// nobody could have put there.
func TestPublishedServersAndStrangers(t *testing.T) {
	for _, row := range []struct{ target, account, err string }{
		{"corp.example", "me@corp.example", ""},
		{"corp.example", "me@else.example", "for its own accounts, not for those of else.example"},
		{"hosted.example", "me@hosted.example", "nothing but DNS without a signature says that imap.hoster.example is the server of hosted.example"},
		{"hosted.example", "me", "nothing but DNS without a signature says that imap.hoster.example is the server of hosted.example"},
		{"trusted.example", "me@trusted.example", ""},
	} {
		r := Resolver{Catalogue: known(t), Domains: domains()}
		target, err := r.Resolve(t.Context(), row.target)
		if err != nil {
			t.Fatal(err)
		}
		err = r.Belongs(t.Context(), target, Account{Address: row.account})
		if (err != nil) != (row.err != "") || err != nil && !strings.Contains(err.Error(), row.err) {
			t.Errorf("%s %s\n got %v\nwant %s", row.target, row.account, err, row.err)
		}
	}
}

func TestGuessedIsSaid(t *testing.T) {
	got, err := Resolver{Catalogue: known(t), Domains: domains()}.Resolve(t.Context(), "guessed.example")
	if err != nil || !got.Guessed || !strings.Contains(strings.Join(got.Notes, " "), "guessed by their names, and no password goes to them") {
		t.Errorf("got  %+v, %v", got, err)
	}
}

func TestExpect(t *testing.T) {
	small, _ := known(t).Lookup("small")
	small2 := domains()
	small2["moved.example"] = []discover.Report{says(discover.Autoconfig, acURL, offer("imaps://imap.small.example", "")), says(discover.SRV, "x", offer("imaps://imap.old.example", ""))}
	for text, want := range map[string]string{
		"moved.example": "the SRV record _imaps._tcp.moved.example points to imap.old.example:993, which is no server of Small Mail.",
		"small.example": "",
		"small":         "",

		"imaps://imap.small.example": "",
		"imaps://imap.other.example": "imap.other.example: no server of Small Mail, which is expected.",
		"silent.example":             "the MX record of silent.example points to mx.nobody.example, which is no server of Small Mail.",
	} {
		got, err := Resolver{Catalogue: known(t), Domains: small2, Expect: small}.Resolve(t.Context(), text)
		var said []string
		for _, f := range got.Beside {
			said = append(said, f.Says())
		}
		if err != nil || strings.Join(said, " ") != want || len(got.Settings) == 0 {
			t.Errorf("%s: got  %v %v\nwant %s", text, said, err, want)
		}
	}
}

func TestBareServers(t *testing.T) {
	for _, row := range []struct{ text, provider, settings, err string }{
		{"imap.small.example", "small", "imaps://imap.small.example:993 catalogue", ""},
		{"SMTP.small.example:465", "small", "submissions://smtp.small.example:465 catalogue", ""},
		{"imap.corp.example:993", "", "imaps://imap.corp.example:993 url", ""},
		{"imap.corp.example:143", "", "imap://imap.corp.example:143 url", ""},
		{"smtp.corp.example:587", "", "submission://smtp.corp.example:587 url", ""},
		{"imap.corp.example:9999", "", "", "unknown provider"},
		{"imap.corp.example:x", "", "", `port "x" is out of range`},
		{"imap.smal.example:993", "", "", "did you mean imaps://imap.small.example:993"},
	} {
		got, err := Resolver{Catalogue: known(t)}.Resolve(t.Context(), row.text)
		if listed(got.Settings) != row.settings || idOf(got.Provider) != row.provider || (err != nil) != (row.err != "") || err != nil && !strings.Contains(err.Error(), row.err) {
			t.Errorf("%s: got  %s %s %v\nwant %s %s %s", row.text, idOf(got.Provider), listed(got.Settings), err, row.provider, row.settings, row.err)
		}
	}
}
