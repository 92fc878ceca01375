package document

import (
	"net/netip"
	"time"

	"mailprobe/internal/probe"
)

// An Address is the dialogue at one address of a host.
type Address struct {
	Address     Text              `json:"address"`
	Reached     Maybe             `json:"reached"`
	FailedPhase Maybe             `json:"failed_phase"`
	Error       Maybe             `json:"error"`
	Took        Millis            `json:"took_ms"`
	StartTLS    Text              `json:"starttls"`
	TLSVersion  Maybe             `json:"tls_version"`
	Certificate *ShortCertificate `json:"certificate"`
}

// A ShortCertificate is what tells one certificate from another.
type ShortCertificate struct {
	Serial    Text      `json:"serial"`
	NotBefore time.Time `json:"not_before"`
	NotAfter  time.Time `json:"not_after"`
	DaysLeft  int       `json:"days_left"` // when the run started; negative: since it ended; 0: less than a day
}

func addressOf(r *probe.Result) Address {
	var e Endpoint
	e.observe(r)
	return e.Used()
}

// Used returns the dialogue of e as one at its address: that at which it was
// held or tried; empty: none is known.
func (e *Endpoint) Used() Address {
	a := Address{Address: e.ip(), Took: e.Took, StartTLS: e.Phase(probe.StartTLS).Status}
	for _, ph := range e.Phases {
		if ph.Status == OK {
			a.Reached = Maybe(ph.Name)
		}
	}
	if failed := e.FailedStep(); failed != nil {
		a.FailedPhase, a.Error = Maybe(failed.Name), failed.Error
	}
	if e.TLS == nil {
		return a
	}
	a.TLSVersion = Maybe(e.TLS.Version)
	if len(e.TLS.Chain) > 0 {
		leaf := e.TLS.Chain[0].ShortCertificate
		a.Certificate = &leaf
	}
	return a
}

func (e *Endpoint) ip() Text {
	switch {
	case e.Address != "":
		return withoutPort(Text(e.Address))
	case len(e.Tried) > 0:
		return withoutPort(e.Tried[0].Address)
	case len(e.Resolved) > 0:
		return e.Resolved[0]
	}
	return ""
}

func withoutPort(address Text) Text {
	a, err := netip.ParseAddrPort(string(address))
	if err != nil {
		return address
	}
	return Text(a.Addr().String())
}
