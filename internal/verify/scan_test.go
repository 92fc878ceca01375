package verify

import (
	"testing"
	"time"

	"mailprobe/internal/finding"
	"mailprobe/internal/lab"
)

func TestScanIsJudged(t *testing.T) {
	const code = "tls.version_legacy_enabled"
	tests := []struct {
		name  string
		fault lab.Fault
		scan  bool
		want  bool
	}{
		{"an old server", lab.LegacyTLS, true, true},
		{"a modern server", lab.None, true, false},
		{"not asked", lab.LegacyTLS, false, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			const url = "imaps://mail.example.com"
			w := newWorld(t).build(at("192.0.2.1", server(url, tt.fault)))
			p := w.plan(documented(url))
			p.TLSScan, p.ScanPause = tt.scan, time.Microsecond
			e := Run(t.Context(), p).Endpoints[0]
			if got := e.Scan != nil; got != tt.scan {
				t.Errorf("scanned\n got %v\nwant %v", got, tt.scan)
			}
			if got := find(e.Findings, code) != nil; got != tt.want {
				t.Errorf("%s in %v\n got %v\nwant %v", code, e.Findings, got, tt.want)
			}
			for i := 1; i < len(e.Findings); i++ {
				if e.Findings[i].Severity == finding.Error && e.Findings[i-1].Severity != finding.Error {
					t.Errorf("not gravest first: %v", e.Findings)
				}
			}
		})
	}
}
