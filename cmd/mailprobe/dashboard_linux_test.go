package main

import (
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"

	"mailprobe/internal/lab"
)

// A dashboard is what is looked at of one of Grafana.
type dashboard struct {
	UID    string
	Panels []struct {
		ID      int
		Title   string
		GridPos struct{ X, Y, W, H int }
		Targets []struct{ Expr string }
	}
	Templating struct {
		List []struct{ Name, Definition string }
	}
}

// expressions are all that a Prometheus is asked by a dashboard.
func (d dashboard) expressions() (all []string) {
	for _, p := range d.Panels {
		for _, target := range p.Targets {
			all = append(all, target.Expr)
		}
	}
	for _, v := range d.Templating.List {
		if call, of := strings.CutPrefix(v.Definition, "label_values("); of {
			all = append(all, call[:strings.LastIndexByte(call, ',')])
		}
	}
	return all
}

// alerts are the expressions of the alerts, and those that their texts ask.
func alerts(t *testing.T) (all []string) {
	t.Helper()
	var rules struct {
		Groups []struct {
			Rules []struct {
				Expr        string
				Annotations map[string]string
			}
		}
	}
	if err := yaml.Unmarshal([]byte(fileOf(t, "../../packaging/prometheus/mailprobe.rules.yml")), &rules); err != nil {
		t.Fatal(err)
	}
	for _, g := range rules.Groups {
		for _, r := range g.Rules {
			all = append(all, r.Expr)
			for _, text := range r.Annotations {
				for _, m := range regexp.MustCompile("printf \"([^{]+)[{]").FindAllStringSubmatch(text, -1) {
					all = append(all, m[1])
				}
			}
		}
	}
	return all
}

var (
	// notMetrics are parts of an expression in which names are those of labels, or
	// texts.
	notMetrics = regexp.MustCompile(`"(\\.|[^"\\])*"|\{[^}]*\}|\[[^\]]*\]|\b(by|on|without|ignoring|group_left|group_right)\s*\([^)]*\)`)
	aName      = regexp.MustCompile(`[A-Za-z_:][A-Za-z0-9_:]*(\s*\()?`)
)

// metricsIn returns every name in an expression that is neither a function, an
// operator nor a label: what is left is a metric, or a slip.
func metricsIn(expr string) (all []string) {
	for _, name := range aName.FindAllString(notMetrics.ReplaceAllString(expr, " "), -1) {
		if !strings.HasSuffix(name, "(") && !slices.Contains([]string{"and", "or", "unless", "by", "on", "bool", "offset"}, name) {
			all = append(all, name)
		}
	}
	return all
}

// TestDashboard holds that a Prometheus understands each expression of the
// dashboard and of the alerts, and that each metric that they name is one that
// is answered.
func TestDashboard(t *testing.T) {
	t.Parallel()
	text := fileOf(t, "../../packaging/prometheus/dashboard.json")
	var d dashboard
	if err := json.Unmarshal([]byte(text), &d); err != nil {
		t.Fatal(err)
	}
	_, flags := servedLab(t, lab.Options{Servers: []lab.Server{{Endpoint: imapAt("imap.bad.example"), Fault: lab.Expired}}})
	var out strings.Builder
	was := filepath.Join(t.TempDir(), "was.json")
	a := &app{stdin: strings.NewReader(""), stdout: &out, stderr: &out}
	a.run(t.Context(), append([]string{"imaps://imap.bad.example", "--json"}, flags...))
	if err := os.WriteFile(was, []byte(out.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	s := serveWith(t, "cases: [{name: bad, target: 'imaps://imap.bad.example'}]", append(flags, "--baseline", was)...)
	_, own := s.get(t, "/metrics", "")
	answered := "\n" + s.probe(t, "bad", "") + own
	s.end(t)
	ids := map[int]bool{}
	for _, p := range d.Panels {
		if ids[p.ID] || p.Title == "" || len(p.Targets) == 0 || p.GridPos.X+p.GridPos.W > 24 {
			t.Errorf("panel %d %q is not right", p.ID, p.Title)
		}
		ids[p.ID] = true
	}
	for _, expr := range append(d.expressions(), alerts(t)...) {
		named := metricsIn(expr)
		if len(named) == 0 {
			t.Errorf("%s names no metric", expr)
		}
		for _, name := range named {
			if name != "up" && !strings.Contains(answered, "\n"+name+" ") && !strings.Contains(answered, "\n"+name+"{") {
				t.Errorf("%s names %s, which is not answered", expr, name)
			}
		}
	}
	d.parses(t)
}

// parses holds the expressions against Prometheus' own parser.
func (d dashboard) parses(t *testing.T) {
	t.Helper()
	promtool := program(t, "promtool")
	var rules strings.Builder
	rules.WriteString("groups: [{name: panels, rules: [\n")
	for _, p := range d.Panels {
		for i, target := range p.Targets {
			expr, err := json.Marshal(strings.NewReplacer("$job", ".*", "$target", ".*").Replace(target.Expr))
			if err != nil {
				t.Fatal(err)
			}
			fmt.Fprintf(&rules, "{record: 'panel:p%d_%d', expr: %s},\n", p.ID, i, expr)
		}
	}
	rules.WriteString("]}]\n")
	if out, err := exec.CommandContext(t.Context(), promtool, "check", "rules", write(t, "panels.yml", []byte(rules.String()))).CombinedOutput(); err != nil {
		t.Errorf("%v: %s\n%s", err, out, rules.String())
	}
}
