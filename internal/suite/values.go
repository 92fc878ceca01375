package suite

import (
	"maps"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"go.yaml.in/yaml/v3"

	"mailprobe/internal/auth"
	"mailprobe/internal/finding"
	"mailprobe/internal/settings"
)

// yes reads true or false, in whatever way YAML writes it.
func (r *reader) yes(n *yaml.Node, what string) bool {
	var v bool
	if n.Tag == "!!bool" && n.Decode(&v) == nil {
		return v
	}
	return r.oneOf(n, what, []string{"true", "false"}) == "true"
}

// number reads a whole number within bounds, in whatever way YAML writes it.
func (r *reader) number(n *yaml.Node, what string, least, most int) int {
	text := r.text(n, what)
	f, isNumber := numeric(n)
	if !isNumber {
		v, err := strconv.Atoi(text)
		f, isNumber = float64(v), err == nil
	}
	if text != "" && (!isNumber || f != math.Trunc(f) || f < float64(least) || f > float64(most)) {
		r.wrong(n, "%s %q: it is a number from %d to %d", what, text, least, most)
		return 0
	}
	return int(f)
}

// numeric returns the number that a node is; false: it is none.
func numeric(n *yaml.Node) (v float64, ok bool) {
	if n.Kind == yaml.AliasNode {
		n = n.Alias
	}
	return v, (n.Tag == "!!int" || n.Tag == "!!float") && n.Decode(&v) == nil
}

// tlsVersion reads a version of TLS, which may be a number: 1.20 and 1.2 are the
// same there, and so are 1 and 1.0.
func (r *reader) tlsVersion(n *yaml.Node) string {
	versions := []string{"1.0", "1.1", "1.2", "1.3"}
	text := r.text(n, "min_tls")
	if v, ok := numeric(n); ok {
		text = strconv.FormatFloat(v, 'f', -1, 64)
		if !strings.Contains(text, ".") {
			text += ".0"
		}
	}
	if text != "" && !slices.Contains(versions, text) {
		r.wrong(n, "min_tls %q: it is one of %s", n.Value, strings.Join(versions, ", "))
	}
	return text
}

// maxDays is the longest time that is one, in days.
const maxDays = 9999

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
			d = time.Duration(min(v, maxDays+1)) * 24 * time.Hour
		}
	}
	if err != nil || d <= 0 || d > maxDays*24*time.Hour {
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

// mechanism reads a way to sign in that this program knows.
func (r *reader) mechanism(n *yaml.Node) string {
	text := r.text(n, "auth")
	known := append([]string{"auto", "none"}, append(auth.Mechanisms(), auth.Commands()...)...)
	if name := auth.MechanismName(text); name != "" && !slices.ContainsFunc(known, func(k string) bool { return strings.EqualFold(k, name) }) {
		r.wrong(n, "auth %q: this program knows no such way to sign in%s; it knows %s", text, didYouMean(text, known), strings.Join(known, ", "))
	}
	return text
}

// copy returns e with its own map.
func (e Expect) copy() Expect {
	e.MaxPhases = maps.Clone(e.MaxPhases)
	return e
}
