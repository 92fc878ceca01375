package main

import (
	"bytes"
	"slices"
	"strings"
	"testing"

	"mailprobe/internal/catalog"
	"mailprobe/internal/lab"
	"mailprobe/internal/settings"
)

// gmailBox is a lab of Gmail, and of Yahoo and AOL, with one account under several addresses, and the
// flags that reach it.
func gmailBox(t *testing.T, accounts ...lab.Account) box {
	t.Helper()
	var endpoints []settings.Endpoint
	for _, id := range []string{"gmail", "yahoo", "aol"} {
		p, _ := catalog.Load().Lookup(id)
		for _, s := range p.Settings() {
			endpoints = append(endpoints, s.Endpoint)
		}
	}
	endpoints = append(endpoints, settings.Endpoint{Protocol: settings.IMAP, Host: "imap.own.example", Port: 993, Security: settings.TLS})
	l, err := lab.Start(t.Context(), lab.Options{Servers: lab.Servers(endpoints...), Accounts: accounts})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	return box{l, append(l.Flags(write(t, "ca.pem", l.CAPEM())), "--no-prompt")}
}

const ownPassword = "abcdefghijklmnop" // as app passwords of Gmail look

// A password goes to a provider only for an account that is known to be its
// own, or where the user says so; otherwise nothing is dialled.
func TestPasswordOfAStranger(t *testing.T) {
	t.Parallel()
	var accounts []lab.Account
	for _, user := range []string{"me@gmail.com", "me@workspace.example", "me@own.example", "me@outlook.com", "me", "me@gmial.com"} {
		accounts = append(accounts, lab.Account{Address: user, Password: ownPassword, Token: "good-token"})
	}
	b := gmailBox(t, accounts...)
	dns := mxServer(t, map[string]string{
		"workspace.example.": "10 aspmx.l.google.com., 20 alt1.aspmx.l.google.com.",
		"own.example.":       "10 mx.own.example., 50 aspmx.l.google.com.",
		"exchange.example.":  "10 exchange-example.mail.protection.outlook.com.",
	})
	password, token := []string{"--password-file", write(t, "password", []byte(ownPassword))}, []string{"--token-file", write(t, "token", []byte("good-token"))}
	for _, row := range []struct {
		name, target, user string
		more               []string
		status             int
		stderr             string // empty: nothing is said
	}{
		{"its own", "gmail", "me@gmail.com", password, exitWorks, ""},
		{"a company's that is hosted there", "gmail", "me@workspace.example", password, exitWorks, ""},
		{"a company's own domain", "workspace.example", "me@workspace.example", password, exitWorks, "workspace.example receives its mail at aspmx.l.google.com"},
		{"by leave", "gmail", "me@own.example", append(password, "--yes"), exitWorks, ""},
		{"another's by leave", "gmail", "me@outlook.com", append(password, "--yes"), exitWorks, ""},
		{"a token", "gmail", "me@own.example", token, exitWorks, ""},
		{"a server by name", "imaps://imap.own.example", "me@own.example", password, exitWorks, ""},
		{"a company's at a server by name", "imaps://imap.gmail.com", "me@workspace.example", password, exitWorks, ""},
		{"hosted elsewhere, at a server by name", "imaps://imap.gmail.com", "me@own.example", password, exitWorks, "own.example receives its mail at mx.own.example"},
		{"a name alone where it is taken", "imaps://imap.own.example", "-me", password, exitWorks, ""},
		{"a name alone by leave", "gmail", "-me", append(password, "--yes"), exitWorks, ""},
		{"mistyped at a server that nobody knows", "imaps://imap.own.example", "me@gmial.com", password, exitWorks, "did you mean me@gmail.com"},
		{"a server by name, whose is not known", "imaps://imap.own.example", "me@outlook.com", password, exitWorks, "imap.own.example is no server of it that is known"},

		{"another's", "gmail", "me@outlook.com", password, exitUsage, "outlook.com is a domain of Outlook.com, Hotmail.com, Live.com, not of Gmail"},
		{"another's, with no password", "gmail", "me@outlook.com", nil, exitUsage, "not of Gmail"},
		{"another's token", "gmail", "me@outlook.com", token, exitUsage, "not of Gmail"},
		{"another's at a server by name", "imaps://imap.gmail.com", "me@outlook.com", password, exitUsage, "not of Gmail"},
		{"mistyped", "gmail", "me@gmial.com", password, exitUsage, "did you mean me@gmail.com?"},
		{"half a domain", "gmail", "me@gmail", password, exitUsage, "did you mean me@gmail.com?"},
		{"with a name before it", "gmail", "Me <me@gmail.com>", password, exitUsage, "write it like me@gmail.com"},
		{"mistyped at a server by name", "imaps://imap.gmail.com", "me@gmial.com", password, exitUsage, "did you mean me@gmail.com?"},
		{"half a domain at a server by name", "imaps://imap.gmail.com", "me@gmail", password, exitUsage, "did you mean me@gmail.com?"},
		{"a name alone", "gmail", "bob", password, exitUsage, "is not a mail address"},
		{"a name alone by --username", "gmail", "-bob", password, exitUsage, "Gmail wants the whole address as user name; did you mean bob@gmail.com?"},
		{"a name alone at a server by name", "imaps://imap.gmail.com", "-bob", password, exitUsage, "did you mean bob@gmail.com?"},
		{"hosted elsewhere", "gmail", "me@exchange.example", password, exitUsage, "which belongs to Office 365, not to Gmail"},
		{"hosted there as a second choice", "gmail", "me@own.example", password, exitUsage, "own.example receives its mail at mx.own.example"},
		{"a domain that does not exist", "gmail", "me@gone.example", password, exitUsage, "its mail servers (MX) cannot be found"},
		{"a domain that is not the target's", "workspace.example", "me@own.example", password, exitUsage, "receives its mail at mx.own.example"},
	} {
		t.Run(row.name, func(t *testing.T) {
			before := b.Total().SignIns()
			var stdout, stderr bytes.Buffer
			a := &app{stdin: strings.NewReader(""), stdout: &stdout, stderr: &stderr}
			as := []string{"--user", row.user}
			if name, bare := strings.CutPrefix(row.user, "-"); bare {
				as = []string{"--username", name}
			}
			got := a.run(t.Context(), slices.Concat([]string{row.target, "--dns-server", dns}, as, row.more, b.flags))
			if got != row.status || !strings.Contains(stderr.String(), row.stderr) || row.stderr == "" && stderr.Len() > 0 {
				t.Errorf("got  %d %s%s\nwant %d %s", got, stderr.String(), stdout.String(), row.status, row.stderr)
			}
			if tries := b.Total().SignIns() - before; (tries > 0) != (row.status == exitWorks) {
				t.Errorf("sign-ins\ngot  %d\nwant some: %v", tries, row.status == exitWorks)
			}
		})
	}
}

