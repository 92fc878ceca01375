package lab

import (
	"crypto/subtle"
	"slices"
	"strings"
	"sync"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapserver/imapmemserver"

	"mailprobe/internal/settings"
)

const (
	maxMessage = 1 << 20 // bytes of one message
	maxStore   = 8 << 20 // bytes that one account takes in while the lab runs
	overhead   = 1 << 10 // what a message or folder costs beside its text
)

// An Account can sign in at every server of the lab.
type Account struct {
	Address  string
	Password string // empty: no sign-in by password
	Token    string // OAuth2 access token; empty: no sign-in by token
}

// An account is an Account with its mail. IMAP and POP3 hold copies of their
// own: what one deletes stays with the other.
type account struct {
	Account
	imap *imapmemserver.User

	mu   sync.Mutex
	drop []*letter
	used int64
	last int // id of the newest letter
}

// A letter is one message of a POP3 maildrop.
type letter struct {
	text string // lines end with CRLF
	id   int    // for UIDL: never used again (RFC 1939 §7)
}

type accounts []*account

func newAccounts(list []Account) accounts {
	all := make(accounts, len(list))
	for i, a := range list {
		user := imapmemserver.NewUser(a.Address, a.Password)
		user.Create("INBOX", nil) // the first folder of a new user: it cannot exist already
		all[i] = &account{Account: a, imap: user}
	}
	return all
}

// find returns the first account that is meant, or nil.
func (all accounts) find(meant func(*account) bool) *account {
	if i := slices.IndexFunc(all, meant); i >= 0 {
		return all[i]
	}
	return nil
}

// byAddress returns the account that gets the mail for address, or nil.
func (all accounts) byAddress(address string) *account {
	return all.find(func(a *account) bool { return strings.EqualFold(a.Address, address) })
}

// byPassword returns the account that username and password open, or nil.
func (all accounts) byPassword(form settings.Template, username, password string) *account {
	return all.find(func(a *account) bool { return a.named(form, username) && same(a.Password, password) })
}

// byToken returns the account that username and token open, or nil.
func (all accounts) byToken(form settings.Template, username, token string) *account {
	return all.find(func(a *account) bool { return a.named(form, username) && same(a.Token, token) })
}

// haveToken reports whether anybody can sign in by OAuth2.
func (all accounts) haveToken() bool {
	return slices.ContainsFunc(all, func(a *account) bool { return a.Token != "" })
}

func (a *account) named(form settings.Template, username string) bool {
	if form == "" {
		return slices.ContainsFunc([]settings.Template{
			settings.FullAddress, settings.LocalPart, settings.LocalPart + "." + settings.Domain, settings.LocalPart + "%" + settings.Domain,
		}, func(known settings.Template) bool { return a.named(known, username) })
	}
	return strings.EqualFold(username, form.For(a.Address))
}

// same compares secrets. An empty secret opens nothing.
func same(have, got string) bool {
	return have != "" && subtle.ConstantTimeCompare([]byte(have), []byte(got)) == 1
}

// charge takes size bytes from the account's room, or reports that there is
// not enough.
func (a *account) charge(size int64) bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.used+size+overhead > maxStore {
		return false
	}
	a.used += size + overhead
	return true
}

// deliver puts a message into the INBOX and the maildrop. It reports false
// if there is no room.
func (a *account) deliver(text string) bool {
	if !a.charge(2 * int64(len(text))) {
		return false
	}
	_, err := a.imap.Append("INBOX", literal{strings.NewReader(text)}, &imap.AppendOptions{})
	if err != nil {
		return false
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	a.last++
	a.drop = append(a.drop, &letter{text: text, id: a.last})
	return true
}

// letters returns the maildrop as it is now.
func (a *account) letters() []*letter {
	a.mu.Lock()
	defer a.mu.Unlock()
	return slices.Clone(a.drop)
}

// remove deletes letters from the maildrop.
func (a *account) remove(gone map[*letter]bool) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.drop = slices.DeleteFunc(a.drop, func(m *letter) bool { return gone[m] })
}

// A literal is a message in the form in which the IMAP library takes it.
type literal struct{ *strings.Reader }

func (l literal) Size() int64 { return l.Reader.Size() }
