package replies

import (
	"math"
	"slices"

	"mailprobe/internal/lazyregexp"
)

// A reading is what became of one passage, or of one of its lines.
type reading struct {
	hit
	found  bool
	firm   bool // a firm row, or a code that outweighs words, says so
	said   wording
	all    scale // what speaks for each cause
	passed bool  // a server agreed, or the text is no mail program's: no fault is looked for
}

// signInError matches the answer in which a sign-in service tells an error (RFC
// 6749 section 5.2).
var signInError = lazyregexp.New(`"error_(?:description|uri)"\s*:`)

// An opinion says of each cause that is thought of, of there being no fault of
// mail, and of a cause that is not thought of, how strongly all signs speak.
type opinion struct {
	causes        []*evidence
	none, unnamed signs
	replied       bool // the text has a server's reply, or a sign-in service's
	said          wording
}

// opinionOn brings together what speaks for each cause in some readings.
func (t *table) opinionOn(readings []reading, like []likely) *opinion {
	o := &opinion{said: readings[0].said}
	words, known := 0, 0
	for _, r := range readings {
		for _, e := range r.all {
			o.take(e)
		}
		t.describe(&o.none, r)
		o.replied = o.replied || r.said.reply != "" || signInError.MatchString(r.said.line)
		w, k := t.familiar(r.said)
		words, known = words+w, known+k
	}
	greatest, brief := 0.0, o.replied && words <= fewWords
	for i, l := range like {
		share := math.Log(max(l.share, leastLikely) / evenLikely)
		if l.code == unrelated {
			o.none[noneAlike] = share
			continue
		}
		greatest = max(greatest, l.share)
		e := o.cause(l.code)
		if e == nil && l.share > freshLikely && !brief {
			e = &evidence{hit: likeTo(l.code, o.said)}
			o.causes = append(o.causes, e)
		}
		if e != nil {
			e.signs[alike] = share
			e.signs[alikeMost] = truth(i == 0)
		}
	}
	o.complete(like, words, known, greatest)
	return o
}

const (
	leastLikely = 0.003 // what less is taken for
	evenLikely  = 0.05  // the likeness that speaks neither for nor against
	freshLikely = 0.02  // of a cause that nothing else names
)

// complete derives the signs that stand on others.
func (o *opinion) complete(like []likely, words, known int, greatest float64) {
	sense, code, broad := 0.0, 0.0, 0.0
	rejected := o.cause(general)
	for _, e := range o.causes {
		s := &e.signs
		if e.catchAll && rejected != nil {
			s.over(rejected.signs)
		}
		if len(like) > 0 && s[alike] == 0 {
			s[alike] = math.Log(leastLikely / evenLikely)
		}
		s[broadSensed] = max(s[ownBroad], s[commonBroad]) * truth(s[sensed] > 0)
		sense, code = max(sense, s[sensed]), max(code, s[byCode])
		broad = max(broad, s[ownBroad], s[commonBroad], s[clientRow])
	}
	for _, e := range o.causes {
		e.signs[codeAlone] = truth(e.signs[byCode] > 0 && max(sense, broad) == 0)
	}
	familiar := float64(known) / float64(max(words, 1))
	n := &o.none
	n[noFault], n[noneSensed], n[noneKnown], n[noneLong] = 1, sense, familiar, math.Log1p(float64(words))
	if len(like) == 0 {
		n[noneUnlike] = 1
	} else if n[noneAlike] == 0 {
		n[noneAlike] = math.Log(leastLikely / evenLikely)
	}
	u := &o.unnamed
	u[unnamed], u[unnamedSensed], u[unnamedAlike], u[unnamedCode] = 1, sense, greatest, code
	u[unnamedReply], u[unnamedKnown] = n[noneReply], familiar
}

// describe raises the signs of a text about no fault of mail.
func (t *table) describe(s *signs, r reading) {
	line := r.said.line
	for of, holds := range map[sign]bool{
		noneReply: r.said.reply != "", noneOfMail: ofMail.MatchString(line), noneOfTLS: ofTLS.MatchString(line),
		noneProgrammed: t.isProgrammed(line), noneTells: t.tellsOfMail(line), noneComplains: t.complains(line),
		nonePlain: isPlain(line) && t.saysTwice(line), noneForeign: isForeign(line),
		noneElsewhere: otherSoftware.MatchString(timeOfDay.ReplaceAllString(line, "")),
	} {
		s.raise(of, truth(holds))
	}
}

// familiar counts the words of a wording, and those that other texts have.
func (t *table) familiar(w wording) (words, known int) {
	for _, sentence := range t.words.sentences(w.said()) {
		for _, word := range sentence {
			if !tells(word) {
				continue
			}
			words++
			if _, ok := t.alike.find("word " + word); ok {
				known++
			}
		}
	}
	return words, known
}

func (o *opinion) cause(code string) *evidence {
	if i := slices.IndexFunc(o.causes, func(e *evidence) bool { return e.Code == code }); i >= 0 {
		return o.causes[i]
	}
	return nil
}

// take adds evidence; the words of a cause are those of the heaviest.
func (o *opinion) take(e *evidence) {
	known := o.cause(e.Code)
	if known == nil {
		fresh := *e
		o.causes = append(o.causes, &fresh)
		return
	}
	known.signs.over(e.signs)
	known.catchAll = known.catchAll || e.catchAll
	if e.best > known.best {
		known.hit, known.best = e.hit, e.best
	}
}

// shares tells how likely each cause is, the likeliest first, and how likely
// it is that there is none.
func (o *opinion) shares() (causes []likely, none float64) {
	none, sum := o.none.sum(), 0.0
	top := max(none, o.unnamed.sum())
	for _, e := range o.causes {
		causes = append(causes, likely{e.Code, e.signs.sum()})
		top = max(top, causes[len(causes)-1].share)
	}
	for i := range causes {
		causes[i].share = math.Exp(causes[i].share - top)
		sum += causes[i].share
	}
	none = math.Exp(none - top)
	sum += none + math.Exp(o.unnamed.sum()-top)
	for i := range causes {
		causes[i].share /= sum
	}
	slices.SortStableFunc(causes, byShare)
	return causes, none / sum
}
