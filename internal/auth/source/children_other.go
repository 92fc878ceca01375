//go:build unix && !linux

package source

// children returns nothing where only a program of its own could tell.
func children(int) []int { return nil }
