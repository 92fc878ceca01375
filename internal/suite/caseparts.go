package suite

import (
	"time"

	"go.yaml.in/yaml/v3"

	"mailprobe/internal/settings"
)

func (r *reader) secret(n *yaml.Node) Secret {
	var s Secret
	before := len(r.problems)
	r.mapping(n, "secret", r.secretFields(n, &s))
	if s == (Secret{}) && len(r.problems) == before {
		r.wrong(n, "secret says where the secret comes from, such as password_env: MAILPROBE_PASSWORD")
	}
	return s
}

func (r *reader) secretFields(at *yaml.Node, s *Secret) []field {
	named := func(source string, read func(*yaml.Node) string) field {
		return field{source, func(n *yaml.Node) {
			if s.Source != "" {
				r.wrong(at, "two secrets are given, by %s and by %s; leave one of them out", s.Source, source)
			}
			s.Source, s.Value = source, read(n)
		}}
	}
	value := func(source string) field {
		return named(source, func(n *yaml.Node) string { return r.text(n, source) })
	}
	flag := func(source string) field {
		return named(source, func(n *yaml.Node) string {
			if !r.yes(n, source) {
				r.wrong(n, "%s is true, or left out", source)
			}
			return ""
		})
	}
	return []field{
		value(PasswordVariable), value(PasswordFile), value(PasswordCommand),
		value(TokenVariable), value(TokenFile), value(TokenCommand), value(NetrcFile),
		flag(Keyring), flag(Stored),
	}
}

func (r *reader) expectFields(e *Expect) []field {
	return []field{
		{"verdict", func(n *yaml.Node) { e.Verdict = r.oneOf(n, "verdict", []string{"works", "fails", "unknown"}) }},
		{"code", func(n *yaml.Node) { e.Code = r.code(n) }},
		{"sign_in", func(n *yaml.Node) { e.SignIn = r.oneOf(n, "sign_in", []string{"accepted", "rejected", "not_tested"}) }},
		{"capabilities", func(n *yaml.Node) { r.mapping(n, "capabilities", r.mustFields(&e.Capabilities)) }},
		{"mechanisms", func(n *yaml.Node) { r.mapping(n, "mechanisms", r.mustFields(&e.Mechanisms)) }},
		{"min_tls", func(n *yaml.Node) { e.MinTLS = r.tlsVersion(n) }},
		{"min_days_left", func(n *yaml.Node) { days := r.number(n, "min_days_left", 0, 10000); e.MinDaysLeft = &days }},
		{"max_time", func(n *yaml.Node) { e.MaxTime = r.duration(n, "max_time") }},
		{"max_phases", func(n *yaml.Node) {
			e.MaxPhases = map[string]time.Duration{}
			r.mapping(n, "max_phases", r.phaseFields(e.MaxPhases))
		}},
	}
}

func (r *reader) phaseFields(longest map[string]time.Duration) []field {
	var all []field
	for _, phase := range phases {
		all = append(all, field{phase, func(n *yaml.Node) { longest[phase] = r.duration(n, phase) }})
	}
	return all
}

// phases are those whose time may be bounded.
var phases = []string{"resolve", "connect", "tls", "greeting", "starttls", "capabilities", "auth", "access", "quit"}

func (r *reader) mustFields(m *Must) []field {
	return []field{
		{"must", func(n *yaml.Node) { m.Have = r.names(n, "must") }},
		{"must_not", func(n *yaml.Node) { m.HaveNot = r.names(n, "must_not") }},
	}
}

// maxNames is how many names one list may have. No server announces as many.
const maxNames = 200

func (r *reader) names(n *yaml.Node, what string) []string {
	all := r.texts(n, what)
	if len(all) > maxNames {
		r.wrong(n, "%s has more than %d names", what, maxNames)
	}
	return all
}

func (r *reader) retryFields(t *Retries) []field {
	return []field{
		{"times", func(n *yaml.Node) { t.Times = r.number(n, "times", 0, 10) }},
		{"wait", func(n *yaml.Node) { t.Wait = r.duration(n, "wait") }},
	}
}

func (r *reader) endpoint(n *yaml.Node) EndpointExpect {
	e := EndpointExpect{Line: max(n.Line, 1)}
	before := len(r.problems)
	r.mapping(n, "an endpoint", r.endpointFields(&e))
	if e.Text == "" && len(r.problems) == before {
		r.wrong(n, "an endpoint is named: endpoint: imap, or endpoint: imaps://imap.example.com")
	}
	return e
}

func (r *reader) endpointFields(e *EndpointExpect) []field {
	return []field{
		{"endpoint", func(n *yaml.Node) { e.Selector = r.selector(n) }},
		{"expect", func(n *yaml.Node) { r.mapping(n, "expect", r.expectFields(&e.Expect)) }},
	}
}

func (r *reader) known(n *yaml.Node) Known {
	k := Known{Line: max(n.Line, 1)}
	before := len(r.problems)
	r.mapping(n, "a known failure", r.knownFields(&k))
	if (k.Code == "" || k.Reason == "" || k.Until.IsZero()) && len(r.problems) == before {
		r.wrong(n, "a known failure has a code, a reason and until, the last day on which it is accepted")
	}
	return k
}

func (r *reader) knownFields(k *Known) []field {
	return []field{
		{"code", func(n *yaml.Node) { k.Code = r.code(n) }},
		{"endpoint", func(n *yaml.Node) { k.Selector = r.selector(n) }},
		{"until", func(n *yaml.Node) { k.Until = r.day(n) }},
		{"reason", func(n *yaml.Node) { k.Reason = r.text(n, "reason") }},
	}
}

func (r *reader) protocols(n *yaml.Node) []string {
	var all []string
	before := len(r.problems)
	r.list(n, "only", func(n *yaml.Node) { all = append(all, r.oneOf(n, "only", protocolNames())) })
	if len(all) == 0 && len(r.problems) == before {
		r.wrong(n, "only is empty; name a protocol, or leave it out")
	}
	return all
}

func protocolNames() []string {
	var names []string
	for _, p := range settings.Protocols() {
		names = append(names, string(p))
	}
	return names
}
