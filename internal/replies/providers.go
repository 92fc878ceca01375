package replies

import "strings"

// KnowsProvider reports whether the table of replies has rows for a provider,
// by its own name or by one that it serves.
func KnowsProvider(id string) bool {
	return id != "any" && embeddedTable().byID[strings.ToLower(id)] != nil
}
