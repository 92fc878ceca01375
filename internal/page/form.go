package page

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"mime"
	"net/http"
	"net/url"
	"strings"

	"mailprobe/internal/auth"
	"mailprobe/internal/language"
)

// How much is taken of a form, in bytes as they are sent.
const (
	maxRequest = 8 << 10
	maxPasted  = 1 << 20
	maxTarget  = 300
)

// form reads a form of at most so many bytes.
func form(w http.ResponseWriter, r *http.Request, most int64) (url.Values, error) {
	if kind, _, err := mime.ParseMediaType(r.Header.Get("Content-Type")); err != nil || kind != "application/x-www-form-urlencoded" {
		return nil, &refusal{http.StatusUnsupportedMediaType, "This is no form of this page."}
	}
	r.Body = http.MaxBytesReader(w, r.Body, most)
	err := r.ParseForm()
	if _, large := errors.AsType[*http.MaxBytesError](err); large {
		return nil, &refusal{http.StatusRequestEntityTooLarge, "That is too long. Paste only what the error says."}
	}
	if err != nil {
		return nil, &refusal{http.StatusBadRequest, "The form cannot be read."}
	}
	return r.PostForm, nil
}

// request makes a request of a form. Blanks are part of a password.
func (p *Page) request(v url.Values) Request {
	return Request{
		Target: strings.TrimSpace(v.Get("target")), User: strings.TrimSpace(v.Get("user")), Password: auth.NewSecret(v.Get("password")),
		Language: p.language(v), agreed: v.Get("agreed"),
	}
}

// check finds what is no target at all; nil: it may be one.
func (r Request) check() *Problem {
	_, server, isURL := strings.Cut(r.Target, "://")
	switch {
	case r.Target == "":
		return &Problem{Target, r.Language.Say("Type an address, a provider or a server first, such as me@gmail.com.")}
	case len(r.Target) > maxTarget || len(r.User) > maxTarget:
		return &Problem{Target, r.Language.Say("That is too long for an address or a server.")}
	case isURL && strings.Contains(server, "@"):
		return &Problem{Target, r.Language.Say("A server is named without a user name and a password. Type these into their own fields.")}
	}
	return nil
}

// language is the one that was chosen, or that of the page.
func (p *Page) language(v url.Values) *language.Language {
	for _, l := range p.o.Languages {
		if l.Tag() == v.Get("language") {
			return l
		}
	}
	return p.o.Report.Language
}

// Agreed reports whether a question was answered with yes, about this very
// target and user.
func (r Request) Agreed(question string) bool {
	return same(r.agreed, mark(r.Target, r.User, question))
}

// mark names a question about a target and a user.
func mark(target, user, question string) string {
	sum := sha256.Sum256([]byte(target + "\x00" + user + "\x00" + question))
	return hex.EncodeToString(sum[:])
}
