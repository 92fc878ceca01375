package exporter

import (
	"slices"
	"strings"

	"mailprobe/internal/document"
	"mailprobe/internal/metrics"
	"mailprobe/internal/probe"
	"mailprobe/internal/settings"
)

// The words that may stand in a label of what servers announce. What else they
// say could be anything. IANA's registries of IMAP capabilities, POP3
// extensions, SMTP service extensions and SASL mechanisms, read 2026-11-30, as
// far as mail programs use them.
var (
	capabilityWords = strings.Fields(`
		ACL BINARY CATENATE CHILDREN COMPRESS=DEFLATE CONDSTORE CONTEXT=SEARCH CREATE-SPECIAL-USE ENABLE ESEARCH ESORT ID IDLE IMAP4REV1 IMAP4REV2
		LIST-EXTENDED LIST-STATUS LITERAL+ LITERAL- LOGIN-REFERRALS LOGINDISABLED METADATA MOVE MULTIAPPEND NAMESPACE NOTIFY OBJECTID PREVIEW
		QRESYNC QUOTA REPLACE SASL-IR SAVEDATE SEARCHRES SNIPPET=FUZZY SORT SPECIAL-USE STARTTLS STATUS=SIZE THREAD=ORDEREDSUBJECT THREAD=REFERENCES
		UIDONLY UIDPLUS UNAUTHENTICATE UNSELECT UTF8=ACCEPT UTF8=ONLY WITHIN
		APOP AUTH-RESP-CODE EXPIRE IMPLEMENTATION LANG LOGIN-DELAY PIPELINING RESP-CODES SASL STLS TOP UIDL USER UTF8
		8BITMIME AUTH BINARYMIME BURL CHUNKING DELIVERBY DSN ENHANCEDSTATUSCODES ETRN FUTURERELEASE LIMITS MT-PRIORITY REQUIRETLS SIZE SMTPUTF8`)
	mechanismWords = strings.Fields(`
		ANONYMOUS CRAM-MD5 DIGEST-MD5 EXTERNAL GSSAPI LOGIN NTLM OAUTHBEARER PLAIN SCRAM-SHA-1 SCRAM-SHA-1-PLUS SCRAM-SHA-256 SCRAM-SHA-256-PLUS
		SCRAM-SHA-512 SCRAM-SHA-512-PLUS XOAUTH2`)
)

// offers says what all servers of a protocol announce once they are encrypted.
func (t target) offers() {
	for _, list := range []struct {
		name, label string
		words       []string
		of          func(*document.Endpoint) []document.Text
	}{
		{metrics.Capabilities, "capabilities", capabilityWords, func(e *document.Endpoint) []document.Text { return e.Capabilities }},
		{metrics.Mechanisms, "mechanisms", mechanismWords, func(e *document.Endpoint) []document.Text { return e.Mechanisms }},
	} {
		for _, p := range settings.Protocols() {
			if common, seen := t.common(document.Text(p), list.words, list.of); seen {
				t.gauge(list.name, 1, "protocol", string(p), list.label, strings.Join(common, ","))
			}
		}
	}
}

// common returns the known words that all servers of a protocol announce, in
// order; false: none was heard.
func (t target) common(protocol document.Text, known []string, of func(*document.Endpoint) []document.Text) (words []string, seen bool) {
	for i := range t.d.Endpoints {
		e := &t.d.Endpoints[i]
		if e.Protocol != protocol || e.Phase(probe.Capabilities).Status != document.OK {
			continue
		}
		said := knownOf(of(e), known)
		if seen {
			said = slices.DeleteFunc(said, func(w string) bool { return !slices.Contains(words, w) })
		}
		words, seen = said, true
	}
	return words, seen
}

// knownOf returns those of some words that are known, in order and each once.
// What stands behind a word, such as a size, is no part of it.
func knownOf(said []document.Text, known []string) []string {
	var all []string
	for _, text := range said {
		word, _, _ := strings.Cut(strings.ToUpper(string(text)), " ")
		if slices.Contains(known, word) {
			all = append(all, word)
		}
	}
	slices.Sort(all)
	return slices.Compact(all)
}
