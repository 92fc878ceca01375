package source

import (
	"errors"
	"fmt"
	"strings"
)

// ErrNoEntry is inside the *Error of a netrc file or keyring that has no
// entry for the account.
var ErrNoEntry = errors.New("no entry")

// errNobody says that there is nobody to ask.
var errNobody = errors.New("no terminal")

// A ConflictError says that two secrets are given.
type ConflictError struct{ First, Second string }

func (e *ConflictError) Error() string {
	cure := "leave one of them out"
	for _, name := range []string{e.First, e.Second} {
		if strings.HasPrefix(name, "MAILPROBE_") {
			cure = "leave one of them out (unset " + name + " to use the other)"
			break
		}
	}
	return fmt.Sprintf("two secrets are given, by %s and by %s; %s", e.First, e.Second, cure)
}

// An Error says why a source gave no secret. It quotes nothing that may be
// secret.
type Error struct {
	Source string // the flag or variable
	Err    error
}

func (e *Error) Error() string { return e.Source + ": " + e.Err.Error() }
func (e *Error) Unwrap() error { return e.Err }
