package replies

import (
	"strings"

	"mailprobe/internal/finding"
)

// hit is what a sense says.
func (s *sense) hit(w wording) hit {
	page, _ := finding.PageOf(s.Code)
	m := matchOf(page, w)
	m.Layer, m.Cause, m.Remedy = s.Layer, or(s.Cause, m.Cause), or(s.Remedy, m.Remedy)
	m.Judged, m.Blame = or(s.Judged, m.Judged), or(s.Blame, m.Blame)
	return hit{Match: m, tier: commonRow, also: s.Also}
}

// weighLikeness puts what the whole text reads like on the scale. Where a server
// speaks it may tip it; where nothing else speaks it must be sure, and the words
// must be a mail program's.
func (t *table) weighLikeness(all *scale, w wording) {
	if w.alike == nil {
		return
	}
	brief := len(strings.Fields(w.line)) <= fewWords
	for _, l := range w.alike() {
		fresh := !all.holds(l.code)
		switch {
		case l.code == unrelated, l.share < leastShare, fresh && (l.share < freshShare || brief && w.reply != ""):
		case w.reply != "" && fresh:
			all.put(likeTo(l.code, w), int(weightOfLikeness*l.share)).spare = true
		case w.reply != "":
			all.add(l.code, int(weightOfLikeness*l.share))
		case l.share >= sureShare && len(*all) == 0 && t.isProgrammed(w.line):
			all.put(likeTo(l.code, w), weightOfLikeness)
		}
	}
}

const (
	fewWords   = 5    // in a reply, that are like those of many causes
	leastShare = 0.1  // of a likeness that is looked at
	freshShare = 0.55 // of one that names what nothing else names
	sureShare  = 0.7  // of one that speaks where nothing else does
)

// isProgrammed says that a text without a reply is a mail program's beyond
// doubt.
func (t *table) isProgrammed(text string) bool {
	return ofMail.MatchString(text) || ofTLS.MatchString(text) || isForeign(text) && t.complains(text)
}
