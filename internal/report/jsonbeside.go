package report

import (
	"crypto/tls"
	"crypto/x509"
	"fmt"

	"mailprobe/internal/diagnose"
	"mailprobe/internal/probe"
)

// An addressView is the dialogue at one other address of a host.
type addressView struct {
	Address     text           `json:"address"`
	Reached     *text          `json:"reached"`
	FailedPhase *text          `json:"failed_phase"`
	Error       *text          `json:"error"`
	TookMS      float64        `json:"took_ms"`
	StartTLS    text           `json:"starttls"`
	TLSVersion  *text          `json:"tls_version"`
	Certificate *shortCertView `json:"certificate"`
}

type shortCertView struct {
	Serial   text `json:"serial"`
	NotAfter text `json:"not_after"`
}

// A controlView is one connection that was made for comparison.
type controlView struct {
	Protocol  text    `json:"protocol"`
	Host      text    `json:"host"`
	Port      uint16  `json:"port"`
	Elsewhere bool    `json:"elsewhere"`
	TookMS    float64 `json:"took_ms"`
	Error     *text   `json:"error"`
}

func viewAddress(r *probe.Result) addressView {
	v := addressView{Address: text(addressOf(r)), Reached: orNull(reached(r)), TookMS: milliseconds(r.Took), StartTLS: text(stepOf(r, probe.StartTLS).Status)}
	if s := r.FailedStep(); s != nil {
		v.FailedPhase, v.Error = orNull(s.Phase), errorText(s.Err)
	}
	if r.TLS != nil {
		v.TLSVersion = orNull(tls.VersionName(r.TLS.Version))
	}
	if c := leafOf(r); c != nil {
		v.Certificate = &shortCertView{text(serial(c)), moment(c.NotAfter)}
	}
	return v
}

func viewControl(c diagnose.Control) controlView {
	e := c.Endpoint
	return controlView{text(e.Protocol), text(e.Host), e.Port, c.Elsewhere, milliseconds(c.Took), errorText(c.Err)}
}

// addressOf returns the address at which a dialogue was held or tried; empty:
// none is known.
func addressOf(r *probe.Result) string {
	switch {
	case r.RemoteAddr.IsValid():
		return r.RemoteAddr.Addr().String()
	case len(r.Tried) > 0:
		return r.Tried[0].Addr.Addr().String()
	case len(r.Resolved) > 0:
		return r.Resolved[0].String()
	}
	return ""
}

// reached returns the last phase that went well; empty: none did.
func reached(r *probe.Result) string {
	last := ""
	for _, ph := range phases {
		if r.Step(ph.name).Status == probe.OK {
			last = ph.name
		}
	}
	return last
}

func leafOf(r *probe.Result) *x509.Certificate {
	if r == nil || r.TLS == nil || len(r.TLS.Chain) == 0 {
		return nil
	}
	return r.TLS.Chain[0]
}

func serial(c *x509.Certificate) string { return fmt.Sprintf("%x", c.SerialNumber) }
