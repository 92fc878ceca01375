package diagnose

import (
	"fmt"
	"net/netip"

	"mailprobe/internal/finding"
)

func sayNameMismatch(c certCase) words {
	host := c.state.ServerName
	w := words{
		message: fmt.Sprintf("The certificate of %s is for %s, not for %s. Every mail program warns or refuses.", c.at(), some(c.cause.Names), host),
		remedy:  fmt.Sprintf("Check the host name against the provider's settings page. If it is right, the provider must add %s to the certificate.", host),
	}
	switch _, err := netip.ParseAddr(host); {
	case err == nil:
		w.message = fmt.Sprintf("%s was addressed by a number, and its certificate is not for that number but for %s. Every mail program warns or refuses.", c.at(), some(c.cause.Names))
		w.remedy, w.blame = "Enter the provider's host name instead of the number.", finding.Catalogue
	case len(c.cause.Names) == 0:
		w.message = fmt.Sprintf("The certificate of %s names no host at all. Every mail program warns or refuses.", c.at())
	case c.cause.Nearest != "":
		w.message += fmt.Sprintf(" It would match %s.", quoted(c.cause.Nearest))
		w.remedy = fmt.Sprintf("Use %s if the provider's settings page names it. Otherwise the provider must add %s to the certificate.", quoted(c.cause.Nearest), host)
		w.blame = finding.Catalogue
	}
	return w
}

func sayNoSAN(c certCase) words {
	return words{
		message: fmt.Sprintf("The certificate of %s names a host only in the Common Name (%s), a place that programs have not looked at for years. Every mail program refuses it.", c.at(), quoted(c.cause.Detail)),
		remedy:  fmt.Sprintf("The provider must have the certificate issued anew, with %s among its subject alternative names.", c.state.ServerName),
	}
}
