package document

import (
	"slices"
	"strings"
	"testing"
)

func TestExplain(t *testing.T) {
	const report = `{"schema": 1, "provider": {"id": "office365"}, "verdict": "fails", "findings": [{"code": "env.clock_skew_suspected", "severity": "warning", "blame": "local-machine", "message": "The clock is 2 h off."}],
	 "endpoints": [{"findings": [{"code": "cert.expired", "severity": "error", "blame": "provider", "message": "expired yesterday", "remedy": "renew it", "evidence": "CN=\u001b"}]},
	               {"findings": [{"code": "cert.expired", "severity": "error", "blame": "provider", "message": "expired yesterday", "remedy": "renew it", "evidence": "CN=\u001b"}, {"code": "future.code", "severity": "info", "message": "?"}]}]}`
	documents, err := Read(strings.NewReader(report + report))
	if err != nil {
		t.Fatal(err)
	}
	matches := Explain(documents)
	var codes []string
	for _, m := range matches {
		codes = append(codes, m.Code)
		if m.Provider != "office365" {
			t.Errorf("got  provider %q\nwant office365", m.Provider)
		}
	}
	if want := []string{"env.clock_skew_suspected", "cert.expired", "future.code"}; !slices.Equal(codes, want) {
		t.Fatalf("got  %v\nwant %v", codes, want)
	}
	if m := matches[1]; m.Evidence != "CN=\x1b" || m.Remedy != "renew it" || !strings.HasPrefix(m.Cause, "expired yesterday ") {
		t.Errorf("got  %q\nwant what was received, and the code's page behind the message", m)
	}
}
