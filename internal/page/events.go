package page

import (
	"fmt"
	"net/http"
	"strconv"
)

// events tells the steps of a run as server-sent events (HTML, 9.2), each with
// its number: who comes again goes on behind the last.
func (p *Page) events(w http.ResponseWriter, r *http.Request) {
	one := p.runs.find(r.PathValue("id"))
	if one == nil {
		http.NotFound(w, r)
		return
	}
	w.Header().Set("Content-Type", "text/event-stream")
	s := newStream(w)
	send := func(format string, args ...any) error {
		s.ready()
		if _, err := fmt.Fprintf(w, format, args...); err != nil {
			return err
		}
		return s.flush()
	}
	first := 0
	if last, err := strconv.ParseUint(r.Header.Get("Last-Event-ID"), 10, 16); err == nil {
		first = int(last) + 1
	}
	if send(": \n\n") != nil {
		return
	}
	if one.watch(r.Context(), first, func(n int, line string) error { return send("id: %d\ndata: %s\n\n", n, line) }) == nil {
		send("event: over\ndata: \n\n")
	}
}
