// Package detector tells tests whether the race detector watches them.
package detector

import "testing"

// Spare skips a long test that has nothing for the race detector, because all
// of it happens in one goroutine: the detector makes such a test ten times as
// long and can find nothing. The run without the detector does it, so each
// check is made once in a run of all tests.
func Spare(t testing.TB) {
	t.Helper()
	if On {
		t.Skip("one goroutine: tested by the run without the race detector")
	}
}
