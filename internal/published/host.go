package published

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"mailprobe/internal/finding"
	"mailprobe/internal/settings"
)

var hostTemplate = regexp.MustCompile(`^[-A-Za-z0-9._%]+$`)

// host takes a host name, perhaps with placeholders; false: it is none.
func (d *Document) host(line int, text string) (string, bool) {
	if strings.Contains(text, "%") {
		if rest := known.Replace(text); strings.Contains(rest, "%") || !hostTemplate.MatchString(text) {
			d.says(line, Placeholder, "The host name {name} holds a placeholder that no mail program replaces.",
				"Write %EMAILDOMAIN%, with both percent signs.", finding.Args{"name": text})
			return "", false
		}
		return text, true
	}
	host, err := settings.Host(text)
	if again, wrong := settings.Host(host); err != nil || wrong != nil || again != host {
		d.says(line, "settings.unknown_value", "{name} is no host name.", "Write the name of the server alone, such as imap.example.com.", finding.Args{"name": quoted(text)})
		return "", false
	}
	return host, true
}

func quoted(text string) string { return `"` + text + `"` }

func fillHost(host, address string) string {
	if !strings.Contains(host, "%") || address == "" {
		return host
	}
	t := settings.Template(host)
	if !strings.Contains(address, "@") {
		if strings.Contains(host, string(settings.LocalPart)) || strings.Contains(host, string(settings.FullAddress)) {
			return strings.ReplaceAll(host, string(settings.Domain), address)
		}
		address = "postmaster@" + address
	}
	filled := t.For(address)
	if h, err := settings.Host(filled); err == nil {
		return h
	}
	return filled
}

func (d *Document) port(line int, text string) (uint16, bool) {
	n, err := settings.Port(strings.TrimSpace(text))
	if err != nil {
		d.says(line, "settings.unknown_value", "{value} is no port.", "Write a number from 1 to 65535.", finding.Args{"value": quoted(text)})
		return 0, false
	}
	return n, true
}

// missing says what a part of the document lacks.
func (d *Document) missing(line int, what, where string, s finding.Severity) {
	d.found(line, finding.Finding{Code: "settings.missing", Severity: s, Message: "{where} has no {what}.", Remedy: "Add {what}.",
		Args: finding.Args{"what": what, "where": where}})
}

// link says where a link is not encrypted.
func (d *Document) link(line int, url string) {
	if strings.HasPrefix(strings.ToLower(url), "http://") {
		d.says(line, "settings.http_link", "The link {url} is not encrypted: whoever stands between can send the reader elsewhere.", "Write https:// if the site has it.", finding.Args{"url": url})
	}
}

// domain takes a mail domain into the document.
func (d *Document) domain(line int, text string) {
	if text = strings.TrimSpace(text); !strings.Contains(text, "%") {
		text = strings.ToLower(text)
	}
	if i := slices.Index(d.Domains, text); i >= 0 && text != "" && !strings.Contains(text, "%") {
		d.says(line, "settings.duplicate_domain", "The domain {domain} stands here twice; the first time in line {line}.", "Take one out.",
			finding.Args{"domain": text, "line": fmt.Sprint(d.domainLines[i])})
		return
	}
	d.Domains, d.domainLines = append(d.Domains, text), append(d.domainLines, line)
}

// DomainLine returns the line in which a domain is named; 0: in none.
func (d Document) DomainLine(domain string) int {
	if i := slices.Index(d.Domains, domain); i >= 0 {
		return d.domainLines[i]
	}
	return 0
}
