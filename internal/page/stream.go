package page

import (
	"net/http"
	"time"
)

// writeTime is how long a browser may take for a piece of an answer.
const writeTime = 30 * time.Second

// A stream is an answer that grows part by part. Its first error ends it.
type stream struct {
	w   http.ResponseWriter
	way *http.ResponseController
	err error
}

func (p *Page) stream(w http.ResponseWriter) *stream {
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	return newStream(w)
}

func newStream(w http.ResponseWriter) *stream {
	s := &stream{w: w, way: http.NewResponseController(w)}
	s.way.SetReadDeadline(time.Time{}) // nothing more is read, and a run may take longer
	return s
}

// ready gives the browser time for a next piece.
func (s *stream) ready() { s.way.SetWriteDeadline(time.Now().Add(writeTime)) }

// part adds a part of a page.
func (s *stream) part(name string, data any) {
	if s.err == nil {
		s.ready()
		s.err = pages.ExecuteTemplate(s.w, name, data)
	}
}

// flush sends what there is.
func (s *stream) flush() error {
	if s.err == nil {
		s.err = s.way.Flush()
	}
	return s.err
}

// write answers with a whole page.
func (p *Page) write(w http.ResponseWriter, status int, name string, v *view) {
	s := p.stream(w)
	w.WriteHeader(status)
	s.part("top", v)
	s.part(name, v)
	s.part("bottom", v)
}
