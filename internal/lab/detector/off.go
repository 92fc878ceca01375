//go:build !race

package detector

// On reports whether the program was built with the race detector.
const On = false
