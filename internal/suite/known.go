package suite

import (
	"fmt"
	"time"

	"mailprobe/internal/document"
	"mailprobe/internal/finding"
)

// known takes what is known out of what counts. What is known no longer counts
// again, and so does what was known until a day that is over; what is known and
// not there any more is told.
func (j *judgement) known() {
	judged := j.d.Verdict != document.Unknown && !j.d.Interrupted
	for _, k := range j.asked.Known {
		hit := false
		for i := range j.unmet {
			u := &j.unmet[i]
			if u.Known || u.Open || u.Severity != document.Text(finding.Error) || string(u.Code) != k.Code || !j.meant(k, u) {
				continue
			}
			hit = true
			u.Reason = document.Text(k.Reason)
			if u.Known = !j.d.Started.After(k.Until); !u.Known {
				u.Message += document.Text(fmt.Sprintf(" (known until %s: %s)", k.Until.Format(time.DateOnly), k.Reason))
			}
		}
		if !hit && judged {
			j.outdated(k)
		}
	}
}

// meant reports whether a known failure is that of an endpoint.
func (j *judgement) meant(k Known, u *document.Unmet) bool {
	if u.Endpoint == nil {
		return k.Text == ""
	}
	return k.matches(j.d.Endpoints[*u.Endpoint].Server)
}

// outdated says that a known failure is none any more.
func (j *judgement) outdated(k Known) {
	where := ""
	if k.Text != "" {
		where = " at " + k.Text
	}
	j.stale = true
	j.unlike(whole, "suite.stale_known_failure", "line %d: %s%s is known as a failure (%s), and was not found any more", k.Line, k.Code, where, k.Reason)
	j.unmet[len(j.unmet)-1].Severity = document.Text(finding.Warning)
}
