package probe

import "time"

// A Delivery is what one endpoint saw of the test message of its run: the one
// that sent it, and the one that looked for it.
type Delivery struct {
	Subject string        // by which the message can be told
	Sent    bool          // this server took it; with Seen: it was sent elsewhere
	Seen    bool          // it was found in this mailbox
	Deleted bool          // and deleted there
	Took    time.Duration // until the server took it, or from then until it was seen; zero: neither
	Command string        // the command that was refused; empty: none
	Reply   *Reply        // the server's answer to it, or to the message; nil: none came
	Reason  string        // why not sent, not seen or not deleted; empty: nothing went wrong
}
