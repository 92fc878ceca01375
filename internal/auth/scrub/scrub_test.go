package scrub

import (
	"encoding/base32"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"html"
	"math/rand/v2"
	"mime/quotedprintable"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"unicode/utf16"
	"unicode/utf8"

	"mailprobe/internal/lab/detector"
)

// A coding is written by one library and read by another than the code that is
// tested.
type coding struct {
	name  string
	write func(*rand.Rand, string) string
	read  func(string) string // undoes it wherever it stands in a text
}

func replaced(pattern string, decode func(string) string) func(string) string {
	re := regexp.MustCompile(pattern)
	return func(text string) string { return re.ReplaceAllStringFunc(text, decode) }
}

// characters writes every character as a number that HTML understands.
func characters(_ *rand.Rand, text string) string {
	var b strings.Builder
	for _, c := range text {
		fmt.Fprintf(&b, "&#%d;", c)
	}
	return b.String()
}

// each writes every byte of a text, and some of those that need it not.
func each(format string) func(*rand.Rand, string) string {
	return func(r *rand.Rand, text string) string {
		var b strings.Builder
		for _, c := range []byte(text) {
			if plain := 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9'; plain && r.IntN(3) > 0 {
				b.WriteByte(c)
			} else {
				fmt.Fprintf(&b, format, c)
			}
		}
		return b.String()
	}
}

func packedBy(enc *base64.Encoding, pattern string) coding {
	return coding{"base64",
		func(_ *rand.Rand, text string) string { return enc.EncodeToString([]byte(text)) },
		replaced(pattern, func(run string) string {
			var all []string
			for skip := range min(4, len(run)) {
				whole := strings.TrimRight(run[skip:], "=")
				text, _ := enc.WithPadding(base64.NoPadding).DecodeString(whole[:len(whole)/4*4])
				rest, _ := enc.WithPadding(base64.NoPadding).DecodeString(whole)
				all = append(all, string(text), string(rest))
			}
			return strings.Join(all, "\n")
		})}
}

func base32Coding(enc *base32.Encoding, letters func(string) string) coding {
	return coding{"base32",
		func(_ *rand.Rand, text string) string { return letters(enc.EncodeToString([]byte(text))) },
		replaced(`[A-Za-z2-7]+=*`, func(run string) string {
			var all []string
			for skip := range min(8, len(run)) {
				whole := strings.ToUpper(strings.TrimRight(run[skip:], "="))
				for _, n := range []int{len(whole), len(whole) / 8 * 8} {
					text, _ := base32.StdEncoding.WithPadding(base32.NoPadding).DecodeString(whole[:n])
					all = append(all, string(text))
				}
			}
			return strings.Join(all, "\n")
		})}
}

// points writes every character by its number.
func points(format, between string) func(*rand.Rand, string) string {
	return func(_ *rand.Rand, text string) string {
		var all []string
		for _, c := range text {
			all = append(all, fmt.Sprintf(format, c))
		}
		return strings.Join(all, between)
	}
}

func fromPoints(mark string) func(string) string {
	return func(s string) string {
		var b strings.Builder
		for _, n := range strings.Split(s, mark)[1:] {
			c, _ := strconv.ParseUint(strings.TrimRight(n, " ,-"), 16, 32)
			b.WriteRune(rune(c))
		}
		return b.String()
	}
}

// units writes a text as UTF-16.
func units(format string) func(*rand.Rand, string) string {
	return func(_ *rand.Rand, text string) string {
		var b strings.Builder
		for _, u := range utf16.Encode([]rune(text)) {
			fmt.Fprintf(&b, format, u)
		}
		return b.String()
	}
}

func utf16Bytes(text string, big bool) string {
	var b []byte
	for _, u := range utf16.Encode([]rune(text)) {
		if big {
			b = append(b, byte(u>>8), byte(u))
		} else {
			b = append(b, byte(u), byte(u>>8))
		}
	}
	return string(b)
}

func fromUTF16(text string, big bool) string {
	var units []uint16
	for i := 0; i+1 < len(text); i += 2 {
		if big {
			units = append(units, uint16(text[i])<<8|uint16(text[i+1]))
		} else {
			units = append(units, uint16(text[i+1])<<8|uint16(text[i]))
		}
	}
	return string(utf16.Decode(units))
}

