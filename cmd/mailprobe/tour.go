package main

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"mailprobe/internal/document"
	"mailprobe/internal/lab"
	"mailprobe/internal/settings"
	"mailprobe/internal/target"
	"mailprobe/internal/verify"
)

// The tour's broken servers, and what is wrong with each.
var tourStops = []lab.Server{
	{Endpoint: settings.Endpoint{Protocol: settings.IMAP, Host: "imap.expired.example", Port: 993, Security: settings.TLS}, Fault: lab.ExpiredWrongName},
	{Endpoint: settings.Endpoint{Protocol: settings.SMTP, Host: "smtp.mixed-up.example", Port: 465, Security: settings.TLS}, Fault: lab.ClearOnTLSPort},
	{Endpoint: settings.Endpoint{Protocol: settings.SMTP, Host: "smtp.inspected.example", Port: 587, Security: settings.StartTLS}, Fault: lab.StartTLSStripped},
	{Endpoint: settings.Endpoint{Protocol: settings.IMAP, Host: "imap.not-enabled.example", Port: 993, Security: settings.TLS}, Fault: lab.NotConnected},
	{Endpoint: settings.Endpoint{Protocol: settings.POP3, Host: "pop.gone.example", Port: 995, Security: settings.TLS}, Fault: lab.Refused},
}

// tour shows a provider that works and then servers that are broken on
// purpose. Its exit status says whether each was found as it is: the broken
// ones are meant to fail.
func (a *app) tour(ctx context.Context, f *runFlags) error {
	j, err := a.job(ctx, f, []string{"gmail"})
	if err != nil {
		return err
	}
	j.plans = append(j.plans, tourPlans(j.plans[0])...)
	wrong := make([]string, len(j.plans))
	see := func(d *document.Document) {
		if (d.Verdict == document.Works) != (d.Index == 0) || d.Verdict == document.Unknown {
			wrong[d.Index] = string(d.Target)
		}
	}
	box, err := a.labFor(ctx, j, tourStops...)
	if err != nil {
		return err
	}
	defer box.Close()
	if err := a.do(ctx, f, j, see); err != nil {
		return err
	}
	return tourOutcome(ctx, wrong)
}

// tourPlans are runs of one broken server each.
func tourPlans(like verify.Plan) []verify.Plan {
	var plans []verify.Plan
	for _, stop := range tourStops {
		p := like
		p.Target, p.Provider, p.Endpoints = stop.Endpoint.String(), nil, []settings.Setting{target.OfURL(stop.Endpoint)}
		plans = append(plans, p)
	}
	return plans
}

// tourOutcome is nil if no stop went otherwise than planned.
func tourOutcome(ctx context.Context, wrong []string) error {
	if ctx.Err() != nil {
		return &statusError{status: exitInterrupted}
	}
	wrong = slices.DeleteFunc(wrong, func(target string) bool { return target == "" })
	if len(wrong) > 0 {
		return &statusError{exitFails, fmt.Errorf("the tour did not go as planned at %s", strings.Join(wrong, ", "))}
	}
	return nil
}
