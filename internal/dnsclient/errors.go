package dnsclient

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"os"
	"strings"
)

// A NoServerError says that the system does not tell which DNS servers it
// uses, so that none can be asked.
type NoServerError struct {
	Path string // the file that should name them
	Err  error
}

func (e *NoServerError) Error() string { return fmt.Sprintf("no DNS server in %s: %v", e.Path, e.Err) }
func (e *NoServerError) Unwrap() error { return e.Err }

// A BadServerError says that a DNS server was given in a form that cannot be
// read.
type BadServerError struct {
	Server string
	Err    error
}

func (e *BadServerError) Error() string {
	return fmt.Sprintf("DNS server %q: %v; give an address or a name, with :PORT if it is not 53", e.Server, e.Err)
}

func (e *BadServerError) Unwrap() error { return e.Err }

// A NameError says why a DNS server is not asked for a name.
type NameError struct {
	Name   string
	Reason string
}

func (e *NameError) Error() string {
	return fmt.Sprintf("DNS is not asked for %q: %s", e.Name, e.Reason)
}

// A ServerError says why a server gave no answer that can be used.
type ServerError struct {
	Server string
	Err    error
}

func (e *ServerError) Error() string {
	switch {
	case errors.Is(e.Err, os.ErrDeadlineExceeded), errors.Is(e.Err, context.DeadlineExceeded):
		return fmt.Sprintf("DNS server %s does not answer in time", e.Server)
	default:
		return fmt.Sprintf("DNS server %s: %v", e.Server, e.Err)
	}
}

func (e *ServerError) Unwrap() error { return e.Err }

// What a server can send that is no answer.
var (
	ErrMalformed  = errors.New("its message cannot be read")
	ErrMismatched = errors.New("it answers another question")
	ErrTruncated  = errors.New("its answer is cut off")
	ErrAliases    = errors.New("the aliases (CNAME) lead in a circle, or are too many")
	ErrReferral   = errors.New("it refers to other servers instead of asking them")
)

// A FoundError says that the DNS server gives addresses, though the operating
// system's resolver did not.
type FoundError struct{ Addrs []netip.Addr }

func (e *FoundError) Error() string {
	texts := make([]string, len(e.Addrs))
	for i, a := range e.Addrs {
		texts[i] = a.String()
	}
	return "the DNS server does give an address: " + strings.Join(texts, ", ")
}

// A RefusalError is an answer with a code other than NOERROR.
type RefusalError struct {
	Server string
	Rcode  string // "NXDOMAIN", "SERVFAIL", "REFUSED", ...
	EDE    string // as in Answer
}

func (e *RefusalError) Error() string {
	text := fmt.Sprintf("DNS server %s answers %s", e.Server, e.Rcode)
	if e.EDE != "" {
		text += ": " + e.EDE
	}
	return text
}

// Why a domain that exists has no mail servers.
var (
	ErrNullMX = errors.New("the domain says that it takes no mail (null MX)")
	ErrNoMX   = errors.New("the domain has no usable MX record")
)

// plain takes the ports and addresses of this side out of a network error.
func plain(err error) error {
	var op *net.OpError
	if errors.As(err, &op) {
		return op.Err
	}
	return err
}
