package source

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"
)

// maxContent bounds what is read from any source, in bytes.
const maxContent = 64 << 10

var (
	errEmpty   = errors.New("it is empty")
	errTooMuch = fmt.Errorf("it holds more than %d KiB", maxContent>>10)
)

// password returns the first line without its line break, and keeps
// everything else: blanks are legal in a password.
func password(text string) (string, error) {
	line, _, _ := strings.Cut(text, "\n")
	line = strings.TrimSuffix(line, "\r")
	switch {
	case line == "" && strings.TrimSpace(text) != "":
		return "", errors.New("its first line is empty")
	case line == "":
		return "", errEmpty
	case strings.HasPrefix(line, "\ufeff"), strings.HasPrefix(line, "\xff\xfe"), strings.HasPrefix(line, "\xfe\xff"):
		return "", errors.New("it starts with a byte order mark; save it as UTF-8 without one")
	}
	return line, nil
}

// token returns the text without the white space around it.
func token(text string) (string, error) {
	text = strings.TrimSpace(text)
	switch {
	case text == "":
		return "", errEmpty
	case strings.HasPrefix(text, "{"):
		return "", errors.New("it holds JSON; give the value of \"access_token\" alone")
	case strings.ContainsAny(text, " \t\r\n"):
		return "", errors.New("it holds more than one word; give the access token alone")
	}
	return text, nil
}

// readAll reads r to its end, within the bounds of size and time. If the
// time is over, the read goes on unheard: a read of a pipe cannot be broken.
func readAll(ctx context.Context, limit time.Duration, open func() (io.ReadCloser, error)) (string, error) {
	type outcome struct {
		text string
		err  error
	}
	done := make(chan outcome, 1)
	go func() {
		text, err := readBounded(open)
		done <- outcome{text, err}
	}()
	timer := time.NewTimer(limit)
	defer timer.Stop()
	select {
	case o := <-done:
		return o.text, o.err
	case <-timer.C:
		return "", fmt.Errorf("nothing complete came within %s", limit)
	case <-ctx.Done():
		return "", ctx.Err()
	}
}

func readBounded(open func() (io.ReadCloser, error)) (string, error) {
	r, err := open()
	if err != nil {
		return "", err
	}
	defer r.Close()
	data, err := io.ReadAll(io.LimitReader(r, maxContent+1))
	if err != nil {
		return "", err
	}
	if len(data) > maxContent {
		return "", errTooMuch
	}
	return string(data), nil
}

// A bounded buffer refuses what goes over maxContent, and tells so once. It
// does not embed its buffer, by whose ReadFrom io.Copy would go round Write.
type bounded struct {
	buf  bytes.Buffer
	full bool
	over func()
}

func (b *bounded) Write(p []byte) (int, error) {
	if b.buf.Len()+len(p) > maxContent {
		b.full = true
		b.over()
		return 0, errTooMuch
	}
	return b.buf.Write(p)
}
