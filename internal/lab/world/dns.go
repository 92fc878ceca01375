package world

import (
	"net"
	"net/netip"
	"strings"

	"github.com/miekg/dns"
)

// A zone answers questions as a world says.
type zone struct {
	world *World
	hosts []host
}

// serveDNS answers at the resolver's port 53 until the process ends.
func (z zone) serveDNS() error {
	if z.world.DNS == "none" {
		return nil
	}
	at := netip.AddrPortFrom(resolver, 53).String()
	packets, err := net.ListenPacket("udp", at)
	if err != nil {
		return err
	}
	streams, err := net.Listen("tcp", at)
	if err != nil {
		return err
	}
	go (&dns.Server{PacketConn: packets, Handler: z}).ActivateAndServe()
	go (&dns.Server{Listener: streams, Handler: z}).ActivateAndServe()
	return nil
}

// ServeDNS answers one question.
func (z zone) ServeDNS(w dns.ResponseWriter, q *dns.Msg) {
	m := new(dns.Msg).SetReply(q)
	m.RecursionAvailable = true
	name := strings.TrimSuffix(strings.ToLower(q.Question[0].Name), ".")
	answer, odd := z.world.answerTo(name)
	if z.world.DNS != "" {
		answer, odd = z.world.DNS, true
	}
	if !odd {
		answer = z.usual(name)
	}
	if answer != "silent" && z.answer(m, answer) {
		w.WriteMsg(m)
	}
}

// usual is what a working DNS says of a name.
func (z zone) usual(name string) string {
	for _, h := range z.hosts {
		if h.name == name {
			return strings.Join(texts(h.addrs), " ")
		}
	}
	return "nxdomain"
}

func texts(addrs []netip.Addr) []string {
	var list []string
	for _, a := range addrs {
		list = append(list, a.String())
	}
	return list
}

func (z zone) answer(m *dns.Msg, answer string) bool {
	switch answer {
	case "nxdomain":
		m.Rcode = dns.RcodeNameError
		return true
	case "servfail":
		m.Rcode = dns.RcodeServerFailure
		return true
	case "refused":
		m.Rcode = dns.RcodeRefused
		return true
	case "nodata":
		return true
	}
	name := m.Question[0].Name
	if target, ok := strings.CutPrefix(answer, "alias "); ok {
		m.Answer = append(m.Answer, &dns.CNAME{Hdr: header(name, dns.TypeCNAME), Target: dns.Fqdn(target)})
		name, answer = dns.Fqdn(target), z.usual(target)
		if answer == "nxdomain" {
			m.Rcode = dns.RcodeNameError
		}
	}
	for _, text := range strings.Fields(answer) {
		if addr, err := netip.ParseAddr(text); err == nil {
			m.Answer = append(m.Answer, records(name, m.Question[0].Qtype, addr)...)
		}
	}
	return true
}

func header(name string, kind uint16) dns.RR_Header {
	return dns.RR_Header{Name: name, Rrtype: kind, Class: dns.ClassINET, Ttl: 60}
}

// records is an address as a record, if it is of the kind asked for.
func records(name string, kind uint16, a netip.Addr) []dns.RR {
	switch {
	case kind == dns.TypeA && a.Is4():
		return []dns.RR{&dns.A{Hdr: header(name, kind), A: a.AsSlice()}}
	case kind == dns.TypeAAAA && a.Is6():
		return []dns.RR{&dns.AAAA{Hdr: header(name, kind), AAAA: a.AsSlice()}}
	}
	return nil
}
