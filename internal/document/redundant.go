package document

import "mailprobe/internal/compare"

// A Redundancy says of files of settings whether their domains publish the same.
type Redundancy struct {
	Schema    int             `json:"schema"`
	Mailprobe Text            `json:"mailprobe"`
	Files     []RedundantFile `json:"files"`
}

// A RedundantFile is one file.
type RedundantFile struct {
	File      Text     `json:"file"`
	Redundant Maybe    `json:"redundant"` // "yes", "no"; empty: that could not be judged
	Domains   []Repeat `json:"domains"`   // those that were asked: no further than the first that does not publish the same
	Of        int      `json:"of"`        // how many domains the file names
}

// A Repeat is what one domain publishes itself.
type Repeat struct {
	Domain Text `json:"domain"`
	State  Text `json:"state"`
	Where  Text `json:"where"`
	Why    Text `json:"why"`
}

// RedundantOf returns what is said of a file with so many domains.
func RedundantOf(file string, of int, list []compare.Repeat) RedundantFile {
	v := RedundantFile{File: Text(file), Of: of, Domains: Each(list, func(r compare.Repeat) Repeat {
		return Repeat{Text(r.Domain), Text(r.State), Text(r.Where), Text(r.Why)}
	})}
	same := 0
	for _, r := range list {
		switch r.State {
		case compare.NotJudged:
			return v
		case compare.Same:
			same++
		}
	}
	if v.Redundant = "no"; of > 0 && same == of {
		v.Redundant = "yes"
	}
	return v
}
