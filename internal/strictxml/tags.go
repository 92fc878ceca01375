package strictxml

import (
	"encoding/xml"
	"fmt"
	"strings"
	"unicode/utf8"
)

// name reads a name (XML 1.0 §2.3, fourth edition, as expat has it).
func (p *parser) name() (string, error) {
	n := strings.IndexFunc(p.rest(), func(r rune) bool { return r < utf8.RuneSelf && !asciiName(r) })
	if n < 0 {
		n = len(p.rest())
	}
	name := p.s[p.at : p.at+n]
	switch {
	case name == "":
		return "", p.fail("a name is missing")
	case !isName(name):
		return "", p.fail("%q is no name", clip(name))
	}
	p.at += n
	return name, nil
}

func asciiName(r rune) bool {
	return r|0x20 >= 'a' && r|0x20 <= 'z' || r >= '0' && r <= '9' || strings.ContainsRune("_:.-", r)
}

// isName asks encoding/xml, whose table is expat's, where a name holds more
// than ASCII.
func isName(name string) bool {
	if strings.IndexByte("0123456789.-", name[0]) >= 0 {
		return false
	}
	if strings.IndexFunc(name, func(r rune) bool { return r >= utf8.RuneSelf }) < 0 {
		return true
	}
	_, err := xml.NewDecoder(strings.NewReader("<" + strings.ReplaceAll(name, ":", "_") + "/>")).RawToken()
	return err == nil
}

func clip(text string) string {
	const shown = 40
	for i := range text {
		if i > shown {
			return text[:i] + "..."
		}
	}
	return text
}

func (p *parser) startTag() error {
	line := p.lineNow()
	p.at++
	tag, err := p.name()
	if err != nil {
		return err
	}
	if p.limits.Depth > 0 && len(p.stack) >= p.limits.Depth {
		return &LimitError{line, fmt.Sprintf("more than %d elements stand within one another", p.limits.Depth)}
	}
	o := &open{Element: &Element{Line: line}, tag: tag}
	p.stack = append(p.stack, o)
	closed, err := p.attributes(o)
	if err != nil {
		return err
	}
	if err := p.bind(o); err != nil {
		return err
	}
	if closed {
		p.close()
	}
	return nil
}

// attributes reads the rest of a start tag, and reports whether it is an end
// tag as well.
func (p *parser) attributes(o *open) (closed bool, err error) {
	for {
		apart := p.blanks()
		switch {
		case p.takes(">"):
			return false, nil
		case p.takes("/>"):
			return true, nil
		case p.end():
			return false, p.fail("the tag <%s has no end", o.tag)
		case !apart:
			return false, p.fail("something stands in the tag <%s that does not belong there", o.tag)
		}
		a, err := p.attribute(o)
		if err != nil {
			return false, err
		}
		if _, twice := o.Attr(a.Name); twice {
			return false, p.fail("the attribute %s is there twice", clip(a.Name))
		}
		o.Attrs = append(o.Attrs, a)
	}
}

func (p *parser) attribute(o *open) (a Attr, err error) {
	if a.Name, err = p.name(); err != nil {
		return a, err
	}
	p.blanks()
	if !p.takes("=") {
		return a, p.fail("the attribute %s has no value", clip(a.Name))
	}
	p.blanks()
	switch {
	case p.takes(`"`):
		a.Value, err = p.value(`"`, a.Name)
	case p.takes("'"):
		a.Value, err = p.value("'", a.Name)
	default:
		err = p.fail("the value of %s stands in no quotes", clip(a.Name))
	}
	return a, err
}

// value reads an attribute's value and its closing quote.
func (p *parser) value(quote, name string) (string, error) {
	var b strings.Builder
	for {
		n := strings.IndexAny(p.rest(), quote+"<&")
		if n < 0 {
			return "", p.fail("the value of %s has no closing quote", clip(name))
		}
		text := p.s[p.at : p.at+n]
		if err := p.characters(text); err != nil {
			return "", err
		}
		p.at += n
		b.WriteString(strings.Map(blankOf, lineEnds(text)))
		switch {
		case p.takes(quote):
			return b.String(), nil
		case p.sees("<"):
			return "", p.fail("< is not allowed in the value of %s; write &lt;", clip(name))
		}
		if err := p.reference(&b, true); err != nil {
			return "", err
		}
	}
}

// blankOf is the value's normalization, XML 1.0 §3.3.3.
func blankOf(r rune) rune {
	if r == '\t' || r == '\n' {
		return ' '
	}
	return r
}

func (p *parser) endTag() error {
	p.at += len("</")
	tag, err := p.name()
	if err != nil {
		return err
	}
	last := p.stack[len(p.stack)-1]
	if tag != last.tag {
		return p.fail("</%s> closes <%s>, which is open since line %d", clip(tag), clip(last.tag), last.Line)
	}
	p.blanks()
	if !p.takes(">") {
		return p.fail("the tag </%s has no end", clip(tag))
	}
	p.close()
	return nil
}

// close ends the innermost element.
func (p *parser) close() {
	last := p.stack[len(p.stack)-1]
	p.stack = p.stack[:len(p.stack)-1]
	last.Text = last.pieces.String()
	if len(p.stack) == 0 {
		p.doc.Root = last.Element
		return
	}
	above := p.stack[len(p.stack)-1]
	above.Children = append(above.Children, last.Element)
}
