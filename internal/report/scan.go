package report

import (
	"fmt"
	"strings"

	"mailprobe/internal/safe"
	"mailprobe/internal/tlscheck"
	"mailprobe/internal/tlscheck/rawhello"
	"mailprobe/internal/verify"
)

// scans adds what servers accept by way of TLS, if that was asked: once for
// all that accept the same.
func (p *page) scans(endpoints []verify.Endpoint) {
	var found []string
	servers := map[string][]string{}
	for _, e := range endpoints {
		if e.Scan == nil {
			continue
		}
		text := p.accepted(e.Scan)
		if servers[text] == nil {
			found = append(found, text)
		}
		servers[text] = append(servers[text], e.Protocol.Name()+" "+address(e.Endpoint))
	}
	for _, text := range found {
		p.line()
		p.paragraph(p.strong, "", "  ", "TLS accepted by "+strings.Join(servers[text], ", ")+":")
		p.WriteString(text)
	}
}

// accepted is what one server accepts.
func (p *page) accepted(s *tlscheck.Scanned) string {
	b := block{&page{ink: p.ink, o: p.o}, "  ", 2, 14}
	for _, v := range s.Versions {
		b.field(rawhello.VersionName(v.Version), strings.Join(namesIn(v.Suites, rawhello.SuiteName), " "))
		b.field("", orderWords(v))
	}
	if len(s.Versions) == 0 {
		b.field("Versions", "none was seen")
	}
	b.field("Groups", strings.Join(namesIn(s.Groups, rawhello.GroupName), " "))
	if s.DHBits > 0 {
		b.field("Diffie-Hellman", fmt.Sprintf("groups down to %d bits", s.DHBits))
	}
	b.field("TLS 1.2 lacks", strings.Join(lacking(s), ", "))
	if s.Compression {
		b.field("Compression", "accepted")
	}
	b.field("Not complete", unfinished(s))
	b.field("Asked", "with "+count(s.Hellos, "hello")+", each on a connection of its own")
	return b.String()
}

func orderWords(v tlscheck.VersionScan) string {
	switch {
	case v.First:
		return "(its first choice; more was not asked)"
	case v.ServerOrder:
		return "(in the server's own order)"
	case len(v.Suites) > 1:
		return "(the server follows the order of the mail program)"
	}
	return ""
}

func lacking(s *tlscheck.Scanned) []string {
	var list []string
	if s.NoExtendedMaster {
		list = append(list, "extended master secret (RFC 7627)")
	}
	if s.NoRenegotiation {
		list = append(list, "secure renegotiation (RFC 5746)")
	}
	return list
}

// unfinished says why there may be more than is listed; empty: there is not.
func unfinished(s *tlscheck.Scanned) string {
	switch {
	case s.Complete:
		return ""
	case s.Err != nil:
		return "there may be more: " + safe.Clip(s.Err.Error(), maxEvidence)
	}
	return "there may be more: no more hellos are sent to one server"
}

func namesIn(ids []uint16, name func(uint16) string) []string {
	list := make([]string, len(ids))
	for i, id := range ids {
		list[i] = name(id)
	}
	return list
}
