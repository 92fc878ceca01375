package replies

import (
	"html"
	"mime"
	"net/url"
	"strings"
	"unicode"

	"mailprobe/internal/lazyregexp"
)

// The bounds of what is read. Text beyond them is not looked at.
const (
	maxText  = 256 << 10 // bytes of one text; of a longer one its two ends
	maxLine  = 4 << 10   // bytes of one logical line
	maxRows  = 4096      // passages of one text; of more the first and the last
	maxParts = 16        // lines of one passage
)

// A passage is one reply or one message put back together: a reply of several
// lines, or a sentence that a program wrapped.
type passage struct {
	text    string   // white space collapsed, client's decoration gone
	parts   []string // the physical lines, the same way; one if it was not put together
	command string   // the verb that the client said last before it; empty: none was seen
}

// passages normalises a text and cuts it into passages, in order.
func passages(text string) []passage {
	var out []passage
	fresh, said := true, ""
	for line := range strings.Lines(normalise(text)) {
		line = collapse(line)
		if line == "" {
			fresh = true
			continue
		}
		if m := quotedReply.FindStringSubmatch(line); m != nil {
			line = m[1]
		}
		if verb, ok := commandOf(line); ok || clientLine.MatchString(line) {
			fresh, said = true, or(verb, said)
			continue
		}
		line = decoration.ReplaceAllString(line, "")
		last := len(out) - 1
		switch {
		case line == "":
		case !fresh && continues(out[last], line):
			out[last].text += " " + line
			out[last].parts = append(out[last].parts, line)
		default:
			out = append(out, passage{text: line, parts: []string{line}, command: said})
		}
		fresh = len(out) == 0
	}
	if len(out) > maxRows {
		out = append(out[:maxRows/2:maxRows/2], out[len(out)-maxRows/2:]...)
	}
	return out
}

// continues says whether line goes on what p began.
func continues(p passage, line string) bool {
	if len(p.text)+len(line) >= maxLine || len(p.parts) >= maxParts {
		return false
	}
	last := p.parts[len(p.parts)-1]
	if m := replyStart.FindStringSubmatch(line); m != nil {
		return len(last) > 3 && last[3] == '-' && last[:3] == m[1]
	}
	return !lineStart.MatchString(line)
}

var (
	// What a client said in a dialogue: never a diagnosis, sometimes a secret.
	clientLine = lazyregexp.New(`^(?:\[[^\]]{1,40}\] |\d\d:\d\d:\d\d\S* )?(?:C: |Connected to (?:imap|pop|smtp)s?://|CLIENT -> SERVER:|-> |~> |=> |>>> |> (?:AUTH|EHLO|HELO|LHLO|MAIL|RCPT|DATA|QUIT|RSET|STARTTLS|STLS|USER|PASS|CAPA|NOOP|APOP|STAT|UIDL|RETR)\b)`)

	// What programs put before a server's line in a dialogue.
	decoration = lazyregexp.New(`^(?:\[[\d:. ,TZ/+-]{5,40}\] ?|\d\d:\d\d:\d\d\S* |\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d\S* |S: |SERVER -> CLIENT: ?|<[-~*=]{1,3} +|<<< |<= |< |> (?:\d{3})?$|> )+`)

	// A server's line behind what elsewhere marks the client's.
	quotedReply = lazyregexp.New(`^(?:>{1,3}|[-~=]>) ([2-5]\d\d[ -].*)$`)

	replyStart = lazyregexp.New(`^([2-5]\d\d)(?:[ -]|$)`)

	// A line that starts something of its own.
	lineStart = lazyregexp.New(`^(?:\* |\+OK|\+ |-ERR|[A-Za-z0-9.]{1,16} (?:NO|BAD|OK|BYE)\b|[A-Z][A-Za-z]*-?[A-Za-z-]{2,30}: |[#|*=-]{2,}|curl: |File "|at |[a-z]+(?:\.[a-zA-Z]+)+(?:Error|Exception)\b|\{)`)
)

// normalise makes a text readable for the tables: valid UTF-8, no terminal
// sequences, plain spaces and quotes, and line ends where a program printed
// them as escapes.
func normalise(text string) string {
	if len(text) > maxText {
		text = text[:maxText/2] + "\n\n" + text[len(text)-maxText/2:]
	}
	text = strings.ToValidUTF8(text, " ")
	text = terminal.ReplaceAllString(text, "")
	text = decoded(text)
	if strings.Contains(text, "&") {
		text = html.UnescapeString(text)
	}
	return strings.Map(plainRune, escapes.Replace(text))
}

var (
	// What terminals are told (ECMA-48), as it was sent or as programs show it.
	terminal = lazyregexp.New(`(?:\x1b|\^\[|\\(?:e|x1[bB]|033|u001[bB]))(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*\x07?|[ -/]+[0-~])|\x{9b}[0-?]*[ -/]*[@-~]|\[[0-9]{1,3}(?:;[0-9]{1,3})*m`)

	escapes = strings.NewReplacer(
		`\r\n`, "\n", `\n5`, "\n5", `\n4`, "\n4", `\n\t`, "\n", `\"`, `"`,
		"\r\n", "\n", "\r", "\n", "<br>", "\n", "<br/>", "\n", "<br />", "\n",
	)
)

func plainRune(r rune) rune {
	switch {
	case r == '\n':
		return r
	case unicode.IsSpace(r):
		return ' '
	case r == '‘', r == '’', r == '‚', r == '`', r == '´':
		return '\''
	case r == '“', r == '”', r == '„', r == '«', r == '»':
		return '"'
	case r == '‐', r == '‑', r == '–', r == '—', r == '−':
		return '-'
	case r == '×':
		return 'x'
	case r == '\u200b', r == '\u200e', r == '\u200f', r == '\ufeff', r == '\u00ad':
		return -1
	case unicode.IsControl(r):
		return ' '
	}
	return r
}

// collapse cuts white space at both ends and makes every run of it one space.
func collapse(s string) string { return strings.Join(strings.Fields(s), " ") }

var (
	encodedWord = lazyregexp.New(`=\?[\w-]{1,40}\?[bBqQ]\?[^?\s]{1,400}\?=`) // RFC 2047 §2
	percents    = lazyregexp.New(`\S*(?:%[2-7][0-9A-Fa-f]\S*){2}`)           // a word with several of RFC 3986 §2.1
)

// decoded puts plain words in the place of MIME's encoded ones and of those
// that stand percent-encoded in an address.
func decoded(text string) string {
	if strings.Contains(text, "=?") {
		var d mime.WordDecoder
		text = encodedWord.ReplaceAllStringFunc(text, func(word string) string {
			if plain, err := d.Decode(word); err == nil {
				return plain
			}
			return word
		})
	}
	if !strings.Contains(text, "%") {
		return text
	}
	return percents.ReplaceAllStringFunc(text, func(word string) string {
		if plain, err := url.QueryUnescape(word); err == nil {
			return plain
		}
		return word
	})
}
