package verify

import (
	"context"
	"net"
	"sync"
	"time"

	"mailprobe/internal/probe"
	"mailprobe/internal/settings"
	"mailprobe/internal/tlscheck"
)

// scanPause is the least time between two connections of a scan to one
// server: servers take a burst of them for an attack.
const scanPause = 200 * time.Millisecond

// scanTLS lists what each server accepts by way of TLS, if the plan asks for
// it. Endpoints are scanned side by side, each one connection at a time. The
// result holds nil for an endpoint that was not scanned.
func (p Plan) scanTLS(ctx context.Context, results []*probe.Result) []*tlscheck.Scanned {
	scans := make([]*tlscheck.Scanned, len(results))
	if !p.TLSScan {
		return scans
	}
	var wait sync.WaitGroup
	for i, r := range results {
		if r.Endpoint.Security == settings.Plain || !r.RemoteAddr.IsValid() {
			continue
		}
		wait.Go(func() {
			s := tlscheck.Scan(ctx, p.paced(p.opener(r)), r.Endpoint.Host)
			scans[i] = &s
		})
	}
	wait.Wait()
	return scans
}

// paced leaves a pause between two connections.
func (p Plan) paced(dial tlscheck.Dial) tlscheck.Dial {
	var next time.Time
	return func(ctx context.Context) (net.Conn, error) {
		wait := time.NewTimer(time.Until(next))
		defer wait.Stop()
		select {
		case <-wait.C:
		case <-ctx.Done():
			return nil, ctx.Err()
		}
		next = time.Now().Add(p.scanPause())
		return dial(ctx)
	}
}

func (p Plan) scanPause() time.Duration {
	if p.ScanPause > 0 {
		return p.ScanPause
	}
	return scanPause
}
