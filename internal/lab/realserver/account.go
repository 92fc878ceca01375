package realserver

import (
	"encoding/base64"
	"fmt"
	"net/mail"
	"slices"
	"strings"
)

// An Account can sign in and receives mail.
type Account struct {
	User     string // a mail address
	Password string
}

// DefaultAccounts returns the accounts of a server that was not told of any.
// The second and third have passwords that careless quoting breaks.
func DefaultAccounts() []Account {
	return []Account{
		{"alice@example.org", "correct horse"},
		{"carol@example.org", `p"w\ äß€ %x#' end `},
		{"dave@example.org", "a:b{PLAIN}%u=$HOME~&"},
	}
}

// defaultMechanisms returns the SASL mechanisms of a server that was not told
// of any. EXTERNAL is not among them: with it the server asks every client
// for a certificate.
func defaultMechanisms() []string {
	return []string{"PLAIN", "LOGIN", "CRAM-MD5", "SCRAM-SHA-1", "SCRAM-SHA-256", "XOAUTH2", "OAUTHBEARER"}
}

// passwordFile writes accounts as Dovecot's passwd-file. Base64 lets a
// password hold the colon that separates the fields. User names are escaped,
// because Dovecot escapes those that it looks for.
func passwordFile(accounts []Account) []byte {
	escape := strings.NewReplacer(`\`, `\\`, `"`, `\"`, `'`, `\'`)
	var b strings.Builder
	for _, a := range accounts {
		fmt.Fprintf(&b, "%s:{PLAIN.b64}%s\n", escape.Replace(a.User), base64.StdEncoding.EncodeToString([]byte(a.Password)))
	}
	return []byte(b.String())
}

// passwordlessFile writes accounts as a passwd-file that asks for no password:
// for EXTERNAL, where the certificate has said enough.
func passwordlessFile(accounts []Account) []byte {
	var b strings.Builder
	for _, a := range accounts {
		fmt.Fprintf(&b, "%s:::::::nopassword=y\n", a.User)
	}
	return []byte(b.String())
}

// recipients are the accounts whose names Postfix can be told as they are:
// addresses that need no quotes. The others sign in and get no mail.
func recipients(accounts []Account) []Account {
	return slices.DeleteFunc(slices.Clone(accounts), func(a Account) bool {
		address, err := mail.ParseAddress("<" + a.User + ">")
		return err != nil || address.Address != a.User
	})
}

// domains returns the mail domains of accounts, each once.
func domains(accounts []Account) []string {
	var found []string
	for _, a := range accounts {
		_, domain, _ := strings.Cut(a.User, "@")
		found = append(found, domain)
	}
	slices.Sort(found)
	return slices.Compact(found)
}
