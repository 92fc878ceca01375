// Command compile writes tables.tsv, the compact form of the tables of replies,
// and likeness.tsv, what texts of known causes have in common, into the folder
// it is started in: from the YAML in tables/ and the texts in testdata/texts.
// It is run by go generate ./internal/replies.
package main

import (
	"fmt"
	"os"

	"mailprobe/internal/replies"
)

func main() {
	if err := compile(); err != nil {
		fmt.Fprintln(os.Stderr, "compile:", err)
		os.Exit(1)
	}
}

func compile() error {
	compact, err := replies.Compact(os.DirFS("."))
	if err != nil {
		return err
	}
	if err := os.WriteFile("tables.tsv", []byte(compact), 0o644); err != nil {
		return err
	}
	likeness, err := replies.Likeness(os.DirFS("."), os.DirFS("../../testdata/texts"))
	if err != nil {
		return err
	}
	return os.WriteFile("likeness.tsv", []byte(likeness), 0o644)
}
