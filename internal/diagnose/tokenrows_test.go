package diagnose

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"mailprobe/internal/catalog"
	"mailprobe/internal/lab/detector"
	"mailprobe/internal/probe"
	"mailprobe/internal/settings"

	"go.yaml.in/yaml/v3"
)

// ofPasswords are words that nobody must read who has shown an access token.
var ofPasswords = regexp.MustCompile(`(?i)pass(word|code)s?|authori[sz]ation code`)

// bearable are the sentences in which a password is named beside a token, or as
// what ends one.
var bearable = regexp.MustCompile(`old password or token|after a change of the password|app passwords and OAuth tokens|no problem of the password`)

// Every text of a mail server that a row of the tables knows is said in the
// words of tokens where one was shown, at the provider that it is from.
func TestRowsWithToken(t *testing.T) {
	detector.Spare(t)
	files, err := filepath.Glob("../replies/tables/*.yaml")
	if err != nil || len(files) < 20 {
		t.Fatalf("got  %d tables, %v", len(files), err)
	}
	providers := catalog.Load()
	for _, name := range files {
		data, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		var table struct {
			Provider string   `yaml:"provider"`
			Serves   []string `yaml:"serves"`
			Rows     []struct {
				Layer     string              `yaml:"layer"`
				Protocols []settings.Protocol `yaml:"protocols"`
				Samples   []string            `yaml:"samples"`
			} `yaml:"rows"`
		}
		if err := yaml.Unmarshal(data, &table); err != nil {
			t.Fatal(err)
		}
		for _, id := range append(table.Serves, table.Provider) {
			p, known := providers.Lookup(id)
			if !known && id != "any" {
				continue
			}
			for _, row := range table.Rows {
				for _, sample := range row.Samples {
					switch row.Layer {
					case "auth":
						refuseToken(t, p, sample)
					case "session", "policy":
						refuseMailbox(t, p, sample)
					}
				}
			}
		}
	}
}

// refuseToken lets a server refuse an access token with a text.
func refuseToken(t *testing.T, p *settings.Provider, sample string) {
	if r, ok := refusalOf(sample); ok {
		speakOfTokens(t, p, sample, r, signInFindings)
	}
}

// refuseMailbox lets a server accept an access token and refuse what follows.
func refuseMailbox(t *testing.T, p *settings.Provider, sample string) {
	r, ok := refusalOf(sample)
	if !ok || r.Auth.Reply.Ends() {
		return
	}
	r.AccessReply, r.Auth.Status = r.Auth.Reply, probe.AuthAccepted
	r.Steps = []probe.Step{{Phase: probe.Access, Status: probe.Failed, Err: &probe.ReplyError{Command: "EXAMINE", Reply: *r.AccessReply}}}
	speakOfTokens(t, p, sample, r, accessFindings)
}

// speakOfTokens holds that a rule speaks of nothing that a token is not.
func speakOfTokens(t *testing.T, p *settings.Provider, sample string, r *probe.Result, judge rule) {
	c := Context{Provider: p, Kind: "token", Setting: &settings.Setting{Endpoint: r.Endpoint}}
	for _, f := range judge(r, c) {
		if f = c.advise(f); strings.HasPrefix(f.Code, "send.") {
			continue // a password that was stolen is changed all the same
		}
		if words := bearable.ReplaceAllString(f.Says()+" "+f.Advises(), ""); ofPasswords.MatchString(words) || f.Advises() == "" {
			id := "any"
			if p != nil {
				id = p.ID
			}
			t.Errorf("%s: %s\ngot  %s: %s\nwant advice, and nothing of passwords", id, sample, f.Code, words)
		}
	}
}

// refusalOf is a sign-in with an access token that got a reply; ok is false for
// a text that is none.
func refusalOf(sample string) (r *probe.Result, ok bool) {
	parts := regexp.MustCompile(`^(?:\S{1,6} )??(\* )?(NO|BAD|BYE|-ERR|[45]\d\d)[ -](?s:(.*))$`).FindStringSubmatch(sample)
	if parts == nil {
		return nil, false
	}
	protocol := map[string]settings.Protocol{"-ERR": settings.POP3, "NO": settings.IMAP, "BAD": settings.IMAP, "BYE": settings.IMAP}[parts[2]]
	if protocol == "" {
		protocol = settings.SMTP
	}
	reply := probe.NewReply(parts[2], parts[3])
	r = &probe.Result{
		Endpoint:   settings.Endpoint{Protocol: protocol, Host: "mail.example.com", Port: 993, Security: settings.TLS},
		SecretSent: true, Token: reading(nil),
		Auth: probe.Auth{Status: probe.AuthRejected, Mechanism: "XOAUTH2", Username: "me@corp.example", Reply: &reply, Sent: true, Begun: true, Taken: true},
	}
	if reply.Temporary() {
		r.Auth.Status = probe.AuthUnknown
	}
	return r, !strings.HasPrefix(sample, "+OK")
}
