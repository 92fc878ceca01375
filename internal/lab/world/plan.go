package world

import (
	"fmt"
	"net/netip"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"mailprobe/internal/settings"
)

// The addresses of this computer and of its neighbours. The resolver is the
// one of a home router.
var (
	own4, own6         = netip.MustParsePrefix("192.168.1.23/24"), netip.MustParsePrefix("2001:db8:1::23/64")
	gateway4, gateway6 = netip.MustParseAddr("192.168.1.1"), netip.MustParseAddr("2001:db8:1::1")
	resolver           = netip.MustParseAddr("192.168.1.53")
	public4, public6   = netip.MustParsePrefix("52.96.0.0/14"), netip.MustParsePrefix("2603:1000::/24")
)

// A host of the catalogue with its two addresses.
type host struct {
	name  string
	addrs []netip.Addr
}

// hosts gives every host of endpoints its addresses, in their order.
func hosts(endpoints []settings.Endpoint) []host {
	var all []host
	seen := map[string]bool{}
	for _, e := range endpoints {
		if seen[e.Host] {
			continue
		}
		seen[e.Host] = true
		n := len(all) + 1
		four, six := public4.Addr().As4(), public6.Addr().As16()
		four[1] += byte(n / 256 % 4)
		four[2], four[3] = byte(n), 10
		six[6], six[7], six[15] = byte(n/256), byte(n), 10
		all = append(all, host{e.Host, []netip.Addr{netip.AddrFrom4(four), netip.AddrFrom16(six)}})
	}
	return all
}

// extra are the endpoints that a world has beside the catalogue's: those of
// "server" lines without a star.
func (w *World) extra(known []settings.Endpoint) []settings.Endpoint {
	all := slices.Clone(known)
	for _, line := range w.Servers {
		where, _, _ := strings.Cut(line, " ")
		name, port, _ := strings.Cut(where, ":")
		number, err := strconv.ParseUint(port, 10, 16)
		if err != nil || strings.Contains(name, "*") {
			continue
		}
		e := settings.Endpoint{Protocol: settings.IMAP, Host: name, Port: uint16(number), Security: settings.TLS}
		for _, p := range settings.Protocols() {
			for _, s := range []settings.Security{settings.TLS, settings.StartTLS} {
				if settings.DefaultPort(p, s) == e.Port {
					e.Protocol, e.Security = p, s
				}
			}
		}
		if !slices.ContainsFunc(all, func(x settings.Endpoint) bool { return x.Address() == e.Address() }) {
			all = append(all, e)
		}
	}
	return all
}

// fill puts the addresses of hosts where a world names them: @4:NAME and
// @6:NAME stand for one address, @NAME for both, or in a rule of nft for the
// one of the rule's family.
func fill(text string, hosts []host) string {
	return mention.ReplaceAllStringFunc(text, func(word string) string {
		m := mention.FindStringSubmatch(word)
		i := slices.IndexFunc(hosts, func(h host) bool { return h.name == m[2] })
		switch {
		case i < 0:
			return word
		case m[1] == "6:", m[1] == "" && strings.HasPrefix(text, "ip6 "):
			return hosts[i].addrs[1].String()
		case m[1] == "4:", m[1] == "" && strings.HasPrefix(text, "ip "):
			return hosts[i].addrs[0].String()
		}
		return strings.Join(texts(hosts[i].addrs), " ")
	})
}

var mention = regexp.MustCompile(`@([46]:)?([a-z0-9.-]+)`)

// faultAt returns what is wrong at an endpoint; the last line that fits
// counts.
func (w *World) faultAt(e settings.Endpoint) string {
	found := ""
	for _, line := range w.Servers {
		where, fault, _ := strings.Cut(line, " ")
		name, port, _ := strings.Cut(where, ":")
		if matches(name, e.Host) && matches(port, fmt.Sprint(e.Port)) {
			found = strings.TrimSpace(fault)
		}
	}
	return found
}

// answerTo returns what DNS says of a name; ok is false where nothing else
// than usual is.
func (w *World) answerTo(name string) (answer string, ok bool) {
	for _, line := range w.Names {
		pattern, text, _ := strings.Cut(line, " ")
		if matches(pattern, name) {
			answer, ok = strings.TrimSpace(text), true
		}
	}
	return answer, ok
}

func matches(pattern, text string) bool {
	ok, err := path.Match(strings.ToLower(pattern), strings.ToLower(text))
	return ok && err == nil
}

// addresses tells the addresses of each host of endpoints.
func addresses(endpoints []settings.Endpoint) map[string][]netip.Addr {
	all := map[string][]netip.Addr{}
	for _, h := range hosts(endpoints) {
		all[h.name] = h.addrs
	}
	return all
}
