package replies

import "testing"

// TestKinds: texts that stand for their kind, such as words that say more than
// the code beside them, or a command that says what the reply is about.
func TestKinds(t *testing.T) {
	for _, known := range texts(t, "kinds.tsv") {
		holds(t, known.codes, known.text)
	}
}
