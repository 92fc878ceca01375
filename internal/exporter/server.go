package exporter

import (
	"errors"
	"fmt"
	"html/template"
	"io"
	"math"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promhttp"
)

// maxScrapes is how many scrapes are answered at once. More than a Prometheus
// sends, and no more than there is memory for.
const maxScrapes = 1000

// Routes says what is answered at which path.
func (x *Exporter) Routes(mux *http.ServeMux) {
	mux.Handle("GET /probe", limited(maxScrapes, x.probe))
	mux.Handle("GET /metrics", promhttp.HandlerFor(x.own.registry, promhttp.HandlerOpts{MaxRequestsInFlight: 40}))
	mux.HandleFunc("GET /healthz", func(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, "ok\n") })
	mux.HandleFunc("GET /{$}", x.landing)
}

// limited answers so many requests at once and refuses those beyond.
func limited(most int, answer http.HandlerFunc) http.Handler {
	places := make(chan struct{}, most)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		select {
		case places <- struct{}{}:
			defer func() { <-places }()
			answer(w, r)
		default:
			http.Error(w, "too many scrapes at once", http.StatusServiceUnavailable)
		}
	})
}

// probe answers a scrape of a target.
func (x *Exporter) probe(w http.ResponseWriter, r *http.Request) {
	arrived := time.Now()
	limit, err := scrapeLimit(r.Header.Get(timeoutHeader), x.o.Limit)
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	e, status, err := x.asked(r.URL.RawQuery)
	if err != nil {
		http.Error(w, err.Error(), status)
		return
	}
	result := x.result(r.Context(), e, arrived.Add(limit))
	x.own.scrapes.WithLabelValues(result.answered).Inc()
	registry := prometheus.NewRegistry()
	registry.MustRegister(seriesOf(result, time.Now()))
	promhttp.HandlerFor(registry, promhttp.HandlerOpts{ErrorLog: logged{x.o.Log}}).ServeHTTP(w, r)
}

// asked returns the target that a query names. What is not in the
// configuration is nothing, whatever it looks like.
func (x *Exporter) asked(query string) (e *entry, status int, err error) {
	values, err := url.ParseQuery(query)
	targets, modules := values["target"], values["module"]
	switch {
	case err != nil:
		return nil, http.StatusBadRequest, errors.New("the query cannot be read")
	case len(targets) != 1 || targets[0] == "" || len(modules) > 1:
		return nil, http.StatusBadRequest, errors.New("name one target of the configuration: /probe?target=NAME, and at most one module: &module=NAME")
	}
	k := Key{Target: targets[0]}
	if x.entry(k) == nil {
		return nil, http.StatusNotFound, errors.New("there is no target of this name in the configuration")
	}
	if len(modules) == 1 {
		k.Module = modules[0]
	}
	if e = x.entry(k); e == nil {
		return nil, http.StatusBadRequest, errors.New("there is no module of this name for the target in the configuration")
	}
	return e, http.StatusOK, nil
}

const (
	// timeoutHeader is where Prometheus says how many seconds it waits.
	timeoutHeader = "X-Prometheus-Scrape-Timeout-Seconds"
	// timeoutOffset is what is left for the way, as in blackbox_exporter.
	timeoutOffset = 500 * time.Millisecond
)

// scrapeLimit is how long an answer may take: no longer than most, whatever
// the header says.
func scrapeLimit(header string, most time.Duration) (time.Duration, error) {
	if header == "" {
		return most, nil
	}
	seconds, err := strconv.ParseFloat(header, 64)
	if err != nil || math.IsNaN(seconds) || seconds <= 0 {
		return 0, fmt.Errorf("%s is a number of seconds, more than zero", timeoutHeader)
	}
	if seconds > most.Seconds()+timeoutOffset.Seconds() {
		return most, nil
	}
	limit := time.Duration(seconds * float64(time.Second))
	if limit <= 2*timeoutOffset {
		return limit / 2, nil
	}
	return limit - timeoutOffset, nil
}

// page is what people see. It holds no script and asks nobody else.
var page = template.Must(template.New("").Parse(`<!DOCTYPE html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>mailprobe exporter</title></head>
<body>
<h1>mailprobe exporter</h1>
<p>This answers scrapes of Prometheus, version {{.Version}}. A link below runs its target, unless there is a result that is young enough.</p>
<h2>Of itself</h2>
<ul><li><a href="/metrics">/metrics</a></li><li><a href="/healthz">/healthz</a></li></ul>
<h2>Targets</h2>
{{if .Targets}}<ul>{{range .Targets}}
<li><a href="/probe?target={{.Target}}{{if .Module}}&amp;module={{.Module}}{{end}}">{{.Target}}{{if .Module}} ({{.Module}}){{end}}</a></li>{{end}}
</ul>{{else}}<p>There is none. Start it with a suite: mailprobe serve --config mailprobe.yaml</p>{{end}}
</body>
</html>
`))

func (x *Exporter) landing(w http.ResponseWriter, _ *http.Request) {
	h := w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'")
	h.Set("X-Content-Type-Options", "nosniff")
	if err := page.Execute(w, struct {
		Version string
		Targets []Key
	}{x.o.Version, x.keys()}); err != nil {
		x.o.Log.Debug("the page could not be sent", "error", err.Error())
	}
}
