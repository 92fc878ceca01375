package suite

import (
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"go.yaml.in/yaml/v3"

	"mailprobe/internal/finding"
	"mailprobe/internal/settings"
)

// yes reads true or false.
func (r *reader) yes(n *yaml.Node, what string) bool {
	return r.oneOf(n, what, []string{"true", "false"}) == "true"
}

// number reads a whole number within bounds.
func (r *reader) number(n *yaml.Node, what string, least, most int) int {
	text := r.text(n, what)
	v, err := strconv.Atoi(text)
	if text != "" && (err != nil || v < least || v > most) {
		r.wrong(n, "%s %q: it is a number from %d to %d", what, text, least, most)
	}
	return v
}

// duration reads how long something is: 30s, 12h, 7d.
func (r *reader) duration(n *yaml.Node, what string) time.Duration {
	text := r.text(n, what)
	if text == "" {
		return 0
	}
	d, err := time.ParseDuration(text)
	if days, ok := strings.CutSuffix(text, "d"); ok {
		var v uint64
		if v, err = strconv.ParseUint(days, 10, 16); err == nil {
			d = time.Duration(v) * 24 * time.Hour
		}
	}
	if err != nil || d <= 0 {
		r.wrong(n, "%s %q: write a time like 30s, 12h or 7d", what, text)
		return 0
	}
	return d
}

// day reads a date and returns its end.
func (r *reader) day(n *yaml.Node) time.Time {
	text := r.text(n, "until")
	day, err := time.Parse(time.DateOnly, text)
	if text == "" || err != nil {
		if text != "" {
			r.wrong(n, "until %q: write a day like 2027-01-31", text)
		}
		return time.Time{}
	}
	return day.Add(24*time.Hour - time.Second)
}

// code reads the code of a finding that there is.
func (r *reader) code(n *yaml.Node) string {
	text := r.text(n, "code")
	if text == "" {
		return ""
	}
	if _, known := finding.PageOf(text); !known {
		var all []string
		for _, p := range finding.Pages() {
			all = append(all, p.Code)
		}
		r.wrong(n, "code %q: there is no such finding%s; docs/findings.md lists them", text, didYouMean(text, all))
	}
	return text
}

// selector reads which endpoints are meant.
func (r *reader) selector(n *yaml.Node) Selector {
	text := r.text(n, "endpoint")
	s := Selector{Text: text, Protocol: settings.Protocol(text)}
	if text == "" || slices.Contains(protocolNames(), text) {
		return s
	}
	e, err := settings.ParseURL(text)
	if err != nil || !strings.Contains(text, "://") {
		r.wrong(n, "endpoint %q: write imap, pop3 or smtp, or a server such as imaps://imap.example.com", text)
		return s
	}
	s.Protocol, s.Endpoint = e.Protocol, e
	return s
}

// copy returns e with its own map.
func (e Expect) copy() Expect {
	e.MaxPhases = maps.Clone(e.MaxPhases)
	return e
}
