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
	"mailprobe/internal/metrics"
	"mailprobe/internal/safe"
)

// promFamilies are the metrics, in their order. Each is a gauge.
var promFamilies = []string{
	metrics.BuildInfo, metrics.TargetSuccess, metrics.TargetUnknown, metrics.CaseOutcome, metrics.CaseSuccess, metrics.TargetTimestamp,
	metrics.TargetDuration, metrics.TargetFinding, metrics.Success, metrics.Unknown, metrics.Finding, metrics.Duration, metrics.PhaseDuration,
	metrics.SignIn, metrics.TLSInfo, metrics.CertExpiry,
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
	p.sample(metrics.BuildInfo, promLabels("version", cmp.Or(p.o.Version, "unknown")), 1)
	return nil
}

func (p *promWriter) Report(d *document.Document) error {
	target := promLabels("target", p.targets.name(string(d.Target)))
	p.sample(metrics.TargetSuccess, target, promBool(d.Verdict == document.Works))
	p.sample(metrics.TargetUnknown, target, promBool(d.Verdict != document.Works && d.Verdict != document.Fails))
	p.sample(metrics.TargetTimestamp, target, float64(d.Started.Unix()))
	p.sample(metrics.TargetDuration, target, d.Took.Seconds())
	if d.Case != nil {
		named := target + "," + promLabels("case", string(d.Case.Case))
		p.sample(metrics.CaseOutcome, named+","+promLabels("outcome", string(d.Outcome)), 1)
		p.sample(metrics.CaseSuccess, named, promBool(d.Counts == document.Works))
	}
	p.findings(metrics.TargetFinding, target, d.Findings)
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
	for _, name := range promFamilies {
		if samples := p.families[name]; samples != nil {
			fmt.Fprintf(&b, "# HELP %s %s\n# TYPE %s gauge\n", name, metrics.Help(name), name)
			b.Write(samples.Bytes())
		}
	}
	_, err := p.w.Write(b.Bytes())
	return err
}

func (p *promWriter) endpoint(labels string, e *document.Endpoint) {
	p.sample(metrics.Success, labels, promBool(e.Verdict == document.Works))
	p.sample(metrics.Unknown, labels, promBool(e.Verdict != document.Works && e.Verdict != document.Fails))
	p.findings(metrics.Finding, labels, e.Findings)
	if e.Ran() {
		p.sample(metrics.Duration, labels, e.Took.Seconds())
	}
	names := unique{}
	for _, ph := range e.Phases {
		if ph.Status != document.Skipped {
			p.sample(metrics.PhaseDuration, labels+","+promLabels("phase", names.name(string(ph.Name))), ph.Took.Seconds())
		}
	}
	p.sample(metrics.SignIn, labels+","+promLabels("status", string(e.Auth.Status)), 1)
	used := e.Used()
	if used.TLSVersion != "" {
		p.sample(metrics.TLSInfo, labels+","+promLabels("version", string(used.TLSVersion)), 1)
	}
	if used.Certificate != nil {
		p.sample(metrics.CertExpiry, labels, float64(used.Certificate.NotAfter.Unix()))
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
