package report

import (
	"crypto/tls"
	"fmt"
	"strings"
	"time"

	"mailprobe/internal/diagnose"
	"mailprobe/internal/probe"
	"mailprobe/internal/safe"
	"mailprobe/internal/settings"
	"mailprobe/internal/tlscheck"
	"mailprobe/internal/verify"
)

// details adds all that was observed.
func (p *page) details(r *verify.Report) {
	for _, f := range only(r.Findings, diagnose.Info) {
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
		for _, f := range only(e.Findings, diagnose.Info) {
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
	if r.Endpoint.Security == settings.StartTLS {
		b.field("Unencrypted", "offers "+orNone(r.PlainCaps))
		b.field("", "sign-in ways: "+mechanismWords(r.PlainMechanisms, ""))
	}
	b.field("Offers", orNone(r.Capabilities))
	b.field("Sign-in ways", mechanismWords(r.Mechanisms, r.NativeLogin))
	b.session(r.TLS)
	b.chain(r.TLS, now)
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
	for _, a := range r.Tried {
		if a.Err != nil {
			b.field("Tried", fmt.Sprintf("%s: %s (%s)", a.Addr, safe.Clip(a.Err.Error(), 200), seconds(a.Took)))
		}
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

func (b block) session(s *tlscheck.State) {
	if s == nil {
		return
	}
	text := tls.VersionName(s.Version) + ", " + tls.CipherSuiteName(s.CipherSuite)
	if g := groupName(s.Group); g != "" {
		text += ", key exchange " + g
	}
	b.field("Encryption", text)
	b.field("Trusted", fmt.Sprintf("by this computer: %s; by Mozilla's list: %s", s.SystemTrust, s.MozillaTrust))
	for _, c := range s.Causes {
		b.field("Certificate", safe.Clip(string(c.Kind)+": "+c.Detail, maxEvidence))
	}
}
