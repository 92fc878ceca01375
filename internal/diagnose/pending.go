// The table of replies is built beside this file; until it stands, nothing is
// known of a reply but its own words.

package diagnose

import (
	"time"

	"mailprobe/internal/settings"
)

type Query struct {
	Text, Provider, Layer string
	Protocol              settings.Protocol
	At                    time.Time
}
type Match struct {
	Code                   string
	Severity               Severity
	Blame                  Blame
	Cause, Remedy, HelpURL string
	Judged                 string
}

const (
	LayerGreeting = "greeting"
	LayerAuth     = "auth"
	LayerAccess   = "session"
	JudgedNo      = "no"
)

func Explain(Query) []Match { return nil }
