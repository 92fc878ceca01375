package language

// pluralForms are rules of the GNU gettext manual (section "Plural forms"), as
// the headers of files write them: which of a language's forms stands for how
// many.
var pluralForms = map[string]func(n int) int{
	"nplurals=1; plural=0;":        func(int) int { return 0 },
	"nplurals=2; plural=(n != 1);": func(n int) int { return form(n == 1) },
	"nplurals=2; plural=(n > 1);":  func(n int) int { return form(n <= 1) },
	"nplurals=3; plural=(n%10==1 && n%100!=11 ? 0 : n%10>=2 && n%10<=4 && (n%100<10 || n%100>=20) ? 1 : 2);": func(n int) int {
		return form(n%10 == 1 && n%100 != 11, few(n))
	},
	"nplurals=3; plural=(n==1 ? 0 : n%10>=2 && n%10<=4 && (n%100<10 || n%100>=20) ? 1 : 2);": func(n int) int {
		return form(n == 1, few(n))
	},
	"nplurals=3; plural=(n==1) ? 0 : (n>=2 && n<=4) ? 1 : 2;": func(n int) int {
		return form(n == 1, n >= 2 && n <= 4)
	},
}

// few tells 2 to 4 in the languages in which 12 to 14 are not like them.
func few(n int) bool { return n%10 >= 2 && n%10 <= 4 && (n%100 < 10 || n%100 >= 20) }

// form returns the index of the first condition that holds, or the one behind
// them.
func form(conditions ...bool) int {
	for i, holds := range conditions {
		if holds {
			return i
		}
	}
	return len(conditions)
}
