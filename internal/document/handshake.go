package document

import (
	"errors"

	"mailprobe/internal/probe"
	"mailprobe/internal/tlscheck"
	"mailprobe/internal/tlscheck/rawhello"
)

// A TLSScan is what a server accepts by way of TLS.
type TLSScan struct {
	Versions         []VersionScan `json:"versions"`
	Groups           []Text        `json:"groups"`
	DHBits           *int          `json:"dh_bits"`
	NoExtendedMaster bool          `json:"no_extended_master_secret"`
	NoRenegotiation  bool          `json:"no_secure_renegotiation"`
	Compression      bool          `json:"compression"`
	Hellos           int           `json:"hellos"`
	Complete         bool          `json:"complete"`
	Error            Maybe         `json:"error"`
}

// A VersionScan is what a server accepts in one version.
type VersionScan struct {
	Version     Text   `json:"version"`
	Suites      []Text `json:"suites"`
	ServerOrder bool   `json:"server_order"`
	FirstOnly   bool   `json:"first_only"`
}

// A TLSFailure is a handshake that did not come about.
type TLSFailure struct {
	Failure Text  `json:"failure"`
	Alert   *int  `json:"alert"`
	Local   bool  `json:"local"`
	Reason  Maybe `json:"explained_reason"`
	Version Maybe `json:"version"`
	Suite   Maybe `json:"suite"`
	Group   Maybe `json:"group"`
	Hellos  int   `json:"hellos"`
}

func scanOf(s *tlscheck.Scanned) *TLSScan {
	if s == nil {
		return nil
	}
	v := &TLSScan{
		Versions: Each(s.Versions, versionScan), Groups: names(s.Groups, rawhello.GroupName),
		NoExtendedMaster: s.NoExtendedMaster, NoRenegotiation: s.NoRenegotiation, Compression: s.Compression,
		Hellos: s.Hellos, Complete: s.Complete, Error: reason(s.Err),
	}
	if s.DHBits != 0 {
		v.DHBits = &s.DHBits
	}
	return v
}

func versionScan(v tlscheck.VersionScan) VersionScan {
	return VersionScan{Text(rawhello.VersionName(v.Version)), names(v.Suites, rawhello.SuiteName), v.ServerOrder, v.First}
}

func names(ids []uint16, name func(uint16) string) []Text {
	return Each(ids, func(id uint16) Text { return Text(name(id)) })
}

// failureOf returns how the handshake of a dialogue failed; nil: none did.
func failureOf(r *probe.Result) *TLSFailure {
	var e *tlscheck.HandshakeError
	if s := r.FailedStep(); s == nil || !errors.As(s.Err, &e) {
		return nil
	}
	v := &TLSFailure{Failure: Text(e.Failure), Local: e.Local}
	if e.Failure == tlscheck.Alert {
		alert := int(e.Alert)
		v.Alert = &alert
	}
	if x := e.Explained; x != nil {
		v.Reason, v.Hellos = Maybe(x.Reason), x.Hellos
		v.Version, v.Suite, v.Group = chosen(x.Version, rawhello.VersionName), chosen(x.Suite, rawhello.SuiteName), chosen(x.Group, rawhello.GroupName)
	}
	return v
}

// chosen returns the name of what a server chose; empty: it chose nothing.
func chosen(id uint16, name func(uint16) string) Maybe {
	if id == 0 {
		return ""
	}
	return Maybe(name(id))
}
