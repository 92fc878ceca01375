package replies

import (
	"slices"

	"mailprobe/internal/finding"
)

// An evidence is what speaks for one cause.
type evidence struct {
	hit
	weight int
	best   int  // the weight of what the hit is from
	sensed bool // only words speak for it
	spare  bool // the hit's words are the code's own, which say less than a row's
	signs  signs

	catchAll bool // all that speaks for a rejection speaks for it
}

// A scale weighs what speaks for each cause.
type scale []*evidence

// put adds what speaks for a cause. The words are those of the heaviest.
func (s *scale) put(h hit, weight int) *evidence {
	for _, e := range *s {
		if e.Code == h.Code {
			e.weight += weight
			e.sensed = false
			if weight > e.best || e.spare {
				e.hit, e.best, e.spare = h, max(e.best, weight), false
			}
			return e
		}
	}
	e := &evidence{hit: h, weight: weight, best: weight}
	*s = append(*s, e)
	return e
}

// add adds to a cause on the scale what tells nothing more of it.
func (s scale) add(code string, weight int) {
	for _, e := range s {
		if e.Code == code {
			e.weight += weight
		}
	}
}

func (s scale) holds(code string) bool {
	return slices.ContainsFunc(s, func(e *evidence) bool { return e.Code == code })
}

// weighed puts on a scale what speaks for each cause: the words, broad rows, the
// command that is answered, the code, and likeness.
func (t *table) weighed(w wording, q Query, provider *known) (all scale) {
	if q.Layer != LayerToken {
		for i, s := range t.senses(w, q) {
			if !all.holds(s.Code) {
				e := all.put(s.hit(w), s.Weight)
				e.sensed, e.spare = true, s.Cause == "" && s.Remedy == "" && s.Also == nil
				e.signs.sense(s, i == 0, w.reply != "")
			}
		}
	}
	t.weighRows(&all, w, q, provider)
	if w.reply != "" {
		t.weighCodes(&all, w)
	}
	t.weighLikeness(&all, w)
	t.catchAll(&all, w, q, provider)
	return all
}

// heaviest gives the cause for which most speaks; nil: nothing speaks loud enough.
func (t *table) heaviest(all scale, w wording, q Query) *evidence {
	words := w.reply != "" || q.Layer != "" || q.Protocol != "" || ofMail.MatchString(w.line) || ofTLS.MatchString(w.line) || ofProgram(w.line) && t.tellsOfMail(w.line) || isBrief(w.line) && isForeign(w.line)
	plain := isPlain(w.line) && t.saysTwice(w.line)
	var best *evidence
	for _, e := range all {
		if e.sensed && w.reply == "" && (e.weight < wordsAlone || !words && (!plain || e.weight < wordsPlain)) {
			continue
		}
		if best == nil || e.weight > best.weight {
			best = e
		}
	}
	return best
}

func (t *table) weighRows(all *scale, w wording, q Query, provider *known) {
	for _, f := range t.providers {
		if h, ok := t.row(f, foreign, w, q); ok && f != provider.rows {
			all.put(h, weightOfHint)
			break
		}
	}
	if h, ok := t.row(t.any, 0, w, q); ok {
		weight := weightOfCommon
		if h.Code == general && w.reply != "" {
			weight = weightOfVague
		}
		all.put(h, weight).signs.raise(commonBroad, 1)
	}
	if h, ok := t.row(t.any, client, w, q); ok {
		all.put(h, weightOfClient).signs.raise(clientRow, 1)
	}
}

// general is the code that a provider's catch-all says more exactly.
const general = "auth.rejected"

// Codes that say no more than that something was refused.
const (
	refusedAccess = "access.refused"
	accessForNow  = "access.temporary"
	clientFault   = "proto.client_fault"
	failedNet     = "net.failed"
)

// catchAll puts a provider's broad row on the scale: it tells what a rejection
// usually means there, so all that speaks for one speaks for it.
func (t *table) catchAll(all *scale, w wording, q Query, provider *known) {
	for f := provider.rows; f != nil; f = t.byID[f.Like] {
		h, ok := t.row(f, 0, w, q)
		if !ok {
			continue
		}
		weight := weightOfBroad
		if provider.hint {
			weight = weightOfHint
		}
		var rejected signs
		for _, e := range *all {
			if e.Code == general {
				weight, rejected = max(weight, e.weight+1), e.signs
			}
		}
		own := all.put(h, weight)
		own.signs.over(rejected)
		own.signs.raise(ownBroad, truth(!provider.hint))
		own.catchAll = true
		return
	}
}

func (t *table) weighCodes(all *scale, w wording) {
	if h, ok := t.standard.explain(w); ok {
		weight := t.standard.weight(w, h.Code)
		all.put(h, weight).signs.raise(byCode, float64(weight)/weightOfDecisive)
	}
	if code := refusedAt[w.place]; code != "" && w.status != "" && w.status[0] == '5' && w.status != "535" {
		page, _ := finding.PageOf(code)
		all.put(hit{Match: matchOf(page, w), tier: codeMeaning}, weightOfPlace).signs.raise(byPlace, 1)
	}
}

// refusedAt is what a refusal of a command means where its words tell nothing.
var refusedAt = map[place]string{placeSender: "send.sender_refused", placeRecipient: "send.recipient_refused", placeData: "send.content_refused"}

func matchOf(page finding.Page, w wording) Match {
	return Match{Code: page.Code, Severity: page.Severity, Blame: page.Blame, Layer: LayerPolicy, Title: page.Title,
		Cause: page.Means, Remedy: page.Fix, Evidence: cut(w.line), Judged: finding.JudgedMaybe}
}
