package discover

import (
	"context"
	"slices"
	"strings"

	"mailprobe/internal/finding"
	"mailprobe/internal/published"
	"mailprobe/internal/settings"
)

// personal makes forms of the user names in a document that was made for the
// address that was asked for; empty: for none.
func (r *Report) personal(d *published.Document, asked string) {
	for i := range d.Offers {
		o := &d.Offers[i]
		form := formOf(o.Named, asked)
		if o.Named == "" || form == "" {
			continue
		}
		o.Username = form
		about := func(f Finding) bool {
			return f.Code == published.Placeholder && f.Severity != finding.Error && f.Args["name"] == o.Named
		}
		d.Findings = slices.DeleteFunc(d.Findings, about)
		if o.Named != form.For(asked) {
			r.says(finding.Finding{Code: published.Placeholder, Severity: finding.Warning, Args: finding.Args{"name": o.Named, "asked": form.For(asked)},
				Message: "{asked} was asked for, and the answer names the user {name}: capitals count on some servers.", Remedy: "Give the address out as it was asked for."})
		}
	}
	if asked != "" {
		return
	}
	for i, f := range d.Findings { // nobody was asked for, and somebody is named
		if f.Code == published.Placeholder && f.Severity == finding.Info {
			d.Findings[i].Severity, d.Findings[i].Blame = finding.Warning, finding.Provider
		}
	}
}

// formOf returns which part of an address a user name is; empty: none.
func formOf(name, address string) settings.Template {
	local, _, _ := strings.Cut(address, "@")
	switch {
	case address == "" || name == "":
		return ""
	case strings.EqualFold(name, address):
		return settings.FullAddress
	case strings.EqualFold(name, local):
		return settings.LocalPart
	}
	return ""
}

// withoutAddress says where a server gives out something else to who does not
// tell the address: programs that do not then get it wrong.
func (a *asker) withoutAddress(ctx context.Context, r *Report, at string) {
	if a.address == "" || r.Status != Found {
		return
	}
	plain := a.config(ctx, at, false)
	same := func(x, y published.Offer) bool {
		return x.Endpoint(a.address) == y.Endpoint(a.address) && x.Username == y.Username
	}
	switch {
	case plain.Status != Found:
		r.says(finding.Finding{Code: "settings.conflict", Severity: finding.Info, Args: finding.Args{"url": r.Where},
			Message: "{url} gives settings out only to who tells the address; some programs do not."})
	case !slices.EqualFunc(plain.Offers, r.Offers, same):
		r.says(finding.Finding{Code: "settings.conflict", Args: finding.Args{"url": r.Where}, Message: "{url} gives other settings out to who tells the address than to who does not.",
			Remedy: "If all accounts are at the same servers, give the same out to everybody."})
	}
}
