package replies

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"mailprobe/internal/finding"
)

// Codes that no rule and no row produces yet. It must only shrink.
var reserved = []string{
	"dns.v4_only", "dns.v6_only",
	"dns.srv_missing",
	"dns.v4_only", "dns.v6_only",
	"dns.srv_target_cname",
	"dane.match", "dane.mismatch", "dane.unsigned",
	"starttls.command_injection",

	"policy.implicit_available_undocumented",

	"tls.kex", "tls.hello_retry",
	"tls.fallback_scsv_missing",
	"cert.ip_literal",
	"cert.sct_count", "cert.wildcard", "cert.srvid", "cert.inconsistent_across_ports", "cert.fingerprint",
	"proto.too_long", "proto.too_many", "proto.endless",
	"imap.no_capability_in_greeting",
	"pop3.login_delay", "pop3.expire0",
	"smtp.auth_equals_syntax", "smtp.no_pipelining", "smtp.no_enhanced", "smtp.no_8bitmime", "smtp.size", "smtp.greeting_name",
	"perf.tarpit", "perf.ok",
}

func TestCodesAndTheirUsesAgree(t *testing.T) {
	used := codesInRows()
	for code, where := range codesInSource(t) {
		used[code] = where
		if _, ok := finding.PageOf(code); !ok && !isFamily(code) {
			t.Errorf("%s: %q is not in the table of codes", where, code)
		}
	}
	for _, info := range finding.Pages() {
		_, taken := used[info.Code]
		if stem, family := strings.CutSuffix(info.Code, "*"); family && !taken {
			for code := range used {
				taken = taken || strings.HasPrefix(code, stem)
			}
		}
		switch waiting := slices.Contains(reserved, info.Code); {
		case taken && waiting:
			t.Errorf("%s is in use now: take it off the reserved list", info.Code)
		case !taken && !waiting:
			t.Errorf("%s is produced by nothing", info.Code)
		}
	}
	for _, code := range reserved {
		if _, ok := finding.PageOf(code); !ok {
			t.Errorf("reserved code %q has no page", code)
		}
	}
}

// isFamily says that a code is the beginning that the members of a family
// share: "tls.alert_".
func isFamily(code string) bool {
	return slices.ContainsFunc(finding.Pages(), func(p finding.Page) bool { return p.Code == code+"*" })
}

// codesInSource finds the string literals of the module's code that have the
// form of a finding code.
func codesInSource(t *testing.T) map[string]string {
	t.Helper()
	used := map[string]string{}
	literal := regexp.MustCompile(`"((?:env|dns|dane|net|mode|starttls|policy|tls|cert|proto|imap|pop3|smtp|auth|access|send|service|perf|tool|settings|autodiscover|suite|drift|oauth)\.[a-z0-9_]+)"`)
	err := filepath.WalkDir("../..", func(path string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return err
		}
		data, err := os.ReadFile(path)
		for _, m := range literal.FindAllStringSubmatch(string(data), -1) {
			if !strings.HasSuffix(m[1], ".yaml") { // the name of a file
				used[m[1]] = path
			}
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return used
}

func codesInRows() map[string]string {
	used := map[string]string{}
	table := embeddedTable()
	for _, f := range append([]*replyFile{table.any}, table.providers...) {
		for _, r := range f.Rows {
			for _, code := range append([]string{r.Code}, r.Also...) {
				used[code] = f.Provider + ".yaml"
			}
		}
	}
	for _, list := range table.standard.lists() {
		for _, m := range *list {
			used[m.Code] = "standard.yaml"
		}
	}
	return used
}
