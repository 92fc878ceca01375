package auth

import (
	"errors"
	"strings"
	"testing"
)

func TestChoose(t *testing.T) {
	all := []string{"CRAM-MD5", "LOGIN", "PLAIN", "SCRAM-SHA-1", "SCRAM-SHA-1-PLUS", "SCRAM-SHA-256", "SCRAM-SHA-256-PLUS", "XOAUTH2", "OAUTHBEARER", "EXTERNAL", "GSSAPI"}
	for _, row := range []struct {
		name  string
		offer Offer
		want  string
		why   Reason
	}{
		{"all, with binding", Offer{Kind: Password, Offered: all, Native: "USER", Binding: true}, "PLAIN", ""},
		{"all, without binding", Offer{Kind: Password, Offered: all}, "PLAIN", ""},
		{"SHA-1 over its PLUS", Offer{Kind: Password, Offered: []string{"SCRAM-SHA-1-PLUS", "SCRAM-SHA-1"}, Binding: true}, "SCRAM-SHA-1", ""},
		{"SHA-1 over SHA-256 PLUS", Offer{Kind: Password, Offered: []string{"SCRAM-SHA-1", "SCRAM-SHA-256-PLUS"}, Binding: true}, "SCRAM-SHA-1", ""},
		{"PLUS alone", Offer{Kind: Password, Offered: []string{"SCRAM-SHA-256-PLUS"}, Binding: true}, "SCRAM-SHA-256-PLUS", ""},
		{"PLAIN over SCRAM", Offer{Kind: Password, Offered: []string{"PLAIN", "SCRAM-SHA-1", "SCRAM-SHA-256"}}, "PLAIN", ""},
		{"LOGIN over SCRAM", Offer{Kind: Password, Offered: []string{"SCRAM-SHA-256", "LOGIN"}}, "LOGIN", ""},
		{"SCRAM where nothing else is", Offer{Kind: Password, Offered: []string{"SCRAM-SHA-1", "SCRAM-SHA-256"}}, "SCRAM-SHA-256", ""},
		{"encrypted: SHA-256 over PLAIN", Offer{Kind: Password, Encrypted: true, Offered: []string{"PLAIN", "SCRAM-SHA-1", "SCRAM-SHA-256"}, Native: "USER"}, "SCRAM-SHA-256", ""},
		{"encrypted: SCRAM over CRAM-MD5", Offer{Kind: Password, Encrypted: true, Offered: []string{"CRAM-MD5", "SCRAM-SHA-1"}}, "SCRAM-SHA-1", ""},
		{"encrypted: CRAM-MD5 over PLAIN", Offer{Kind: Password, Encrypted: true, Offered: []string{"PLAIN", "CRAM-MD5"}, Native: "USER"}, "CRAM-MD5", ""},
		{"encrypted: PLAIN where a PLUS is announced", Offer{Kind: Password, Encrypted: true, Offered: []string{"PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-256-PLUS"}, Binding: true}, "PLAIN", ""},
		{"encrypted: PLAIN where nothing else is", Offer{Kind: Password, Encrypted: true, Offered: []string{"PLAIN"}}, "PLAIN", ""},
		{"encrypted says nothing of tokens", Offer{Kind: Token, Encrypted: true, Offered: all}, "OAUTHBEARER", ""},
		{"PLAIN where a PLUS is announced", Offer{Kind: Password, Offered: []string{"PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-256-PLUS"}, Binding: true}, "PLAIN", ""},
		{"the command where a PLUS is announced", Offer{Kind: Password, Offered: []string{"SCRAM-SHA-256", "scram-sha-1-plus"}, Native: "USER"}, "USER", ""},
		{"the command over SHA-256", Offer{Kind: Password, Offered: []string{"SCRAM-SHA-256"}, Native: "USER"}, "USER", ""},
		{"SHA-256 over CRAM-MD5", Offer{Kind: Password, Offered: []string{"CRAM-MD5", "SCRAM-SHA-256"}}, "SCRAM-SHA-256", ""},
		{"PLAIN over LOGIN", Offer{Kind: Password, Offered: []string{"LOGIN", "PLAIN"}}, "PLAIN", ""},
		{"PLAIN over CRAM-MD5", Offer{Kind: Password, Offered: []string{"CRAM-MD5", "PLAIN"}}, "PLAIN", ""},
		{"LOGIN over the command", Offer{Kind: Password, Offered: []string{"LOGIN"}, Native: "USER"}, "LOGIN", ""},
		{"the command over CRAM-MD5", Offer{Kind: Password, Offered: []string{"CRAM-MD5"}, Native: "USER"}, "USER", ""},
		{"CRAM-MD5 where nothing else is", Offer{Kind: Password, Offered: []string{"CRAM-MD5", "NTLM"}}, "CRAM-MD5", ""},
		{"the command alone", Offer{Kind: Password, Native: "LOGIN"}, "LOGIN", ""},
		{"any case", Offer{Kind: Password, Offered: []string{"plain"}}, "PLAIN", ""},
		{"auto", Offer{Want: "AUTO", Kind: Password, Offered: []string{"PLAIN"}}, "PLAIN", ""},
		{"token: the standard one", Offer{Kind: Token, Offered: all}, "OAUTHBEARER", ""},
		{"token: the provider's", Offer{Kind: Token, Offered: all, Preferred: "xoauth2"}, "XOAUTH2", ""},
		{"token: the provider's is not there", Offer{Kind: Token, Offered: []string{"OAUTHBEARER"}, Preferred: "XOAUTH2"}, "OAUTHBEARER", ""},
		{"token: a preference for a password is none", Offer{Kind: Token, Offered: all, Preferred: "PLAIN"}, "OAUTHBEARER", ""},
		{"token: the command does not serve", Offer{Kind: Token, Offered: []string{"XOAUTH2"}, Native: "USER"}, "XOAUTH2", ""},
		{"certificate", Offer{Kind: Certificate, Offered: all, Native: "USER"}, "EXTERNAL", ""},

		{"forced", Offer{Want: "cram-md5", Kind: Password, Offered: all}, "CRAM-MD5", ""},
		{"forced, old name", Offer{Want: "scram_sha256", Kind: Password, Offered: all}, "SCRAM-SHA-256", ""},
		{"forced, as announced", Offer{Want: "AUTH=plain", Kind: Password, Offered: all}, "PLAIN", ""},
		{"forced, the command", Offer{Want: "user", Kind: Password, Offered: all, Native: "USER"}, "USER", ""},
		{"forced LOGIN is the command if there is one", Offer{Want: "LOGIN", Kind: Password, Native: "LOGIN"}, "LOGIN", ""},
		{"forced, a command by its other name", Offer{Want: "user", Kind: Password, Offered: all, Native: "USER/PASS", Commands: map[string]string{"USER": "USER/PASS"}}, "USER/PASS", ""},
		{"forced LOGIN is the mechanism first", Offer{Want: "LOGIN", Kind: Password, Offered: all, Commands: map[string]string{"LOGIN": "IMAP LOGIN"}}, "LOGIN", ""},
		{"forced LOGIN is the command then", Offer{Want: "LOGIN", Kind: Password, Offered: []string{"PLAIN"}, Commands: map[string]string{"LOGIN": "IMAP LOGIN"}}, "IMAP LOGIN", ""},
		{"APOP is never chosen", Offer{Kind: Password, Commands: map[string]string{"APOP": "APOP"}}, "", NoneUsable},
		{"forced APOP", Offer{Want: "apop", Kind: Password, Offered: all, Commands: map[string]string{"APOP": "APOP"}}, "APOP", ""},
		{"forced APOP, no timestamp", Offer{Want: "APOP", Kind: Password, Offered: []string{"PLAIN"}}, "", NotOffered},
		{"forced APOP with token", Offer{Want: "APOP", Kind: Token, Commands: map[string]string{"APOP": "APOP"}}, "", WrongKind},
		{"forced, not offered", Offer{Want: "SCRAM-SHA-256", Kind: Password, Offered: []string{"PLAIN"}, Native: "USER"}, "", NotOffered},
		{"forced, no such command", Offer{Want: "USER", Kind: Password, Offered: all}, "", NotOffered},
		{"forced, cannot do", Offer{Want: "GSSAPI", Kind: Password, Offered: all}, "", NotKnown},
		{"forced, wrong kind", Offer{Want: "XOAUTH2", Kind: Password, Offered: all}, "", WrongKind},
		{"forced, command with token", Offer{Want: "USER", Kind: Token, Offered: all, Native: "USER"}, "", WrongKind},
		{"forced PLUS, no binding", Offer{Want: "SCRAM-SHA-1-PLUS", Kind: Password, Offered: all}, "", NoBinding},
		{"password, tokens only", Offer{Kind: Password, Offered: []string{"XOAUTH2", "OAUTHBEARER"}}, "", OAuthOnly},
		{"token, passwords only", Offer{Kind: Token, Offered: []string{"PLAIN"}}, "", PasswordOnly},
		{"token, the command only", Offer{Kind: Token, Native: "USER"}, "", PasswordOnly},
		{"nothing offered", Offer{Kind: Password}, "", NoneUsable},
		{"nothing known", Offer{Kind: Password, Offered: []string{"GSSAPI", "NTLM"}}, "", DomainOnly},
		{"a domain's and one that is not known", Offer{Kind: Password, Offered: []string{"gssapi", "X-OWN"}}, "", NoneUsable},
		{"certificate, no EXTERNAL", Offer{Kind: Certificate, Offered: []string{"PLAIN"}}, "", NoneUsable},
	} {
		t.Run(row.name, func(t *testing.T) {
			got, err := firstWay(row.offer.Ways())
			var e *MechanismError
			errors.As(err, &e)
			switch {
			case got != row.want:
				t.Fatalf("got %q, %v\nwant %q", got, err, row.want)
			case row.why == "" && err != nil:
				t.Fatalf("got error %v", err)
			case row.why != "" && (e == nil || e.Reason != row.why):
				t.Fatalf("got error %v\nwant reason %s", err, row.why)
			}
			if row.why == NotOffered || row.why == OAuthOnly || row.why == PasswordOnly {
				for _, m := range row.offer.Offered {
					if !strings.Contains(err.Error(), m) {
						t.Errorf("the error does not say that %s is offered: %v", m, err)
					}
				}
			}
		})
	}
}

