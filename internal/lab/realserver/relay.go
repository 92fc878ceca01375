package realserver

import (
	"io"
	"net"

	"github.com/emersion/go-smtp"
)

// A relay takes the mail that Dovecot's submission service passes on, and
// delivers it to the same Dovecot over LMTP (RFC 2033).
type relay struct {
	*smtp.Server
	port uint16
}

// startRelay listens on a port of its own and delivers to the LMTP socket.
func startRelay(socket string) (*relay, error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	r := &relay{port: listener.Addr().(*net.TCPAddr).AddrPort().Port()}
	r.Server = smtp.NewServer(smtp.BackendFunc(func(*smtp.Conn) (smtp.Session, error) {
		return &delivery{socket: socket}, nil
	}))
	r.Domain = "relay.test"
	go r.Serve(listener) // returns when the relay is closed
	return r, nil
}

// A delivery is one client's session. Each message has an LMTP session.
type delivery struct {
	socket string
	lmtp   *smtp.Client
}

func (d *delivery) Mail(from string, _ *smtp.MailOptions) error {
	conn, err := net.Dial("unix", d.socket)
	if err != nil {
		return err
	}
	d.lmtp = smtp.NewClientLMTP(conn)
	return d.lmtp.Mail(from, nil)
}

func (d *delivery) Rcpt(to string, _ *smtp.RcptOptions) error {
	return d.lmtp.Rcpt(to, nil)
}

func (d *delivery) Data(message io.Reader) error {
	w, err := d.lmtp.Data()
	if err != nil {
		return err
	}
	if _, err := io.Copy(w, message); err != nil {
		return err
	}
	_, err = w.CloseWithLMTPResponse()
	return err
}

func (d *delivery) Reset() {
	if d.lmtp != nil {
		d.lmtp.Close()
		d.lmtp = nil
	}
}

func (d *delivery) Logout() error {
	d.Reset()
	return nil
}
