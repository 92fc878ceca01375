package tlscheck

// A Family is a verifier that many mail programs share.
type Family string

// Families are those of the table, in its order. OpenSSL is that of curl,
// Python, fetchmail and most scripts; GnuTLS that of Evolution, Claws Mail,
// Emacs and Debian's msmtp and mutt; NSS that of Thunderbird; Windows that of
// Outlook; Apple that of Apple Mail and of Outlook there.
var Families = []Family{OpenSSL, GnuTLS, NSS, Windows, Apple, Go}

const (
	OpenSSL Family = "OpenSSL"
	GnuTLS  Family = "GnuTLS"
	NSS     Family = "Thunderbird"
	Windows Family = "Windows"
	Apple   Family = "Apple"
	Go      Family = "Go"
)

// A Habit is what a family does with a certificate, or with what a server
// chooses.
type Habit string

const (
	Takes   Habit = "takes"
	Refuses Habit = "refuses"
	Unknown Habit = "" // nothing was found that says it
)

// Run is the source of what the tests of this package run.
const Run = "run"

// A Cell is the habit of one family and where that can be read.
type Cell struct {
	Habit  Habit
	Source string // Run, a document or a source file; empty with Unknown
}

// String is the cell for people.
func (c Cell) String() string {
	switch {
	case c.Habit == Unknown:
		return ""
	case c.Source == Run:
		return string(c.Habit) + ", run"
	case !verified(c.Source):
		return string(c.Habit) + ", not verified: " + c.Source
	}
	return string(c.Habit) + ": " + c.Source
}

func those(cells [6]Cell, h Habit) []Family {
	var list []Family
	for i, c := range cells {
		if c.Habit == h {
			list = append(list, Families[i])
		}
	}
	return list
}

func takes(source string) Cell   { return Cell{Takes, source} }
func refuses(source string) Cell { return Cell{Refuses, source} }

var (
	ranTakes   = takes(Run)
	ranRefuses = refuses(Run)
	unknown    = Cell{}
)