func firstWay(ways []string, err error) (string, error) {
	if err != nil {
		return "", err
	}
	return ways[0], nil
}

// TestFurtherWays: behind the choice stand the others, each once.
func TestFurtherWays(t *testing.T) {
	login := map[string]string{"LOGIN": "IMAP LOGIN", LoginCommand: "IMAP LOGIN"}
	for _, row := range []struct {
		name  string
		offer Offer
		want  string
	}{
		{"passwords", Offer{Kind: Password, Offered: []string{"CRAM-MD5", "LOGIN", "PLAIN", "SCRAM-SHA-1", "XOAUTH2"}, Native: "USER"}, "PLAIN LOGIN USER SCRAM-SHA-1 CRAM-MD5"},
		{"encrypted passwords", Offer{Kind: Password, Encrypted: true, Offered: []string{"CRAM-MD5", "LOGIN", "PLAIN", "SCRAM-SHA-1", "XOAUTH2"}, Native: "USER"}, "SCRAM-SHA-1 CRAM-MD5 PLAIN LOGIN USER"},
		{"the preferred one", Offer{Kind: Password, Offered: []string{"LOGIN", "PLAIN"}, Preferred: "LOGIN"}, "LOGIN PLAIN"},
		{"tokens", Offer{Kind: Token, Offered: []string{"PLAIN", "XOAUTH2", "OAUTHBEARER"}, Native: "USER"}, "OAUTHBEARER XOAUTH2"},
		{"forced", Offer{Want: "PLAIN", Kind: Password, Offered: []string{"LOGIN", "PLAIN"}, Native: "USER"}, "PLAIN"},
		{"forced, one word for two", Offer{Want: "LOGIN", Kind: Password, Offered: []string{"LOGIN", "PLAIN"}, Native: "IMAP LOGIN", Commands: login}, "LOGIN IMAP LOGIN"},
		{"forced, the command", Offer{Want: "login-command", Kind: Password, Offered: []string{"LOGIN", "PLAIN"}, Native: "IMAP LOGIN", Commands: login}, "IMAP LOGIN"},
	} {
		got, err := row.offer.Ways()
		if strings.Join(got, " ") != row.want || err != nil {
			t.Errorf("%s\ngot  %q, %v\nwant %s", row.name, got, err, row.want)
		}
	}
}

func TestNoBindingNoPlus(t *testing.T) {
	got, err := firstWay(Offer{Want: "auto", Kind: Password, Offered: []string{"PLAIN", "SCRAM-SHA-256-PLUS"}}.Ways())
	if got != "PLAIN" || err != nil {
		t.Errorf("got %q, %v\nwant PLAIN: there is no binding", got, err)
	}
}

func TestMechanismsCanAllBeForced(t *testing.T) {
	for _, m := range Mechanisms() {
		known, _ := mechanismNamed(m)
		got, err := firstWay(Offer{Want: strings.ToLower(m), Kind: known.kind, Offered: Mechanisms(), Binding: true}.Ways())
		if got != m || err != nil {
			t.Errorf("%s: got %q, %v", m, got, err)
		}
	}
}
