package replies

import (
	"encoding/base64"
	"slices"
	"strings"
	"sync"

	"mailprobe/internal/finding"
	"mailprobe/internal/lazyregexp"
	"mailprobe/internal/settings"
)

// explainText explains each passage of a text, and ranks what comes of it.
func (t *table) explainText(q Query) []Match {
	found := passages(q.Text)
	provider := t.provider(q, found)
	var hits []hit
	alike := sync.OnceValue(func() []likely { return t.alikeTo(q, found) })
	seen := map[string]bool{}
	for _, p := range found {
		for _, line := range views(p) {
			if seen[line] {
				continue
			}
			seen[line] = true
			w := readWording(withChallenge(line), or(q.Layer, p.layer()))
			w.command, w.alike = p.command, alike
			if h, ok := t.explainWording(w, q, provider); ok {
				hits = append(hits, h)
			}
		}
	}
	return t.ranked(hits, provider.rows)
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

var challenge = lazyregexp.New(`\bey[JA][A-Za-z0-9+/]{12,}`)

// explainWording finds the first firm row that holds, by trust; what weighs
// most if none does.
func (t *table) explainWording(w wording, q Query, provider *known) (hit, bool) {
	w.line = w.line[:min(len(w.line), maxLine)]
	if q.Layer == "" && webPage.MatchString(w.line) && !ofMail.MatchString(w.line) {
		return hit{}, false
	}
	if q.Layer == "" && w.reply == "" && otherSoftware.MatchString(timeOfDay.ReplaceAllString(w.line, "")) && !ofMail.MatchString(w.line) && !ofSignIn.MatchString(w.line) {
		return hit{}, false
	}
	w.place, q.Protocol = w.placeOf(q), w.protocol(q)
	if q.Layer == "" {
		q.Layer = layerOf[w.place]
	}
	h, ok := t.firm(w, q, provider)
	if !ok && !w.success() {
		h, ok = t.heaviest(w, q, provider)
	}
	if ok && h.Code == general && q.Layer != LayerToken && byToken.MatchString(w.line) {
		h.Match, h.also = t.reading("auth.token_rejected", h.Match, provider.rows), []string{"auth.token_expired", general}
	}
	if m, known := t.standard.explain(w); known && m.Code == h.Code && h.Judged == finding.JudgedMaybe {
		h.Judged = m.Judged // the words agree with the code of the reply
	}
	if ok && w.place == placeStartTLS && h.Code == failedNet {
		h.Match, h.also = t.reading("starttls.advertised_but_fails", h.Match, provider.rows), []string{"tls.failed", "cert.invalid"}
	}
	h.bare = w.reply == "" && slices.Contains(vague, h.Code)
	return h, ok
}

// vague are the codes of programs' words that name no cause, or one that may
// follow from another. Another passage of the text may name it.
var vague = []string{general, "tls.failed", "cert.invalid", failedNet, refusedAccess, "access.send_failed",
	"auth.mechanism_missing", "smtp.auth_missing", "access.server_fault"}

// byToken matches the mechanisms that show a token: none of their rejections is
// about a password.
var byToken = lazyregexp.New(`(?i)\bXOAUTH2\b|\bOAUTHBEARER\b`)

// firm finds the first firm row that holds: the provider's, another's, a
// response code that outweighs its words, any. A common row that knows the whole
// reply stands before the code.
func (t *table) firm(w wording, q Query, provider *known) (hit, bool) {
	for f := provider.rows; f != nil; f = t.byID[f.Like] {
		if h, ok := t.row(f, firmly, w, q); ok {
			return h, true
		}
	}
	for _, f := range t.providers {
		if h, ok := t.row(f, firmly|foreign, w, q); ok && f != provider.rows {
			return h, true
		}
	}
	common, ok := t.row(t.any, firmly, w, q)
	if ok && common.Judged == finding.JudgedNo { // it knows the whole reply
		return common, true
	}
	if h, decided := t.standard.decided(w); decided {
		h.tier = commonRow
		return h, true
	}
	return common, ok
}

// row finds the first row of a file that holds.
func (t *table) row(f *replyFile, how manner, w wording, q Query) (hit, bool) {
	r := f.find(w, q, how)
	if r == nil {
		return hit{}, false
	}
	tier := ownRow
	switch {
	case f == t.any:
		tier = commonRow
	case how&foreign != 0:
		tier = foreignRow
	}
	return hit{Match: r.match(f, w), tier: tier, also: r.Also}, true
}

// Databases, web servers and the like fail in the same words as mail programs.
var (
	timeOfDay     = lazyregexp.New(`(?:^|[\sT(])\d{1,2}:\d{2}(?::\d{2})?`) // 08:22:10 names no port
	otherSoftware = lazyregexp.New(`(?i)数据库|資料庫|データベース|\b(?:base de (?:datos|données|dados)|datenbank|baza danych|баз[аы] данных)|\bora-\d{5}\b|\(publickey|\b(?:sqlstate|left on device|using password: yes|jdbc|odbc|github|gitlab|bitbucket|documentation_url|kinit|ldap_bind|sudo|sshd|postgres\w*|psql|mysql|mariadb|redis|wrongpass|mongo\w*|database|rsync|ssh|sftp|git|docker|kube\w+|npm|wget|ldap\w*|elasticsearch|rabbitmq|nginx|apache2?)\b|(?::|\bport )(?:22|80|389|443|1433|3306|5432|5672|6379|8080|9200|11211|27017)\b`)
	webPage       = lazyregexp.New(`(?i)<!doctype html|<html\b|<title>`)
	ofMail        = lazyregexp.New(`(?i)smtp|imap|starttls|\bauthenticate failed|\b(?:yahoo|yandex|outlook|icloud|zoho|hotmail|gmx)\b|\bpop3?\b|mail|\bmessage\b.{0,80}\bserver\b|\bserver\b.{0,80}\bmessage\b|(?::|\bport )(?:25|110|143|465|587|993|995|2525)\b`)
)

// ofSignIn matches what a sign-in service says, also of a workload elsewhere:
// the codes of RFC 6749 section 5.2 and RFC 8693 section 2.2.2 as members of
// its answer, Entra's numbers, and Google's words of federation.
var ofSignIn = lazyregexp.New(`(?i)"error"\s*:\s*"(?:invalid_(?:request|client|grant|scope|target)|unauthorized_client|unsupported_grant_type)"|\bAADSTS\d{4,8}\b|\binvalid_(?:grant|target)\b|\bID[ _]token\b.{0,200}\baudience\b|\baudience\b.{0,80}\bID[ _]token\b|\biam\.(?:serviceAccounts|workloadIdentity)|\bworkload identity|\battribute condition\b`)

// ofTLS matches what is said of a server's certificate or of a secure
// connection, whatever the server is for.
var ofTLS = lazyregexp.New(`(?i)\bconnect(?:ing)? (?:using|over|with|via) (?:ssl|tls)\b|\b(?:ssl|tls)\b.{0,60}\bcertificate\b|\bcertificate\b.{0,60}\b(?:ssl|tls)\b`)

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
// else the one whose marks the text bears, those in a link last.
func (t *table) provider(q Query, found []passage) *known {
	if q.Provider != "" {
		return &known{rows: t.byID[strings.ToLower(q.Provider)]}
	}
	lower := make([]string, len(found))
	for i, p := range found {
		lower[i] = strings.ToLower(p.text)
	}
	var hint *known
	for _, f := range t.providers {
		if f.marks == nil {
			continue
		}
		for i, p := range found {
			switch {
			case !mayHold(lower[i], f.literals), !f.marks.MatchString(p.text):
			case f.marks.MatchString(link.ReplaceAllString(p.text, " ")):
				return &known{rows: f}
			case hint == nil:
				hint = &known{rows: f, hint: true}
			}
		}
	}
	if hint == nil {
		return &known{}
	}
	return hint
}

// A known is the provider in question, as far as it is known.
type known struct {
	rows *replyFile // nil: none
	hint bool       // only a link in the text names it
}
