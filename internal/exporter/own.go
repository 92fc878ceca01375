package exporter

import (
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"

	"mailprobe/internal/metrics"
)

// resultNone is what a run counts as that could not begin.
const resultNone = "none"

// ownMetrics are what an exporter says of itself.
type ownMetrics struct {
	registry *prometheus.Registry
	reload   prometheus.Gauge
	reloadAt prometheus.Gauge
	scrapes  *prometheus.CounterVec
	runs     *prometheus.CounterVec
	running  prometheus.Gauge
}

func newOwnMetrics(x *Exporter) *ownMetrics {
	gauge := func(name string) prometheus.Gauge {
		return prometheus.NewGauge(prometheus.GaugeOpts{Name: name, Help: metrics.Help(name)})
	}
	counter := func(name string, labels ...string) *prometheus.CounterVec {
		return prometheus.NewCounterVec(prometheus.CounterOpts{Name: name, Help: metrics.Help(name)}, labels)
	}
	computed := func(name string, value func() float64, labels prometheus.Labels) prometheus.Collector {
		return prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: name, Help: metrics.Help(name), ConstLabels: labels}, value)
	}
	o := &ownMetrics{
		registry: prometheus.NewRegistry(), reload: gauge(metrics.ReloadSuccessful), reloadAt: gauge(metrics.ReloadTimestamp),
		scrapes: counter(metrics.Scrapes, "answer"), runs: counter(metrics.Runs, "counts"), running: gauge(metrics.Running),
	}
	o.registry.MustRegister(
		o.reload, o.reloadAt, o.scrapes, o.runs, o.running,
		computed(metrics.Targets, func() float64 { return float64(x.targets()) }, nil),
		computed(metrics.RunLimit, func() float64 { return float64(cap(x.place())) }, nil),
		computed(metrics.BuildInfo, func() float64 { return 1 }, prometheus.Labels{"version": x.o.Version}),
		collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}),
	)
	for _, answer := range []string{answeredRun, answeredCache, answeredLate, answeredError} {
		o.scrapes.WithLabelValues(answer)
	}
	for _, counts := range []string{"works", "fails", "unknown", resultNone} {
		o.runs.WithLabelValues(counts)
	}
	return o
}

func (o *ownMetrics) reloaded(ok bool) {
	o.reload.Set(truth(ok))
	if ok {
		o.reloadAt.Set(float64(time.Now().UnixMilli()) / 1000)
	}
}

// targets is how many targets there are, by whatever module.
func (x *Exporter) targets() int {
	n := 0
	for _, k := range x.keys() {
		if k.Module == "" {
			n++
		}
	}
	return n
}
