package lab

import (
	"bufio"
	"errors"
	"net"
	"strings"
	"time"
)

// maxLine bounds a line from a client. OAuth2 tokens make long ones: RFC 4954
// §4 wants room for 12288 octets.
const maxLine = 16 << 10

var errLineTooLong = errors.New("line too long")

// lines reads and writes the lines of a dialogue. After an error of either
// way it stays at an end.
type lines struct {
	conn net.Conn
	br   *bufio.Reader
	bw   *bufio.Writer
	err  error
}

func newLines(conn net.Conn) *lines {
	return &lines{conn: conn, br: bufio.NewReaderSize(conn, maxLine), bw: bufio.NewWriter(conn)}
}

// read returns the next line without its CRLF, and whether there is one. What
// was written goes out before the client is waited for.
func (l *lines) read() (string, bool) {
	if l.br.Buffered() == 0 {
		l.flush()
	}
	if l.err != nil {
		return "", false
	}
	l.conn.SetReadDeadline(time.Now().Add(idleTime))
	line, err := l.br.ReadSlice('\n')
	if errors.Is(err, bufio.ErrBufferFull) {
		err = errLineTooLong
	}
	if err != nil {
		l.flush()
		l.err = err
		return "", false
	}
	return strings.TrimRight(string(line), "\r\n"), true
}

// write queues text, which holds its own line ends.
func (l *lines) write(text string) {
	if l.err != nil {
		return
	}
	l.conn.SetWriteDeadline(time.Now().Add(idleTime))
	_, l.err = l.bw.WriteString(text)
}

func (l *lines) flush() {
	if l.err == nil {
		l.err = l.bw.Flush()
	}
}

// A next says how a dialogue goes on after a command.
type next int

const (
	goOn   next = iota
	hangUp      // it is over
	useTLS      // the handshake comes next
)

// converse answers commands until command says that it is enough, or until
// the client is gone. It reports whether TLS comes next.
func (l *lines) converse(command func(line string) next) bool {
	for {
		line, ok := l.read()
		if !ok {
			return false
		}
		if n := command(line); n != goOn {
			l.flush()
			return n == useTLS && l.err == nil
		}
	}
}

// verb splits a command from its arguments and puts it in upper case.
func verb(line string) (command, args string) {
	command, args, _ = strings.Cut(line, " ")
	return strings.ToUpper(command), args
}
