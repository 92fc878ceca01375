package dnsclient

import (
	"cmp"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"os"
	"slices"
	"strconv"
	"strings"

	"github.com/miekg/dns"

	"mailprobe/internal/settings"
)

const (
	resolvConf = "/etc/resolv.conf"
	maxServers = 3 // MAXNS of resolv.conf(5)
	dnsPort    = "53"
)

// servers returns the addresses to ask, as "host:port".
func (o Options) servers() ([]string, error) {
	if o.Server != "" {
		server, err := serverAddress(o.Server)
		if err != nil {
			return nil, fmt.Errorf("DNS server %q: %w; give an address or a name, with :PORT if it is not 53", o.Server, err)
		}
		return []string{server}, nil
	}
	path := o.ResolvConf
	if path == "" {
		path = resolvConf
	}
	config, err := dns.ClientConfigFromFile(path)
	if err != nil {
		return nil, &NoServerError{path, err}
	}
	servers := nameservers(config.Servers)
	if len(servers) == 0 {
		return nil, &NoServerError{path, errors.New("it names no server")}
	}
	return servers, nil
}

// trustsAD reports whether resolv.conf(5) says that its servers, and the way to
// them, are trusted to have verified signatures. Of a server that is named by
// hand nobody has said so.
func (o Options) trustsAD() bool {
	if o.Server != "" {
		return false
	}
	text, err := os.ReadFile(cmp.Or(o.ResolvConf, resolvConf))
	if err != nil {
		return false
	}
	trusts := false
	for line := range strings.Lines(string(text)) {
		if words := strings.Fields(line); len(words) > 0 && words[0] == "options" {
			trusts = trusts || slices.Contains(words[1:], "trust-ad")
		}
	}
	return trusts
}

// isLocal reports whether a server is on this computer: nobody stands between.
func isLocal(address string) bool {
	at, err := netip.ParseAddrPort(address)
	return err == nil && at.Addr().IsLoopback()
}

// nameservers returns the first servers that resolv.conf gives as addresses,
// the only form that it allows.
func nameservers(lines []string) []string {
	var servers []string
	for _, text := range lines {
		if _, err := netip.ParseAddr(text); err == nil && len(servers) < maxServers {
			servers = append(servers, net.JoinHostPort(text, dnsPort))
		}
	}
	return servers
}

// serverAddress reads HOST[:PORT]; an IPv6 address without port needs no
// brackets.
func serverAddress(text string) (string, error) {
	host, port, bare := text, dnsPort, text
	if strings.HasPrefix(text, "[") && strings.HasSuffix(text, "]") {
		bare = text[1 : len(text)-1]
	}
	if _, err := netip.ParseAddr(bare); err == nil {
		host = bare
	} else if strings.Contains(text, ":") {
		if host, port, err = net.SplitHostPort(text); err != nil {
			return "", err
		}
	}
	host, err := settings.Host(host)
	if err != nil {
		return "", err
	}
	number, err := settings.Port(port)
	if err != nil {
		return "", err
	}
	return net.JoinHostPort(host, strconv.Itoa(int(number))), nil
}

// shownServer leaves out the port that needs no word.
func shownServer(address string) string {
	if host, port, err := net.SplitHostPort(address); err == nil && port == dnsPort {
		return host
	}
	return address
}
