package strictxml

import "strings"

// prolog reads what stands before the root (XML 1.0 §2.8).
func (p *parser) prolog() error {
	if p.sees("<?xml") && len(p.rest()) > 5 && strings.IndexByte(" \t\r\n", p.s[5]) >= 0 {
		m := declaration.FindStringSubmatch(p.s)
		if m == nil {
			return p.fail(`the XML declaration is wrong; it is written like <?xml version="1.0" encoding="UTF-8"?>`)
		}
		p.at = len(m[0])
	}
	doctype := false
	for {
		p.blanks()
		switch {
		case p.sees("<!--"), p.sees("<?"):
			if err := p.aside(); err != nil {
				return err
			}
		case p.sees("<!DOCTYPE"):
			if doctype {
				return p.fail("there are two document types")
			}
			doctype = true
			if err := p.doctype(); err != nil {
				return err
			}
		default:
			return nil
		}
	}
}

// doctype reads a document type declaration. What it names outside is not
// fetched.
func (p *parser) doctype() error {
	p.at += len("<!DOCTYPE")
	if !p.blanks() {
		return p.fail("a blank is missing behind <!DOCTYPE")
	}
	if _, err := p.name(); err != nil {
		return err
	}
	apart := p.blanks()
	if p.sees("SYSTEM") || p.sees("PUBLIC") {
		if !apart {
			return p.fail("a blank is missing in the document type")
		}
		if err := p.external(true); err != nil {
			return err
		}
		p.lax = true
		p.blanks()
	}
	if p.takes("[") {
		if err := p.subset(); err != nil {
			return err
		}
		p.blanks()
	}
	if !p.takes(">") {
		return p.fail("the document type has no end")
	}
	if m := declaration.FindStringSubmatch(p.s); m != nil && m[5]+m[6] == "yes" {
		p.lax = false
	}
	return nil
}

// external reads an external identifier; a public one needs its system's
// beside it, but for a notation's.
func (p *parser) external(both bool) error {
	if p.takes("SYSTEM") {
		return p.literal()
	}
	if !p.takes("PUBLIC") {
		return p.fail("SYSTEM or PUBLIC is missing")
	}
	from := p.at
	if err := p.literal(); err != nil {
		return err
	}
	if public := strings.Trim(p.s[from:p.at], " \t\r\n\"'"); strings.ContainsFunc(public, notPublic) {
		return p.fail("the public identifier %s holds a character that is not allowed there", clip(public))
	}
	from = p.at
	if p.blanks(); both || p.sees(`"`) || p.sees("'") {
		p.at = from
		return p.literal()
	}
	return nil
}

// notPublic reports whether a character may not stand in a public identifier
// (XML 1.0 §2.3).
func notPublic(r rune) bool {
	letter := r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9'
	return !letter && !strings.ContainsRune(" \r\n-'()+,./:=?;!*#@$_%", r)
}

// literal passes a blank and a text in quotes.
func (p *parser) literal() error {
	if !p.blanks() {
		return p.fail("a blank is missing in a declaration")
	}
	for _, q := range []string{`"`, "'"} {
		if p.takes(q) {
			_, err := p.until(q, "the text in quotes")
			return err
		}
	}
	return p.fail("a text in quotes is missing in a declaration")
}

// subset reads the declarations of a document type up to its bracket.
func (p *parser) subset() error {
	for {
		p.blanks()
		var err error
		switch {
		case p.takes("]"):
			return nil
		case p.end():
			return p.fail("the document type has no end")
		case p.sees("<!--"), p.sees("<?"):
			err = p.aside()
		case p.takes("%"):
			p.lax = true
			if _, err = p.name(); err == nil && !p.takes(";") {
				err = p.fail("a reference has no ; at its end")
			}
		case p.takes("<!ENTITY"):
			err = p.declareEntity()
		case p.takes("<!ELEMENT"), p.takes("<!ATTLIST"), p.takes("<!NOTATION"):
			err = p.passDeclaration()
		default:
			err = p.fail("something stands in the document type that does not belong there")
		}
		if err != nil {
			return err
		}
	}
}

// passDeclaration passes a declaration that does not matter here.
func (p *parser) passDeclaration() error {
	if !p.blanks() {
		return p.fail("a blank is missing in a declaration")
	}
	if _, err := p.name(); err != nil {
		return err
	}
	for !p.takes(">") {
		n := strings.IndexAny(p.rest(), `>"'<[]`)
		if n < 0 {
			return p.fail("a declaration has no end")
		}
		p.at += n
		switch {
		case p.sees(">"):
		case p.takes(`"`), p.takes("'"):
			if _, err := p.until(p.s[p.at-1:p.at], "the text in quotes"); err != nil {
				return err
			}
		default:
			return p.fail("something stands in a declaration that does not belong there")
		}
	}
	return nil
}
