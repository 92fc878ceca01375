package token

import "mailprobe/internal/lazyregexp"

// Forms by which providers' secrets are known. Where a sign-in service gives
// out two kinds alike, the longer-lived stands first.
var forms = []struct {
	form    Form
	pattern *lazyregexp.Regexp
}{
	// Google
	{RefreshToken, lazyregexp.New(`^1//?0?[A-Za-z0-9_-]{20,}$`)},
	{Code, lazyregexp.New(`^4/(0A|1A|P7|[0-9]/)?[A-Za-z0-9_-]{20,}$`)},
	{ClientSecret, lazyregexp.New(`^GOCSPX-`)},
	{ClientID, lazyregexp.New(`\.apps\.googleusercontent\.com$`)},
	{ForeignToken, lazyregexp.New(`^(AIza[A-Za-z0-9_-]{30,}|gh[opsur]_|github_pat_|glpat-|xox[abpr]-|sk-|AKIA[A-Z0-9]{12,})`)},
	// Microsoft: organisations, then personal accounts
	{Code, lazyregexp.New(`^[01]\.A[A-Za-z0-9_-]+\.[A-Z][A-Za-z]ABB|^O?AQABAAIAAA`)},
	{RefreshToken, lazyregexp.New(`^[01]\.A[A-Za-z0-9_-]{10,}|^O?AQABAAAAAA`)},
	{Code, lazyregexp.New(`^M\.[A-Z][A-Z0-9]*_[A-Z0-9]+\.2\.`)},
	{RefreshToken, lazyregexp.New(`^M\.[A-Z][A-Z0-9]{1,5}(_|\.|$)`)},
	{ClientSecret, lazyregexp.New(`^[A-Za-z0-9_.~-]{3}[0-9]Q~[A-Za-z0-9_.~-]{30,36}$`)},
}

func known(text string, r *Reading) bool {
	for _, f := range forms {
		if f.pattern.MatchString(text) {
			return r.be(f.form)
		}
	}
	return false
}

// A Maker is a company whose access tokens are known by their form.
type Maker string

const (
	Google    Maker = "Google"
	Microsoft Maker = "Microsoft" // of personal accounts
	Yandex    Maker = "Yandex"
)

// makers are whose opaque access tokens begin how. Sources: Google's guide to
// OAuth 2.0; tokens of personal Microsoft accounts and of Yandex ID as their
// pages show them.
var makers = []struct {
	maker   Maker
	pattern *lazyregexp.Regexp
}{
	{Google, lazyregexp.New(`^ya29\.`)},
	{Microsoft, lazyregexp.New(`^Ew[A-D][A-Za-z0-9+/]{100,}`)},
	{Yandex, lazyregexp.New(`^y[0-9]_[A-Za-z0-9_-]{20,}$`)},
}

func makerOf(text string) Maker {
	for _, m := range makers {
		if m.pattern.MatchString(text) {
			return m.maker
		}
	}
	return ""
}
