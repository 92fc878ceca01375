package imap

import (
	"regexp"
	"strconv"
	"strings"

	"mailprobe/internal/lazyregexp"
)

const (
	maxKept    = 200     // untagged lines of one answer that are kept
	maxLiteral = 4 << 10 // bytes of a literal among them; a header field has less
)

// A collector keeps the untagged data of one answer from the client library,
// whose parser is not safe with it.
type collector struct {
	lines   []string
	literal int // bytes of a literal that are still to come; -1: none
}

var literalEnd = lazyregexp.New(`\{(\d{1,9})\+?\}$`)

// take reports whether a line belongs to untagged data, and keeps it.
func (c *collector) take(line string) bool {
	if c == nil || c.literal < 0 && !strings.HasPrefix(line, "* ") || len(c.lines) >= maxKept {
		return false
	}
	c.lines = append(c.lines, line)
	if inside := len(line) + len("\r\n"); c.literal >= inside {
		c.literal -= inside
		return true
	}
	c.literal = -1 // the line that follows a literal, or has none
	if m := literalEnd.FindStringSubmatch(line); m != nil {
		if n, err := strconv.Atoi(m[1]); err == nil && n <= maxLiteral {
			c.literal = n
		}
	}
	return true
}

// within reports whether the next line belongs to a literal, or ends the line
// that it stands in.
func (c *collector) within() bool { return c != nil && c.literal >= 0 }

// found returns the numbers of a SEARCH answer (RFC 3501 §7.2.5).
func (c *collector) found() []uint32 {
	var all []uint32
	for _, line := range c.lines {
		_, word, text := split(line)
		if word != "SEARCH" {
			continue
		}
		for _, field := range strings.Fields(text) {
			if n, err := strconv.ParseUint(field, 10, 32); err == nil && n > 0 {
				all = append(all, uint32(n))
			}
		}
	}
	return all
}

// announces reports whether a CAPABILITY answer names a capability.
func (c *collector) announces(name string) bool {
	for _, line := range c.lines {
		if _, word, text := split(line); word == "CAPABILITY" && has(strings.Fields(text), name) {
			return true
		}
	}
	return false
}

// shows reports whether a FETCH answer is about the message uid and has a line
// of its header.
func (c *collector) shows(uid uint32, header string) bool {
	about := regexp.MustCompile(`(?i)\bUID ` + strconv.FormatUint(uint64(uid), 10) + `\b`)
	named, held := false, false
	for _, line := range c.lines {
		named = named || about.MatchString(line)
		held = held || strings.EqualFold(line, header)
	}
	return named && held
}
