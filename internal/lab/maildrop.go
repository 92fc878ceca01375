package lab

import (
	"fmt"
	"strconv"
	"strings"
)

// transaction answers one command of a client that is signed in.
func (p *pop3Session) transaction(name, args string) {
	if p.server.Fault == NotConnected && name != "NOOP" {
		p.write("-ERR [SYS/PERM] Your account is not enabled for POP access.\r\n")
		return
	}
	switch name {
	case "NOOP":
		p.write("+OK\r\n")
	case "STAT":
		count, size := p.stat()
		p.write(fmt.Sprintf("+OK %d %d\r\n", count, size))
	case "LIST":
		p.list(args, func(m *letter) int { return len(m.text) })
	case "UIDL":
		p.list(args, func(m *letter) int { return m.id })
	case "RETR":
		p.one(args, p.retrieve)
	case "TOP":
		p.top(args)
	case "DELE":
		p.one(args, func(m *letter) {
			p.gone[m] = true
			p.write("+OK Deleted\r\n")
		})
	case "RSET":
		clear(p.gone)
		p.write("+OK\r\n")
	default:
		p.write("-ERR Unknown command\r\n")
	}
}

func (p *pop3Session) stat() (count, size int) {
	for _, m := range p.drop {
		if !p.gone[m] {
			count++
			size += len(m.text)
		}
	}
	return count, size
}

// list answers LIST and UIDL, for one letter or for all.
func (p *pop3Session) list(args string, of func(*letter) int) {
	if args != "" {
		p.one(args, func(m *letter) { p.write(fmt.Sprintf("+OK %s %d\r\n", args, of(m))) })
		return
	}
	p.write("+OK\r\n")
	for i, m := range p.drop {
		if !p.gone[m] {
			p.write(fmt.Sprintf("%d %d\r\n", i+1, of(m)))
		}
	}
	p.write(".\r\n")
}

// one calls f for the letter with number args.
func (p *pop3Session) one(args string, f func(*letter)) {
	n, err := strconv.Atoi(args)
	if err != nil || n < 1 || n > len(p.drop) || p.gone[p.drop[n-1]] {
		p.write("-ERR No such message\r\n")
		return
	}
	f(p.drop[n-1])
}

// top answers TOP for no lines of the body (RFC 1939 §7).
func (p *pop3Session) top(args string) {
	number, lines, _ := strings.Cut(args, " ")
	if lines != "0" {
		p.write("-ERR Only headers\r\n")
		return
	}
	p.one(number, func(m *letter) {
		header, _, _ := strings.Cut(m.text, "\r\n\r\n")
		p.retrieve(&letter{text: header + "\r\n\r\n"})
	})
}

// retrieve sends a letter, byte-stuffed (RFC 1939 §3).
func (p *pop3Session) retrieve(m *letter) {
	p.write(fmt.Sprintf("+OK %d octets\r\n", len(m.text)))
	for line := range strings.Lines(m.text) {
		if strings.HasPrefix(line, ".") {
			line = "." + line
		}
		p.write(line)
	}
	if !strings.HasSuffix(m.text, "\n") {
		p.write("\r\n")
	}
	p.write(".\r\n")
}
