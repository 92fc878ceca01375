package strictxml

import (
	"bytes"
	"fmt"
	"regexp"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/ianaindex"
	"golang.org/x/text/encoding/unicode"
)

const blank = `[ \t\r\n]`

// declaration is the XML declaration (XML 1.0 §2.8): its version, encoding and
// whether it stands alone.
var declaration = regexp.MustCompile(`^<\?xml` + blank + `+version` + blank + `*=` + blank + `*(?:"([-a-zA-Z0-9._]+)"|'([-a-zA-Z0-9._]+)')` +
	`(?:` + blank + `+encoding` + blank + `*=` + blank + `*(?:"([A-Za-z][-A-Za-z0-9._]*)"|'([A-Za-z][-A-Za-z0-9._]*)'))?` +
	`(?:` + blank + `+standalone` + blank + `*=` + blank + `*(?:"(yes|no)"|'(yes|no)'))?` + blank + `*\?>`)

// decode returns the text in UTF-8, without a byte order mark.
func (d *Document) decode(data []byte) (string, error) {
	var wide encoding.Encoding
	switch {
	case bytes.HasPrefix(data, []byte("\xef\xbb\xbf")):
		d.BOM, data = true, data[3:]
	case bytes.HasPrefix(data, []byte("\xff\xfe")), bytes.HasPrefix(data, []byte("\xfe\xff")):
		d.BOM, wide = true, unicode.UTF16(unicode.BigEndian, unicode.ExpectBOM)
	case bytes.HasPrefix(data, []byte("<\x00")):
		wide = unicode.UTF16(unicode.LittleEndian, unicode.IgnoreBOM)
	case bytes.HasPrefix(data, []byte("\x00<")):
		wide = unicode.UTF16(unicode.BigEndian, unicode.IgnoreBOM)
	}
	if wide != nil {
		d.Encoding = "UTF-16"
		return decoded(wide, data, d.Encoding)
	}
	m := declaration.FindSubmatch(data)
	if m == nil {
		return valid(string(data))
	}
	name := string(m[3]) + string(m[4])
	switch upper := strings.ToUpper(name); {
	case upper == "" || upper == "UTF-8":
		return valid(string(data))
	case strings.HasPrefix(upper, "UTF-16"), strings.HasPrefix(upper, "UTF-32"), strings.HasPrefix(upper, "ISO-10646-UCS"):
		return "", &SyntaxError{1, fmt.Sprintf("it says that it is encoded as %s, which it is not", name)}
	case upper == "US-ASCII":
		d.Encoding = name
		return ascii(string(data))
	}
	d.Encoding = name
	if upper := strings.ToUpper(name); upper == "UTF8" {
		return valid(string(data)) // a name that nobody registered and browsers know
	}
	e, err := ianaindex.IANA.Encoding(name)
	if err != nil || e == nil {
		return "", &SyntaxError{1, fmt.Sprintf("nobody knows the encoding %s", name)}
	}
	return decoded(e, data, name)
}

func decoded(e encoding.Encoding, data []byte, name string) (string, error) {
	text, err := e.NewDecoder().Bytes(data)
	if err != nil {
		return "", &SyntaxError{1, fmt.Sprintf("it cannot be read as %s: %v", name, err)}
	}
	return string(text), nil
}

// valid refuses bytes that are not UTF-8.
func valid(text string) (string, error) {
	if utf8.ValidString(text) {
		return text, nil
	}
	line := 1
	for i := 0; i < len(text); {
		r, size := utf8.DecodeRuneInString(text[i:])
		if r == utf8.RuneError && size == 1 {
			return "", &SyntaxError{line, fmt.Sprintf(`the byte \x%02x is no UTF-8, which the text should be in`, text[i])}
		}
		if r == '\n' {
			line++
		}
		i += size
	}
	return text, nil
}

func ascii(text string) (string, error) {
	for i := range len(text) {
		if text[i] >= utf8.RuneSelf {
			return "", &SyntaxError{1 + strings.Count(text[:i], "\n"), fmt.Sprintf(`the byte \x%02x is no US-ASCII, which the text should be in`, text[i])}
		}
	}
	return text, nil
}
