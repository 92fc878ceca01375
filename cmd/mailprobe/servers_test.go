package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"mailprobe/internal/catalog"
	"mailprobe/internal/lab/realserver"
	"mailprobe/internal/settings"
)

// servers are the real Dovecot and Postfix of all tests here. Their
// certificate is good for every host of the catalogue.
var servers = realserver.Shared{Options: func() realserver.DovecotOptions {
	return realserver.DovecotOptions{
		Accounts:  realAccounts(),
		HostNames: slices.Concat([]string{"mail.test"}, catalogueHosts(), publishedHosts()),
	}
}}

const realPassword = "correct horse"

// oddPasswords break careless quoting, escaping and encoding.
var oddPasswords = []string{`p"w\ äß€ %x#' end `, "a:b{PLAIN}%u=$HOME~&", ` "\"\\ `}

// oddUsers are user names that break careless quoting.
var oddUsers = append([]string{"50%d@example.org"}, noSenders...)

// noSenders are user names that cannot stand in MAIL FROM as they are.
var noSenders = []string{`o"brien\x@example.org`, "two words@example.org", "jürgen.müller@example.org"}

// realAccounts has one account for each test that counts sign-ins.
func realAccounts() []realserver.Account {
	var accounts []realserver.Account
	for _, name := range []string{"alice", "bob", "courier", "heard", "modes", "shared"} {
		accounts = append(accounts, realserver.Account{User: name + "@example.org", Password: realPassword})
	}
	for _, domain := range publishingDomains {
		accounts = append(accounts, realserver.Account{User: "ida@" + domain, Password: realPassword})
	}
	for i, password := range oddPasswords {
		accounts = append(accounts, realserver.Account{User: fmt.Sprintf("odd%d@example.org", i), Password: password})
	}
	for i, user := range oddUsers {
		accounts = append(accounts, realserver.Account{User: user, Password: oddPasswords[i%len(oddPasswords)]})
	}
	for _, p := range servedProviders() {
		for _, user := range providerUsers(p) {
			accounts = append(accounts, realserver.Account{User: user, Password: realPassword})
		}
	}
	return accounts
}

// mostUsed are those whose settings are tried at real servers: the documented
// rows of the first seven, and the most used of the others, of each kind.
var mostUsed = []string{
	"aol", "gmail", "icloud", "msn", "office365", "outlook", "yahoo",
	"comcast", "fastmail", "gmx", "mail-ru", "qq", "t-online", "tim", "web-de", "yahoo-japan", "yandex",
}

// servedProviders are the providers that are tried at real servers.
func servedProviders() []*settings.Provider {
	all := catalog.Load()
	var list []*settings.Provider
	for _, id := range mostUsed {
		p, ok := all.Lookup(id)
		if !ok {
			panic("no provider " + id)
		}
		list = append(list, p)
	}
	return list
}

// providerUsers are the names under which a provider's test signs in: the
// address, and where the provider documents it the part before the @.
func providerUsers(p *settings.Provider) []string {
	local := "tester-" + p.ID
	users := []string{local + "@" + append(p.Domains, "example.org")[0]}
	for _, s := range p.Settings() {
		if s.Role == settings.Documented && s.Username == settings.LocalPart {
			return append(users, local)
		}
	}
	return users
}

func catalogueHosts() []string {
	var hosts []string
	for _, p := range servedProviders() {
		for _, s := range p.Settings() {
			hosts = append(hosts, s.Host)
		}
	}
	return hosts
}

// A jsonReport is what these tests read of the JSON report.
type jsonReport struct {
	Verdict   string
	Endpoints []struct {
		Protocol settings.Protocol
		Verdict  string
		Phases   []struct{ Name, Status, Note string }
		Auth     struct {
			Status, Mechanism, Reply, Reason string
		}
		CredentialSent bool `json:"credential_sent"`
		Message        message
		Findings       []struct{ Code, Blame, Message string }
	}
}

// A message is what became of a test message at an endpoint; zero: nothing.
type message struct{ Sent, Seen, Deleted bool }

// phase returns the status of one phase of an endpoint.
func (d jsonReport) phase(endpoint int, name string) string {
	for _, p := range d.Endpoints[endpoint].Phases {
		if p.Name == name {
			return p.Status
		}
	}
	return ""
}

// codes returns the codes of an endpoint's findings.
func (d jsonReport) codes(endpoint int) []string {
	var codes []string
	for _, f := range d.Endpoints[endpoint].Findings {
		codes = append(codes, f.Code)
	}
	return codes
}

// A visit is one run of the command against real servers.
type visit struct {
	target string
	user   string // sent as it is; empty: none is named here
	secret string // empty: no sign-in
	token  bool   // the secret is a token
	ca     []byte
	args   []string
	routes map[settings.Endpoint]settings.Endpoint // where each endpoint really is
}

// run runs the command in this process and returns its status and report.
func (v visit) run(t *testing.T) (int, jsonReport) {
	t.Helper()
	args := append([]string{v.target, "--json", "--transcript"}, v.args...)
	args = append(args, "--cacert", write(t, "ca.pem", v.ca))
	for e, really := range v.routes {
		args = append(args, "--connect-to", e.Address()+":"+really.Address())
	}
	if v.user != "" {
		args = append(args, "--username", v.user)
	}
	if v.secret != "" {
		flag := "--password-file"
		if v.token {
			flag = "--token-file"
		}
		args = append(args, flag, write(t, "secret", []byte(v.secret)))
	}
	var stdout, stderr bytes.Buffer
	a := &app{stdin: &bytes.Buffer{}, stdout: &stdout, stderr: &stderr}
	status := a.run(t.Context(), args)
	for line := range strings.Lines(stderr.String()) {
		if strings.HasPrefix(line, "mailprobe: hint: ") {
			continue // of a password that looks odd
		}
		t.Errorf("stderr: %s", line)
	}
	if v.secret != "" {
		for _, form := range leaks(stdout.String(), forms(v.user, v.secret)) {
			t.Errorf("the report holds %q", form)
		}
	}
	var d jsonReport
	if err := json.Unmarshal(stdout.Bytes(), &d); err != nil {
		t.Fatalf("report: %v\n%s", err, stdout.String())
	}
	if testing.Verbose() {
		t.Log(stdout.String())
	}
	return status, d
}
