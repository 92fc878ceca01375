package verify

import (
	"context"

	"mailprobe/internal/diagnose"
	"mailprobe/internal/probe"
)

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
		if r.Auth.Status != probe.AuthRejected || diagnose.NotJudged(setting.Endpoint, r.Auth, p.Provider) || diagnose.AskedTooOften(setting.Endpoint, r.Auth, p.Provider) {
			continue
		}
		if name == "" || name == r.Auth.Username {
			return
		}
		opt := p.Options
		opt.Unjudged = p.wayRefused
		opt.Username, opt.Gate, opt.Progress, opt.Message = name, nil, nil, nil
		second := speaking(setting.Endpoint, opt).Probe(ctx)
		r.OtherForm = &second.Auth
		r.Transcript = append(r.Transcript, second.Transcript...)
		return
	}
}
