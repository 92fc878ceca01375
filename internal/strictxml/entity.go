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
