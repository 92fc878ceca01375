// Package lazyregexp compiles regular expressions when they are first used. A
// process that needs few of the program's expressions pays for no others.
package lazyregexp

import (
	"regexp"
	"sync"
)

// A Regexp is an expression of RE2, as of package regexp. It may be used by
// several goroutines at once.
type Regexp struct {
	expr     string
	folds    bool // takes capitals and small letters alike
	once     sync.Once
	compiled *regexp.Regexp
}

// New returns an expression that is not compiled yet. One with a fault panics
// when it is first used; the test of this package compiles all that the
// program's source spells out.
func New(expr string) *Regexp { return &Regexp{expr: expr} }

// Folding is as New for an expression that takes capitals and small letters
// alike.
func Folding(expr string) *Regexp { return &Regexp{expr: expr, folds: true} }

// Get returns the compiled expression.
func (r *Regexp) Get() *regexp.Regexp {
	r.once.Do(func() { r.compiled = regexp.MustCompile(r.String()) })
	return r.compiled
}

// String returns the expression, with what makes it fold.
func (r *Regexp) String() string {
	if r.folds {
		return "(?i)" + r.expr
	}
	return r.expr
}

// The methods below are those of package regexp.

func (r *Regexp) MatchString(s string) bool              { return r.Get().MatchString(s) }
func (r *Regexp) FindString(s string) string             { return r.Get().FindString(s) }
func (r *Regexp) FindStringIndex(s string) []int         { return r.Get().FindStringIndex(s) }
func (r *Regexp) FindStringSubmatch(s string) []string   { return r.Get().FindStringSubmatch(s) }
func (r *Regexp) FindStringSubmatchIndex(s string) []int { return r.Get().FindStringSubmatchIndex(s) }
func (r *Regexp) FindAllString(s string, n int) []string { return r.Get().FindAllString(s, n) }
func (r *Regexp) FindAllStringSubmatch(s string, n int) [][]string {
	return r.Get().FindAllStringSubmatch(s, n)
}
func (r *Regexp) FindAllStringSubmatchIndex(s string, n int) [][]int {
	return r.Get().FindAllStringSubmatchIndex(s, n)
}
func (r *Regexp) ReplaceAllString(s, with string) string { return r.Get().ReplaceAllString(s, with) }
func (r *Regexp) ReplaceAllStringFunc(s string, with func(string) string) string {
	return r.Get().ReplaceAllStringFunc(s, with)
}
