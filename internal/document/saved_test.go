package document

import (
	"slices"
	"testing"
)

func TestSavedReport(t *testing.T) {
	const report = `{"schema": 1, "provider": {"id": "office365"}, "verdict": "fails", "findings": [{"code": "env.clock_skew_suspected", "severity": "warning", "blame": "local-machine", "message": "The clock is 2 h off."}],
	 "endpoints": [{"findings": [{"code": "cert.expired", "severity": "error", "blame": "provider", "message": "expired yesterday", "remedy": "renew it", "evidence": "CN=x"}]},
	               {"findings": [{"code": "cert.expired", "severity": "error", "blame": "provider", "message": "expired yesterday", "remedy": "renew it", "evidence": "CN=x"}, {"code": "future.code", "severity": "info", "message": "?"}]}]}`
	for name, text := range map[string]string{"one": report, "list": "[" + report + "]", "lines": report + "\n" + report} {
		var codes []string
		matches, ok := Explain(text)
		if !ok {
			t.Errorf("%s: not taken for a report", name)
		}
		for _, m := range matches {
			codes = append(codes, m.Code)
			if m.Provider != "office365" {
				t.Errorf("%s: got provider %q\nwant office365", name, m.Provider)
			}
		}
		want := []string{"env.clock_skew_suspected", "cert.expired", "future.code"}
		if !slices.Equal(codes, want) {
			t.Errorf("%s:\n got %v\nwant %v", name, codes, want)
		}
	}
}
