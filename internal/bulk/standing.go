package bulk

import "sync"

// ahead is how many targets are under way beside those that are dialled: they
// wait for a server that has no room for them.
const ahead = 256

// A standing lets a target be under way. As many as there may be dialogues are
// at the front; one that has to wait for a server stands aside, so that the list
// is read on.
type standing struct {
	front, all chan struct{}
	once       sync.Once
}

// aside makes room at the front, if the target still stands there.
func (s *standing) aside() { s.once.Do(func() { <-s.front }) }

// end makes room for the next target.
func (s *standing) end() {
	s.aside()
	<-s.all
}
