package report

import (
	"net/netip"

	"mailprobe/internal/probe"
	"mailprobe/internal/settings"
	"mailprobe/internal/verify"
)

type endpointView struct {
	Protocol        text             `json:"protocol"`
	Host            text             `json:"host"`
	Port            uint16           `json:"port"`
	Security        text             `json:"security"`
	Role            *text            `json:"role"`
	Source          text             `json:"source"`
	DocumentedIn    *sourceView      `json:"documented_in"`
	Verdict         text             `json:"verdict"`
	FailedPhase     *text            `json:"failed_phase"`
	TookMS          float64          `json:"took_ms"`
	Overridden      bool             `json:"overridden"`
	Resolved        []text           `json:"resolved"`
	DNS             *dnsView         `json:"dns"`
	Tried           []attemptView    `json:"tried"`
	Address         *text            `json:"address"`
	Phases          []phaseView      `json:"phases"`
	Greeting        *text            `json:"greeting"`
	CapsPlain       []text           `json:"capabilities_plain"`
	Capabilities    []text           `json:"capabilities"`
	MechanismsPlain []text           `json:"mechanisms_plain"`
	Mechanisms      []text           `json:"mechanisms"`
	NativeLogin     *text            `json:"native_login"`
	MechanismChecks []mechanismCheck `json:"mechanism_checks"`
	UnlikeAsked     *unlikeView      `json:"unlike_asked"`
	Auth            authView         `json:"auth"`
	OtherForm       *authView        `json:"other_form"`
	AccessReply     *text            `json:"access_reply"`
	Message         *messageView     `json:"message"`
	CredentialSent  bool             `json:"credential_sent"`
	Token           *tokenView       `json:"token"`
	TLS             *tlsView         `json:"tls"`
	TLSFailure      *failureView     `json:"tls_failure"`
	TLSScan         *scanView        `json:"tls_scan"`
	Addresses       []addressView    `json:"addresses"`
	Findings        []findingView    `json:"findings"`
	Instead         []insteadView    `json:"instead"`
	Transcript      []lineView       `json:"transcript,omitempty"`
}

type sourceView struct {
	Title     text `json:"title"`
	Publisher text `json:"publisher"`
	URL       text `json:"url"`
	Read      text `json:"read"`
}

func viewEndpoint(e *verify.Endpoint, r *verify.Report) endpointView {
	v := endpointView{
		Protocol:     text(e.Protocol),
		Host:         text(e.Host),
		Port:         e.Port,
		Security:     text(e.Security),
		Role:         orNull(string(e.Role)),
		Source:       text(sourceWord(e, r)),
		DocumentedIn: viewSource(e.Source),
		Verdict:      text(e.Verdict),
		FailedPhase:  orNull(e.FailedPhase),
		Auth:         viewAuth(authOf(e)),
		TLSScan:      viewScan(e.Scan),
		Addresses:    each(e.Addresses, viewAddress),
		Findings:     each(e.Findings, viewFinding),
		Instead:      each(e.Instead, viewInstead),
	}
	observed := e.Result
	if observed == nil {
		observed = &probe.Result{}
	}
	v.observe(observed)
	return v
}

// observe adds what the probe saw.
func (v *endpointView) observe(r *probe.Result) {
	v.TookMS = milliseconds(r.Took)
	v.Overridden = r.Overridden
	v.Resolved = each(r.Resolved, func(a netip.Addr) text { return text(a.String()) })
	v.DNS = viewDNS(r.Lookup)
	v.Tried = each(r.Tried, viewAttempt)
	if r.RemoteAddr.IsValid() {
		v.Address = orNull(r.RemoteAddr.String())
	}
	for _, ph := range phases {
		v.Phases = append(v.Phases, viewStep(stepOf(r, ph.name)))
	}
	v.Greeting = orNull(r.Greeting)
	v.CapsPlain, v.Capabilities = texts(r.PlainCaps), texts(r.Capabilities)
	v.MechanismsPlain, v.Mechanisms = texts(r.PlainMechanisms), texts(r.Mechanisms)
	v.NativeLogin = orNull(r.NativeLogin)
	v.MechanismChecks = each(r.Checked, viewCheck)
	if u := r.UnlikeAsked; u != nil {
		v.UnlikeAsked = &unlikeView{text(u.Security), orNull(u.Protocol)}
	}
	if r.OtherForm != nil {
		other := viewAuth(*r.OtherForm)
		v.OtherForm = &other
	}
	v.AccessReply = replyText(r.AccessReply)
	v.Message = viewMessage(r.Message)
	v.CredentialSent = r.SecretSent
	v.Token = viewToken(r.Token)
	v.TLS, v.TLSFailure = viewTLS(r.TLS), viewFailure(handshakeOf(r))
	v.Transcript = each(r.Transcript, viewLine)
}

// sourceWord says where the setting comes from.
func sourceWord(e *verify.Endpoint, r *verify.Report) string {
	switch {
	case e.From != "":
		return e.From
	case r.Provider == nil:
		return "url"
	default:
		return "catalogue"
	}
}

func viewSource(s settings.Source) *sourceView {
	if s == (settings.Source{}) {
		return nil
	}
	v := cited(s)
	return &v
}

func cited(s settings.Source) sourceView {
	return sourceView{text(s.Title), text(s.Publisher), text(s.URL), text(s.Read)}
}
