package strictxml

import (
	"strings"
	"unicode/utf8"
)

// content reads from the start tag of the root to its end tag.
func (p *parser) content() error {
	if err := p.startTag(); err != nil {
		return err
	}
	for len(p.stack) > 0 {
		if p.end() {
			return p.fail("<%s> is never closed", p.stack[len(p.stack)-1].tag)
		}
		if err := p.item(); err != nil {
			return err
		}
	}
	return nil
}

// item reads one tag, comment, instruction, section, reference or text.
func (p *parser) item() error {
	switch {
	case p.sees("</"):
		return p.endTag()
	case p.sees("<!--"), p.sees("<?"):
		return p.aside()
	case p.sees("<![CDATA["):
		return p.cdata()
	case p.sees("<"):
		return p.startTag()
	case p.sees("&"):
		return p.reference(&p.stack[len(p.stack)-1].pieces, false)
	}
	return p.text()
}

// text reads up to the next markup.
func (p *parser) text() error {
	n := strings.IndexAny(p.rest(), "<&")
	if n < 0 {
		n = len(p.rest())
	}
	text := p.s[p.at : p.at+n]
	if i := strings.Index(text, "]]>"); i >= 0 {
		p.at += i
		return p.fail("]]> is not allowed in text")
	}
	if err := p.characters(text); err != nil {
		return err
	}
	p.at += n
	p.write(text)
	return nil
}

// write adds text to the innermost element, its line ends as XML 1.0 §2.11
// wants them.
func (p *parser) write(text string) {
	if len(p.stack) > 0 {
		p.stack[len(p.stack)-1].pieces.WriteString(lineEnds(text))
	}
}

func lineEnds(text string) string {
	if !strings.Contains(text, "\r") {
		return text
	}
	return strings.ReplaceAll(strings.ReplaceAll(text, "\r\n", "\n"), "\r", "\n")
}

func (p *parser) cdata() error {
	p.at += len("<![CDATA[")
	text, err := p.until("]]>", "the CDATA section")
	p.write(text)
	return err
}

// aside reads a comment or a processing instruction.
func (p *parser) aside() error {
	if p.takes("<!--") {
		text, err := p.until("--", "the comment")
		if err != nil {
			return err
		}
		if !p.takes(">") {
			return p.fail("-- is not allowed within a comment (behind %q)", tail(text))
		}
		return nil
	}
	p.at += len("<?")
	name, err := p.name()
	switch {
	case err != nil:
		return err
	case name == "xml":
		return p.fail("the XML declaration must be the very first characters: not even a blank or an empty line may stand before it")
	case strings.EqualFold(name, "xml"):
		return p.fail("no instruction may be called %s", name)
	case strings.Contains(name, ":"):
		return p.fail("the name of an instruction holds no colon")
	case !p.sees("?>") && !p.blanks():
		return p.fail("a blank is missing behind <?%s", name)
	}
	_, err = p.until("?>", "the instruction")
	return err
}

func tail(text string) string {
	const shown = 20
	for len(text) > shown {
		_, size := utf8.DecodeRuneInString(text)
		text = text[size:]
	}
	return text
}
