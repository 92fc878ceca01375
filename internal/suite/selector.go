package suite

import (
	"mailprobe/internal/document"
	"mailprobe/internal/settings"
)

// Names reports whether s names an endpoint.
func (s Selector) Names(e settings.Endpoint) bool {
	if s.Endpoint != (settings.Endpoint{}) {
		return e == s.Endpoint
	}
	return s.Protocol == "" || e.Protocol == s.Protocol
}

func (s Selector) matches(server document.Server) bool { return s.Names(server.Endpoint()) }

// bare is s without how it is written: alike for all that name the same
// endpoints.
func (s Selector) bare() Selector { return Selector{Protocol: s.Protocol, Endpoint: s.Endpoint} }
