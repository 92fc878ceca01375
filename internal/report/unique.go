package report

import "fmt"

// unique makes names that differ: what comes again is numbered.
type unique map[string]bool

func (u unique) name(text string) string {
	name := text
	for i := 2; u[name]; i++ {
		name = fmt.Sprintf("%s (%d)", text, i)
	}
	u[name] = true
	return name
}
