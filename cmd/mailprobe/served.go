package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"time"

	"mailprobe/internal/document"
	"mailprobe/internal/exporter"
	"mailprobe/internal/settings"
	"mailprobe/internal/suite"
	"mailprobe/internal/target"
	"mailprobe/internal/verify"
)

// How often a target is run at most whose suite does not say it.
const (
	servedEvery   = time.Minute
	signedInEvery = 15 * time.Minute
)

// served reads the suite and makes targets of it. Nothing is dialled.
func (a *app) served(ctx context.Context, f *serveFlags, log *slog.Logger) (c exporter.Config, err error) {
	if err := f.baseline.read(); err != nil {
		return c, err
	}
	if f.config == "" {
		return c, nil
	}
	s, err := readSuite(f.config)
	if err != nil {
		return c, err
	}
	quiet := *a
	quiet.stdin, quiet.stderr = strings.NewReader(""), &onceLog{log: log, said: map[string]bool{}}
	c.Concurrency = s.Concurrency
	modules := append([]suite.Module{{}}, s.Modules...)
	var wrong []error
	for _, asked := range s.Cases {
		for _, m := range modules {
			one := servedCase{app: &quiet, flags: f.runFlags, suite: s, asked: asked.With(m), key: f.key}
			t, err := one.target(ctx, m.Name)
			if _, none := errors.AsType[*target.NothingLeftError](err); none && m.Name != "" {
				continue // the target has nothing of what the module looks at
			}
			wrong = append(wrong, err)
			c.Targets = append(c.Targets, t)
		}
	}
	a.expects(len(c.Targets))
	return c, errors.Join(wrong...)
}

// A servedCase is a case of a suite that is run when it is asked for.
type servedCase struct {
	app   *app
	flags runFlags
	suite *suite.Suite
	asked suite.Case
	key   []byte // of fingerprints
}

// target makes of a case what the exporter knows of it, and says what is wrong
// with it.
func (s servedCase) target(ctx context.Context, module string) (t exporter.Target, err error) {
	c := s.asked
	if _, err := s.app.planned(ctx, s.suite, c); err != nil {
		return t, err
	}
	if target.IsPath(c.Target) {
		if files, err := target.OfPath(c.Target, ""); err == nil && len(files) != 1 {
			return t, inCase(s.suite, c, "target", fmt.Errorf("a folder holds %d documents; serve wants a case for each of them", len(files)))
		}
	}
	same, err := json.Marshal(c)
	if err != nil {
		return t, inCase(s.suite, c, "", err)
	}
	t = exporter.Target{Key: exporter.Key{Target: c.Title(), Module: module}, Every: c.MinInterval, Same: string(same), Run: s.run}
	if c.SignsIn() {
		t.Account = accountOf(c)
	}
	switch {
	case t.Every > 0:
	case t.Account != "":
		t.Every = signedInEvery
	default:
		t.Every = servedEvery
	}
	return t, nil
}

// accountOf names the account of a case, the same wherever it is signed in to. A
// name without a domain is one of its target's.
func accountOf(c suite.Case) string {
	for _, name := range []string{c.User, c.Username, c.Target} {
		if strings.Contains(name, "@") {
			return strings.ToLower(name)
		}
	}
	return c.User + c.Username + " at " + c.Target
}

// run runs a case once.
func (s servedCase) run(ctx context.Context, leave exporter.Leave) (*exporter.Outcome, error) {
	p, err := s.plan(ctx, leave)
	if err != nil {
		return nil, err
	}
	o := &exporter.Outcome{Compared: s.flags.baseline.file != "", Published: fromOthers(p.Endpoints)}
	withheld := leave.Withheld
	f := exporter.Fingerprint(p.Options.Credential.Fingerprint(s.key))
	if p.Options.Credential != nil && withheld == "" && leave.Refused != nil {
		withheld = leave.Refused(f)
	}
	if withheld != "" {
		p.Options.Credential, p.Options.Missing, o.HeldBack = nil, withheld, true
	}
	r := verify.Run(ctx, p)
	d := document.Of(r, version())
	d.Case = &document.Case{Case: document.Text(s.asked.Title())}
	s.flags.baseline.compare(d)
	d.Case = suite.Judge(s.suite, s.asked, d, 1)
	if sentTo(d) {
		o.Fingerprint, o.Stopped = f, r.Stopped != "" || refusedEverywhere(d)
	}
	o.Document = d
	return o, nil
}

// plan says how a case is run now. Where nobody signs in, no secret is read.
func (s servedCase) plan(ctx context.Context, leave exporter.Leave) (verify.Plan, error) {
	c := s.asked
	if leave.Withheld != "" {
		c.Secret, c.User, c.Username = suite.Secret{}, "", ""
	}
	flags := caseFlags(s.flags, c)
	if until, ok := ctx.Deadline(); ok {
		flags.ends = until
	}
	j, err := s.app.job(ctx, &flags, []string{c.Target})
	switch {
	case err != nil:
		return verify.Plan{}, notBegunCase(s.suite, c, err)
	case len(j.plans) != 1:
		return verify.Plan{}, inCase(s.suite, c, "target", errors.New("this is more than one target; serve wants a case for each"))
	}
	return j.plans[0], nil
}

// fromOthers reports whether the names of some servers are neither the user's
// own words nor the catalogue's.
func fromOthers(list []settings.Setting) bool {
	return slices.ContainsFunc(list, func(e settings.Setting) bool {
		return e.Origin != settings.FromCatalogue && e.Origin != settings.FromURL && !target.FromFile(e.Origin)
	})
}

// sentTo reports whether the secret was shown to any server.
func sentTo(d *document.Document) bool {
	return slices.ContainsFunc(d.Endpoints, func(e document.Endpoint) bool { return e.CredentialSent })
}

// refusedEverywhere reports whether a secret was rejected and accepted nowhere.
func refusedEverywhere(d *document.Document) bool {
	with := func(status document.Text) bool {
		return slices.ContainsFunc(d.Endpoints, func(e document.Endpoint) bool { return e.Auth.Status == status })
	}
	return with(document.Rejected) && !with(document.Accepted)
}

// maxSaid is how many lines a onceLog remembers.
const maxSaid = 200

// A onceLog logs what runs have to say, each line once: a target that is run
// every minute would say it every minute.
type onceLog struct {
	log  *slog.Logger
	mu   sync.Mutex
	said map[string]bool
}

func (l *onceLog) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for line := range strings.Lines(string(p)) {
		if line = strings.TrimSpace(line); line != "" && !l.said[line] && len(l.said) < maxSaid {
			l.said[line] = true
			l.log.Warn(line)
		}
	}
	return len(p), nil
}
