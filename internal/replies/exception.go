package replies

import (
	"strings"

	"mailprobe/internal/lazyregexp"
)

// named puts words in the place of links and addresses. Each expression is looked
// for only where its marks are: to make them costs more than most texts take.
func named(text string) string {
	if strings.Contains(text, "://") || strings.Contains(strings.ToLower(text), "www.") {
		text = listLink.ReplaceAllString(text, " blocklist ")
		text = link.ReplaceAllString(text, " ")
	}
	text = unfolded(text)
	if strings.Contains(text, "@") {
		text = address.ReplaceAllString(text, " "+wordAddress+" ")
	}
	if strings.Contains(text, ".") {
		text = hostName.ReplaceAllString(text, " "+wordHost+" ")
	}
	if strings.Count(text, ".") >= 3 || strings.Count(text, ":") >= 3 {
		text = ipAddress.ReplaceAllString(text, " "+wordIP+" ")
	}
	return text
}

// The name of an exception or error of a program, which is a sentence without
// blanks: "MailboxNotFoundError".
var (
	exception = lazyregexp.New(`\b(?:[A-Z]+[a-z]+){2,8}\b`)
	faultName = lazyregexp.New(`(?:Error|Exception|Failure|Failed|Fault|Timeout|TimedOut|Expired|Denied|Refused|Found|Exceeded|Closed|Rejected)$`)

	// Of these, the names that say no more than that a server said no.
	saidNo = lazyregexp.New(`^(?:No|Bad|Bye)?Response(?:Error|Exception)$`)
)

// unfolded writes the names of exceptions as words.
func unfolded(text string) string {
	if !hasHump(text) {
		return text
	}
	return exception.ReplaceAllStringFunc(text, func(name string) string {
		switch {
		case saidNo.MatchString(name):
			return ""
		case !faultName.MatchString(name):
			return name
		}
		return humps.ReplaceAllString(name, "$1 $2")
	})
}

// humps matches where a word of a name ends and the next begins.
var humps = lazyregexp.New(`([a-z]|[A-Z]{2})([A-Z][a-z])`)

// hasHump says that a capital follows a small letter.
func hasHump(text string) bool {
	for i := 1; i < len(text); i++ {
		if text[i] >= 'A' && text[i] <= 'Z' && text[i-1] >= 'a' && text[i-1] <= 'z' {
			return true
		}
	}
	return false
}

// elided matches what French and Italian write together with the next word:
// "l'authentification", "n'est", "dell'utente".
var elided = lazyregexp.New(`(?:^|\PL)(?:[ldnsjcm]|qu|un|(?:d?a|de|ne|su)ll|lorsqu|jusqu|puisqu)['’]`)

// unelided keeps of it what denies.
func unelided(s string) string {
	if strings.Trim(s, `'’"(`) == "n" {
		return " ne "
	}
	return " "
}

var apostrophes = strings.NewReplacer("'", "", "’", "")
