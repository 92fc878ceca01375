package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"mailprobe/internal/document"
)

// pasted returns the text to explain: the arguments, the file that a single
// one names, or the standard input.
func (a *app) pasted(ctx context.Context, args []string) (string, error) {
	if len(args) == 1 && args[0] != "-" {
		if info, err := os.Stat(args[0]); err == nil && info.Mode().IsRegular() {
			file, err := os.Open(args[0])
			if err != nil {
				return "", fmt.Errorf("cannot read %s: %w", args[0], errors.Unwrap(err))
			}
			defer file.Close()
			return readPasted(file)
		}
	}
	if len(args) > 0 && (len(args) > 1 || args[0] != "-") {
		return strings.Join(args, " "), nil
	}
	if _, terminal := terminalWidth(a.stdin); len(args) == 0 && terminal {
		fmt.Fprintln(a.stderr, a.lang.Say("Paste what the server or the mail program said, then type a line with only a dot, or Ctrl-D:"))
		return typed(ctx, func() (string, error) { return untilDot(a.stdin) })
	}
	return typed(ctx, func() (string, error) { return readPasted(a.stdin) })
}

// untilDot reads lines as far as one with nothing but a dot, or to the end.
func untilDot(r io.Reader) (string, error) {
	lines := bufio.NewScanner(io.LimitReader(r, document.MaxSize+1))
	lines.Buffer(nil, document.MaxSize+1)
	var text strings.Builder
	for lines.Scan() && lines.Text() != "." {
		text.WriteString(lines.Text() + "\n")
	}
	return text.String(), lines.Err()
}

// pastedEnd is how much of each end of a text is kept that cannot be a saved
// report, in bytes. Between them nothing is looked at.
const pastedEnd = 1 << 20

// readPasted reads a text as far as it is looked at: its two ends, or of what
// may be a report all of it and a byte more, by which one that is too large can
// be told.
func readPasted(r io.Reader) (string, error) {
	var head strings.Builder
	if _, err := io.Copy(&head, io.LimitReader(r, pastedEnd)); err != nil {
		return "", err
	}
	begun := strings.TrimSpace(head.String())
	if strings.HasPrefix(begun, "{") || strings.HasPrefix(begun, "[") {
		_, err := io.Copy(&head, io.LimitReader(r, document.MaxSize+1-pastedEnd))
		return head.String(), err
	}
	last, err := lastOf(r, pastedEnd)
	if err != nil {
		return "", err
	}
	text := head.String() + string(last)
	if strings.TrimSpace(text) == "" {
		return "", errors.New("nothing to explain: the text is empty")
	}
	return text, nil
}

// lastOf reads at most as much as a report may have, and returns the last n
// bytes of it.
func lastOf(r io.Reader, n int) ([]byte, error) {
	r = io.LimitReader(r, document.MaxSize)
	kept, more := make([]byte, 0, 2*n), make([]byte, 64<<10)
	for {
		read, err := r.Read(more)
		if len(kept)+read > cap(kept) {
			kept = append(kept[:0], kept[len(kept)-n:]...)
		}
		kept = append(kept, more[:read]...)
		switch {
		case errors.Is(err, io.EOF):
			return kept[max(len(kept)-n, 0):], nil
		case err != nil:
			return nil, err
		}
	}
}
