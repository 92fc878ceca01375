package published

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"net/netip"
	"slices"
	"strings"

	"github.com/miekg/dns"

	"mailprobe/internal/finding"
	"mailprobe/internal/settings"
)

// maxRecords bounds what a zone holds; one line can stand for many ($GENERATE).
const maxRecords = 1 << 11

// looksLikeZone reports whether a line begins with a service for mail, as in a
// zone.
func looksLikeZone(data []byte) bool {
	for line := range strings.Lines(strings.ToLower(string(data[:min(len(data), 8192)]))) {
		for _, s := range settings.Services() {
			if strings.HasPrefix(line, s.Name) {
				return true
			}
		}
	}
	return false
}

// ReadZone reads lines of a DNS zone, of which the SRV records of services for
// mail count (RFC 6186, RFC 8314 §5.1). No file is included.
func ReadZone(data []byte) Document {
	d := Document{Read: true, Format: Zone}
	if len(data) > MaxSize {
		d.tooLarge(MaxSize)
		return d
	}
	lines := &lineReader{from: bufio.NewReader(bytes.NewReader(data))}
	z := dns.NewZoneParser(lines, ".", "")
	z.SetDefaultTTL(3600)
	records := 0
	for r, ok := z.Next(); ok; r, ok = z.Next() {
		if records++; records > maxRecords {
			d.unreadable(lines.line, "settings.too_large", "The document is larger than programs need to read: {why}.", "Publish the settings alone.", finding.Args{"why": "it has too many records"})
			return d
		}
		if srv, ok := r.(*dns.SRV); ok {
			d.service(srv, lines.line)
		}
	}
	if err := z.Err(); err != nil {
		d.unreadable(lines.line, "settings.not_well_formed", "The document is no valid {language}: {why}.", "Mend the line.", finding.Args{"language": "zone", "why": zoneFault(err)})
		return d
	}
	if records == 0 {
		d.unreadable(0, "settings.missing", "The document holds no records.", "Write the records of the domain.", nil)
	}
	return d
}

// zoneFault is what a parser says of a line, without what it calls itself.
func zoneFault(err error) string {
	if parse, ok := errors.AsType[*dns.ParseError](err); ok {
		return strings.TrimPrefix(parse.Error(), "dns: ")
	}
	return err.Error()
}

// service takes one record.
func (d *Document) service(r *dns.SRV, line int) {
	name := strings.ToLower(r.Hdr.Name)
	for _, s := range settings.Services() {
		domain, ok := strings.CutPrefix(name, s.Name+".")
		if !ok {
			continue
		}
		if domain = strings.TrimSuffix(domain, "."); domain != "" && d.DomainLine(domain) == 0 {
			d.domain(line, domain)
		}
		if r.Target == "." {
			return // it says that there is none
		}
		host, err := settings.Host(r.Target)
		again, _ := settings.Host(host)
		if _, number := netip.ParseAddr(host); err != nil || again != host || number == nil || r.Port == 0 {
			d.says(line, "settings.unknown_value", "The SRV record {name} is {value}, which names no server.", `Write priority, weight, port and host; "0 0 0 ." where there is none.`,
				finding.Args{"name": name, "value": fmt.Sprintf(`"%d %d %d %s"`, r.Priority, r.Weight, r.Port, r.Target)})
			return
		}
		o := Offer{Protocol: s.Protocol, Host: host, Port: r.Port, Security: s.Security, Priority: int(r.Priority), Weight: int(r.Weight), Line: line}
		if !slices.ContainsFunc(d.Offers, func(x Offer) bool { return x.Endpoint("") == o.Endpoint("") }) {
			d.offer(o) // the zone of one domain says the same as that of the next
		}
		return
	}
}

// A lineReader gives out one line at a time and counts them, so that the line is
// known at which a parser stands that does not tell.
type lineReader struct {
	from *bufio.Reader
	rest []byte
	line int
}

func (l *lineReader) Read(b []byte) (int, error) {
	if len(l.rest) == 0 {
		text, err := l.from.ReadBytes('\n')
		if len(text) == 0 {
			return 0, err
		}
		l.rest = text
		l.line++
	}
	n := copy(b, l.rest)
	l.rest = l.rest[n:]
	return n, nil
}
