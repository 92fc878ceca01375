package main

import (
	"context"
	"fmt"
	"strings"

	"mailprobe/internal/lab"
	"mailprobe/internal/settings"
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
	reports, err := a.doInLab(ctx, f, j, tourStops...)
	if err != nil {
		return err
	}
	return tourOutcome(ctx, reports)
}

// tourPlans are runs of one broken server each.
func tourPlans(like verify.Plan) []verify.Plan {
	var plans []verify.Plan
	for _, stop := range tourStops {
		p := like
		p.Target, p.Provider = stop.Endpoint.String(), nil
		p.Endpoints = []settings.Setting{{Endpoint: stop.Endpoint, Origin: settings.FromURL, Role: settings.Documented, Username: settings.FullAddress}}
		plans = append(plans, p)
	}
	return plans
}

// tourOutcome is nil if the healthy provider works and every broken server
// fails.
func tourOutcome(ctx context.Context, reports []*verify.Report) error {
	if ctx.Err() != nil {
		return &statusError{status: exitInterrupted}
	}
	var wrong []string
	for i, r := range reports {
		want := verify.Fails
		if i == 0 {
			want = verify.Works
		}
		if r.Verdict != want {
			wrong = append(wrong, r.Target)
		}
	}
	if len(wrong) > 0 {
		return &statusError{exitFails, fmt.Errorf("the tour did not go as planned at %s", strings.Join(wrong, ", "))}
	}
	return nil
}
