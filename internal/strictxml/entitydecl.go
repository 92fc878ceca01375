package strictxml

import (
	"strings"
)

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
