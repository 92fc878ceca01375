package replies

// A sign is a kind of evidence for one cause, or for there being none.
type sign int

// The signs of a cause, of a text about no fault of mail, and of a cause that
// nothing here names.
const (
	sensed      sign = iota // what words mean, by their weight
	sensedFirst             // nothing weighs more among the words
	sensedReply             // what the words of a reply mean
	ownBroad                // a broad row of the provider in question
	commonBroad             // one for any provider
	broadSensed             // one, and words
	clientRow               // a row about mail programs, where a server speaks
	byCode                  // what the code means, by its weight
	codeAlone               // nothing else means anything
	byPlace                 // the command that was refused
	alike                   // what the text reads like
	alikeMost               // nothing is liker

	noFault        // of a text about no fault of mail, always
	noneAlike      // what it reads like
	noneReply      // a reply was found
	noneOfMail     // it names mail
	noneOfTLS      // it tells of secure connections
	noneProgrammed // it is a mail program's beyond doubt
	noneTells      // it has words for what mail servers deal with
	noneComplains  // and for a fault
	nonePlain      // it is a plain statement of two such things
	noneForeign    // it is in another language
	noneElsewhere  // it names other software
	noneKnown      // the part of its words that other texts have
	noneLong       // its length
	noneSensed     // words mean something
	noneUnlike     // too few of its words are known

	unnamed       // of a cause that nothing names, always
	unnamedSensed // words mean something
	unnamedAlike  // the greatest likeness
	unnamedCode   // a code means something
	unnamedReply  // a reply was found
	unnamedKnown  // the part of its words that other texts have

	allSigns
)

// signs says how strongly each sign speaks.
type signs [allSigns]float64

func (s *signs) raise(of sign, to float64) { s[of] = max(s[of], to) }

func (s *signs) over(o signs) {
	for i := range s {
		s[i] = max(s[i], o[i])
	}
}

// sum weighs signs.
func (s *signs) sum() (all float64) {
	for i, weight := range weightOfSign {
		all += weight * s[i]
	}
	return all
}

func truth(holds bool) float64 {
	if holds {
		return 1
	}
	return 0
}

// sense raises the signs of what words mean.
func (s *signs) sense(m *sense, first, reply bool) {
	weight := float64(m.Weight) / weightOfDecisive
	s.raise(sensed, weight)
	s.raise(sensedFirst, truth(first))
	s.raise(sensedReply, weight*truth(reply))
}

// weightOfSign is what each sign counts: the weights under which the causes of
// the texts in testdata/texts are likeliest (a log-linear model with a quadratic
// penalty of 0.3, fitted by gradient). Each text was read without what was made
// after it: without the rows, meanings and words that no other text needs, and by
// a likeness that knows no text like it. The signs of firm rows, which decide by
// themselves, were fitted beside these. heldout4.tsv had no part in it. A weight is
// a difference of ln(odds): 0.7 doubles them.
var weightOfSign = signs{
	sensed:         1.25,
	sensedFirst:    0.77,
	sensedReply:    1.14,
	ownBroad:       0.71,
	commonBroad:    2.59,
	broadSensed:    -1.90,
	clientRow:      3.78,
	byCode:         3.07,
	codeAlone:      1.21,
	byPlace:        0.99,
	alike:          0.42,
	alikeMost:      0.29,
	noFault:        1.56,
	noneAlike:      0.46,
	noneReply:      -3.07,
	noneOfMail:     -0.26,
	noneOfTLS:      -0.22,
	noneProgrammed: -1.03,
	noneTells:      -0.08,
	noneComplains:  -0.18,
	nonePlain:      -1.19,
	noneForeign:    -1.62,
	noneElsewhere:  -0.82,
	noneKnown:      1.12,
	noneLong:       0.24,
	noneSensed:     -0.98,
	noneUnlike:     0.72,
	unnamed:        0.73,
	unnamedSensed:  -0.35,
	unnamedAlike:   -0.58,
	unnamedCode:    1.68,
	unnamedReply:   -1.07,
	unnamedKnown:   0.01,
}
