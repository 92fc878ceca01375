// Package patch makes a patch of what is wrong with a file of settings: the
// bytes of a server that is to be another, and nothing else. What it makes is
// read again, and must say what was meant; it writes no file.
package patch

import (
	"bytes"
	"slices"

	"mailprobe/internal/published"
	"mailprobe/internal/settings"
)

// A Fix is one server of a document that is to be another. Of the two no more
// than host, port and security differ.
type Fix struct {
	Offer published.Offer // as the document has it
	From  settings.Endpoint
	To    settings.Endpoint
}

// Bounds: whoever sends in a file may make one that takes long.
const (
	maxFixes = 32 // of one file
	maxTries = 16 // of one fix
)

// Of returns a unified diff of a file with the fixes that can be made in its own
// bytes, as git-apply(1) and patch(1) read it, and those that cannot. Empty: none
// can.
func Of(name string, source []byte, fixes []Fix) (diff []byte, left []Fix) {
	fixed := source
	for i, f := range fixes {
		if i == maxFixes {
			left = append(left, fixes[i:]...)
			break
		}
		if next, ok := fix(name, fixed, f); ok {
			fixed = next
		} else {
			left = append(left, f)
		}
	}
	return unified(name, source, fixed), left
}

// An edit replaces some bytes.
type edit struct {
	from, to int
	with     string
}

// fix makes one fix. It reports false where the bytes cannot be found, or where
// the document would say anything else than is meant.
func fix(name string, source []byte, f Fix) ([]byte, bool) {
	before := published.Read(name, source)
	at := slices.IndexFunc(before.Offers, func(o published.Offer) bool { return same(o, f.Offer) })
	if !before.Read || at < 0 {
		return nil, false
	}
	want := slices.Clone(before.Offers)
	want[at] = f.meant(want[at])
	tries := places(before.Format, source, f)
	for _, edits := range tries[:min(len(tries), maxTries)] {
		fixed := apply(source, edits)
		if after := published.Read(name, fixed); after.Read && slices.EqualFunc(after.Offers, want, same) && bytes.Count(fixed, []byte("\n")) == bytes.Count(source, []byte("\n")) {
			return fixed, true
		}
	}
	return nil, false
}

// meant is the offer as it is to be read.
func (f Fix) meant(o published.Offer) published.Offer {
	if f.To.Host != f.From.Host {
		o.Host = f.To.Host
	}
	o.Port, o.Security = f.To.Port, f.To.Security
	return o
}

func same(a, b published.Offer) bool {
	return a.Endpoint("") == b.Endpoint("") && a.Username == b.Username && a.Line == b.Line && slices.Equal(a.SignIn, b.SignIn)
}

// apply makes edits, which do not overlap.
func apply(source []byte, edits []edit) []byte {
	edits = slices.Clone(edits)
	slices.SortFunc(edits, func(a, b edit) int { return a.from - b.from })
	var b bytes.Buffer
	end := 0
	for _, e := range edits {
		b.Write(source[end:e.from])
		b.WriteString(e.with)
		end = e.to
	}
	b.Write(source[end:])
	return b.Bytes()
}
