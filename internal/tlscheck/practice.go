package tlscheck

// A Practice is what the families do about one fault, all else being well.
type Practice struct {
	Kind  Kind
	Case  string // of the kind; empty: it has one
	About string // the certificate, in half a sentence
	Cells [6]Cell
	Broad bool // whoever holds the certificate speaks for hosts of strangers
}

// Refused reports whether no credential may be sent: a verifying client of
// today refuses. Where families differ, it is so if OpenSSL or GnuTLS refuses,
// which is run, or Go, which is what runs here, or two of the others by their
// own documents: then it is no single vendor's rule, of which is warned. Where
// the certificate speaks for strangers, one is enough.
func (p Practice) Refused() bool {
	documented := 0
	for i, c := range p.Cells {
		if c.Habit != Refuses {
			continue
		}
		if f := Families[i]; f == OpenSSL || f == GnuTLS || f == Go || p.Broad {
			return true
		}
		documented++
	}
	return documented > 1
}

// Those returns the families with a habit.
func (p Practice) Those(h Habit) []Family { return those(p.Cells, h) }

// PracticeOf returns the row of the table for a cause, and whether there is
// one. There is none for what is about this computer or for a mere fact.
func PracticeOf(c Cause) (Practice, bool) {
	for _, p := range Practices {
		if p.Kind == c.Kind && p.Case == c.Case {
			return p, true
		}
	}
	return Practice{}, false
}
