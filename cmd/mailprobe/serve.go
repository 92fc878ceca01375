package main

import (
	"cmp"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"os"
	"os/signal"
	"syscall"
	"time"

	"github.com/prometheus/exporter-toolkit/web"
	"github.com/spf13/cobra"

	"mailprobe/internal/exporter"
	"mailprobe/internal/safe"
)

const aboutServe = `serve answers scrapes of Prometheus for the targets of a suite, each by its name:
/probe?target=NAME[&module=NAME]. /metrics is about the exporter itself, /healthz
says that it is there. docs/serve.md explains the metrics and shows how a
Prometheus is set up.

A target is dialled when it is asked for, at most once in its min_interval; until
then the last result is given out. An account is signed in to once in that time,
and a secret that was rejected is not shown again until it changes. Nothing can
be asked for that the suite does not name, but on the page of --ui.

SIGHUP reads the suite anew; where it is wrong, the one before stays. SIGTERM
and ^C end it when the scrapes that wait have their answers.

Exit status: 0 it was ended, 2 usage or a mistake in the suite.`

// serveFlags are those of serve.
type serveFlags struct {
	runFlags
	listen, config, web string
	ui                  bool   // the page to work with as well
	key                 []byte // of fingerprints, for this process alone
}

func (a *app) serveCommand() *cobra.Command {
	var f serveFlags
	c := &cobra.Command{
		Use:     "serve",
		Short:   "Answer scrapes of Prometheus for the targets of a suite",
		Long:    aboutServe,
		Example: "  mailprobe serve --config mailprobe.yaml\n  curl 'http://127.0.0.1:9817/probe?target=gmail'",
		Args:    cobra.NoArgs,
		RunE:    func(c *cobra.Command, _ []string) error { return a.serve(c.Context(), &f) },
	}
	set := c.Flags()
	set.StringVar(&f.listen, "listen", "127.0.0.1:9817", "`ADDRESS:PORT` to listen at")
	set.StringVar(&f.config, "config", "", "the suite with the targets, a YAML `FILE`; see docs/suite.md")
	set.StringVar(&f.web, "web.config.file", "", "TLS and who may ask, a `FILE` as all exporters of Prometheus take it")
	set.BoolVar(&f.ui, "ui", false, "also show the page of 'mailprobe ui', whose address is logged, to users of this computer; --listen must be one of its own addresses")
	set.StringVar(&f.baseline.file, "baseline", "", "tell what changed since the run that this `FILE` holds")
	f.netFlags.register(set)
	f.registerTimeout(set, 30*time.Second, "limit for each run; that of the scrape holds where it is shorter")
	set.SortFlags = false
	completeValues(c, nil)
	return c
}

// serve answers scrapes until it is told to end.
func (a *app) serve(ctx context.Context, f *serveFlags) error {
	f.key = make([]byte, 32)
	rand.Read(f.key)
	log := slog.New(slog.NewTextHandler(a.stderr, nil))
	life, end := context.WithCancel(context.WithoutCancel(ctx))
	defer end()
	x := exporter.New(life, exporter.Options{Version: version(), Limit: f.timeout, Log: log})
	read := func() (exporter.Config, error) { return a.served(ctx, f, log) }
	if err := errors.Join(f.check(), f.checkUI(), web.Validate(f.web)); err != nil {
		return err
	}
	if err := x.Reload(read); err != nil {
		return err
	}
	listener, err := net.Listen("tcp", f.listen)
	if err != nil {
		return fmt.Errorf("--listen %s: %w", safe.Display(f.listen), plainDialError(err))
	}
	f.warn(log, listener.Addr())
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	go reloadOnHangup(ctx, x, read, log)
	mux := http.NewServeMux()
	x.Routes(mux)
	wait := a.serveUI(ctx, f, mux, listener.Addr(), log)
	err = serveUntil(ctx, mux, listener, f, log)
	end()
	x.Wait()
	wait()
	return err
}

// plainDialError leaves out of an error what was said already.
func plainDialError(err error) error {
	var op *net.OpError
	if errors.As(err, &op) {
		return op.Err
	}
	return err
}

// warn tells what is open to everybody.
func (f *serveFlags) warn(log *slog.Logger, at net.Addr) {
	where, err := netip.ParseAddrPort(at.String())
	if f.web == "" && (err != nil || !where.Addr().Unmap().IsLoopback()) {
		log.Warn("whoever reaches this address may ask; --web.config.file demands TLS and a password", "address", at.String())
	}
	if f.config == "" {
		log.Warn("there is no target: no suite is named by --config")
	}
}

// reloadOnHangup reads the configuration anew at each SIGHUP.
func reloadOnHangup(ctx context.Context, x *exporter.Exporter, read func() (exporter.Config, error), log *slog.Logger) {
	hangups := make(chan os.Signal, 1)
	signal.Notify(hangups, syscall.SIGHUP)
	defer signal.Stop(hangups)
	for {
		select {
		case <-ctx.Done():
			return
		case <-hangups:
		}
		if err := x.Reload(read); err != nil {
			log.Error("the configuration is wrong, the one before stays", "error", harmless(err.Error()))
			continue
		}
		log.Info("the configuration is read anew")
	}
}

// How long a caller may take. An answer may take as long as a run and what is
// left for the way.
const (
	headerTime = 5 * time.Second
	idleTime   = 2 * time.Minute
	wayTime    = 10 * time.Second
)

// serveUntil answers until ctx ends, and then those who wait.
func serveUntil(ctx context.Context, h http.Handler, l net.Listener, f *serveFlags, log *slog.Logger) error {
	server := &http.Server{
		Handler: h, ReadHeaderTimeout: headerTime, ReadTimeout: headerTime, IdleTimeout: idleTime, WriteTimeout: f.timeout + wayTime, MaxHeaderBytes: 16 << 10,
		ErrorLog: slog.NewLogLogger(log.Handler(), slog.LevelDebug),
	}
	ended := make(chan error, 1)
	go func() { ended <- web.Serve(l, server, &web.FlagConfig{WebConfigFile: &f.web}, log) }()
	select {
	case err := <-ended:
		return err
	case <-ctx.Done():
	}
	log.Info("ending; those who wait have their answers first")
	late, cancel := context.WithTimeout(context.WithoutCancel(ctx), f.timeout+wayTime)
	defer cancel()
	err := server.Shutdown(late)
	if left := <-ended; !errors.Is(left, http.ErrServerClosed) {
		err = cmp.Or(err, left)
	}
	return err
}
