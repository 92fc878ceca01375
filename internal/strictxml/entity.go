package strictxml

import (
	"strconv"
	"strings"
)

// An entity is one that the document declares.
type entity struct {
	text     string // what it stands for; empty with outside
	outside  bool   // another file
	unparsed bool   // no text at all
	checking bool
	size     int // in bytes, with all that it names; 0: not known yet
}

// maxExpanded is what entities may stand for together, in bytes. expat gives
// up at the same size where it is a hundred times the document.
const maxExpanded = 8 << 20

var predefined = map[string]string{"lt": "<", "gt": ">", "amp": "&", "apos": "'", "quot": `"`}

// reference reads &...; and writes the character that it stands for. An entity
// of the document is checked and left out.
func (p *parser) reference(to *strings.Builder, inValue bool) error {
	p.at++
	if p.takes("#") {
		r, err := p.charRef()
		to.WriteRune(r)
		return err
	}
	name, err := p.name()
	if err != nil {
		return p.fail("& is not allowed on its own; write &amp;")
	}
	if !p.takes(";") {
		return p.fail("& is not allowed on its own, or a ; is missing behind it; write &amp;")
	}
	if text, ok := predefined[name]; ok {
		to.WriteString(text)
		return nil
	}
	last := p.stack[len(p.stack)-1]
	last.Entities = append(last.Entities, name)
	return p.expand(name, inValue)
}

func (p *parser) charRef() (rune, error) {
	base := 10
	if p.takes("x") {
		base = 16
	}
	digits, err := p.until(";", "the character reference")
	if err != nil {
		return 0, err
	}
	n, err := strconv.ParseUint(digits, base, 32)
	if err != nil || strings.HasPrefix(digits, "+") || !isChar(rune(n)) || n >= 0xd800 && n < 0xe000 {
		return 0, p.fail("&#%s; stands for no character", clip(digits))
	}
	return rune(n), nil
}

// expand checks what an entity stands for.
func (p *parser) expand(name string, inValue bool) error {
	e := p.entities[name]
	switch {
	case e == nil && p.lax:
		return nil
	case e == nil:
		return p.fail("the entity &%s; is not declared", clip(name))
	case e.checking:
		return p.fail("the entity &%s; names itself", clip(name))
	case e.unparsed:
		return p.fail("the entity &%s; stands for no text", clip(name))
	case e.outside && inValue:
		return p.fail("the entity &%s; stands for another file, which is not allowed in an attribute", clip(name))
	case e.outside:
		return nil
	case inValue && strings.Contains(e.text, "<"):
		return p.fail("the entity &%s; holds a <, which is not allowed in an attribute", clip(name))
	}
	if e.size == 0 {
		if err := p.check(name, e, inValue); err != nil {
			return err
		}
	}
	if p.expanded += e.size; p.expanded > maxExpanded {
		return p.fail("its entities stand for more than %d MiB", maxExpanded>>20)
	}
	return nil
}

// check reads the text of an entity as the content of an element.
func (p *parser) check(name string, e *entity, inValue bool) error {
	e.checking = true
	defer func() { e.checking = false }()
	inside := &parser{
		s: "<x>" + e.text + "</x>", line: p.lineNow(), limits: p.limits, doc: new(Document),
		entities: p.entities, lax: p.lax,
	}
	inside.stack = p.outer()
	depth := len(inside.stack)
	for len(inside.stack) > depth || inside.at == 0 {
		if inside.end() {
			return p.fail("what the entity &%s; stands for is no whole content", clip(name))
		}
		if err := inside.item(); err != nil {
			return p.inEntity(name, err)
		}
	}
	if !inside.end() {
		return p.fail("what the entity &%s; stands for is no whole content", clip(name))
	}
	e.size = max(1, len(e.text)+inside.expanded)
	return nil
}

// outer returns copies of the open elements, for their namespaces and number.
func (p *parser) outer() []*open {
	stack := []*open{{Element: &Element{}, tag: ""}}
	for _, o := range p.stack {
		stack = append(stack, &open{Element: &Element{}, tag: o.tag, spaces: o.spaces})
	}
	return stack
}

func (p *parser) inEntity(name string, err error) error {
	if _, ok := err.(*LimitError); ok {
		return err
	}
	return p.fail("what the entity &%s; stands for is not well-formed (%v)", clip(name), err)
}

// declareEntity reads <!ENTITY to its end. Of two of one name the first counts.
func (p *parser) declareEntity() error {
	if !p.blanks() {
		return p.fail("a blank is missing in a declaration")
	}
	parameter := p.takes("%")
	if parameter && !p.blanks() {
		return p.fail("a blank is missing in a declaration")
	}
	name, err := p.name()
	if err != nil {
		return err
	}
	if !p.blanks() {
		return p.fail("a blank is missing in a declaration")
	}
	e, err := p.definition(parameter)
	if err != nil {
		return err
	}
	p.blanks()
	if !p.takes(">") {
		return p.fail("the declaration of the entity %s has no end", clip(name))
	}
	if p.entities[name] == nil && !parameter {
		p.entities[name] = e
	}
	return nil
}

func (p *parser) definition(parameter bool) (*entity, error) {
	for _, q := range []string{`"`, "'"} {
		if p.takes(q) {
			text, err := p.entityText(q)
			return &entity{text: text}, err
		}
	}
	e := &entity{outside: true}
	if err := p.external(true); err != nil {
		return e, err
	}
	from := p.at
	if p.blanks() && p.takes("NDATA") {
		if parameter || !p.blanks() {
			return e, p.fail("NDATA is wrong here")
		}
		_, err := p.name()
		e.unparsed = true
		return e, err
	}
	p.at = from
	return e, nil
}

// entityText reads the text of an entity: references to characters are
// replaced, others stay (XML 1.0 §4.4.5, §4.4.7).
func (p *parser) entityText(quote string) (string, error) {
	var b strings.Builder
	for {
		n := strings.IndexAny(p.rest(), quote+"&%")
		if n < 0 {
			return "", p.fail("the text of an entity has no closing quote")
		}
		text := p.s[p.at : p.at+n]
		if err := p.characters(text); err != nil {
			return "", err
		}
		p.at += n
		b.WriteString(lineEnds(text))
		switch {
		case p.takes(quote):
			return b.String(), nil
		case p.sees("%"):
			return "", p.fail("%% is not allowed in the text of an entity here")
		case p.takes("&#"):
			r, err := p.charRef()
			if err != nil {
				return "", err
			}
			b.WriteRune(r)
		default:
			from := p.at
			p.at++
			if _, err := p.name(); err != nil || !p.takes(";") {
				return "", p.fail("& is not allowed on its own in the text of an entity")
			}
			b.WriteString(p.s[from:p.at])
		}
	}
}
