package publish

import (
	"encoding/json"
	"encoding/xml"
	"fmt"
	"io"
	"strconv"
)

// A pair is an entry of a dictionary; its value is a string, an int, a bool or
// a list of dictionaries.
type pair struct {
	Key   string
	Value any
}

type pairs []pair

// digest writes what a dictionary says, in a form that has one reading.
func (p pairs) digest(w io.Writer) {
	json.NewEncoder(w).Encode(p) // a hash takes all that it is given
}

// plist writes a dictionary as a property list.
func (d *draft) plist(p pairs) error {
	e := xml.NewEncoder(&d.text)
	e.Indent("", "  ")
	tokens := []xml.Token{
		xml.ProcInst{Target: "xml", Inst: []byte(`version="1.0" encoding="UTF-8"`)}, xml.CharData("\n"),
		xml.Directive(`DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd"`), xml.CharData("\n"),
	}
	root := xml.StartElement{Name: xml.Name{Local: "plist"}, Attr: []xml.Attr{{Name: xml.Name{Local: "version"}, Value: "1.0"}}}
	tokens = append(append(append(tokens, root), valueTokens(p)...), root.End())
	for _, t := range tokens {
		if err := e.EncodeToken(t); err != nil {
			return err
		}
	}
	if err := e.Close(); err != nil {
		return err
	}
	d.text.WriteByte('\n')
	return nil
}

func valueTokens(v any) []xml.Token {
	switch v := v.(type) {
	case string:
		return element("string", xml.CharData(v))
	case int:
		return element("integer", xml.CharData(strconv.Itoa(v)))
	case bool:
		return element(strconv.FormatBool(v))
	case pairs:
		var inside []xml.Token
		for _, entry := range v {
			inside = append(append(inside, element("key", xml.CharData(entry.Key))...), valueTokens(entry.Value)...)
		}
		return element("dict", inside...)
	case []pairs:
		var inside []xml.Token
		for _, p := range v {
			inside = append(inside, valueTokens(p)...)
		}
		return element("array", inside...)
	}
	panic(fmt.Sprintf("a property list has no %T", v))
}

func element(name string, inside ...xml.Token) []xml.Token {
	start := xml.StartElement{Name: xml.Name{Local: name}}
	return append(append([]xml.Token{start}, inside...), start.End())
}
