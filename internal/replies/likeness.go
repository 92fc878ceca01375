package replies

import (
	"cmp"
	"math"
	"slices"
	"strconv"
	"strings"

	"mailprobe/internal/finding"
)

// A likeness knows of many texts, whose causes are known, which traits they
// have, and tells by that which causes a new text reads like (naive Bayes). It
// is an opinion about words, no knowledge: it speaks beside other evidence, or
// where nothing else does.
type likeness struct {
	causes []cause
	traits string // lines in order: trait, tab, "cause:weight" with blanks between
	known  int    // the number of traits
}

// A cause is a finding code, or unrelated, as far as texts of it were read.
type cause struct {
	code   string
	texts  int // their weight, in parts of wholeText
	traits int // the weight of all their traits
}

// unrelated is the cause of texts that are about no fault of mail.
const unrelated = "none"

const (
	wholeText = 8 // the weight of a text for its one cause; with several the first counts half, the second a quarter

	// What a trait counts that no text of a cause has, as a part of a text.
	unseenTrait = 0.01

	fewestTraits = 4 // beside those of codes, of which a likeness can be told
)

// A likely is a cause and how likely a text is of it, from 0 to 1.
type likely struct {
	code  string
	share float64
}

// of returns the causes that a text with these traits reads like, the likeliest
// first; nil: too little is known of the traits.
func (l *likeness) of(traits []string) []likely {
	score := make([]float64, len(l.causes))
	known, worded := 0, 0
	for _, trait := range traits {
		weights, ok := l.find(trait)
		if !ok {
			continue
		}
		known++
		if !ofCode(trait) {
			worded++
		}
		for pair := range strings.FieldsSeq(weights) {
			at, weight, _ := strings.Cut(pair, ":")
			i, _ := strconv.Atoi(at) // both were written by this program
			w, _ := strconv.Atoi(weight)
			score[i] += math.Log1p(float64(w) / (unseenTrait * wholeText))
		}
	}
	if worded < fewestTraits {
		return nil
	}
	return l.shares(score, known)
}

// shares makes of scores what is likely.
func (l *likeness) shares(score []float64, known int) []likely {
	out, sum := make([]likely, len(l.causes)), 0.0
	belief := math.Log(float64(known)+1) / float64(known)
	for i, c := range l.causes {
		unseen := math.Log(unseenTrait*wholeText) - math.Log(float64(c.traits)+unseenTrait*wholeText*float64(l.known))
		score[i] = belief*(score[i]+float64(known)*unseen) + math.Log(float64(c.texts)+wholeText/5.0)
	}
	best := slices.Max(score)
	for i, c := range l.causes {
		out[i] = likely{c.code, math.Exp(score[i] - best)}
		sum += out[i].share
	}
	for i := range out {
		out[i].share /= sum
	}
	slices.SortStableFunc(out, byShare)
	return out
}

// byShare puts the likelier first.
func byShare(a, b likely) int { return cmp.Compare(b.share, a.share) }

// find looks a trait up in the lines.
func (l *likeness) find(trait string) (weights string, ok bool) {
	low, high := 0, len(l.traits)
	for low < high {
		middle := low + strings.LastIndexByte(l.traits[low:(low+high)/2], '\n') + 1
		end := middle + strings.IndexByte(l.traits[middle:], '\n')
		name, weights, _ := strings.Cut(l.traits[middle:end], "\t")
		switch {
		case name == trait:
			return weights, true
		case name < trait:
			low = end + 1
		default:
			high = middle
		}
	}
	return "", false
}

// likeTo returns what a text reads like, as a reading of it.
func likeTo(code string, w wording) hit {
	page, _ := finding.PageOf(code)
	m := matchOf(page, w)
	m.Layer = layerOfCode(code)
	m.Cause = "No rule knows these words; they read like others of this cause. " + m.Cause
	return hit{Match: m, tier: commonRow}
}

// layerOfCode is the layer that a code's first part names.
func layerOfCode(code string) string {
	family, _, _ := strings.Cut(code, ".")
	if layer, known := layerOfFamily[family]; known {
		return layer
	}
	return LayerAccess
}

var layerOfFamily = map[string]string{"dns": layerDNS, "net": layerTCP, "env": layerTCP, "mode": LayerGreeting, "starttls": layerStartTLS,
	"tls": layerTLS, "cert": layerTLS, "auth": LayerAuth, "send": LayerPolicy, "pop3": layerCapability, "smtp": layerCapability}
