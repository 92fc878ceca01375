package verify

import (
	"context"
	"errors"
	"sync"
	"time"

	"mailprobe/internal/auth"
	"mailprobe/internal/diagnose"
	"mailprobe/internal/finding"
	"mailprobe/internal/probe"
	"mailprobe/internal/settings"
)

// A Plan is what a run is to verify, and how.
type Plan struct {
	Target    string             // as typed
	Provider  *settings.Provider // nil: the target names endpoints itself
	Endpoints []settings.Setting
	Also      []settings.Endpoint // looked at as well, without a credential, for comparison: the verdict is not about them
	Options   probe.Options       // common to all; the user name is set per endpoint

	// Who signs in.
	Username  func(settings.Setting) string // nil: as Options say
	OtherForm func(settings.Setting) string // the user name for one more sign-in after a rejection; nil: there is none
	Stopped   string                        // why the credential is not shown, such as that another run had it rejected; empty: it is

	// What is known beside the settings.
	Recognise func(host, greeting string) *settings.Provider     // tells a server's provider where Settings is nil; nil, or a nil answer: not known
	Near      func(host string, port uint16) []settings.Endpoint // servers that a mistyped name may have meant, the nearest first; nil: not known
	Built     time.Time                                          // when this program was built: no clock is right that shows less; zero: not known

	Beside []finding.Finding // what was found before the run, of it as a whole

	// How far a run looks beyond the settings.
	CheckMechanisms bool          // start and cancel each announced mechanism, over connections of their own
	TLSScan         bool          // list what each server accepts by way of TLS
	ScanPause       time.Duration // between two connections of a scan; zero: 200 ms
	AllAddresses    bool          // repeat the dialogue at every address of a host
	NoAlternatives  bool          // do not look for settings that work instead
	NoControl       bool          // connect to nothing for comparison
	Patient         bool          // look for reasons only when a dialogue has ended, not beside one that is slow

	// Controls returns endpoints of other providers than the plan's, to connect
	// to for comparison where nothing answers; nil: there are none.
	Controls func(than *settings.Provider) []settings.Endpoint
}

// Run verifies all endpoints of a plan at once and reports. It always returns
// a Report; when ctx ends early, one of what is known. A deadline of ctx is
// shared out: no phase takes more than two thirds of what is left.
func Run(ctx context.Context, p Plan) *Report {
	r := &Report{
		Target: p.Target, Provider: p.Provider, Started: time.Now(),
		SignInAsked: p.Options.SignInAsked(),
	}
	if p.Options.Scrubber == nil {
		p.Options.Scrubber = scrubber([]Plan{p})
	}
	also := p.lookAlso(ctx)
	beside := p.errands(ctx)
	defer beside.close()
	w := p.watch(beside)
	results, stopped := w.follow(ctx)
	r.Stopped = stopped
	p.tryOtherForm(ctx, results)
	beside.explainHandshakes(results, w.explained)
	r.Endpoints = p.judgeEach(results, p.scanTLS(ctx, results))
	tried := beside.findInstead(ctx, r.Endpoints, w.tried)
	p.probeAddresses(ctx, r.Endpoints)
	r.Also = also()
	r.Controls = beside.control(ctx, r.Endpoints, append(w.controls, alsoSeen(tried)...))
	p.judgeRun(ctx, r)
	if p.Provider != nil {
		r.NotOffered = p.Provider.NotOffered
	}
	r.Interrupted = errors.Is(ctx.Err(), context.Canceled)
	r.Verdict = overall(r)
	r.Scrub(p.Options.Scrubber)
	r.Took = time.Since(r.Started)
	return r
}

// probeAll probes all endpoints at once; results keep the order of the plan. w
// is told of each, and of its end. stopped says why the credential must not be
// shown again; empty: it may be.
func (p *Plan) probeAll(ctx context.Context, w *early) (results []*probe.Result, stopped string) {
	results = make([]*probe.Result, len(p.Endpoints))
	gate := newGate(p.Stopped, p.stopReason)
	gate.all = p.kind() == auth.Token
	places := p.queue(gate)
	parting := newParting(*p)
	var wait sync.WaitGroup
	for i := range p.Endpoints {
		setting, place, opt := &p.Endpoints[i], places[i], p.Options
		opt.Username, opt.Encrypted, opt.Unjudged = p.user(*setting), setting.Encrypted(), p.wayRefused
		if !p.Patient {
			w.follows(i, &opt)
		}
		if opt.Credential != nil {
			opt.Gate, opt.Progress = place, place.watched(opt.Progress)
		}
		hold := func() {
			results[i] = speaking(setting.Endpoint, opt).Probe(ctx)
			place.end()
			w.beside.lookAside(results[i])
			parting.finished(setting.Protocol)
			if p.CheckMechanisms {
				checkMechanisms(ctx, results[i], opt)
			}
		}
		if i < len(p.Endpoints)-1 {
			wait.Go(hold)
		} else { // often the only one: it needs no goroutine
			hold()
		}
	}
	wait.Wait()
	return results, gate.whyStopped()
}

// user returns whom a setting is signed in to as.
func (p Plan) user(s settings.Setting) string {
	if p.Username != nil {
		return p.Username(s)
	}
	return p.Options.Username
}

// wayRefused reports whether an endpoint may sign in by another way.
func (p *Plan) wayRefused(e settings.Endpoint, a probe.Auth) bool {
	return diagnose.WayRefused(e, a, p.Provider)
}

// tryOtherForm signs in once more, with the other form of the user name, at
// the endpoint that has rejected the documented one. The gate lets a run have
// one rejection; this is the second that the user has asked for, at the same
// service, and there is no third.
func (p Plan) tryOtherForm(ctx context.Context, results []*probe.Result) {
	if p.OtherForm == nil || p.Options.Credential == nil || ctx.Err() != nil {
		return
	}
	for i, setting := range p.Endpoints {
		r, name := results[i], p.OtherForm(setting)
		if r.Auth.Status != probe.AuthRejected || diagnose.NotJudged(setting.Endpoint, r.Auth, p.Provider) || diagnose.AskedTooOften(setting.Endpoint, r.Auth, p.Provider) || diagnose.MayPass(setting.Endpoint, r.Auth, p.Provider) {
			continue
		}
		if name == "" || name == r.Auth.Username {
			return
		}
		opt := p.Options
		opt.Unjudged = p.wayRefused
		opt.Username, opt.Encrypted, opt.Gate, opt.Progress, opt.Message = name, setting.Encrypted(), nil, nil, nil
		second := speaking(setting.Endpoint, opt).Probe(ctx)
		r.OtherForm = &second.Auth
		r.Transcript = append(r.Transcript, second.Transcript...)
		return
	}
}
