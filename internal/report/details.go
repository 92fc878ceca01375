package report

import (
	"fmt"
	"strings"
	"time"

	"mailprobe/internal/auth"
	"mailprobe/internal/finding"
	"mailprobe/internal/probe"
	"mailprobe/internal/safe"
	"mailprobe/internal/settings"
	"mailprobe/internal/verify"
)

// details adds all that was observed.
func (p *page) details(r *verify.Report) {
	for _, f := range only(r.Findings, finding.Info) {
		p.line()
		p.paragraph(p.plain, "", "  ", "Note: "+short("", f))
	}
	for i := range r.Endpoints {
		e := &r.Endpoints[i]
		p.line()
		p.paragraph(p.strong, "", "  ", title(e.Endpoint)+roleWord(e.Role))
		b := block{p, "  ", 2, 14}
		b.source(e.Source)
		b.field("Provider says", safe.Clip(e.Note, maxEvidence))
		if e.Result != nil {
			b.result(e.Result, r.Started)
		}
		for _, f := range only(e.Findings, finding.Info) {
			b.field("Note", short("", f))
		}
	}
}

func roleWord(r settings.Role) string {
	if r == "" || r == settings.Documented {
		return ""
	}
	return " (" + string(r) + ")"
}

func (b block) source(s settings.Source) {
	text := safe.Display(s.Title)
	if s.Read != "" {
		text += " (read " + safe.Display(s.Read) + ")"
	}
	b.field("Documented in", strings.TrimSpace(text))
	if s.URL != "" {
		b.raw("", safe.Display(s.URL))
	}
}

func (b block) result(r *probe.Result, now time.Time) {
	b.connection(r)
	b.steps(r)
	b.lines("Greeting", peerLines(r.Greeting))
	b.offers(r)
	b.checks(r.Checked)
	b.field("Sign-in error", safe.Clip(r.Auth.Challenge, maxEvidence))
	if r.AccessReply != nil {
		b.lines("Account says", peerLines(r.AccessReply.Text))
	}
	b.field("Test message", messageWords(r.Message))
	b.credential(r)
	b.handshake(handshakeOf(r))
	b.session(r.TLS)
	b.chain(r.TLS, now)
}

// credential says whether anything of the secret may have left, where signing
// in was asked for, and what an access token says of itself.
func (b block) credential(r *probe.Result) {
	switch {
	case r.SecretSent:
		b.field("Credential", "sent to this server")
	case r.Auth.Status != probe.AuthNotTested && r.Auth.Status != "":
		b.field("Credential", "not sent to this server")
	}
	if c := r.Token; c != nil {
		b.field("Access token", safe.Clip(tokenWords(c), maxEvidence))
	}
}

func tokenWords(c *auth.Claims) string {
	var words []string
	if len(c.Audience) > 0 {
		words = append(words, "for "+strings.Join(c.Audience, " "))
	}
	if c.Username != "" {
		words = append(words, "of "+c.Username)
	}
	if !c.Expires.IsZero() {
		words = append(words, "good until "+c.Expires.UTC().Format(time.RFC3339))
	}
	if len(c.Scopes) > 0 {
		words = append(words, "allows "+strings.Join(c.Scopes, " "))
	}
	return strings.Join(words, ", ")
}

// offers lists what the server announced; what was not asked is left out.
func (b block) offers(r *probe.Result) {
	if len(r.PlainCaps) > 0 {
		b.field("Unencrypted", "offers "+orNone(r.PlainCaps))
		b.field("", "sign-in ways: "+mechanismWords(r.PlainMechanisms, ""))
	}
	if stepOf(r, probe.Capabilities).Status == probe.OK {
		b.field("Offers", orNone(r.Capabilities))
		b.field("Sign-in ways", mechanismWords(r.Mechanisms, r.NativeLogin))
	}
}

func (b block) connection(r *probe.Result) {
	if !r.RemoteAddr.IsValid() {
		b.field("Connected to", "nothing")
	} else {
		text := r.RemoteAddr.String()
		if r.Overridden {
			text += " (given by hand)"
		}
		b.field("Connected to", text)
	}
	b.dns(r.Lookup)
	for _, a := range r.Tried {
		if a.Err != nil {
			b.field("Tried", fmt.Sprintf("%s: %s (%s)", a.Addr, safe.Clip(a.Err.Error(), 200), seconds(a.Took)))
		}
	}
}

func (b block) dns(l *probe.Lookup) {
	if l == nil {
		return
	}
	parts := append([]string{l.Rcode, l.EDE}, l.CNAME...)
	if l.Err != nil {
		parts = append(parts, l.Err.Error())
	}
	b.field("DNS says", safe.Clip(strings.Join(parts, " "), maxEvidence))
	b.field("", "(asked "+safe.Clip(l.Server, 200)+")")
}

// checks says of each announced mechanism that was tried whether it is real.
func (b block) checks(list []probe.MechanismCheck) {
	label := "of these"
	for _, c := range list {
		word := "works up to the password"
		if !c.Real {
			word = "is announced but does not exist"
		}
		b.field(label, safe.Clip(c.Mechanism, 40)+" "+word)
		label = ""
	}
}

// steps adds a line for each phase, and below it a note that is too long.
func (b block) steps(r *probe.Result) {
	label := "Steps"
	for _, ph := range phases {
		s := stepOf(r, ph.name)
		text := fmt.Sprintf("%-21s  %-7s", ph.plain, s.Status)
		if s.Status != probe.Skipped {
			text += fmt.Sprintf(" %8.1f ms", milliseconds(s.Took))
		}
		note := safe.Clip(noteOf(s), maxEvidence)
		if safe.Width(text+"  "+note) <= b.room() {
			b.raw(label, text+"  "+note)
		} else {
			b.raw(label, text)
			for _, l := range wrap(note, b.room()-4) {
				b.raw("", "    "+l)
			}
		}
		label = ""
	}
}

func orNone(words []string) string {
	if len(words) == 0 {
		return "nothing"
	}
	return safe.Clip(strings.Join(words, " "), 2000)
}

// mechanismWords lists the ways to sign in; native is a command outside SASL.
func mechanismWords(mechanisms []string, native string) string {
	words := append([]string{}, mechanisms...)
	if native != "" {
		words = append(words, "("+native+" command)")
	}
	if len(words) == 0 {
		return "none"
	}
	return safe.Clip(strings.Join(words, " "), 1000)
}
