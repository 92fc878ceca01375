package exporter

import (
	"time"

	"mailprobe/internal/document"
	"mailprobe/internal/probe"
)

// bounds are those of a histogram, in seconds. There are few, because each is
// a series of every target.
var bounds = [...]float64{0.1, 0.5, 2}

// measured are the phases whose time is kept, by the names that they have
// there. TLS is one thing, at whatever moment it begins.
var measured = [...]struct {
	name   string
	phases []string
}{
	{"resolve", []string{probe.Resolve}},
	{"connect", []string{probe.Connect}},
	{"tls", []string{probe.TLS, probe.StartTLS}},
	{"auth", []string{probe.SignIn}},
}

// A histogram counts how long something took.
type histogram struct {
	count  uint64
	sum    float64 // seconds
	within [len(bounds)]uint64
}

// histograms are those of all that is measured.
type histograms [len(measured)]histogram

// with returns h with the phases of a document that came to their end.
func (h histograms) with(d *document.Document) histograms {
	for i := range d.Endpoints {
		for n, m := range measured {
			for _, name := range m.phases {
				if ph := d.Endpoints[i].Phase(name); ph.Status == document.OK {
					h[n] = h[n].with(ph.Took.Seconds())
				}
			}
		}
	}
	return h
}

func (h histogram) with(seconds float64) histogram {
	h.count++
	h.sum += seconds
	for i, bound := range bounds {
		if seconds <= bound {
			h.within[i]++
		}
	}
	return h
}

// buckets are those of the client library.
func (h histogram) buckets() map[float64]uint64 {
	all := make(map[float64]uint64, len(bounds))
	for i, bound := range bounds {
		all[bound] = h.within[i]
	}
	return all
}

// size is how many series a histogram has: the bounds, infinity, sum and count.
const size = len(bounds) + 3

// longest is how long the slowest of a phase took that came to its end.
func longest(d *document.Document, phase string) (most time.Duration, ok bool) {
	for i := range d.Endpoints {
		if ph := d.Endpoints[i].Phase(phase); ph.Status == document.OK {
			most, ok = max(most, time.Duration(ph.Took.Seconds()*float64(time.Second))), true
		}
	}
	return most, ok
}
