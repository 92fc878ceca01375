package exporter

import (
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"mailprobe/internal/metrics"
)

// MaxSeries is how many series there are of a target at most.
const MaxSeries = 60

// series are what is said of a target, the most important first. What is too
// much is left out and counted.
type series struct {
	all     []prometheus.Metric
	taken   int
	leftOut int
}

// add adds a metric, which is so many series, if there is room for it. One is
// kept for saying how many are left out.
func (s *series) add(size int, m prometheus.Metric) {
	if s.taken+size > MaxSeries-1 {
		s.leftOut += size
		return
	}
	s.taken += size
	s.all = append(s.all, m)
}

// gauge adds a value with pairs of a label and its value.
func (s *series) gauge(name string, value float64, labels ...string) {
	var names, values []string
	for i := 0; i+1 < len(labels); i += 2 {
		names, values = append(names, labels[i]), append(values, labels[i+1])
	}
	desc := prometheus.NewDesc(name, metrics.Help(name), names, nil)
	s.add(1, prometheus.MustNewConstMetric(desc, prometheus.GaugeValue, value, values...))
}

// histogram adds a histogram of a phase.
func (s *series) histogram(name, phase string, h histogram) {
	desc := prometheus.NewDesc(name, metrics.Help(name), []string{"phase"}, nil)
	s.add(size, prometheus.MustNewConstHistogram(desc, h.count, h.sum, h.buckets(), phase))
}

// Describe says that nothing is known before it is collected.
func (s *series) Describe(chan<- *prometheus.Desc) {}

// Collect sends all that there is room for.
func (s *series) Collect(out chan<- prometheus.Metric) {
	for _, m := range s.all {
		out <- m
	}
	desc := prometheus.NewDesc(metrics.LeftOut, metrics.Help(metrics.LeftOut), nil, nil)
	out <- prometheus.MustNewConstMetric(desc, prometheus.GaugeValue, float64(s.leftOut))
}

// seriesOf returns what is said of a result now.
func seriesOf(r *result, now time.Time) *series {
	s := &series{}
	if r.outcome == nil {
		s.gauge(metrics.ProbeSuccess, 0)
		s.gauge(metrics.Unknown, 1)
		s.findings(findingOf(r.code))
		return s
	}
	t := target{s, r, r.outcome, r.outcome.Document}
	t.verdict()
	t.times(now)
	t.findings()
	t.settings()
	for n, m := range measured {
		if r.phases[n].count > 0 {
			s.histogram(metrics.Phases, m.name, r.phases[n])
		}
	}
	t.offers()
	t.certificates()
	return s
}

func truth(yes bool) float64 {
	if yes {
		return 1
	}
	return 0
}
