package verify

import (
	"context"
	"slices"

	"mailprobe/internal/probe"
)

// maxMechanisms bounds how many announced mechanisms are started; a server
// with more is not meant seriously.
const maxMechanisms = 12

// checksKept bounds the transcripts of the checks at one endpoint together, in
// bytes.
const checksKept = 64 << 10

// shorter takes the room that a transcript needs. One for which there is none
// left is a line that says so.
func shorter(lines []probe.Line, room *int) []probe.Line {
	size := 0
	for _, l := range lines {
		size += len(l.Text) + probe.LineCost
	}
	if size <= *room {
		*room -= size
		return lines
	}
	return []probe.Line{probe.DroppedLines(lines)}
}

// checkMechanisms adds to r which of the announced mechanisms are real, found
// over connections of their own: the probe's stays as a mail program would
// have it. It ends when a server does not take another connection.
func checkMechanisms(ctx context.Context, r *probe.Result, opt probe.Options) {
	if _, verified := r.TLS.Permit(); !verified {
		return
	}
	room := checksKept
	for _, name := range startable(r.Mechanisms, opt) {
		opt.Mechanism = name
		second := speaking(r.Endpoint, opt).CheckMechanism(ctx)
		r.Checked = append(r.Checked, second.Checked...)
		r.Transcript = append(r.Transcript, shorter(second.Transcript, &room)...)
		if second.FailedStep() != nil {
			return
		}
	}
}

// startable lists the mechanisms that may be started: not those that could
// sign in at once, without a secret.
func startable(announced []string, opt probe.Options) []string {
	var names []string
	for _, name := range announced {
		external := name == "EXTERNAL" && opt.TLS.ClientCert != nil
		if !external && name != "ANONYMOUS" && !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	return names[:min(len(names), maxMechanisms)]
}
