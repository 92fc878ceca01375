package strictxml

import (
	"fmt"
	"strings"
	"unicode/utf8"
)

// A parser goes once over a text.
type parser struct {
	s       string
	at      int
	line    int // of counted
	counted int
	limits  Limits
	doc     *Document
	stack   []*open

	entities map[string]*entity
	lax      bool // declarations may stand where nobody looks: an entity that is not declared is no fault
	expanded int  // bytes that entities stand for
}

// An open element, as its start tag writes it.
type open struct {
	*Element
	tag    string
	spaces map[string]string // namespaces by prefix, of this element alone
	pieces strings.Builder
}

func (p *parser) fail(format string, args ...any) error {
	return &SyntaxError{p.lineNow(), fmt.Sprintf(format, args...)}
}

func (p *parser) lineNow() int {
	p.line += strings.Count(p.s[p.counted:p.at], "\n")
	p.counted = p.at
	return p.line
}

func (p *parser) rest() string       { return p.s[p.at:] }
func (p *parser) sees(s string) bool { return strings.HasPrefix(p.s[p.at:], s) }
func (p *parser) end() bool          { return p.at >= len(p.s) }
func (p *parser) takes(s string) bool {
	if !p.sees(s) {
		return false
	}
	p.at += len(s)
	return true
}

// blanks passes white space and reports whether there was any.
func (p *parser) blanks() bool {
	from := p.at
	for p.at < len(p.s) && strings.IndexByte(" \t\r\n", p.s[p.at]) >= 0 {
		p.at++
	}
	return p.at > from
}

// until returns what stands before a mark, and passes both.
func (p *parser) until(mark, what string) (string, error) {
	i := strings.Index(p.rest(), mark)
	if i < 0 {
		return "", p.fail("%s has no end (%s)", what, mark)
	}
	text := p.s[p.at : p.at+i]
	if err := p.characters(text); err != nil {
		return "", err
	}
	p.at += i + len(mark)
	return text, nil
}

// characters refuses what XML 1.0 §2.2 does not allow.
func (p *parser) characters(text string) error {
	for i, r := range text {
		if !isChar(r) {
			p.at += i
			return p.fail("the character U+%04X is not allowed", r)
		}
	}
	return nil
}

func isChar(r rune) bool {
	return r >= 0x20 && r != 0xfffe && r != 0xffff && r <= utf8.MaxRune || r == '\t' || r == '\n' || r == '\r'
}

// document reads all of it (XML 1.0 §2.1).
func (p *parser) document() error {
	if err := p.prolog(); err != nil {
		return err
	}
	if p.end() {
		return p.fail("there is no element in it")
	}
	if !p.sees("<") {
		return p.fail("text stands before the first element")
	}
	if err := p.content(); err != nil {
		return err
	}
	for {
		p.blanks()
		switch {
		case p.end():
			return nil
		case p.sees("<!--"), p.sees("<?"):
			if err := p.aside(); err != nil {
				return err
			}
		case p.sees("<"):
			return p.fail("a second element stands behind the end of <%s>", p.doc.Root.Name)
		default:
			return p.fail("text stands behind the end of <%s>", p.doc.Root.Name)
		}
	}
}
