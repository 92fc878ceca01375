package report

import (
	"mailprobe/internal/auth"
	"mailprobe/internal/probe"
	"mailprobe/internal/verify"
)

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

type tokenView struct {
	Audience  []text `json:"audience"`
	Scopes    []text `json:"scopes"`
	Roles     []text `json:"roles"`
	Expires   *text  `json:"expires"`
	NotBefore *text  `json:"not_before"`
	Username  *text  `json:"username"`
}

type messageView struct {
	Subject text    `json:"subject"`
	Sent    bool    `json:"sent"`
	Seen    bool    `json:"seen"`
	Deleted bool    `json:"deleted"`
	TookMS  float64 `json:"took_ms"`
	Reply   *text   `json:"reply"`
	Reason  *text   `json:"reason"`
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

type dnsView struct {
	Server text   `json:"server"`
	Rcode  *text  `json:"rcode"`
	EDE    *text  `json:"ede"`
	CNAME  []text `json:"cname"`
	Error  *text  `json:"error"`
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

func viewToken(c *auth.Claims) *tokenView {
	if c == nil {
		return nil
	}
	return &tokenView{
		Audience: texts(c.Audience), Scopes: texts(c.Scopes), Roles: texts(c.Roles),
		Expires: momentOrNull(c.Expires), NotBefore: momentOrNull(c.NotBefore), Username: orNull(c.Username),
	}
}

func viewMessage(d *probe.Delivery) *messageView {
	if d == nil {
		return nil
	}
	return &messageView{text(d.Subject), d.Sent, d.Seen, d.Deleted, milliseconds(d.Took), replyText(d.Reply), orNull(d.Reason)}
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
