package main

import (
	"encoding/json"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"
	"time"

	"mailprobe/internal/catalog"
	"mailprobe/internal/lab"
	"mailprobe/internal/settings"
)

// metricName is a metric as docs/serve.md names it.
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
