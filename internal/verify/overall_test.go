package verify

import "testing"

func TestOverall(t *testing.T) {
	tests := []struct {
		name     string
		verdicts []Verdict
		want     Verdict
	}{
		{"nothing was verified", nil, Unknown},
		{"all work", []Verdict{Works, Works}, Works},
		{"one fails", []Verdict{Works, Unknown, Fails, Works}, Fails},
		{"one is unknown", []Verdict{Works, Unknown, Works}, Unknown},
		{"no verdict is no success", []Verdict{Works, ""}, Unknown},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var reports []*Report
			for _, v := range tt.verdicts {
				reports = append(reports, &Report{Verdict: v})
			}
			if got := Overall(reports); got != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}
