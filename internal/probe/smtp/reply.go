package smtp

import (
	"slices"
	"strings"

	"mailprobe/internal/lazyregexp"
	"mailprobe/internal/probe"
)

// A reply is a server's answer of one or more lines.
type reply struct {
	probe.Reply
	raw string // all lines as received, joined by LF
}

// command sends one command and reads its answer.
func (s *session) command(line string) (reply, error) {
	s.InStep(false)
	if err := s.Send(line); err != nil {
		return reply{}, err
	}
	first, err := s.ReadLine()
	if err != nil {
		return reply{}, err
	}
	return s.rest(first)
}

// rest reads the lines that continue the first one. All must bear its code
// (RFC 5321 §4.2.1).
func (s *session) rest(line string) (reply, error) {
	var raw, texts []string
	var code string
	for reads := probe.NewReads(); ; {
		if err := reads.Next(); err != nil {
			return reply{}, err
		}
		this, more, text, ok := split(line)
		if !ok || (code != "" && this != code) {
			return reply{}, &probe.ProtocolError{Fault: probe.Malformed, Detail: line}
		}
		code, raw, texts = this, append(raw, line), append(texts, text)
		if !more {
			r := reply{joined(code, texts), strings.Join(raw, "\n")}
			s.InStep(!r.Ends())
			return r, nil
		}
		var err error
		if line, err = s.ReadLine(); err != nil {
			return reply{}, err
		}
	}
}

// joined makes one reply of several lines, which all may repeat the enhanced
// code.
func joined(code string, texts []string) probe.Reply {
	r := probe.NewReply(code, texts[0])
	r.Text = code + " " + strings.Join(texts, "\n")
	return r
}

// split takes a reply line apart: "250-SIZE 1000" or "250 OK" or "250".
func split(line string) (code string, more bool, text string, ok bool) {
	if len(line) < 3 || line[0] < '2' || line[0] > '5' || !digit(line[1]) || !digit(line[2]) {
		return "", false, "", false
	}
	code = line[:3]
	if len(line) == 3 {
		return code, false, "", true
	}
	switch line[3] {
	case ' ', '\t':
		return code, false, line[4:], true
	case '-':
		return code, true, line[4:], true
	}
	return "", false, "", false
}

func digit(c byte) bool { return '0' <= c && c <= '9' }

// learn takes in one extension. Old servers write "AUTH=LOGIN PLAIN"; it
// counts as AUTH.
func (s *session) learn(text string) {
	words := strings.Fields(text)
	if len(words) == 0 {
		return
	}
	r := s.Result
	r.Capabilities = append(r.Capabilities, strings.Join(words, " "))
	keyword := strings.ToUpper(words[0])
	mechanisms := words[1:]
	if first, ok := strings.CutPrefix(keyword, "AUTH="); ok {
		keyword, mechanisms = "AUTH", append([]string{first}, mechanisms...)
	}
	if keyword != "AUTH" {
		return
	}
	for _, m := range mechanisms {
		if m = strings.ToUpper(m); m != "" && !slices.Contains(r.Mechanisms, m) {
			r.Mechanisms = append(r.Mechanisms, m)
		}
	}
}

// has reports whether an extension is announced, whatever its parameters.
func has(caps []string, name string) bool {
	return slices.ContainsFunc(caps, func(c string) bool {
		word, _, _ := strings.Cut(c, " ")
		return strings.EqualFold(word, name)
	})
}

var overwritten = lazyregexp.New(`^X{4,}[A-Z]?$`)

// masked reports whether a firewall has overwritten the greeting or an
// extension with asterisks or Xs.
func masked(greeting string, caps []string) bool {
	return strings.Contains(greeting, "****") || slices.ContainsFunc(caps, overwritten.MatchString)
}
