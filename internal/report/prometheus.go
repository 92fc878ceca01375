package report

import (
	"bytes"
	"cmp"
	"fmt"
	"io"
	"math"
	"strconv"
	"strings"

	"mailprobe/internal/document"
	"mailprobe/internal/safe"
)

// promFamilies are the metrics, in their order. Each is a gauge.
var promFamilies = []struct{ name, help string }{
	{"mailprobe_build_info", "The version of mailprobe; the value is 1."},
	{"mailprobe_target_success", "Whether everything of the target works: 1, or 0."},
	{"mailprobe_target_unknown", "Whether the target could not be judged from here: 1, or 0."},
	{"mailprobe_case_outcome", "What a suite makes of the target; the value is 1."},
	{"mailprobe_case_success", "Whether all counts as expected: 1, or 0."},
	{"mailprobe_target_timestamp_seconds", "When the run of the target started."},
	{"mailprobe_target_duration_seconds", "How long the run of the target took."},
	{"mailprobe_target_finding", "What was found about the run as a whole; the value is 1."},
	{"mailprobe_success", "Whether the setting works: 1, or 0."},
	{"mailprobe_unknown", "Whether the setting could not be judged from here: 1, or 0."},
	{"mailprobe_finding", "What was found about the setting; the value is 1."},
	{"mailprobe_duration_seconds", "How long the test of the setting took."},
	{"mailprobe_phase_duration_seconds", "How long a phase of the test took."},
	{"mailprobe_sign_in", "What became of signing in; the value is 1."},
	{"mailprobe_tls_info", "The version of TLS that was agreed on; the value is 1."},
	{"mailprobe_certificate_not_after_timestamp_seconds", "When the server's own certificate ends."},
}

// A promWriter writes the text format of Prometheus, for the textfile
// collector of node_exporter. All samples of a metric must stand together, so
// they are kept, as text. No text of a server is in it.
type promWriter struct {
	w        io.Writer
	o        Options
	families map[string]*bytes.Buffer
	targets  unique
}

func newPrometheus(w io.Writer, o Options) Writer {
	return inOrder(&promWriter{w: w, o: o, families: map[string]*bytes.Buffer{}, targets: unique{}})
}

func (p *promWriter) Begin() error {
	p.sample("mailprobe_build_info", promLabels("version", cmp.Or(p.o.Version, "unknown")), 1)
	return nil
}

func (p *promWriter) Report(d *document.Document) error {
	target := promLabels("target", p.targets.name(string(d.Target)))
	p.sample("mailprobe_target_success", target, promBool(d.Verdict == document.Works))
	p.sample("mailprobe_target_unknown", target, promBool(d.Verdict != document.Works && d.Verdict != document.Fails))
	p.sample("mailprobe_target_timestamp_seconds", target, float64(d.Started.Unix()))
	p.sample("mailprobe_target_duration_seconds", target, d.Took.Seconds())
	if d.Case != nil {
		named := target + "," + promLabels("case", string(d.Case.Case))
		p.sample("mailprobe_case_outcome", named+","+promLabels("outcome", string(d.Outcome)), 1)
		p.sample("mailprobe_case_success", named, promBool(d.Counts == document.Works))
	}
	p.findings("mailprobe_target_finding", target, d.Findings)
	hosts := unique{}
	for i := range d.Endpoints {
		e := &d.Endpoints[i]
		name := hosts.name(e.Server.Endpoint().String())
		p.endpoint(target+","+promLabels("protocol", string(e.Protocol), "host", string(e.Host), "port", strconv.Itoa(int(e.Port)), "security", string(e.Security), "server", name), e)
	}
	return nil
}

func (p *promWriter) End() error {
	var b bytes.Buffer
	for _, f := range promFamilies {
		if samples := p.families[f.name]; samples != nil {
			fmt.Fprintf(&b, "# HELP %s %s\n# TYPE %s gauge\n", f.name, f.help, f.name)
			b.Write(samples.Bytes())
		}
	}
	_, err := p.w.Write(b.Bytes())
	return err
}

func (p *promWriter) endpoint(labels string, e *document.Endpoint) {
	p.sample("mailprobe_success", labels, promBool(e.Verdict == document.Works))
	p.sample("mailprobe_unknown", labels, promBool(e.Verdict != document.Works && e.Verdict != document.Fails))
	p.findings("mailprobe_finding", labels, e.Findings)
	if e.Ran() {
		p.sample("mailprobe_duration_seconds", labels, e.Took.Seconds())
	}
	names := unique{}
	for _, ph := range e.Phases {
		if ph.Status != document.Skipped {
			p.sample("mailprobe_phase_duration_seconds", labels+","+promLabels("phase", names.name(string(ph.Name))), ph.Took.Seconds())
		}
	}
	p.sample("mailprobe_sign_in", labels+","+promLabels("status", string(e.Auth.Status)), 1)
	used := e.Used()
	if used.TLSVersion != "" {
		p.sample("mailprobe_tls_info", labels+","+promLabels("version", string(used.TLSVersion)), 1)
	}
	if used.Certificate != nil {
		p.sample("mailprobe_certificate_not_after_timestamp_seconds", labels, float64(used.Certificate.NotAfter.Unix()))
	}
}

// findings adds a sample for each finding; what differs by its words alone is
// one.
func (p *promWriter) findings(name, labels string, list []document.Finding) {
	seen := map[string]bool{}
	for _, f := range list {
		all := labels + "," + promLabels("code", string(f.Code), "severity", string(f.Severity), "blame", string(f.Blame))
		if !seen[all] {
			p.sample(name, all, 1)
		}
		seen[all] = true
	}
}

func (p *promWriter) sample(name, labels string, value float64) {
	b := p.families[name]
	if b == nil {
		b = new(bytes.Buffer)
		p.families[name] = b
	}
	fmt.Fprintf(b, "%s{%s} %s\n", name, labels, strconv.FormatFloat(math.Round(value*1e4)/1e4, 'f', -1, 64))
}

func promBool(yes bool) float64 {
	if yes {
		return 1
	}
	return 0
}

// promLabels returns pairs of a name and a value.
func promLabels(pairs ...string) string {
	var all []string
	for i := 0; i+1 < len(pairs); i += 2 {
		all = append(all, pairs[i]+`="`+promText(pairs[i+1])+`"`)
	}
	return strings.Join(all, ",")
}

// promText makes a text fit for the value of a label.
func promText(s string) string {
	return strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(safe.Display(s))
}
