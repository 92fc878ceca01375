package document

import (
	"net/netip"
	"slices"

	"mailprobe/internal/probe"
	"mailprobe/internal/settings"
	"mailprobe/internal/verify"
)

// A Server is one server setting, as a mail program would store it.
type Server struct {
	Protocol Text   `json:"protocol"`
	Host     Text   `json:"host"`
	Port     uint16 `json:"port"`
	Security Text   `json:"security"`
}

// ServerOf returns a setting as documents name it.
func ServerOf(e settings.Endpoint) Server {
	return Server{Text(e.Protocol), Text(e.Host), e.Port, Text(e.Security)}
}

// Endpoint returns the setting that s names.
func (s Server) Endpoint() settings.Endpoint {
	return settings.Endpoint{Protocol: settings.Protocol(s.Protocol), Host: string(s.Host), Port: s.Port, Security: settings.Security(s.Security)}
}

// An Endpoint is one verified setting.
type Endpoint struct {
	Server
	Role            Maybe       `json:"role"`
	Source          Text        `json:"source"`
	AlsoFrom        []Text      `json:"also_from"`
	DocumentedIn    *Source     `json:"documented_in"`
	Standing        Text        `json:"standing"`
	When            Text        `json:"when"`
	Note            Text        `json:"note"`
	Verdict         Text        `json:"verdict"`
	HeldBack        bool        `json:"held_back"`
	FailedPhase     Maybe       `json:"failed_phase"` // the phase of the gravest finding of severity error
	Took            Millis      `json:"took_ms"`
	Overridden      bool        `json:"overridden"`
	Resolved        []Text      `json:"resolved"`
	DNS             *DNS        `json:"dns"`
	Tried           []Attempt   `json:"tried"`
	Address         Maybe       `json:"address"`
	Phases          []Phase     `json:"phases"`
	Greeting        Maybe       `json:"greeting"`
	CapsPlain       []Text      `json:"capabilities_plain"`
	Capabilities    []Text      `json:"capabilities"`
	MechanismsPlain []Text      `json:"mechanisms_plain"`
	Mechanisms      []Text      `json:"mechanisms"`
	NativeLogin     Maybe       `json:"native_login"`
	MechanismChecks []Check     `json:"mechanism_checks"`
	UnlikeAsked     *Unlike     `json:"unlike_asked"`
	Auth            SignIn      `json:"auth"`
	OtherForm       *SignIn     `json:"other_form"`
	AccessReply     Maybe       `json:"access_reply"`
	Message         *Message    `json:"message"`
	CredentialSent  bool        `json:"credential_sent"`
	Token           *Token      `json:"token"`
	TLS             *TLS        `json:"tls"`
	TLSFailure      *TLSFailure `json:"tls_failure"`
	TLSScan         *TLSScan    `json:"tls_scan"`
	Addresses       []Address   `json:"addresses"`
	Findings        []Finding   `json:"findings"`
	Instead         []Instead   `json:"instead"`
	Transcript      []Line      `json:"transcript,omitempty"`
}

// An Instead is a setting that works in place of another.
type Instead struct {
	Server
	Why Text `json:"why"`
}

func endpoint(e *verify.Endpoint) Endpoint {
	v := Endpoint{
		Server:       ServerOf(e.Endpoint),
		Role:         Maybe(e.Role),
		Source:       Text(e.Origin),
		AlsoFrom:     Texts(e.AlsoFrom),
		DocumentedIn: source(e.Source),
		Standing:     Text(e.Standing()),
		When:         Text(e.When),
		Note:         Text(e.Note),
		Verdict:      Text(e.Verdict),
		FailedPhase:  Maybe(e.FailedPhase),
		TLSScan:      scanOf(e.Scan),
		Addresses:    Each(e.Addresses, addressOf),
		Findings:     Each(e.Findings, FindingOf),
		Instead:      Each(e.Instead, func(i verify.Instead) Instead { return Instead{ServerOf(i.Endpoint), Text(i.Why)} }),
	}
	observed := e.Result
	if observed == nil {
		observed = &probe.Result{}
	}
	v.observe(observed)
	return v
}

// observe adds what the probe saw.
func (v *Endpoint) observe(r *probe.Result) {
	v.Took = millis(r.Took)
	v.Overridden = r.Overridden
	v.Resolved = Each(r.Resolved, func(a netip.Addr) Text { return Text(a.String()) })
	v.DNS = dnsOf(r.Lookup)
	v.Tried = Each(r.Tried, attempt)
	if r.RemoteAddr.IsValid() {
		v.Address = Maybe(r.RemoteAddr.String())
	}
	v.Phases = Each(phases, func(name string) Phase { return phaseOf(r, name) })
	v.Greeting = Maybe(r.Greeting)
	v.CapsPlain, v.Capabilities = Texts(r.PlainCaps), Texts(r.Capabilities)
	v.MechanismsPlain, v.Mechanisms = Texts(r.PlainMechanisms), Texts(r.Mechanisms)
	v.NativeLogin = Maybe(r.NativeLogin)
	v.MechanismChecks = Each(r.Checked, check)
	if u := r.UnlikeAsked; u != nil {
		v.UnlikeAsked = &Unlike{Text(u.Security), Maybe(u.Protocol)}
	}
	v.Auth = *signInOf(&r.Auth)
	v.OtherForm = signInOf(r.OtherForm)
	v.AccessReply = reply(r.AccessReply)
	v.Message = messageOf(r.Message)
	v.CredentialSent = r.SecretSent
	v.Token = TokenOf(r.Token)
	v.TLS, v.TLSFailure = tlsOf(r.TLS), failureOf(r)
	if len(r.Transcript) > 0 {
		v.Transcript = Each(r.Transcript, line)
	}
}

// Phase returns what became of a phase. One that is not listed was skipped.
func (e *Endpoint) Phase(name string) Phase {
	if i := slices.IndexFunc(e.Phases, func(ph Phase) bool { return string(ph.Name) == name }); i >= 0 {
		return e.Phases[i]
	}
	return Phase{Name: Text(name), Status: Skipped}
}

// FailedStep returns the phase at which the dialogue ended; nil: none failed.
func (e *Endpoint) FailedStep() *Phase {
	if i := slices.IndexFunc(e.Phases, func(ph Phase) bool { return ph.Status == Failed }); i >= 0 {
		return &e.Phases[i]
	}
	return nil
}

// Ran reports whether the test came as far as its first phase.
func (e *Endpoint) Ran() bool {
	return slices.ContainsFunc(e.Phases, func(ph Phase) bool { return ph.Status != Skipped })
}
