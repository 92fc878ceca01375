package main

import (
	"context"
	"errors"
	"strings"

	"mailprobe/internal/auth"
	"mailprobe/internal/document"
	"mailprobe/internal/page"
	"mailprobe/internal/probe"
	"mailprobe/internal/report"
	"mailprobe/internal/safe"
	"mailprobe/internal/settings"
	"mailprobe/internal/target"
	"mailprobe/internal/verify"
)

// A desk does what is asked for on a page, as the command line would do it. Each
// run has its own copy of the flags.
type desk struct {
	app   *app
	flags runFlags
}

// check finds what is wrong in the flags before anybody asks.
func (d desk) check() error {
	if err := d.flags.netFlags.check(); err != nil {
		return err
	}
	like, err := d.flags.plan()
	if err == nil {
		_, err = d.flags.reader(d.app, like)
	}
	return err
}

// Verify runs what was asked for. No file is read, no variable and no terminal:
// the page has all there is to know.
func (d desk) Verify(ctx context.Context, r page.Request, say func(string)) (*document.Document, error) {
	quiet := *d.app
	quiet.stdin, quiet.stderr = strings.NewReader(""), &noteLines{say: say}
	d.app = &quiet
	d.flags.transcript = true // for the ticket
	d.flags.start()
	limited, cancel := d.flags.within(ctx)
	defer cancel()
	say(r.Language.Say("Finding out which servers there are"))
	p, err := d.plan(limited, r)
	if err != nil {
		return nil, d.told(ctx, r, err)
	}
	p.Options.Progress = func(e settings.Endpoint, s probe.Step) {
		if s.Status != probe.Skipped {
			say(report.StepLine(r.Language, e, s.Phase, s.Status == probe.OK, s.Took))
		}
	}
	var said *document.Document
	verify.Each(limited, []verify.Plan{p}, 1, func(_ int, r *verify.Report) { said = document.Of(r, version()) })
	if said == nil {
		return nil, errors.New(r.Language.Say("The run was ended before anything was verified."))
	}
	return said, nil
}

// plan says what is to be run.
func (d desk) plan(ctx context.Context, r page.Request) (p verify.Plan, err error) {
	like, err := d.flags.plan()
	if err != nil {
		return p, err
	}
	resolver, err := d.flags.reader(d.app, like)
	if err != nil {
		return p, err
	}
	if target.IsPath(r.Target) {
		return p, &page.Problem{Field: page.Target, Text: r.Language.Say("Files are read by the command alone: mailprobe FILE. Type an address, a provider or a server.")}
	}
	targets, err := d.app.targets(ctx, resolver, &d.flags, []string{r.Target})
	if err != nil {
		return p, err
	}
	who, err := signInOf(r, targets[0])
	if err != nil {
		return p, err
	}
	like.Username, like.Options.Sender = who.Username, who.Address
	p = resolver.Plan(targets[0], like)
	if !who.asked {
		return p, nil
	}
	s := shown{credential: auth.NewCredential(auth.Password, r.Password)}
	if err := d.leave(ctx, r, who, s, targets[0]); err != nil {
		return p, err
	}
	s.showTo(&p.Options, targets[0])
	return p, nil
}

// signInOf is whom a request signs in as.
func signInOf(r page.Request, t target.Target) (signIn, error) {
	who := signIn{target.Account{Address: t.User}, !r.Password.Empty()}
	switch {
	case !strings.Contains(r.User, "@"):
		who.Name = r.User
	case target.Bare(r.User) != r.User || !target.Plain(r.User):
		return who, &page.Problem{Field: page.User, Text: r.Language.Say(`"{text}" is not a mail address; write it like me@example.com.`, "text", safe.Display(r.User))}
	default:
		who.Address = r.User
	}
	if who.asked && !who.Known() {
		return who, &page.Problem{Field: page.User, Text: r.Language.Say("Whose password is it? Type the address to sign in as.")}
	}
	return who, nil
}
