// The table of replies and the rules for TLS are built beside this file; until
// they stand, nothing is known of a reply but its own words.

package diagnose

import (
	"time"

	"mailprobe/internal/probe"
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

func Explain(Query) []Match                         { return nil }
func tlsFindings(*probe.Result, Context) []Finding  { return nil }
func certFindings(*probe.Result, Context) []Finding { return nil }
