package patch

import (
	"bytes"
	"fmt"
	"slices"
	"strings"

	"mailprobe/internal/published"
	"mailprobe/internal/settings"
)

// places returns the edits that may make a fix: each is tried.
func places(format published.Format, source []byte, f Fix) [][]edit {
	switch format {
	case published.Autoconfig:
		return elements(source, f, []string{"incomingServer", "outgoingServer"}, parts(f, "hostname", "port", "socketType", "SSL", "STARTTLS", "plain"))
	case published.Autodiscover:
		wanted := parts(f, "Server", "Port", "Encryption", "SSL", "TLS", "None")
		port := slices.DeleteFunc(slices.Clone(wanted), func(p part) bool { return p.name == "Encryption" }) // where the port says how
		return slices.Concat(elements(source, f, []string{"Protocol"}, wanted), elements(source, f, []string{"Protocol"}, port))
	case published.ProviderDB:
		return mapping(source, f, parts(f, "hostname", "port", "socket", "SSL", "STARTTLS", "PLAIN"))
	case published.Catalogue:
		return mapping(source, f, parts(f, "host", "port", "security", "tls", "starttls", "plain"))
	case published.PACC:
		return quoted(source, f)
	case published.MobileConfig:
		return property(source, f)
	}
	return nil
}

// A part is a value of a server that is to be another.
type part struct{ name, now, then string }

// parts are those that differ; words are those of a format for TLS at once,
// STARTTLS and none.
func parts(f Fix, host, port, security string, words ...string) []part {
	word := map[settings.Security]string{settings.TLS: words[0], settings.StartTLS: words[1], settings.Plain: words[2]}
	all := []part{{port, fmt.Sprint(f.From.Port), fmt.Sprint(f.To.Port)}, {security, word[f.From.Security], word[f.To.Security]}}
	if f.To.Host != f.From.Host {
		all = append(all, part{host, f.Offer.Host, f.To.Host})
	}
	var differ []part
	for _, p := range all {
		if p.now != p.then {
			differ = append(differ, p)
		}
	}
	return differ
}

// line returns where a line begins and ends; lines are counted from 1.
func line(source []byte, n int) (from, to int) {
	for ; n > 1; n-- {
		next := bytes.IndexByte(source[from:], '\n')
		if next < 0 {
			return len(source), len(source)
		}
		from += next + 1
	}
	if end := bytes.IndexByte(source[from:], '\n'); end >= 0 {
		return from, from + end
	}
	return from, len(source)
}

// quoted finds the host of JSON in the line in which it stands.
func quoted(source []byte, f Fix) (all [][]edit) {
	from, to := line(source, f.Offer.Line)
	for text := `"` + f.Offer.Host + `"`; len(all) < maxTries; {
		i := bytes.Index(source[from:to], []byte(text))
		if i < 0 {
			break
		}
		from += i + 1
		all = append(all, []edit{{from, from + len(f.Offer.Host), f.To.Host}})
	}
	return all
}

// within is the value of an element without the blanks around it, if it holds
// what is expected.
func within(source []byte, from, to int, p part) (edit, bool) {
	text := string(source[from:to])
	trimmed := strings.TrimSpace(text)
	if !strings.EqualFold(trimmed, p.now) {
		return edit{}, false
	}
	from += strings.Index(text, trimmed)
	return edit{from, from + len(trimmed), p.then}, true
}
