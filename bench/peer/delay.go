//go:build unix

package main

import (
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"time"
)

// delay stands for a long line to each address: it says at which address of this
// computer the line begins, one a line, and ends with its input. It needs no
// rights. A connection is accepted here at once; the round trip that this would
// take is made up for by what is said first.
func delay(o options) error {
	if len(o.addresses) == 0 {
		return errors.New("delay: name the addresses of servers")
	}
	for _, to := range o.addresses {
		l, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			return err
		}
		fmt.Println(to, l.Addr())
		go func() {
			for {
				near, err := l.Accept()
				if err != nil {
					return
				}
				go carry(near, to, o.by)
			}
		}()
	}
	fmt.Println("ready")
	_, err := io.Copy(io.Discard, os.Stdin)
	return err
}

// carry is one connection: the server sees it one and a half round trips after
// it began, as the acknowledgement of its answer would be.
func carry(near net.Conn, to string, by time.Duration) {
	defer near.Close()
	began := time.Now()
	outward := make(chan piece, 1024)
	go read(near, outward, func(at time.Time) time.Time { return later(at, began.Add(2*by)).Add(by) })
	time.Sleep(time.Until(began.Add(3 * by)))
	far, err := net.Dial("tcp", to)
	if err != nil {
		return
	}
	defer far.Close()
	inward := make(chan piece, 1024)
	go read(far, inward, func(at time.Time) time.Time { return at.Add(by) })
	go write(far, outward)
	write(near, inward)
}

// A piece is what was read at once, and when it arrives; none: the end.
type piece struct {
	data []byte
	at   time.Time
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

func read(from net.Conn, to chan<- piece, arrives func(time.Time) time.Time) {
	for {
		data := make([]byte, 16<<10)
		n, err := from.Read(data)
		if n > 0 {
			to <- piece{data[:n], arrives(time.Now())}
		}
		if err != nil {
			to <- piece{nil, arrives(time.Now())}
			return
		}
	}
}

func write(to net.Conn, from <-chan piece) {
	for p := range from {
		time.Sleep(time.Until(p.at))
		if p.data == nil {
			to.(*net.TCPConn).CloseWrite()
			return
		}
		if _, err := to.Write(p.data); err != nil {
			return
		}
	}
}
