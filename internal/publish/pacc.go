package publish

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"strings"

	"mailprobe/internal/settings"
)

// A configuration is the JSON of draft-ietf-mailmaint-pacc.
type configuration struct {
	Protocols      protocols      `json:"protocols"`
	Authentication authentication `json:"authentication"`
	Info           info           `json:"info"`
}

// protocols has the server for sending by the name of -03 and later, and by
// that of -02, which programs still read.
type protocols struct {
	IMAP   *host `json:"imap,omitempty"`
	POP3   *host `json:"pop3,omitempty"`
	Submit *host `json:"submit,omitempty"`
	SMTP   *host `json:"smtp,omitempty"`
}

type host struct {
	Host string `json:"host"`
}

type authentication struct {
	Password bool `json:"password"`
}

type info struct {
	Provider struct {
		Name      string `json:"name"`
		ShortName string `json:"shortName"`
	} `json:"provider"`
	Help *help `json:"help,omitempty"`
}

type help struct {
	Documentation string `json:"documentation"`
}

// pacc writes the configuration, and the record with its digest, which holds
// for these bytes alone. OAuth2 is not written: the format's is for services at
// which any program may register by itself, and of none that is known here.
func (d *draft) pacc() error {
	if err := d.zones(); err != nil {
		return err
	}
	taken := map[settings.Protocol]bool{}
	err := d.keepWhole(func(s server) string {
		switch {
		case s.Security != settings.TLS || s.Port != settings.DefaultPort(s.Protocol, settings.TLS):
			return fmt.Sprintf("the format means SSL/TLS on port %d, and cannot say anything else", settings.DefaultPort(s.Protocol, settings.TLS))
		case !isName(s.Host):
			return "the format wants a name, and this is none"
		case s.first("password", "encrypted") == "":
			return "it takes no password, and the format's OAuth2 is for services at which any program may register by itself"
		case taken[s.Protocol]:
			return "the format names one server for each protocol"
		}
		taken[s.Protocol] = true
		return ""
	})
	if err != nil {
		return err
	}
	return d.configuration()
}

func (d *draft) configuration() error {
	c := configuration{Authentication: authentication{Password: true}}
	for _, s := range d.servers {
		at := &host{s.Host}
		switch s.Protocol {
		case settings.IMAP:
			c.Protocols.IMAP = at
		case settings.POP3:
			c.Protocols.POP3 = at
		case settings.SMTP:
			c.Protocols.Submit, c.Protocols.SMTP = at, at
		}
		if s.user() != settings.FullAddress {
			d.note("%s has no form for user names, and %s wants %s: programs will send the whole address", d.format, s.says(), s.user())
		}
	}
	c.Info.Provider.Name, c.Info.Provider.ShortName = d.title(), d.shortTitle()
	for _, h := range d.Help {
		if c.Info.Help == nil && strings.HasPrefix(h.URL, "https://") {
			c.Info.Help = &help{h.URL}
		}
	}
	e := json.NewEncoder(&d.text)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	if err := e.Encode(c); err != nil {
		return err
	}
	sum := sha256.Sum256(d.text.Bytes())
	for _, domain := range d.Domains {
		d.record += fmt.Sprintf("_ua-auto-config.%s. %d IN TXT \"v=UAAC1; a=sha256; d=%s\"\n", domain, ttl, base64.StdEncoding.EncodeToString(sum[:]))
	}
	return nil
}
