package lab

import (
	"strings"
	"time"
)

// A banner is the text of a greeting, behind the status.
type banner struct {
	imap, pop3, smtp string
	bare             bool // the IMAP greeting lists no capabilities
}

// banners holds the greetings of providers whose hosts end in suffix. Names
// of machines and numbers of versions are left out.
var banners = []struct {
	suffix string
	banner
}{
	{".office365.com", banner{
		imap: "The Microsoft Exchange IMAP4 service is ready.",
		pop3: "The Microsoft Exchange POP3 service is ready.",
		smtp: "{host} Microsoft ESMTP MAIL Service ready at {date}",
		bare: true,
	}},
	{".gmail.com", banner{
		imap: "Gimap ready for requests from 127.0.0.1",
		pop3: "Gpop ready for requests from 127.0.0.1",
		smtp: "{host} ESMTP - gsmtp",
		bare: true,
	}},
	{"", banner{
		imap: "{host} IMAP4 server ready",
		pop3: "{host} POP3 server ready",
		smtp: "{host} ESMTP",
	}},
}

// banner returns how the server greets.
func (s *server) banner() banner {
	fill := strings.NewReplacer("{host}", s.Endpoint.Host, "{date}", time.Now().Format(time.RFC1123Z))
	var b banner
	for _, row := range banners {
		if strings.HasSuffix(s.Endpoint.Host, row.suffix) {
			b = row.banner
			break
		}
	}
	b.imap, b.pop3, b.smtp = fill.Replace(b.imap), fill.Replace(b.pop3), fill.Replace(b.smtp)
	return b
}

// imapGreeting returns what stands behind "* OK ".
func (b banner) imapGreeting(caps string) string {
	if b.bare {
		return b.imap
	}
	return "[CAPABILITY " + caps + "] " + b.imap
}
