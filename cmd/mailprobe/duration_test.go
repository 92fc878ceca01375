package main

import (
	"testing"
	"time"
)

func TestTimeSpan(t *testing.T) {
	for text, want := range map[string]time.Duration{ // 0: refused
		"90s": 90 * time.Second, "1m30s": 90 * time.Second, "10": 10 * time.Second, "0.5": 500 * time.Millisecond, "1e1": 10 * time.Second,
		"": 0, "0": 0, "0s": 0, "-1": 0, "-1s": 0, "soon": 0, "10 s": 0, "NaN": 0, "Inf": 0, "1e300": 0, "1e-300": 0, "99999999999999": 0,
	} {
		var got time.Duration
		if err := (timeSpan{&got}).Set(text); got != want || (err == nil) != (want > 0) {
			t.Errorf("%q\ngot  %s, %v\nwant %s", text, got, err, want)
		}
	}
}
