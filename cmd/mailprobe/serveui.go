package main

import (
	"context"
	"log/slog"
	"net"
	"net/http"

	"mailprobe/internal/page"
)

// checkUI refuses a page to work with that others than this computer's users
// could reach: a password may be typed there.
func (f *serveFlags) checkUI() error {
	if !f.ui {
		return nil
	}
	return checkLocal(f.listen)
}

// serveUI puts the page to work with beside the metrics, where that is asked
// for, and logs its address. What it returns waits for the runs of the page.
func (a *app) serveUI(ctx context.Context, f *serveFlags, mux *http.ServeMux, at net.Addr, log *slog.Logger) (wait func()) {
	if !f.ui {
		return func() {}
	}
	p := page.New(ctx, desk{a, f.runFlags}.options(at))
	mux.Handle(p.Path(), p)
	log.Info("the page to work with", "at", at.String()+p.Path())
	return p.Wait
}