func utf16Coding(name string, big bool) coding {
	return coding{name,
		func(_ *rand.Rand, text string) string { return utf16Bytes(text, big) },
		func(text string) string {
			return fromUTF16(text, big) + "\n" + fromUTF16(text[min(1, len(text)):], big)
		}}
}

var codings = []coding{
	{"percent", each("%%%02X"), replaced(`(?:%[0-9A-Fa-f]{2})+`, func(s string) string { text, _ := url.PathUnescape(s); return text })},
	{"form", func(_ *rand.Rand, s string) string { return url.QueryEscape(s) },
		replaced(`[^ &=]+`, func(s string) string {
			if text, err := url.QueryUnescape(s); err == nil {
				return text
			}
			return s
		})},
	{"entities by number", characters, html.UnescapeString},
	{"entities by name", func(_ *rand.Rand, s string) string { return html.EscapeString(s) }, html.UnescapeString},
	{"json", func(_ *rand.Rand, s string) string { text, _ := json.Marshal(s); return string(text[1 : len(text)-1]) }, unquoted},
	{"go", func(_ *rand.Rand, s string) string { text := strconv.QuoteToASCII(s); return text[1 : len(text)-1] }, unquoted},
	{"hex escapes", each(`\x%02x`), unquoted},
	{"octal escapes", each(`\%03o`), unquoted},
	{"quoted-printable", func(_ *rand.Rand, s string) string {
		var b strings.Builder
		w := quotedprintable.NewWriter(&b)
		w.Write([]byte(s))
		w.Close()
		return b.String()
	}, replaced(`(?:=[0-9A-F]{2}|=\r?\n)`, func(s string) string {
		c, _ := strconv.ParseUint(strings.TrimLeft(s, "="), 16, 8)
		if strings.HasSuffix(s, "\n") {
			return ""
		}
		return string([]byte{byte(c)})
	})},
	packedBy(base64.StdEncoding, `[A-Za-z0-9+/]+=*`),
	packedBy(base64.URLEncoding, `[A-Za-z0-9_-]+=*`),
	packedBy(base64.RawStdEncoding, `[A-Za-z0-9+/]+`),
	{"hex", func(_ *rand.Rand, s string) string { return hex.EncodeToString([]byte(s)) },
		replaced(`[0-9a-fA-F]+`, func(s string) string {
			even, _ := hex.DecodeString(s[:len(s)/2*2])
			odd, _ := hex.DecodeString(s[1 : 1+(len(s)-1)/2*2])
			return string(even) + "\n" + string(odd)
		})},
	{"spaced hex", func(_ *rand.Rand, s string) string { return fmt.Sprintf("% X", s) },
		replaced(`(?:\b[0-9A-F]{2}\b ?)+`, func(s string) string {
			text, _ := hex.DecodeString(strings.ReplaceAll(s, " ", ""))
			return string(text)
		})},
	{"numbers", func(_ *rand.Rand, s string) string { return fmt.Sprint([]byte(s)) },
		replaced(`\d+(?: \d+)*`, func(s string) string {
			var b []byte
			for _, n := range strings.Fields(s) {
				c, _ := strconv.ParseUint(n, 10, 8)
				b = append(b, byte(c))
			}
			return string(b)
		})},
	base32Coding(base32.StdEncoding, strings.ToUpper), base32Coding(base32.StdEncoding.WithPadding(base32.NoPadding), strings.ToLower),
	{"U+", points("U+%04X", ""), replaced(`(?:U\+[0-9A-F]{4,6}[ ,-]?)+`, fromPoints("U+"))},
	{"U+ with blanks", points("U+%04X", " "), replaced(`(?:U\+[0-9A-F]{4,6}[ ,-]?)+`, fromPoints("U+"))},
	{"u+ with commas", points("u+%04x", ","), replaced(`(?:u\+[0-9a-f]{4,6}[ ,-]?)+`, fromPoints("u+"))},
	{"%u", units("%%u%04X"), replaced(`(?:%u[0-9A-F]{4})+`, func(s string) string {
		b, _ := hex.DecodeString(strings.ReplaceAll(s, "%u", ""))
		return fromUTF16(string(b), true)
	})},
	{"escapes in braces", points(`\x{%x}`, ""), replaced(`(?:\\x\{[0-9a-f]+\})+`, func(s string) string {
		return fromPoints(`\x{`)(strings.ReplaceAll(s, "}", ""))
	})},
	{"named escapes", points(`\N{U+%04X}`, ""), replaced(`(?:\\N\{U\+[0-9A-F]+\})+`, func(s string) string {
		return fromPoints(`\N{U+`)(strings.ReplaceAll(s, "}", ""))
	})},
	{"LDAP", each(`\%02x`), replaced(`(?:\\[0-9a-f]{2})+`, func(s string) string {
		text, _ := hex.DecodeString(strings.ReplaceAll(s, `\`, ""))
		return string(text)
	})},
	{"CSS", each(`\%06x`), replaced(`(?:\\[0-9a-f]{6})`, func(s string) string {
		c, _ := strconv.ParseUint(s[1:], 16, 32)
		return string([]byte{byte(c)})
	})},
	{"CSS with blanks", points(`\%x `, ""), replaced(`(?:\\[0-9a-f]{1,6} )+`, fromPoints(`\`))},
	{"entities without semicolons", points("&#%d", ""), html.UnescapeString},
	{"hex entities without semicolons", points("&#x%x", ""), html.UnescapeString},
	{"hex with colons", func(_ *rand.Rand, s string) string { return strings.ReplaceAll(fmt.Sprintf("% x", s), " ", ":") },
		replaced(`(?:\b[0-9a-f]{2}\b:?)+`, func(s string) string {
			text, _ := hex.DecodeString(strings.ReplaceAll(s, ":", ""))
			return string(text)
		})},
	{"octal numbers", func(_ *rand.Rand, s string) string { return strings.Trim(fmt.Sprintf("%03o", []byte(s)), "[]") },
		replaced(`[0-7]{3}(?: [0-7]{3})*`, func(s string) string {
			var b []byte
			for _, n := range strings.Fields(s) {
				c, _ := strconv.ParseUint(n, 8, 8)
				b = append(b, byte(c))
			}
			return string(b)
		})},
	utf16Coding("UTF-16, little end first", false), utf16Coding("UTF-16, big end first", true),
}

// ofCharacters reports whether a coding loses what is not UTF-8.
func (c coding) ofCharacters() bool {
	return strings.HasPrefix(c.name, "UTF-16") || strings.Contains(c.name, "entities") || slices.Contains([]string{"json", "%u", "U+", "U+ with blanks", "u+ with commas", "CSS", "CSS with blanks", "escapes in braces", "named escapes"}, c.name)
}

func unquoted(text string) string {
	var b strings.Builder
	for text != "" {
		r, wide, rest, err := strconv.UnquoteChar(text, 0)
		switch {
		case text[0] == '\\' && len(text) > 1 && strings.ContainsRune(`"'/`, rune(text[1])):
			r, wide, rest = rune(text[1]), false, text[2:]
		case err != nil:
			r, wide, rest = rune(text[0]), false, text[1:]
		}
		if wide {
			b.WriteRune(r)
		} else {
			b.WriteByte(byte(r))
		}
		text = rest
	}
	return b.String()
}

const printable = `abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789 !"#$%&'()*+,-./:;<=>?@[\]^_{|}~` + "`"

func randomText(r *rand.Rand, n int) string {
	var b strings.Builder
	for range n {
		if r.IntN(12) == 0 {
			b.WriteRune([]rune("äßÉ€世界😀")[r.IntN(7)])
		} else {
			b.WriteByte(printable[r.IntN(len(printable))])
		}
	}
	return b.String()
}

// secretText is one that is no word of what stands around it.
func secretText(r *rand.Rand) string {
	return "q" + randomText(r, 6+r.IntN(30)) + "Z"
}

// leaks reports whether a text, or what can be decoded of it by up to so many
// codings in one another, holds a secret.
func leaks(text, secret string, depth int) (string, bool) {
	if strings.Contains(text, secret) {
		return "", true
	}
	if depth == 0 {
		return "", false
	}
	for _, c := range codings {
		if read := c.read(text); read != text {
			if by, yes := leaks(read, secret, depth-1); yes {
				return c.name + " " + by, true
			}
		}
	}
	return "", false
}

// No decoding of what is shown holds the secret, whatever stands around it and
// in whatever codings in one another it comes.
func TestNoDecodingHoldsTheSecret(t *testing.T) {
	detector.Spare(t)
	r := rand.New(rand.NewPCG(1, 2))
	for n := range 300 {
		secret := secretText(r)
		said, how := secret, ""
		for range r.IntN(3) {
			if c := codings[r.IntN(len(codings))]; utf8.ValidString(said) || !c.ofCharacters() {
				said, how = c.write(r, said), how+c.name+" "
			}
		}
		before, after := randomText(r, r.IntN(40)), randomText(r, r.IntN(40))
		text := before + said + after
		var f Finder
		f.Add(secret)
		got := f.Text(text)
		if by, yes := leaks(got, secret, 2); yes {
			t.Fatalf("%d: %q, written as %s, is left, to be read as %s\nof   %q\ngot  %q", n, secret, how, by, text, got)
		}
		if strings.Contains(got, said) {
			t.Fatalf("%d: %q, written as %s, is left\nof   %q\ngot  %q", n, secret, how, text, got)
		}
	}
}

// The oracle finds what it is to find.
func TestWhatIsWrittenCanBeRead(t *testing.T) {
	detector.Spare(t)
	r := rand.New(rand.NewPCG(3, 4))
	for _, c := range codings {
		for range 50 {
			secret := secretText(r)
			if _, yes := leaks("say ("+c.write(r, secret)+")", secret, 1); !yes && !strings.HasPrefix(c.name, "UTF-16") {
				t.Errorf("%s: %q is not found in %q", c.name, secret, c.write(r, secret))
			}
		}
	}
}

// What holds no secret stays as it is, to the byte.
func TestOrdinaryTextStays(t *testing.T) {
	var f Finder
	f.Add("correct horse battery")
	f.Add("Tr0ub4dor&3")
	for _, line := range []string{
		"535 5.7.8 Error: authentication failed: UGFzc3dvcmQ6",
		"* CAPABILITY IMAP4rev1 SASL-IR LOGIN-REFERRALS ID ENABLE IDLE LITERAL+ AUTH=PLAIN AUTH=LOGIN",
		"+OK <1896.697170952@dbc.mtview.ca.us> ready\x00\xff\xfe",
		"334 eyJzdGF0dXMiOiI0MDAiLCJzY2hlbWVzIjoiQmVhcmVyIn0=",
		"https://support.google.com/mail/?p=BadCredentials 5b1f17b1804b1-43891610cd4sm - gsmtp",
		"", "\n\n", "a\nb",
	} {
		if got := f.Text(line); got != line {
			t.Errorf("got  %q\nwant %q", got, line)
		}
	}
}

func TestParts(t *testing.T) {
	for _, row := range []struct{ secret, in, want string }{
		{"correct-horse-battery", "too long: correct-...", "too long: [redacted]..."},
		{"correct-horse-battery", "too long: correct...", "too long: correct..."},
		{"correct-horse-battery", "...-battery", "...[redacted]"},
		{"hunter22", "hunter2", "[redacted]"},
		{"hunter22", "hunter", "[redacted]"},
		{"hunter22", "hunte", "hunte"},
		{"abcd", "abc abcd", "abc [redacted]"},
		{"abcd efgh ijkl mnop", "abcdefghijklmnop is wrong", "[redacted] is wrong"},
		{"abcdefghijklmnop", "abcd efgh ijkl mnop is wrong", "[redacted] [redacted] [redacted] [redacted] is wrong"},
		{"Grüße-Welt", "Gr\xfc\xdfe-Welt GrÃ¼ÃŸe-Welt GRÜSSE", "[redacted] [redacted] GRÜSSE"},
		{"redacted", "PASS redacted", "PASS [...]"},
		{"long word", "[redacted] is no secret", "[redacted] is no secret"},
	} {
		var f Finder
		f.Add(row.secret)
		if got := f.Text(row.in); got != row.want {
			t.Errorf("%q in %q\ngot  %q\nwant %q", row.secret, row.in, got, row.want)
		}
	}
}

func TestShortSecrets(t *testing.T) {
	const held = "[withheld: it may hold the password]"
	for _, row := range []struct{ secret, in, want string }{
		{"abc", "535 5.7.8 you sent abc", "535 5.7.8 " + held},
		{"abc", "535 5.7.8 you sent xabcx", "535 5.7.8 you sent xabcx"},
		{"abc", "T2 NO [AUTH] AGFiYw==", "T2 NO " + held},
		{"abc", "T2 NO [AUTH] AG1lAGFiYw==", "T2 NO " + held},
		{"OK", "+OK ready", "+OK ready"},
		{"OK", "+OK you said ok", "+OK " + held},
		{"OK", "* OK ready", "* OK ready"},
		{"a", "-ERR failed", "-ERR failed"},
		{"a", "-ERR not a password", "-ERR " + held},
		{"x1", "x1\nx2", held + "\nx2"},
		{"it", "it is", "[...]"},
	} {
		var f Finder
		f.Add(row.secret)
		if got := f.Text(row.in); got != row.want {
			t.Errorf("%q in %q\ngot  %q\nwant %q", row.secret, row.in, got, row.want)
		}
	}
}

func TestBrokenOverLines(t *testing.T) {
	const secret = "correct horse battery staple"
	packed := base64.StdEncoding.EncodeToString([]byte("\x00me\x00" + secret))
	for name, lines := range map[string][]string{
		"in the middle":      {"you sent corre", "ct horse ba", "ttery staple"},
		"SMTP":               {"535-you sent corre", "535-ct horse", "535 battery staple"},
		"SMTP with a code":   {"535-5.7.8 sent corre", "535-5.7.8 ct hor", "535 5.7.8 se battery staple"},
		"IMAP":               {"* BAD corre", "* BAD ct hor", "* BAD se battery staple"},
		"base64":             {"334 " + packed[:9], "334 " + packed[9:19], "334 " + packed[19:]},
		"soft line breaks":   {"corr=", "ect h=", "orse ba=", "ttery staple"},
		"a letter to a line": strings.Split("535-"+strings.Join(strings.Split(secret, ""), "\n535-"), "\n"),
	} {
		var f Finder
		f.Add(secret)
		clean := f.Lines(lines)
		if len(clean) != len(lines) {
			t.Errorf("%s: %d lines became %d", name, len(lines), len(clean))
		}
		text := strings.Join(clean, "")
		for _, part := range []string{"corre", "hors", "batt", "stap", packed[10:18]} {
			if strings.Contains(text, part) {
				t.Errorf("%s: %q is left in %q", name, part, clean)
			}
		}
	}
}

// A long token is found in every part that tells it, wherever in a long text.
func TestLongTexts(t *testing.T) {
	detector.Spare(t)
	r := rand.New(rand.NewPCG(5, 6))
	token := base64.RawURLEncoding.EncodeToString([]byte(randomText(r, 3000)))
	var f Finder
	f.Add(token)
	for at := 0; at < 40<<10; at += 997 {
		text := strings.Repeat(".", at) + token + "."
		if got := f.Text(text); got != strings.Repeat(".", at)+"[redacted]." {
			t.Fatalf("at %d: %d bytes are left", at, len(got)-at)
		}
	}
}

// hostile texts have something to decode in every coding at every place.
func hostile(n int) map[string]string {
	r := rand.New(rand.NewPCG(7, 8))
	var mixed strings.Builder
	for mixed.Len() < n {
		c := codings[r.IntN(len(codings))]
		mixed.WriteString(c.write(r, codings[r.IntN(len(codings))].write(r, secretText(r))))
	}
	rep := func(s string) string { return strings.Repeat(s, n/len(s)+1)[:n] }
	return map[string]string{
		"plain": rep("535 5.7.8 authentication failed "), "mixed": mixed.String()[:n],
		"percents": rep("%25"), "entities": rep("&#38;"), "backslashes": rep(`\\`), "base64": rep("JSUl"),
		"hex": rep("2525"), "numbers": rep("37 "), "lines": rep("\n250-"), "utf7": rep("&AGEA-+AGEA-"),
		"all": rep(`%26#38;\x5c=5C+AGEA-&AGEA- 41 42 4a4b` + "\n250-"),
	}
}

func BenchmarkText(b *testing.B) {
	var f Finder
	f.Add("correct-horse-battery")
	for name, text := range hostile(64 << 10) {
		b.Run(name, func(b *testing.B) {
			b.SetBytes(int64(len(text)))
			b.ReportAllocs()
			for b.Loop() {
				f.Text(text)
			}
		})
	}
}
