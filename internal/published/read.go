package published

import (
	"bytes"
	"errors"
	"path"
	"strings"

	"mailprobe/internal/finding"
	"mailprobe/internal/strictxml"
)

// Read reads a document of any format, which its name and its beginning tell.
// The name is one of a file; only its ending counts.
func Read(name string, data []byte) Document {
	switch ending := strings.ToLower(path.Ext(name)); {
	case ending == ".mobileconfig" || looksLikeProfile(data):
		return ReadMobileConfig(data)
	case ending == ".zone" || looksLikeZone(data):
		return ReadZone(data)
	case ending == ".md":
		return ReadProviderDB(data)
	case ending == ".yaml" || ending == ".yml":
		return ReadCatalogue(data)
	case ending == ".json" || begins(data, "{"):
		return ReadPACC(data)
	case begins(data, "---"):
		return ReadProviderDB(data)
	case begins(data, "id:"):
		return ReadCatalogue(data)
	}
	return ReadXML(data)
}

// Known reports whether a file of this name may be of one of the formats, when
// a folder is walked.
func Known(name string) bool {
	switch strings.ToLower(path.Ext(name)) {
	case ".xml", ".mobileconfig", ".json", ".md", ".yaml", ".yml", ".zone":
		return true
	}
	return false
}

// Foreign reports whether a document is plainly something else: a folder holds
// notes and data beside its settings.
func (d Document) Foreign() bool { return !d.Read && d.Format == "" }

func begins(data []byte, with string) bool {
	return bytes.HasPrefix(bytes.TrimLeft(bytes.TrimPrefix(data, []byte("\xef\xbb\xbf")), " \t\r\n"), []byte(with))
}

func looksLikeProfile(data []byte) bool {
	head := data[:min(len(data), 1024)]
	return bytes.HasPrefix(data, []byte("bplist")) || bytes.Contains(head, []byte("<plist")) || bytes.Contains(head, []byte("<!DOCTYPE plist")) ||
		bytes.HasPrefix(data, []byte{0x30, 0x80}) || bytes.HasPrefix(data, []byte{0x30, 0x82}) || bytes.HasPrefix(data, []byte{0x30, 0x83})
}

// ReadXML reads an autoconfig or an Autodiscover document.
func ReadXML(data []byte) Document {
	d := Document{Read: true}
	x := d.xml(data, MaxSize)
	if x == nil {
		d.Format = formatOf(data)
		return d
	}
	switch root := x.Root.Name; {
	case strings.EqualFold(root, "clientConfig"):
		d.autoconfig(x.Root)
	case strings.EqualFold(root, "Autodiscover"):
		d.autodiscover(x.Root)
	case strings.EqualFold(root, "html"):
		d.webPage(x.Root.Line)
	default:
		d.unreadable(x.Root.Line, "settings.unknown_value", "The document begins with <{element}>, which no format of mail settings does.",
			"Publish a document that begins with <clientConfig> or <Autodiscover>.", finding.Args{"element": x.Root.Name})
	}
	d.sort()
	return d
}

// formatOf tells what a document was to be that cannot be read; empty: not
// known.
func formatOf(data []byte) Format {
	head := strings.ToLower(string(data[:min(len(data), 4096)]))
	switch {
	case strings.Contains(head, "<clientconfig"):
		return Autoconfig
	case strings.Contains(head, "<autodiscover"):
		return Autodiscover
	}
	return ""
}

func (d *Document) webPage(line int) {
	d.unreadable(line, "settings.html_instead_of_xml", "There is a web page where the settings should be.",
		"Let the web server give out the document itself, and 404 where there is none.", nil)
}

// xml parses strictly; nil: it cannot be read, and why is said.
func (d *Document) xml(data []byte, size int) *strictxml.Document {
	x, err := strictxml.Parse(data, strictxml.Limits{Size: size, Depth: MaxDepth})
	if err == nil {
		d.encoding(x)
		return x
	}
	if limit, ok := errors.AsType[*strictxml.LimitError](err); ok {
		d.unreadable(limit.Line, "settings.too_large", "The document is larger than programs need to read: {why}.",
			"Publish the settings alone.", finding.Args{"why": limit.Why})
		return nil
	}
	if isWebPage(data) {
		d.webPage(1)
		return nil
	}
	syntax := err.(*strictxml.SyntaxError)
	d.unreadable(syntax.Line, "settings.not_well_formed", "The document is no well-formed XML, so mail programs refuse it: {why}.",
		"Mend the line, and check the document with an XML parser such as xmllint.", finding.Args{"why": syntax.Why})
	return nil
}

func isWebPage(data []byte) bool {
	head := bytes.ToLower(data[:min(len(data), 2048)])
	return bytes.Contains(head, []byte("<!doctype html")) || bytes.Contains(head, []byte("<html")) || bytes.Contains(head, []byte("<body"))
}

func (d *Document) encoding(x *strictxml.Document) {
	if x.BOM && x.Encoding != "UTF-16" {
		d.says(1, "settings.bom", "A byte order mark stands before the document; some mail programs stumble over it.", "Save the file as UTF-8 without a byte order mark (BOM).", nil)
	}
	if x.Encoding != "" {
		d.says(1, "settings.encoding", "The document is encoded as {encoding}, which not every mail program reads.", "Save the file as UTF-8.", finding.Args{"encoding": x.Encoding})
	}
}

// value returns the text of an element without blanks around it. It reports
// false, and says why, where that is not all that there is.
func (d *Document) value(e *strictxml.Element) (string, bool) {
	switch {
	case len(e.Entities) > 0:
		d.says(e.Line, "settings.unknown_value", "<{element}> names the entity &{entity};, which is not resolved.", "Write the text itself.",
			finding.Args{"element": e.Name, "entity": e.Entities[0]})
		return "", false
	case len(e.Children) > 0:
		d.says(e.Children[0].Line, "settings.unknown_value", "<{inner}> stands in <{element}>, which holds nothing but text.", "Take the inner element out.",
			finding.Args{"element": e.Name, "inner": e.Children[0].Name})
		return "", false
	}
	return strings.TrimSpace(e.Text), true
}
