package strictxml

import "strings"

const (
	xmlSpace   = "http://www.w3.org/XML/1998/namespace"
	xmlnsSpace = "http://www.w3.org/2000/xmlns/"
)

// bind finds the namespace of an element and checks those of its attributes
// (Namespaces in XML 1.0). Programs that know no namespaces take a prefix that
// is not declared; Thunderbird and ElementTree refuse the document.
func (p *parser) bind(o *open) error {
	for _, a := range o.Attrs {
		if err := p.declare(o, a); err != nil {
			return err
		}
	}
	space, name, err := p.qualified(o.tag)
	if err != nil {
		return err
	}
	o.Space, o.Name = space, name
	seen := map[[2]string]bool{}
	for _, a := range o.Attrs {
		prefix, local, found := strings.Cut(a.Name, ":")
		if !found || prefix == "xmlns" {
			continue
		}
		space, _, err := p.qualified(a.Name)
		if err != nil {
			return err
		}
		if seen[[2]string{space, local}] {
			return p.fail("the attribute %s is there twice", clip(a.Name))
		}
		seen[[2]string{space, local}] = true
	}
	return nil
}

// declare notes the namespace that an attribute declares, if it does.
func (p *parser) declare(o *open, a Attr) error {
	prefix, declares := strings.CutPrefix(a.Name, "xmlns:")
	if a.Name == "xmlns" {
		prefix, declares = "", true
	}
	switch {
	case !declares:
		return nil
	case prefix == "xmlns", a.Value == xmlnsSpace, (prefix == "xml") != (a.Value == xmlSpace):
		return p.fail("%s declares a prefix or a namespace that is reserved", clip(a.Name))
	case prefix != "" && a.Value == "":
		return p.fail("%s declares no namespace", clip(a.Name))
	}
	if o.spaces == nil {
		o.spaces = map[string]string{}
	}
	o.spaces[prefix] = a.Value
	return nil
}

// qualified parts a name, and returns the namespace of its prefix.
func (p *parser) qualified(name string) (space, local string, err error) {
	prefix, local, found := strings.Cut(name, ":")
	if !found {
		prefix, local = "", name
	}
	if found && (prefix == "" || local == "" || strings.Contains(local, ":")) || found && !isName(local) {
		return "", "", p.fail("%q is no name: its colon stands in the wrong place", clip(name))
	}
	if prefix == "xml" {
		return xmlSpace, local, nil
	}
	for i := len(p.stack) - 1; i >= 0; i-- {
		if space, ok := p.stack[i].spaces[prefix]; ok {
			return space, local, nil
		}
	}
	if found {
		return "", "", p.fail("the prefix %s is not declared (xmlns:%[1]s)", clip(prefix))
	}
	return "", local, nil
}
