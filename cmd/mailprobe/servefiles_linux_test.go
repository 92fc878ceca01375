package main

import (
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"go.yaml.in/yaml/v3"

	"mailprobe/internal/catalog"
	"mailprobe/internal/lab"
	"mailprobe/internal/settings"
)

var metricName = regexp.MustCompile(`\b((?:probe|mailprobe)_[a-z_]+[a-z])\b`)

// notAlways are metrics that are there only where there is something to say.
var notAlways = []string{"mailprobe_drift", "mailprobe_finding"}

func documented(t *testing.T, id string) (all []settings.Endpoint) {
	t.Helper()
	p, ok := catalog.Load().Lookup(id)
	if !ok {
		t.Fatalf("there is no %s", id)
	}
	for _, s := range p.Settings() {
		all = append(all, s.Endpoint)
	}
	return all
}

// TestPrometheusFiles holds what is shipped against Prometheus' own tool.
func TestPrometheusFiles(t *testing.T) {
	promtool := program(t, "promtool")
	for _, args := range [][]string{{"check", "config", "prometheus.yml"}, {"check", "rules", "mailprobe.rules.yml"}, {"test", "rules", "mailprobe.rules.test.yml"}} {
		c := exec.CommandContext(t.Context(), promtool, args...)
		c.Dir = "../../packaging/prometheus"
		if out, err := c.CombinedOutput(); err != nil || !strings.Contains(string(out), "SUCCESS") {
			t.Errorf("%v: %v %s", args, err, out)
		}
	}
}

// TestAlertsAreTested holds that each alert has a test in which it fires.
func TestAlertsAreTested(t *testing.T) {
	rules, tests := fileOf(t, "../../packaging/prometheus/mailprobe.rules.yml"), fileOf(t, "../../packaging/prometheus/mailprobe.rules.test.yml")
	alerts := regexp.MustCompile(`(?m)- alert: (\w+)$`).FindAllStringSubmatch(rules, -1)
	if len(alerts) < 5 {
		t.Fatalf("got  %v", alerts)
	}
	for _, a := range alerts {
		if !regexp.MustCompile(`alertname: ` + a[1] + `\n\s+exp_alerts:\n\s+- exp_labels`).MatchString(tests) {
			t.Errorf("no test lets %s fire", a[1])
		}
	}
}

