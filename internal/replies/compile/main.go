// Command compile writes tables.tsv, the compact form of the tables of replies,
// into the folder it is started in, from the YAML in tables/. It is run by
// go generate ./internal/replies.
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
	return os.WriteFile("tables.tsv", []byte(compact), 0o644)
}
