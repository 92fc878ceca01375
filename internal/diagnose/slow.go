package diagnose

import (
	"time"

	"mailprobe/internal/finding"
	"mailprobe/internal/probe"
)

// A pace says when a phase is slow.
type pace struct {
	phase string
	trips int           // round trips that it takes; their time is the distance's
	limit time.Duration // that users notice
	says  finding.Sentence
}

// paces lists the phases that can be slow. Servers take their time after
// failed sign-ins on purpose, and some greet after a moment.
var paces = []pace{
	{probe.Resolve, 0, 3 * time.Second, "It took {seconds} s to look up {host} in DNS."},
	{probe.Connect, 0, 3 * time.Second, "{server} took {seconds} s to accept the connection."},
	{probe.TLS, 2, 3 * time.Second, "{server} took {seconds} s to begin encryption."},
	{probe.Greeting, 1, 3 * time.Second, "{server} took {seconds} s to greet."},
	{probe.StartTLS, 5, 3 * time.Second, "{server} took {seconds} s to switch to encryption (STARTTLS)."},
	{probe.Capabilities, 2, 3 * time.Second, "{server} took {seconds} s to say what it can do."},
	{probe.SignIn, 4, 10 * time.Second, "{server} took {seconds} s to answer the sign-in."},
	{probe.Access, 2, 5 * time.Second, "{server} took {seconds} s to answer after the sign-in."},
}

// slowFindings warns of each phase that took much longer than the distance
// explains: mail programs seem to hang.
func slowFindings(r *probe.Result, _ Context) []finding.Finding {
	var all []finding.Finding
	for _, p := range paces {
		took := r.Step(p.phase).Took
		if p.phase == probe.Connect {
			took = roundTrip(r) // what dead addresses cost is another rule's
		}
		over := took - time.Duration(p.trips)*roundTrip(r)
		if r.Step(p.phase).Status == probe.OK && over > p.limit && !awaitsMessage(r, p.phase) {
			all = append(all, about(r, p.slow(took)))
		}
	}
	return all
}

func (p pace) slow(took time.Duration) finding.Finding {
	f := finding.Finding{Code: "perf.slow_" + p.phase, Phase: p.phase, Message: p.says, Args: finding.Args{"seconds": seconds(took)},
		Remedy: "Mail programs seem to hang, and some give up. " + whySlow + "Try from another network; if it is as slow there, the provider should look into it."}
	switch p.phase {
	case probe.Resolve:
		f.Blame = finding.LocalNetwork // whose DNS server was asked
		f.Remedy = "Mail programs seem to hang, and some give up. Check the DNS server that this computer uses, and try another."
	case probe.Connect:
		f.Remedy = "Mail programs seem to hang, and some give up. Try from another network; if it is as slow there, the provider should look into it."
	case probe.SignIn:
		f.Remedy = "Mail programs seem to hang, and some give up. Many servers delay sign-ins for a while after one that failed. If it is as slow in an hour, the provider should look into it."
	}
	return f
}

// awaitsMessage reports whether a phase went on until a test message came.
func awaitsMessage(r *probe.Result, phase string) bool {
	return phase == probe.Access && r.Message != nil
}

// roundTrip is how long the address took to accept that the dialogue went to.
func roundTrip(r *probe.Result) time.Duration {
	for _, t := range r.Tried {
		if t.Err == nil && t.Addr == r.RemoteAddr {
			return t.Took
		}
	}
	return 0
}
