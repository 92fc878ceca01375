package settings

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// A Template is a user name, or a host name, with placeholders for the parts
// of a mail address, as autoconfig documents write them.
type Template string

const (
	FullAddress Template = "%EMAILADDRESS%"   // me@example.com
	LocalPart   Template = "%EMAILLOCALPART%" // me
	Domain      Template = "%EMAILDOMAIN%"    // example.com
)

var placeholder = regexp.MustCompile(`%[A-Z]+%`)

// For fills in the parts of an address. A name without an @ stands for itself
// wherever an address or its local part is wanted.
func (t Template) For(address string) string {
	local, domain := address, ""
	if i := strings.LastIndexByte(address, '@'); i >= 0 {
		local, domain = address[:i], address[i+1:]
	}
	return strings.NewReplacer(string(FullAddress), address, string(LocalPart), local, string(Domain), domain).Replace(string(t))
}

// Check refuses a template with a placeholder that there is not, or with none:
// it would be one person's name.
func (t Template) Check() error {
	found := placeholder.FindAllString(string(t), -1)
	for _, p := range found {
		if !slices.Contains([]Template{FullAddress, LocalPart, Domain}, Template(p)) {
			return fmt.Errorf("unknown placeholder %s in %q", p, t)
		}
	}
	if len(found) == 0 {
		return fmt.Errorf("%q has no placeholder such as %s", t, FullAddress)
	}
	return nil
}

// Word returns the short word for the two usual forms, "address" and
// "local-part"; another template is returned as it is.
func (t Template) Word() string {
	switch t {
	case FullAddress:
		return "address"
	case LocalPart:
		return "local-part"
	}
	return string(t)
}

// TemplateOf returns the template of a word, or the word itself, unchecked.
func TemplateOf(word string) Template {
	switch word {
	case "address":
		return FullAddress
	case "local-part":
		return LocalPart
	}
	return Template(word)
}