// A netrc file's password goes to the host that it names and to no other.
func TestNetrcForEachHost(t *testing.T) {
	t.Parallel()
	b := gmailBox(t, lab.Account{Address: "me@gmail.com", Password: ownPassword})
	for _, row := range []struct {
		name, netrc, outcomes string
		targets               []string
		status                int
	}{
		{"each", "machine imap.gmail.com password " + ownPassword + " machine pop.gmail.com password " + ownPassword + " machine smtp.gmail.com password " + ownPassword,
			"accepted PLAIN, accepted PLAIN, accepted PLAIN", []string{"gmail"}, exitWorks},
		{"one", "machine imap.gmail.com password " + ownPassword, "accepted PLAIN, skipped, skipped", []string{"gmail"}, exitUnknown},
		{"another first", "machine imap.gmail.com password wrong machine pop.gmail.com password " + ownPassword,
			"accepted PLAIN", []string{"pop3s://pop.gmail.com"}, exitWorks},
	} {
		t.Run(row.name, func(t *testing.T) {
			var stdout, stderr bytes.Buffer
			a := &app{stdin: strings.NewReader(""), stdout: &stdout, stderr: &stderr}
			got := a.run(t.Context(), slices.Concat(row.targets, []string{"--user", "me@gmail.com", "--netrc-file", write(t, "netrc", []byte(row.netrc)), "--json"}, b.flags))
			if outcomes := statuses(t, stdout.String()); got != row.status || outcomes != row.outcomes {
				t.Errorf("got  %d %s %s\nwant %d %s", got, outcomes, stderr.String(), row.status, row.outcomes)
			}
		})
	}
	// Of two targets each is shown its own.
	var stdout, stderr bytes.Buffer
	a := &app{stdin: strings.NewReader(""), stdout: &stdout, stderr: &stderr}
	netrc := write(t, "netrc", []byte("machine imap.gmail.com login me@gmail.com password "+ownPassword+" machine imap.own.example login me@gmail.com password other"))
	got := a.run(t.Context(), slices.Concat([]string{"imaps://imap.gmail.com", "imaps://imap.own.example", "--user", "me@gmail.com", "--netrc-file", netrc}, b.flags))
	if got != exitFails || !strings.Contains(stdout.String(), "rejected") || !strings.Contains(stdout.String(), "accepted") {
		t.Errorf("got  %d %s%s\nwant the first accepted and the second, with its own password, rejected", got, stdout.String(), stderr.String())
	}
}
