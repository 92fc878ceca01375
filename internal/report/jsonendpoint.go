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
	AccessReply     *text            `json:"access_reply"`
	CredentialSent  bool             `json:"credential_sent"`
	TLS             *tlsView         `json:"tls"`
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

type dnsView struct {
	Server text   `json:"server"`
	Rcode  *text  `json:"rcode"`
	EDE    *text  `json:"ede"`
	CNAME  []text `json:"cname"`
	Error  *text  `json:"error"`
}

type attemptView struct {
	Address text    `json:"address"`
	TookMS  float64 `json:"took_ms"`
	Error   *text   `json:"error"`
}

type phaseView struct {
	Name   text    `json:"name"`
	Status text    `json:"status"`
	TookMS float64 `json:"took_ms"`
	Note   text    `json:"note"`
	Error  *text   `json:"error"`
}

type mechanismCheck struct {
	Mechanism text  `json:"mechanism"`
	Real      bool  `json:"real"`
	Reply     *text `json:"reply"`
}

type unlikeView struct {
	Security text  `json:"security"`
	Protocol *text `json:"protocol"`
}

type authView struct {
	Status    text  `json:"status"`
	Mechanism *text `json:"mechanism"`
	Username  *text `json:"username"`
	Reply     *text `json:"reply"`
	Challenge *text `json:"challenge"`
	Reason    *text `json:"reason"`
}

type insteadView struct {
	Protocol text   `json:"protocol"`
	Host     text   `json:"host"`
	Port     uint16 `json:"port"`
	Security text   `json:"security"`
	Why      text   `json:"why"`
}

type lineView struct {
	AtMS float64 `json:"at_ms"`
	Dir  text    `json:"dir"`
	TLS  bool    `json:"tls"`
	Text text    `json:"text"`
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
	v.AccessReply = replyText(r.AccessReply)
	v.CredentialSent = r.SecretSent
	v.TLS = viewTLS(r.TLS)
	v.Transcript = each(r.Transcript, viewLine)
}

// sourceWord says where the setting comes from.
func sourceWord(e *verify.Endpoint, r *verify.Report) string {
	switch {
	case e.From != "":
		return e.From
	case r.Settings == nil:
		return "url"
	default:
		return "catalogue"
	}
}

func viewSource(s settings.Source) *sourceView {
	if s == (settings.Source{}) {
		return nil
	}
	return &sourceView{text(s.Title), text(s.Publisher), text(s.URL), text(s.Read)}
}

func viewDNS(l *probe.Lookup) *dnsView {
	if l == nil {
		return nil
	}
	return &dnsView{text(l.Server), orNull(l.Rcode), orNull(l.EDE), texts(l.CNAME), errorText(l.Err)}
}

func viewAttempt(a probe.Attempt) attemptView {
	return attemptView{text(a.Addr.String()), milliseconds(a.Took), errorText(a.Err)}
}

func viewStep(s probe.Step) phaseView {
	return phaseView{text(s.Phase), text(s.Status), milliseconds(s.Took), text(s.Note), errorText(s.Err)}
}

func viewCheck(c probe.MechanismCheck) mechanismCheck {
	return mechanismCheck{text(c.Mechanism), c.Real, replyText(c.Reply)}
}

func viewAuth(a probe.Auth) authView {
	return authView{
		Status: text(a.Status), Mechanism: orNull(a.Mechanism), Username: orNull(a.Username),
		Reply: replyText(a.Reply), Challenge: orNull(a.Challenge), Reason: orNull(a.Reason),
	}
}

func viewInstead(i verify.Instead) insteadView {
	return insteadView{text(i.Protocol), text(i.Host), i.Port, text(i.Security), text(i.Why)}
}

func viewLine(l probe.Line) lineView {
	dir := text("received")
	if l.Sent {
		dir = "sent"
	}
	return lineView{milliseconds(l.At), dir, l.TLS, text(l.Text)}
}

func replyText(r *probe.Reply) *text {
	if r == nil {
		return nil
	}
	return orNull(r.Text)
}

func errorText(err error) *text {
	if err == nil {
		return nil
	}
	return orNull(err.Error())
}