// TestProbeResource holds the resource for prometheus-operator against what its
// definition (monitoring.coreos.com/v1, Probe) takes.
func TestProbeResource(t *testing.T) {
	var probe struct {
		APIVersion string `yaml:"apiVersion"`
		Kind       string
		Metadata   struct{ Name string }
		Spec       struct {
			JobName, Interval, ScrapeTimeout, Module string            `yaml:",omitempty"`
			Prober                                   map[string]string `yaml:"prober"`
			Targets                                  struct {
				StaticConfig struct{ Static []string } `yaml:"staticConfig"`
			}
		} `yaml:"-"`
		Rest map[string]any `yaml:",inline"`
	}
	if err := yaml.Unmarshal([]byte(fileOf(t, "../../packaging/prometheus/probe.yaml")), &probe); err != nil {
		t.Fatal(err)
	}
	spec, _ := probe.Rest["spec"].(map[string]any)
	for key := range spec {
		if !slices.Contains([]string{"jobName", "interval", "scrapeTimeout", "module", "prober", "targets"}, key) {
			t.Errorf("a Probe has no %s", key)
		}
	}
	prober, _ := spec["prober"].(map[string]any)
	targets, _ := spec["targets"].(map[string]any)
	static, _ := targets["staticConfig"].(map[string]any)
	if probe.APIVersion != "monitoring.coreos.com/v1" || probe.Kind != "Probe" || prober["path"] != "/probe" || prober["url"] == nil || strings.Contains(fmt.Sprint(prober["url"]), "://") || len(static["static"].([]any)) == 0 {
		t.Errorf("got  %+v", probe)
	}
}

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
	for name, text := range map[string]string{"dashboard.json": text, "mailprobe.rules.yml": fileOf(t, "../../packaging/prometheus/mailprobe.rules.yml")} {
		found := metricName.FindAllStringSubmatch(text, -1)
		if len(found) < 5 {
			t.Fatalf("%s: got  %v", name, found)
		}
		for _, m := range found {
			if !strings.Contains(answered, "\n"+m[1]) {
				t.Errorf("%s names %s, which is not answered", name, m[1])
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

// TestServePrometheus lets a real Prometheus scrape by the configuration that is
// shipped, sooner than it says, and waits for an alert of the rules that are
// shipped to fire.
func TestServePrometheus(t *testing.T) {
	t.Parallel()
	prometheus := program(t, "prometheus")
	_, flags := servedLab(t, lab.Options{Servers: []lab.Server{{Endpoint: imapAt("imap.good.example")}, {Endpoint: imapAt("imap.bad.example"), Fault: lab.Expired}}})
	s := serveWith(t, "cases: [{name: gmail, target: 'imaps://imap.good.example'}, {name: office365, target: 'imaps://imap.bad.example'}]", flags...)
	fired := make(chan alert, 100)
	manager := httptest.NewServer(receiver(fired))
	defer manager.Close()
	folder := t.TempDir()
	shipped := func(name string, pairs ...string) {
		text := strings.NewReplacer(pairs...).Replace(fileOf(t, "../../packaging/prometheus/"+name))
		if err := os.WriteFile(filepath.Join(folder, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	shipped("prometheus.yml", "127.0.0.1:9817", strings.TrimPrefix(s.base, "http://"), "127.0.0.1:9093", strings.TrimPrefix(manager.URL, "http://"),
		"scrape_interval: 1m", "scrape_interval: 1s\n  evaluation_interval: 1s", "scrape_timeout: 30s", "scrape_timeout: 1s")
	shipped("mailprobe.rules.yml", "for: 5m", "for: 1s")
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address := l.Addr().String()
	l.Close()
	c := exec.Command(prometheus, "--config.file=prometheus.yml", "--storage.tsdb.path=data", "--web.listen-address="+address, "--log.level=warn")
	c.Dir = folder
	log, err := os.Create(filepath.Join(folder, "log"))
	if err != nil {
		t.Fatal(err)
	}
	defer log.Close()
	c.Stdout, c.Stderr = log, log
	start(t, c)
	limit := time.After(time.Minute)
	for {
		select {
		case a := <-fired:
			if a.Labels["alertname"] != "MailprobeFails" {
				t.Errorf("got  another alert: %+v", a)
				continue
			}
			if a.Labels["instance"] != "office365" || !strings.Contains(a.Annotations["description"], "cert.expired (to act: provider)") {
				t.Errorf("got  %+v", a)
			}
			works(t, address)
			c.Process.Signal(syscall.SIGTERM)
			c.Wait()
			s.end(t)
			return
		case <-limit:
			t.Fatalf("no alert came: %s\n%s", fileOf(t, log.Name()), s.said())
		}
	}
}

// works holds that Prometheus has what works as working, by the name that the
// suite gives it.
func works(t *testing.T, address string) {
	t.Helper()
	answer, err := http.Get("http://" + address + "/api/v1/query?query=probe_success%7Bjob%3D%22mailprobe%22%7D")
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	text, err := io.ReadAll(answer.Body)
	if err != nil {
		t.Fatal(err)
	}
	var got struct {
		Data struct {
			Result []struct {
				Metric map[string]string
				Value  [2]any
			}
		}
	}
	if err := json.Unmarshal(text, &got); err != nil {
		t.Fatal(err)
	}
	want := map[string]string{"gmail": "1", "office365": "0"}
	for _, r := range got.Data.Result {
		if want[r.Metric["instance"]] != r.Value[1] {
			t.Errorf("got  %+v", r)
		}
		delete(want, r.Metric["instance"])
	}
	if len(want) > 0 {
		t.Errorf("got  %s\nwant %v as well", text, want)
	}
}

// An alert is one as an Alertmanager has it.
type alert struct {
	Labels, Annotations map[string]string
}

// receiver takes alerts as an Alertmanager does.
func receiver(fired chan alert) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var list []alert
		if err := json.NewDecoder(r.Body).Decode(&list); err != nil {
			http.Error(w, err.Error(), http.StatusBadRequest)
			return
		}
		for _, a := range list {
			select {
			case fired <- a:
			default:
			}
		}
	})
}
