package probe

import (
	"net"
	"syscall"

	"golang.org/x/sys/unix"
)

// quickAck asks the kernel to acknowledge at once what comes next. A server
// that writes its greeting in two pieces otherwise waits for our delayed
// acknowledgement, 40 ms, before it sends the second (Nagle's algorithm).
// The kernel forgets the wish when something is sent, so it is repeated then.
func quickAck(conn net.Conn) {
	c, ok := conn.(syscall.Conn)
	if !ok {
		return
	}
	if raw, err := c.SyscallConn(); err == nil {
		raw.Control(func(fd uintptr) { unix.SetsockoptInt(int(fd), unix.IPPROTO_TCP, unix.TCP_QUICKACK, 1) })
	}
}
