package diagnose

import (
	"fmt"
	"time"
)

// date writes a day as people read it. The zone is UTC, as in certificates.
func date(t time.Time) string { return t.UTC().Format("2 January 2006") }

// dayCount writes a number of days, of which there may be none.
func dayCount(n int) string {
	switch n {
	case 0:
		return "less than a day"
	case 1:
		return "1 day"
	}
	return fmt.Sprintf("%d days", n)
}

func sayExpired(c certCase) words {
	return words{
		message: fmt.Sprintf("The certificate of %s expired %s ago, on %s. Every mail program warns or refuses.", c.at(), dayCount(c.cause.Days), date(c.cause.At)),
		remedy:  "Check the date of this computer. If it is right, the provider must renew the certificate.",
	}
}

func sayNotYetValid(c certCase) words {
	return words{
		message: fmt.Sprintf("By the clock of this computer the certificate of %s becomes valid only in %s, on %s. Mostly the clock is wrong.", c.at(), dayCount(c.cause.Days), date(c.cause.At)),
		remedy:  "Set date, time and time zone of this computer. If they are right, the provider must install a certificate that is valid already.",
	}
}

func sayExpiresSoon(c certCase) words {
	return words{
		message: fmt.Sprintf("The certificate of %s expires in %s, on %s. From then on every mail program warns or refuses.", c.at(), dayCount(c.cause.Days), date(c.cause.At)),
		remedy:  "The provider should renew it now; by its lifetime the renewal is overdue.",
	}
}

func sayChainCertExpired(c certCase) words {
	name, at := quoted(c.cause.Detail), date(c.cause.At)
	outside := fmt.Sprintf("expired on %s", at)
	if c.cause.Cert != nil && c.cause.At.Equal(c.cause.Cert.NotBefore) {
		outside = fmt.Sprintf("is not valid before %s", at)
	}
	w := words{
		message: fmt.Sprintf("The certificate %s in the chain of %s %s. Every mail program warns or refuses.", name, c.at(), outside),
		remedy:  "The provider must install the current intermediate certificate.",
	}
	if !c.cause.Fatal {
		w.message = fmt.Sprintf("The certificate %s in the chain of %s %s. Current mail programs find another way to a root; old ones refuse.", name, c.at(), outside)
	}
	return w
}

func sayLifetime(c certCase) words {
	return words{
		message: fmt.Sprintf("The certificate of %s is valid for %d days; public authorities may issue for %d. Apple's programs refuse such certificates.", c.at(), c.cause.Days, c.cause.Limit),
		remedy:  "The provider should have the certificate issued anew for a shorter time.",
	}
}

func sayRevoked(c certCase) words {
	return words{
		message: fmt.Sprintf("The authority has revoked the certificate of %s on %s, and the server itself attaches the proof. Mail programs that look refuse it.", c.at(), date(c.cause.At)),
		remedy:  "Do not sign in here. The provider must install a new certificate at once.",
	}
}

func sayStale(c certCase) words {
	return words{
		message: fmt.Sprintf("%s attaches a proof of validity (an OCSP staple) that ended on %s. Strict programs such as Thunderbird refuse it.", c.at(), date(c.cause.At)),
		remedy:  "The provider must repair OCSP stapling.",
	}
}
