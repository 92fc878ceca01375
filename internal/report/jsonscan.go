package report

import (
	"errors"

	"mailprobe/internal/probe"
	"mailprobe/internal/tlscheck"
	"mailprobe/internal/tlscheck/rawhello"
)

type scanView struct {
	Versions         []versionView `json:"versions"`
	Groups           []text        `json:"groups"`
	DHBits           *int          `json:"dh_bits"`
	NoExtendedMaster bool          `json:"no_extended_master_secret"`
	NoRenegotiation  bool          `json:"no_secure_renegotiation"`
	Compression      bool          `json:"compression"`
	Hellos           int           `json:"hellos"`
	Complete         bool          `json:"complete"`
	Error            *text         `json:"error"`
}

type versionView struct {
	Version     text   `json:"version"`
	Suites      []text `json:"suites"`
	ServerOrder bool   `json:"server_order"`
	FirstOnly   bool   `json:"first_only"`
}

// A failureView is a handshake that did not come about.
type failureView struct {
	Failure text  `json:"failure"`
	Alert   *int  `json:"alert"`
	Local   bool  `json:"local"`
	Reason  *text `json:"explained_reason"`
	Version *text `json:"version"`
	Suite   *text `json:"suite"`
	Group   *text `json:"group"`
	Hellos  int   `json:"hellos"`
}

func viewScan(s *tlscheck.Scanned) *scanView {
	if s == nil {
		return nil
	}
	return &scanView{
		Versions: each(s.Versions, viewVersion), Groups: names(s.Groups, rawhello.GroupName), DHBits: numberOrNull(s.DHBits),
		NoExtendedMaster: s.NoExtendedMaster, NoRenegotiation: s.NoRenegotiation, Compression: s.Compression,
		Hellos: s.Hellos, Complete: s.Complete, Error: errorText(s.Err),
	}
}

func viewVersion(v tlscheck.VersionScan) versionView {
	return versionView{text(rawhello.VersionName(v.Version)), names(v.Suites, rawhello.SuiteName), v.ServerOrder, v.First}
}

func names(ids []uint16, name func(uint16) string) []text {
	return each(ids, func(id uint16) text { return text(name(id)) })
}

// handshakeOf returns the handshake with which a probe failed; nil: none did.
func handshakeOf(r *probe.Result) *tlscheck.HandshakeError {
	var e *tlscheck.HandshakeError
	if s := r.FailedStep(); s != nil && errors.As(s.Err, &e) {
		return e
	}
	return nil
}

func viewFailure(e *tlscheck.HandshakeError) *failureView {
	if e == nil {
		return nil
	}
	v := &failureView{Failure: text(e.Failure), Local: e.Local}
	if e.Failure == tlscheck.Alert {
		alert := int(e.Alert)
		v.Alert = &alert
	}
	if x := e.Explained; x != nil {
		v.Reason, v.Hellos = orNull(string(x.Reason)), x.Hellos
		v.Version, v.Suite, v.Group = nameOrNull(x.Version, rawhello.VersionName), nameOrNull(x.Suite, rawhello.SuiteName), nameOrNull(x.Group, rawhello.GroupName)
	}
	return v
}

// nameOrNull returns nil for zero, which stands for nothing chosen.
func nameOrNull(id uint16, name func(uint16) string) *text {
	if id == 0 {
		return nil
	}
	return orNull(name(id))
}

func numberOrNull(n int) *int {
	if n == 0 {
		return nil
	}
	return &n
}
