package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/netip"
	"os"
	"time"

	"github.com/spf13/cobra"

	"mailprobe/internal/language"
	"mailprobe/internal/page"
	"mailprobe/internal/report"
	"mailprobe/internal/safe"
)

const aboutUI = `ui shows a page in the browser of this computer: type an address, a provider or a
server and see the steps as they happen, the verdict, and a ticket to save; or
paste an error and read what it means.

It listens on this computer alone, and answers only whoever has the address that
it prints. A password that is typed there goes to that run alone, by the rules of
every run: only to servers that have proved who they are, and after a question
where nothing shows that the account is the provider's. It is kept nowhere.

A run ends when its page is closed. ^C ends the program.

Exit status: 0 it was ended, 2 usage.`

// uiFlags are those of ui.
type uiFlags struct {
	runFlags
	listen    string
	noBrowser bool
}

func (a *app) uiCommand() *cobra.Command {
	var f uiFlags
	c := &cobra.Command{
		Use:     "ui",
		Short:   "Verify and explain in the browser of this computer",
		Long:    aboutUI,
		Example: "  mailprobe ui\n  mailprobe ui --no-browser --listen 127.0.0.1:8025",
		Args:    cobra.NoArgs,
		RunE:    func(c *cobra.Command, _ []string) error { return a.ui(c.Context(), &f) },
	}
	set := c.Flags()
	set.StringVar(&f.listen, "listen", "127.0.0.1:0", "`ADDRESS:PORT` to listen at, of this computer alone; port 0 is any that is free")
	set.BoolVar(&f.noBrowser, "no-browser", false, "print the address only")
	f.netFlags.register(set)
	f.registerTimeout(set, 90*time.Second, "limit for each run, such as 90s; a bare number is seconds")
	f.published.register(set)
	set.SortFlags = false
	return c
}

// ui shows the page until it is told to end.
func (a *app) ui(ctx context.Context, f *uiFlags) error {
	d := desk{a, f.runFlags}
	if err := errors.Join(checkLocal(f.listen), d.check()); err != nil {
		return err
	}
	listener, err := net.Listen("tcp", f.listen)
	if err != nil {
		return fmt.Errorf("--listen %s: %w", safe.Display(f.listen), plainDialError(err))
	}
	a.expects(page.MaxKept)
	p := page.New(ctx, d.options(listener.Addr()))
	base := "http://" + listener.Addr().String()
	if _, err := fmt.Fprintln(a.stdout, base+p.Path()); err != nil {
		return errors.Join(err, listener.Close())
	}
	a.showPage(base+p.OpenPath(), f.noBrowser)
	return servePage(ctx, p, listener)
}

// checkLocal refuses an address at which others than this computer's users
// could ask.
func checkLocal(listen string) error {
	host, _, err := net.SplitHostPort(listen)
	if err != nil {
		return fmt.Errorf("--listen %s: write it like 127.0.0.1:8025", safe.Display(listen))
	}
	if at, err := netip.ParseAddr(host); err != nil || !at.Unmap().IsLoopback() {
		return fmt.Errorf("--listen %s: the page is for who sits at this computer; write it like 127.0.0.1:8025", safe.Display(listen))
	}
	return nil
}

// showPage starts the browser where there is one.
func (a *app) showPage(url string, printOnly bool) {
	open := a.openBrowser
	if open == nil {
		open = startBrowser
	}
	switch {
	case printOnly || !browserHere(os.Getenv):
		fmt.Fprintln(a.stderr, "Open this address in a browser on this computer. Ctrl-C ends it.")
	case open(url) != nil:
		fmt.Fprintln(a.stderr, "The browser cannot be started: open this address by hand. Ctrl-C ends it.")
	default:
		fmt.Fprintln(a.stderr, "The browser is started; if it shows nothing, open this address by hand. Ctrl-C ends it.")
	}
}

// How long the page's callers may take. What takes longer says so itself.
const (
	pageTime = 30 * time.Second
	lastTime = 10 * time.Second
)

// servePage answers until ctx ends, and then those who wait: their runs end with
// ctx.
func servePage(ctx context.Context, p *page.Page, l net.Listener) error {
	server := &http.Server{
		Handler: p, ReadHeaderTimeout: headerTime, ReadTimeout: headerTime, WriteTimeout: pageTime, IdleTimeout: idleTime, MaxHeaderBytes: 16 << 10,
		ErrorLog: log.New(io.Discard, "", 0),
	}
	ended := make(chan error, 1)
	go func() { ended <- server.Serve(l) }()
	select {
	case err := <-ended:
		return err
	case <-ctx.Done():
	}
	late, cancel := context.WithTimeout(context.WithoutCancel(ctx), lastTime)
	defer cancel()
	if server.Shutdown(late) != nil {
		server.Close()
	}
	<-ended
	p.Wait()
	return nil
}

// options are those of the page at an address.
func (d desk) options(at net.Addr) page.Options {
	o := page.Options{
		Hosts: []string{at.String()}, Verifier: d, Explainer: d,
		Report: report.Options{Version: version(), From: thisComputer(), Language: d.app.lang.Language},
	}
	if _, port, err := net.SplitHostPort(at.String()); err == nil {
		o.Hosts = append(o.Hosts, net.JoinHostPort("localhost", port))
	}
	for _, tag := range language.Tags() {
		if l, err := language.Named(tag); err == nil {
			o.Languages = append(o.Languages, l)
		}
	}
	for _, p := range d.app.providers.Outlines() {
		o.Providers = append(o.Providers, p.ID)
	}
	return o
}
