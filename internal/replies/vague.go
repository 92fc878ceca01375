package replies

import (
	"mailprobe/internal/finding"
	"mailprobe/internal/lazyregexp"
	"mailprobe/internal/settings"
)

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

// Databases, web servers and the like fail in the same words as mail programs.
var (
	timeOfDay     = lazyregexp.New(`(?:^|[\sT(])\d{1,2}:\d{2}(?::\d{2})?`) // 08:22:10 names no port
	otherSoftware = lazyregexp.New(`(?i)数据库|資料庫|データベース|\b(?:base de (?:datos|données|dados)|datenbank|baza danych|баз[аы] данных)|\bora-\d{5}\b|\(publickey|\b(?:sqlstate|left on device|using password: yes|jdbc|odbc|github|gitlab|bitbucket|documentation_url|kinit|ldap_bind|sudo|sshd|postgres\w*|psql|mysql|mariadb|redis|wrongpass|mongo\w*|database|rsync|ssh|sftp|git|docker|kube\w+|npm|wget|ldap\w*|elasticsearch|rabbitmq|nginx|apache2?|noauth|memcached|kafka|zookeeper|cassandra|etcd|mqtt|mosquitto|samba|cifs|smb|vpn|openvpn|wireguard|wi-?fi|wpa2?|radius|vnc|rdp|remote desktop|department id|kex_\w+|terraform|ansible|gradle|maven|bluetooth)\b|(?::|\bport )(?:22|80|389|443|1433|3306|5432|5672|6379|8080|9200|11211|27017)\b`)
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

// ofOthers says that a text is other software's, and nothing in it is of mail or
// of a sign-in service.
func ofOthers(line string) bool {
	return otherSoftware.MatchString(timeOfDay.ReplaceAllString(line, "")) && !ofMail.MatchString(line) && !ofSignIn.MatchString(line)
}

// allOfOthers says that all of a text is other software's: one passage is, no
// other is of mail, and there is no reply.
func allOfOthers(found []passage) bool {
	others := false
	for _, p := range found {
		if ofMail.MatchString(p.text) || ofSignIn.MatchString(p.text) || readWording(p.text, p.layer()).reply != "" {
			return false
		}
		others = others || ofOthers(p.text)
	}
	return others
}
