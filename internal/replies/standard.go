package replies

import (
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strings"

	"mailprobe/internal/finding"
	"mailprobe/internal/yamlfile"
)

// The standard is what the codes of replies mean by themselves: the last
// resort, so that every well-formed refusal gets at least its standard
// meaning.
type standard struct {
	IMAP     []meaning `yaml:"imap"`     // response codes, RFC 5530
	POP3     []meaning `yaml:"pop3"`     // response codes, RFC 2449 and RFC 3206
	SMTP     []meaning `yaml:"smtp"`     // reply codes, RFC 5321 and RFC 4954
	Enhanced []meaning `yaml:"enhanced"` // enhanced status codes, RFC 3463: "5.7.8", or "x.7.8" for both classes
	Classes  []meaning `yaml:"classes"`  // "4", "5", "NO", "BAD", "BYE", "-ERR"
}

// A meaning is that of one code.
type meaning struct {
	Reply    string         `yaml:"reply"`
	Decisive bool           `yaml:"decisive"` // says more than the words beside it
	Code     string         `yaml:"code"`     // finding code
	Also     []string       `yaml:"also"`
	Layer    string         `yaml:"layer"`
	Judged   finding.Judged `yaml:"judged"` // empty: maybe
	Blame    finding.Blame  `yaml:"blame"`
	Cause    string         `yaml:"cause"`  // empty: the finding code's own
	Remedy   string         `yaml:"remedy"` // empty: the finding code's own
	Source   string         `yaml:"source"`
	Sample   string         `yaml:"sample"`
}

func loadStandard(files fs.FS, name string) (*standard, error) {
	s := &standard{}
	data, err := yamlfile.Read(files, name, s)
	if err != nil {
		return nil, err
	}
	for list, meanings := range s.lists() {
		for i, m := range *meanings {
			if err := m.check(); err != nil {
				return nil, yamlfile.Locate(name, data, yamlfile.Problem{Path: []any{list, i}, Text: err.Error()})
			}
		}
	}
	return s, nil
}

func (s *standard) lists() map[string]*[]meaning {
	return map[string]*[]meaning{"imap": &s.IMAP, "pop3": &s.POP3, "smtp": &s.SMTP, "enhanced": &s.Enhanced, "classes": &s.Classes}
}

func (m meaning) check() error {
	if err := knownCodes(m.Code, m.Also...); err != nil {
		return fmt.Errorf("%s: %w", m.Reply, err)
	}
	if m.Reply == "" || m.Source == "" || m.Sample == "" || !slices.Contains(layers(), m.Layer) {
		return fmt.Errorf("%s: reply, source, sample or layer is missing", m.Reply)
	}
	return errors.Join(m.Blame.Check(), checkJudged(m.Judged))
}

// The reply codes of SMTP that say more than the enhanced code beside them.
var decisive = []string{"454", "504", "523", "525", "530", "534", "535", "538"}

// explain gives the standard meaning of a reply.
func (s *standard) explain(w wording) (hit, bool) {
	m, trust := s.look(w)
	if m == nil {
		return hit{}, false
	}
	code := m.Code
	if code == refusedAccess && w.temporary() {
		code = accessForNow
	}
	page, _ := finding.PageOf(code)
	h := hit{tier: trust, also: m.Also, Match: Match{Code: code, Severity: page.Severity, Blame: or(m.Blame, page.Blame),
		Layer: m.Layer, Title: page.Title, Cause: or(m.Cause, page.Means), Remedy: or(m.Remedy, page.Fix),
		Evidence: cut(w.line), Judged: or(m.Judged, finding.JudgedMaybe)}}
	if w.temporary() && strings.HasPrefix(m.Reply, "x.") {
		h.Cause += " The server calls this temporary: the same may succeed later."
	}
	return h, true
}

func (w wording) temporary() bool {
	return strings.HasPrefix(w.status, "4") || strings.HasPrefix(w.enhanced, "4")
}

// decided gives the meaning of a response code that outweighs its words.
func (s *standard) decided(w wording) (hit, bool) {
	if w.code == "" {
		return hit{}, false
	}
	if m, _ := s.look(w); m == nil || !m.Decisive {
		return hit{}, false
	}
	return s.explain(w)
}

// weight says how much the standard meaning of a reply's code tells.
func (s *standard) weight(w wording, code string) int {
	m, _ := s.look(w)
	_, detail, _ := strings.Cut(w.enhanced, ".")
	switch {
	case m.Decisive:
		return weightOfDecisive
	case strings.HasPrefix(detail, "4."):
		return weightOfRoute
	case code == refusedAccess, code == accessForNow, code == clientFault:
		return weightOfVague
	case w.code != "" && code != general && w.code != "SYS/PERM":
		return weightOfNamed
	case code != general && w.status != "454" && w.status != "504" && slices.Contains(decisive, w.status):
		return weightOfStatus
	case detail != "" && !strings.HasSuffix(detail, ".0") && !slices.Contains(decisive, w.status):
		return weightOfDetail
	}
	return weightOfCode
}

// look finds the most telling code of a reply.
func (s *standard) look(w wording) (*meaning, tier) {
	var m *meaning
	switch {
	case w.code != "" && w.status == "-ERR":
		m = find(s.POP3, w.code)
	case w.code != "":
		m = find(s.IMAP, w.code)
	case slices.Contains(decisive, w.status):
		m = find(s.SMTP, w.status)
	}
	if m == nil && w.enhanced != "" {
		m = s.enhanced(w.enhanced)
	}
	if m == nil {
		m = find(s.SMTP, w.status)
	}
	if m != nil {
		return m, codeMeaning
	}
	return s.class(w), classOnly
}

// enhanced looks up "5.7.8", then "x.7.8", then the subject alone.
func (s *standard) enhanced(code string) *meaning {
	if m := find(s.Enhanced, code); m != nil {
		return m
	}
	_, detail, _ := strings.Cut(code, ".")
	if m := find(s.Enhanced, "x."+detail); m != nil {
		return m
	}
	subject, _, _ := strings.Cut(detail, ".")
	if subject == "0" {
		return nil
	}
	return find(s.Enhanced, "x."+subject+".0")
}

func (s *standard) class(w wording) *meaning {
	if m := find(s.Classes, w.status); m != nil {
		return m
	}
	class := or(w.status, w.enhanced)
	if class == "" {
		return nil
	}
	return find(s.Classes, class[:1])
}

func find(list []meaning, reply string) *meaning {
	for i := range list {
		if list[i].Reply == reply {
			return &list[i]
		}
	}
	return nil
}
