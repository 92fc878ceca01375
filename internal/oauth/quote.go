package oauth

import (
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"mailprobe/internal/secret"
)

const maxQuote = 300

// A run this long without a blank is no word but may be a token in some
// other coding. Correlation ids, which help, have 36 characters.
var tokenLike = regexp.MustCompile(`[A-Za-z0-9_~+/=%.-]{40,}`)

// quote makes a text of the provider's fit for an error: without the secrets
// that passed, clipped and escaped.
func (g *guard) quote(text string) string {
	secrets := slices.Clone(g.secrets)
	slices.SortFunc(secrets, func(a, b string) int { return len(b) - len(a) })
	text = strings.Join(strings.Fields(text), " ")
	for _, s := range secrets {
		text = strings.ReplaceAll(text, s, secret.Redacted)
		text = strings.ReplaceAll(text, url.QueryEscape(s), secret.Redacted)
	}
	return escape(clip(tokenLike.ReplaceAllString(text, secret.Redacted)))
}

func clip(s string) string {
	s = strings.TrimSpace(s)
	if len(s) <= maxQuote {
		return s
	}
	return strings.ToValidUTF8(s[:maxQuote], "") + "..."
}

// escape writes control and format characters, such as those that turn the
// direction of writing, as Go does.
func escape(s string) string {
	quoted := strconv.QuoteToGraphic(s)
	return strings.ReplaceAll(quoted[1:len(quoted)-1], `\"`, `"`)
}
