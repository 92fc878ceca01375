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

// errNotAsked says that no DNS server is asked for a name.
var errNotAsked = errors.New("DNS is not asked")

func notAsked(name, reason string) error {
	return fmt.Errorf("%w for %q: %s", errNotAsked, name, reason)
}

// A serverError says why a server gave no answer that can be used.
type serverError struct {
	Server string
	Err    error
}

func (e *serverError) Error() string {
	switch {
	case errors.Is(e.Err, os.ErrDeadlineExceeded), errors.Is(e.Err, context.DeadlineExceeded):
		return fmt.Sprintf("DNS server %s does not answer in time", e.Server)
	default:
		return fmt.Sprintf("DNS server %s: %v", e.Server, e.Err)
	}
}

func (e *serverError) Unwrap() error { return e.Err }

// What a server can send that is no answer.
var (
	errMalformed  = errors.New("its message cannot be read")
	errMismatched = errors.New("it answers another question")
	errTruncated  = errors.New("its answer is cut off")
	errAliases    = errors.New("the aliases (CNAME) lead in a circle, or are too many")
	errReferral   = errors.New("it refers to other servers instead of asking them")
)

// A foundError says that the DNS server gives addresses, though the operating
// system's resolver did not.
type foundError struct{ Addrs []netip.Addr }

func (e *foundError) Error() string {
	texts := make([]string, len(e.Addrs))
	for i, a := range e.Addrs {
		texts[i] = a.String()
	}
	return "the DNS server does give an address: " + strings.Join(texts, ", ")
}

// refusal says that an answer has a code other than NOERROR.
func refusal(a Answer) error {
	text := fmt.Sprintf("DNS server %s answers %s", a.Server, a.Rcode)
	if a.EDE != "" {
		text += ": " + a.EDE
	}
	return errors.New(text)
}

// Why a domain that exists has no mail servers.
var (
	errNullMX = errors.New("the domain says that it takes no mail (null MX)")
	errNoMX   = errors.New("the domain has no usable MX record")
)

// plain takes the ports and addresses of this side out of a network error.
func plain(err error) error {
	var op *net.OpError
	if errors.As(err, &op) {
		return op.Err
	}
	return err
}
