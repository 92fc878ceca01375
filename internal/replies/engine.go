package replies

import (
	"encoding/base64"
	"regexp"
	"strings"

	"mailprobe/internal/finding"
	"mailprobe/internal/settings"
)

// explainText explains each passage of a text, and ranks what comes of it.
func (t *table) explainText(q Query) []Match {
	found := passages(q.Text)
	provider := t.provider(q, found)
	var hits []hit
	seen := map[string]bool{}
	for _, p := range found {
		for _, line := range views(p) {
			if seen[line] {
				continue
			}
			seen[line] = true
			w := readWording(withChallenge(line), q.Layer)
			if h, ok := t.explainWording(w, q, provider); ok {
				hits = append(hits, h)
			}
		}
	}
	return t.ranked(hits, provider)
}

// views returns a passage whole and, where it was put together, in its parts. A
// JSON object is one answer, however it is laid out.
func views(p passage) []string {
	if len(p.parts) == 1 || strings.HasPrefix(p.text, "{") {
		return []string{p.text}
	}
	return append([]string{p.text}, p.parts...)
}

// withChallenge puts the words of an OAuth error challenge (RFC 7628 §3.2.2)
// behind the line that holds it in base64.
func withChallenge(line string) string {
	coded := challenge.FindString(line)
	if coded == "" {
		return line
	}
	plain, err := base64.StdEncoding.DecodeString(coded + strings.Repeat("=", (4-len(coded)%4)%4))
	if err != nil || !strings.Contains(string(plain), `"`) {
		return line
	}
	return line + " " + collapse(normalise(string(plain)))
}

var challenge = regexp.MustCompile(`\bey[JA][A-Za-z0-9+/]{12,}`)

// explainWording finds the first row that holds, by trust; the standard
// meaning of the codes if none does.
func (t *table) explainWording(w wording, q Query, provider *replyFile) (hit, bool) {
	w.line = w.line[:min(len(w.line), maxLine)]
	if q.Layer == "" && w.reply == "" && otherSoftware.MatchString(w.line) && !ofMail.MatchString(w.line) {
		return hit{}, false
	}
	protocol := w.protocol(q)
	look := func(f *replyFile, tier tier) (hit, bool) {
		r := f.find(w, q, protocol, tier == foreignRow)
		if r == nil {
			return hit{}, false
		}
		return hit{Match: r.match(f, w), tier: tier, also: r.Also}, true
	}
	for f := provider; f != nil; f = t.byID[f.Like] {
		if h, ok := look(f, ownRow); ok {
			return h, true
		}
	}
	for _, f := range t.providers {
		if h, ok := look(f, foreignRow); ok && f != provider {
			return h, true
		}
	}
	common, known := look(t.any, commonRow)
	if known && common.Judged == finding.JudgedNo { // it knows the whole reply
		return common, true
	}
	if h, ok := t.standard.decided(w); ok {
		h.tier = commonRow
		return h, true
	}
	if known {
		return common, true
	}
	if w.success() || w.reply == "" {
		return hit{}, false
	}
	return t.standard.explain(w)
}

// Databases, web servers and the like fail in the same words as mail programs.
var (
	otherSoftware = regexp.MustCompile(`(?i)\b(?:postgres\w*|psql|mysql|mariadb|redis|mongo\w*|database|rsync|ssh|sftp|git|docker|kube\w+|npm|wget|ldap\w*|elasticsearch|rabbitmq|nginx|apache2?)\b|(?::|\bport )(?:22|80|389|443|1433|3306|5432|5672|6379|8080|9200|11211|27017)\b`)
	ofMail        = regexp.MustCompile(`(?i)smtp|imap|\bpop3?\b|mail|(?::|\bport )(?:25|110|143|465|587|993|995|2525)\b`)
)

// protocol is the one that was dialled; of pasted text it is told by the form
// of the reply.
func (w wording) protocol(q Query) settings.Protocol {
	asked := q.Protocol
	switch {
	case w.status == "" || asked != "" && q.Layer != "":
		return asked
	case w.status == "-ERR", w.status == "+OK":
		return settings.POP3
	case w.status[0] >= '2' && w.status[0] <= '5':
		return settings.SMTP
	case asked != "":
		return asked
	}
	return settings.IMAP
}

// provider returns the rows of the provider in question: the one asked for,
// else the one whose marks the text bears; nil if neither is known.
func (t *table) provider(q Query, found []passage) *replyFile {
	if q.Provider != "" {
		return t.byID[strings.ToLower(q.Provider)]
	}
	for _, f := range t.providers {
		if f.marks == nil {
			continue
		}
		for _, p := range found {
			if f.marks.MatchString(p.text) {
				return f
			}
		}
	}
	return nil
}
