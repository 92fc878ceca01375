package suite

import (
	"bytes"
	"errors"
	"io"
	"strconv"
	"strings"
	"time"

	"go.yaml.in/yaml/v3"
)

// standardWait is how long is waited before another attempt.
const standardWait = 30 * time.Second

// Parse reads a suite. file is its name, for what is said of it; env looks a
// variable up. An error names every fault with file, line and column; each is
// a Problem.
func Parse(file string, text []byte, env func(string) (string, bool)) (*Suite, error) {
	r := &reader{file: file, env: env, places: places{}}
	if len(text) > MaxSize {
		return nil, Problem{file, 1, 1, "the file is larger than a suite may be (1 MB)"}
	}
	root, err := oneDocument(file, text)
	if err != nil {
		return nil, err
	}
	s := &Suite{File: file, places: r.places}
	r.suite(root, s)
	if len(r.problems) > 0 {
		return nil, errors.Join(r.problems...)
	}
	return s, nil
}

// oneDocument returns the one document of a file.
func oneDocument(file string, text []byte) (*yaml.Node, error) {
	d := yaml.NewDecoder(bytes.NewReader(text))
	var root, more yaml.Node
	switch err := d.Decode(&root); {
	case errors.Is(err, io.EOF):
		return nil, Problem{file, 1, 1, "the file is empty; 'mailprobe run --init' writes one to begin with"}
	case err != nil:
		return nil, syntax(file, text, err)
	}
	if err := d.Decode(&more); !errors.Is(err, io.EOF) {
		return nil, Problem{file, max(more.Line, 1), 1, "a suite is one document; leave out the --- and what follows"}
	}
	if len(root.Content) == 0 {
		return nil, Problem{file, 1, 1, "the file is empty; 'mailprobe run --init' writes one to begin with"}
	}
	return root.Content[0], nil
}

// syntax puts what the library says of bad YAML into the form of a Problem. It
// names a line at most; what is wrong there begins behind the blanks.
func syntax(file string, text []byte, err error) error {
	says, line := strings.TrimPrefix(err.Error(), "yaml: "), 1
	if rest, ok := strings.CutPrefix(says, "line "); ok {
		number, what, _ := strings.Cut(rest, ": ")
		if n, err := strconv.Atoi(number); err == nil {
			line, says = n, what
		}
	}
	lines := bytes.Split(text, []byte("\n"))
	line = min(max(line, 1), len(lines))
	for i, whole := range lines[line-1:] {
		if at := bytes.IndexByte(margin(whole), '\t'); at >= 0 && (i == 0 || strings.Contains(says, "tab")) {
			return Problem{file, line + i, at + 1, "a tab does not indent in YAML; write blanks"}
		}
	}
	return Problem{file, line, len(margin(lines[line-1])) + 1, "this is not YAML: " + says}
}

// margin is what stands before the first thing in a line.
func margin(line []byte) []byte { return line[:len(line)-len(bytes.TrimLeft(line, " \t"))] }

func (r *reader) suite(n *yaml.Node, s *Suite) {
	if n.Kind != yaml.MappingNode {
		r.wrong(n, "a suite begins with a key, such as cases:")
		return
	}
	standard := Case{Unknown: UnknownFails, Retries: Retries{Wait: standardWait}}
	var cases *yaml.Node
	r.mapping(n, "a suite", r.suiteFields(s, &standard, func(n *yaml.Node) { cases = n }))
	if cases == nil {
		if len(r.problems) == 0 {
			r.wrong(n, "a suite has cases:, each with a target")
		}
		return
	}
	r.within("cases", cases, func(n *yaml.Node) {
		r.list(n, "cases", func(n *yaml.Node) { s.Cases = append(s.Cases, r.oneCase(n, standard)) })
	})
	if len(s.Cases) == 0 && len(r.problems) == 0 {
		r.wrong(cases, "there is no case; write - target: gmail below cases:")
	}
	names := map[string]int{}
	for _, c := range s.Cases {
		if line := names[c.Title()]; line > 0 && c.Target != "" {
			key := "target"
			if c.Name != "" {
				key = "name"
			}
			r.wrongAt(c, key, "two cases are called %s, the first in line %d; give one of them another name:", c.Title(), line)
		}
		names[c.Title()] = c.Line
	}
}

