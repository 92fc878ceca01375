package catalog

import (
	"slices"

	"mailprobe/internal/settings"
)

// settings returns what the document says, its sources and defaults filled
// in. The document must have been checked.
func (d *document) settings() *settings.Provider {
	s := &settings.Provider{
		ID: d.ID, Name: d.Name, Aliases: d.Aliases, Domains: d.Domains, NotDomains: d.NotDomains, MX: d.MX,
		Greetings: d.Greetings, IMAPID: d.IMAPID, Compare: d.Compare, OAuth: d.oauth(),
	}
	if r := d.Region; r != nil {
		s.Region = &settings.Region{Name: r.Name, Tell: r.Tell, Shares: r.Shares, Others: r.Others, Source: d.source(r.Source)}
	}
	if b := d.Bridge; b != nil {
		s.Bridge = &settings.Bridge{Name: b.Name, Text: b.Text, Source: d.source(b.Source)}
	}
	if len(d.Endpoints) > 0 {
		s.Offers = []settings.Offer{d.offer()}
	}
	for _, n := range d.NotOffered {
		s.NotOffered = append(s.NotOffered, settings.NotOffered{
			Protocol: settings.Protocol(n.Protocol), Note: n.Note, Source: d.source(n.Source),
		})
	}
	for _, e := range d.Enable {
		s.Enable = append(s.Enable, settings.Enable{Protocols: protocolsOf(e.Protocols), Text: e.Text, HelpURL: e.HelpURL, Source: d.source(e.Source)})
	}
	for _, a := range d.Advice {
		s.Advice = append(s.Advice, d.adviceOf(a))
	}
	for _, key := range d.Help {
		s.Help = append(s.Help, d.source(key))
	}
	for _, n := range d.Notes {
		s.Notes = append(s.Notes, settings.Note{Text: n.Text, Source: d.source(n.Source)})
	}
	return s
}

func (d *document) offer() settings.Offer {
	o := settings.Offer{Origin: settings.FromCatalogue, Username: settings.TemplateOf(d.Username)}
	for _, e := range d.Endpoints {
		o.Endpoints = append(o.Endpoints, d.setting(e))
	}
	return o
}

func (d *document) setting(e endpoint) settings.Setting {
	if e.SignIn == nil {
		e.SignIn = d.SignIn
	}
	s := settings.Setting{
		Endpoint: settings.Endpoint{
			Protocol: settings.Protocol(e.Protocol), Host: e.Host, Port: e.Port, Security: settings.Security(e.Security),
		},
		Role: settings.Role(e.Role), Username: settings.TemplateOf(e.Username), When: e.When, Note: e.Note,
	}
	if s.When == "" && d.Region != nil {
		s.When = d.Region.Name
	}
	s.Source, s.Also = d.cited(e.Source)
	if e.Disputed != nil {
		s.Disputed = &settings.Dispute{Note: e.Disputed.Note, Source: d.source(e.Disputed.Source)}
	}
	for _, w := range e.SignIn {
		way := settings.SignIn{Way: w.Way, Status: w.Status, Note: w.Note, Source: d.source(w.Source)}
		if w.Form != nil {
			way.Form = &settings.Form{Pattern: w.Form.Pattern, Looks: w.Form.Looks, Source: d.source(w.Form.Source)}
		}
		s.SignIn = append(s.SignIn, way)
	}
	return s
}

func (d *document) oauth() *settings.OAuth {
	o := d.OAuth
	if o == nil {
		return nil
	}
	scopes := make(map[settings.Protocol][]string, len(o.Scopes))
	for protocol, list := range o.Scopes {
		scopes[settings.Protocol(protocol)] = list
	}
	roles := make(map[settings.Protocol]string, len(o.AppRoles))
	for protocol, role := range o.AppRoles {
		roles[settings.Protocol(protocol)] = role
	}
	w := o.Workload
	if w == nil {
		w = &workload{}
	}
	return &settings.OAuth{
		WorkloadAudience: w.Audience, ExchangeURL: w.ExchangeURL, SignURL: w.SignURL,
		Issuer: o.Issuer, AuthURL: o.AuthURL, TokenURL: o.TokenURL, DeviceURL: o.DeviceURL,
		Scopes: scopes, ExtraScopes: o.ExtraScopes, AuthParams: o.AuthParams, RedirectHost: o.RedirectHost, Mechanism: o.Mechanism,
		Audiences: o.Audiences, Tenant: o.tenant(), AppScope: o.AppScope, AppGrant: o.AppGrant, AppRoles: roles, Register: d.registration(o.Register), Source: d.source(o.Source),
	}
}

func (d *document) registration(r *registration) *settings.Registration {
	if r == nil {
		return nil
	}
	return &settings.Registration{Closed: r.Closed, Steps: r.Steps, Redirect: r.Redirect, Needs: r.Needs, URL: r.URL, Source: d.source(r.Source)}
}

func (d *document) adviceOf(a advice) settings.Advice {
	s := settings.Advice{
		Codes: a.Codes, Text: a.Text, HelpURL: a.HelpURL, From: a.From, Until: a.Until, Mild: a.Mild, Source: d.source(a.Source),
	}
	s.Protocols = protocolsOf(a.Protocols)
	return s
}

func protocolsOf(names []string) []settings.Protocol {
	var list []settings.Protocol
	for _, name := range names {
		list = append(list, settings.Protocol(name))
	}
	return list
}

// cited returns the source to show, the provider's own if there is one, and the
// others.
func (d *document) cited(list keys) (shown settings.Source, also []settings.Source) {
	for _, key := range list {
		also = append(also, d.source(key))
	}
	if len(also) == 0 {
		return settings.Source{}, nil
	}
	best := max(0, slices.IndexFunc(also, func(s settings.Source) bool { return s.Kind == settings.Official }))
	return also[best], slices.Concat(also[:best], also[best+1:])
}

func (d *document) source(key string) settings.Source {
	s := d.Sources[key]
	return settings.Source{Kind: settings.Kind(s.Kind), Title: s.Title, Publisher: s.Publisher, URL: s.URL, Read: s.Read}
}
