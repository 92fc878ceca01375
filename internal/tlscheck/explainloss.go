package tlscheck

import (
	"context"
	"crypto/tls"
	"errors"
	"time"

	"mailprobe/internal/tlscheck/rawhello"
)

// A fate is what became of a hello.
type fate int

const (
	untold   fate = iota // no connection, or one that ended before the answer was whole: nothing is shown
	answered             // as far as was to be seen
	lost                 // nothing more came
)

// A try is a hello of which it was looked how long its answer takes.
type try struct {
	fate fate
	took time.Duration // from the connection on: until the answer, or how long that was waited for
}

const (
	// muchLonger is how many times as long as another answer took is to be waited
	// before one counts as lost: a computer or a server that is busy is slow at all.
	muchLonger = 4
	// leastWait is how long that is at least: TCP sends again within it what was
	// lost once (RFC 6298 §2.4, and the 200 ms that systems use).
	leastWait = 500 * time.Millisecond
)

// lostBeside reports whether a hello was lost when another was answered soon.
func (t try) lostBeside(other try) bool {
	return t.fate == lost && other.fate == answered && t.took >= max(leastWait, muchLonger*other.took)
}

// whichIsLost tells, where a small hello is answered and a usual one was not,
// whether the server does not bear the long hello, or its own answer of full
// size is lost on the way (RFC 2923 §2.1). The small hello's first answer can
// be a short one: it asks for another key (RFC 8446 §4.1.4). "": neither, the
// server was only slow before, or that could not be told. A computer or a server
// that is busy loses one time; so the same must be seen twice.
func (x *explainer) whichIsLost(small try) Reason {
	first := x.lostNow(small)
	if first == LargeAnswer {
		_, err := x.ask(smallHello(x.name))
		small = x.tried(err)
	}
	if first == "" || x.lostNow(small) != first {
		return ""
	}
	return first
}

// lostNow tells what is lost at this moment, in which a small hello fared so.
func (x *explainer) lostNow(small try) Reason {
	short := x.shake([]tls.CurveID{tls.X25519, tls.CurveP256})
	switch {
	case short.fate == answered && x.shake(nil).lostBeside(short):
		return LargeHello
	case short.lostBeside(small):
		return LargeAnswer
	}
	return ""
}

// shake makes a handshake with keys of these groups, or of the usual ones.
func (x *explainer) shake(groups []tls.CurveID) try {
	conn, err := x.connect()
	if err != nil {
		return try{}
	}
	defer conn.Close()
	x.asked++
	ctx, cancel := x.turn()
	defer cancel()
	client := tls.Client(conn, &tls.Config{
		ServerName: x.name, CurvePreferences: groups,
		InsecureSkipVerify: true, // nothing is sent over it: that the answer comes is all
	})
	began := time.Now()
	err = client.HandshakeContext(ctx)
	x.took = time.Since(began)
	if err != nil && ctx.Err() != nil {
		err = ctx.Err()
	}
	return x.tried(err)
}

// tried is what became of the last hello, by the error to which it came.
func (x *explainer) tried(err error) try {
	var dial *dialError
	switch {
	case err == nil:
		return try{answered, x.took}
	case errors.As(err, &dial), !errors.Is(err, context.DeadlineExceeded), x.ctx.Err() != nil:
		return try{}
	}
	return try{lost, x.took}
}

// explainSilence looks why even a small hello is not answered: mostly nobody
// is there. But one that every server refuses is answered in a few bytes,
// which arrive where large packets are lost: twice, each time beside the loss.
func (x *explainer) explainSilence(small try) {
	a, told := x.refusedBeside(small)
	if !told {
		x.left = min(x.left, 1)
		x.tryOld()
		return
	}
	if a == nil {
		return
	}
	_, err := x.ask(smallHello(x.name))
	if small = x.tried(err); small.fate != lost {
		return
	}
	if a, _ = x.refusedBeside(small); a != nil {
		x.settle(LargeAnswer, *a)
	}
}

// refusedBeside asks for a refusal. It returns it if it came so soon that the
// small hello was lost beside it. told: one came, soon or late.
func (x *explainer) refusedBeside(small try) (a *rawhello.Answer, told bool) {
	answer, err := x.ask(rawhello.Hello{Version: rawhello.TLS12, Suites: []uint16{rawhello.EmptyRenegotiation}, ServerName: x.name})
	if err != nil || !answer.Refused {
		return nil, false
	}
	if !small.lostBeside(x.tried(err)) {
		return nil, true
	}
	return &answer, true
}
