package publish

import (
	"crypto/sha1"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"

	"mailprobe/internal/settings"
)

// appleWays are the values of Apple's keys ...Authentication (Apple, Device
// Management, "Mail", read 2026-11-30), the first that fits being taken.
var appleWays = []struct{ way, value string }{
	{"password", "EmailAuthPassword"}, {"encrypted", "EmailAuthCRAMMD5"}, {"ntlm", "EmailAuthNTLM"}, {"none", "EmailAuthNone"},
}

func appleWay(s server) string {
	for _, w := range appleWays {
		if slices.Contains(s.ways, w.way) {
			return w.value
		}
	}
	return ""
}

// mobileconfig writes a profile with one account: the first server of those
// that receive, and the first that sends. It holds no password. Its UUIDs are
// made of what it says, so that the same profile is the same file.
func (d *draft) mobileconfig() error {
	taken := map[bool]bool{}
	err := d.keep(func(s server) string {
		sends := s.Protocol == settings.SMTP
		switch {
		case appleWay(s) == "":
			return "a profile has no word for its ways to sign in (" + strings.Join(s.ways, ", ") + ")"
		case s.Security == settings.StartTLS && !slices.Contains(startTLSPorts, s.Port), s.Security == settings.TLS && slices.Contains(startTLSPorts, s.Port):
			return "a profile says no more than UseSSL, and on this port devices take it for something else"
		case taken[sends]:
			return "a profile is one account, with one server for each way"
		}
		taken[sends] = true
		return ""
	})
	if err != nil {
		return err
	}
	in := slices.IndexFunc(d.servers, func(s server) bool { return s.Protocol != settings.SMTP })
	out := slices.IndexFunc(d.servers, func(s server) bool { return s.Protocol == settings.SMTP })
	if in < 0 || out < 0 {
		return fmt.Errorf("%s is one account, which needs a server that receives and one that sends; one of the two is missing here", d.format)
	}
	return d.plist(d.profile(d.mail(d.servers[in], d.servers[out])))
}

// startTLSPorts are those on which servers begin in clear text, so that UseSSL
// means STARTTLS.
var startTLSPorts = []uint16{143, 110, 587, 25, 2525}

// mail is the payload of the account.
func (d *draft) mail(in, out server) pairs {
	kind := "EmailTypeIMAP"
	if in.Protocol == settings.POP3 {
		kind = "EmailTypePOP"
	}
	p := pairs{{"EmailAccountDescription", d.title()}, {"EmailAccountType", kind}}
	if d.Account != "" {
		p = append(p, pair{"EmailAddress", d.Account})
	}
	p = append(p, d.side("Incoming", in)...)
	p = append(p, d.side("Outgoing", out)...)
	if appleWay(in) != "EmailAuthNone" && appleWay(out) != "EmailAuthNone" {
		p = append(p, pair{"OutgoingPasswordSameAsIncomingPassword", true})
	}
	return append(p, pair{"PayloadDisplayName", d.title()}, pair{"PayloadType", "com.apple.mail.managed"}, pair{"PayloadVersion", 1})
}

func (d *draft) side(way string, s server) pairs {
	prefix := way + "MailServer"
	p := pairs{
		{prefix + "Authentication", appleWay(s)}, {prefix + "HostName", s.Host}, {prefix + "PortNumber", int(s.Port)},
		{prefix + "UseSSL", s.Security != settings.Plain},
	}
	switch {
	case d.Account != "":
		p = append(p, pair{prefix + "Username", s.user().For(d.Account)})
	case s.user() != settings.FullAddress:
		d.note("%s has no form for user names, and %s wants %s: the device asks for it; give an address to write it for one account", d.format, s.says(), s.user())
	}
	return p
}

// profile puts the payload into a profile.
func (d *draft) profile(mail pairs) pairs {
	about := d.servers[0].Host
	if len(d.Domains) > 0 {
		about = d.Domains[0]
	}
	labels := strings.Split(about, ".")
	slices.Reverse(labels)
	identifier := strings.Join(labels, ".") + ".mail"
	mail = append(mail, pair{"PayloadIdentifier", identifier + ".account"})
	mail = append(mail, pair{"PayloadUUID", uuid(mail)})
	p := pairs{
		{"PayloadContent", []pairs{mail}}, {"PayloadDescription", "Sets up mail for " + d.title() + "."}, {"PayloadDisplayName", d.title()},
		{"PayloadIdentifier", identifier}, {"PayloadType", "Configuration"}, {"PayloadVersion", 1},
	}
	return append(p, pair{"PayloadUUID", uuid(p)})
}

// uuid is made of what a dictionary says (RFC 9562 §5.5, in the namespace of
// URLs).
func uuid(p pairs) string {
	space, _ := hex.DecodeString("6ba7b8119dad11d180b400c04fd430c8")
	h := sha1.New()
	h.Write(space)
	p.digest(h)
	b := h.Sum(nil)[:16]
	b[6], b[8] = b[6]&0x0f|0x50, b[8]&0x3f|0x80
	text := strings.ToUpper(hex.EncodeToString(b))
	return strings.Join([]string{text[:8], text[8:12], text[12:16], text[16:20], text[20:]}, "-")
}