// suiteFields are the keys of a suite. The cases are read last, since the
// defaults may stand behind them.
func (r *reader) suiteFields(s *Suite, standard *Case, cases func(*yaml.Node)) []field {
	return []field{
		{"cases", cases},
		{"name", func(n *yaml.Node) { s.Name = r.text(n, "name") }},
		{defaults, func(n *yaml.Node) { r.mapping(n, defaults, r.defaultFields(standard)) }},
		{"interval", func(n *yaml.Node) { s.Interval = r.duration(n, "interval") }},
		{"concurrency", func(n *yaml.Node) { s.Concurrency = r.number(n, "concurrency", 1, 64) }},
		{"modules", func(n *yaml.Node) {
			r.list(n, "modules", func(n *yaml.Node) { s.Modules = append(s.Modules, r.module(n, s.Modules)) })
		}},
		{"$schema", func(n *yaml.Node) { r.text(n, "$schema") }},
	}
}

// defaultFields are the keys that every case may have and defaults as well.
func (r *reader) defaultFields(c *Case) []field {
	return []field{
		{"user", func(n *yaml.Node) { c.User = r.text(n, "user") }},
		{"username", func(n *yaml.Node) { c.Username = r.text(n, "username") }},
		{"secret", func(n *yaml.Node) { c.Secret = r.secret(n) }},
		{"own_account", func(n *yaml.Node) { c.OwnAccount = r.yes(n, "own_account") }},
		{"auth", func(n *yaml.Node) { c.Auth = r.mechanism(n) }},
		{"only", func(n *yaml.Node) { c.Only = r.protocols(n) }},
		{"expect", func(n *yaml.Node) { r.mapping(n, "expect", r.expectFields(&c.Expect)) }},
		{"unknown", func(n *yaml.Node) {
			c.Unknown = r.oneOf(n, "unknown", []string{UnknownFails, UnknownWarns, UnknownPasses})
		}},
		{"drift", func(n *yaml.Node) {
			c.Drift = r.oneOf(n, "drift", []string{UnknownFails, UnknownWarns, UnknownPasses})
		}},
		{"retries_unknown", func(n *yaml.Node) { r.mapping(n, "retries_unknown", r.retryFields(&c.Retries)) }},
		{"min_interval", func(n *yaml.Node) { c.MinInterval = r.duration(n, "min_interval") }},
	}
}

func (r *reader) caseFields(c *Case) []field {
	return append([]field{
		{"target", func(n *yaml.Node) { c.Target = r.text(n, "target") }},
		{"name", func(n *yaml.Node) { c.Name = r.text(n, "name") }},
		{"endpoints", func(n *yaml.Node) {
			r.list(n, "endpoints", func(n *yaml.Node) { c.Endpoints = append(c.Endpoints, r.endpoint(n)) })
		}},
		{"known_failures", func(n *yaml.Node) {
			r.list(n, "known_failures", func(n *yaml.Node) { c.Known = append(c.Known, r.known(n)) })
		}},
	}, r.defaultFields(c)...)
}

func (r *reader) oneCase(n *yaml.Node, standard Case) Case {
	c := standard
	c.Expect = c.Expect.copy()
	c.Line, c.path = max(n.Line, 1), strings.Join(r.path, ".")
	before := len(r.problems)
	r.mapping(n, "a case", r.caseFields(&c))
	if c.Target == "" && len(r.problems) == before {
		r.wrong(n, "a case has a target: a provider, a domain, an address or a server such as imaps://imap.example.com")
	}
	if c.Secret != (Secret{}) && c.User == "" && c.Username == "" && !strings.Contains(c.Target, "@") && len(r.problems) == before {
		r.wrong(n, "there is a secret but no user; add user: ADDRESS")
	}
	if len(r.problems) == before {
		r.consistent(c)
	}
	return c
}
