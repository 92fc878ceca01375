package main

import (
	"slices"
	"strings"
)

// pastedText keeps a pasted text from being taken for flags: POP3 servers
// refuse with "-ERR". From the first argument of explain that looks pasted on,
// all but the flags of explain is text.
func pastedText(args []string) []string {
	if len(args) == 0 || args[0] != "explain" || slices.Contains(args, "--") {
		return args
	}
	first := slices.IndexFunc(args, looksPasted)
	if first < 0 {
		return args
	}
	flags, text := slices.Clone(args[:first]), []string{"--"}
	for i := first; i < len(args); i++ {
		name, _, valued := strings.Cut(args[i], "=")
		switch {
		case name == "--json" || name == "--codes":
			flags = append(flags, args[i])
		case (name == "--provider" || name == "--protocol" || name == "--lang") && (valued || i+1 < len(args)):
			flags = append(flags, args[i])
			if !valued {
				i++
				flags = append(flags, args[i])
			}
		default:
			text = append(text, args[i])
		}
	}
	return append(flags, text...)
}

// looksPasted reports whether an argument that begins like a flag is part of a
// pasted text: a POP3 refusal, an arrow of a transcript, or several words.
func looksPasted(arg string) bool {
	if !strings.HasPrefix(arg, "-") || arg == "-" {
		return false
	}
	return strings.HasPrefix(strings.ToUpper(arg), "-ERR") || strings.HasPrefix(arg, "->") ||
		strings.ContainsAny(arg, " \t\n") && !strings.HasPrefix(arg, "--p")
}
