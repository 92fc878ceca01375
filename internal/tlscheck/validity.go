package tlscheck

import (
	"crypto/x509"
	"time"
)

const day = 24 * time.Hour

func days(d time.Duration) int { return int(d / day) }

func (x *exam) checkLeafTime() {
	left := x.leaf.NotAfter.Sub(x.now)
	switch {
	case x.now.Before(x.leaf.NotBefore):
		x.add(Cause{Kind: NotYetValid, Fatal: true, Cert: x.leaf, At: x.leaf.NotBefore, Days: days(x.leaf.NotBefore.Sub(x.now))})
	case left < 0:
		x.add(Cause{Kind: Expired, Fatal: true, Cert: x.leaf, At: x.leaf.NotAfter, Days: days(-left)})
	case left < x.warning():
		x.add(Cause{Kind: ExpiresSoon, Cert: x.leaf, At: x.leaf.NotAfter, Days: days(left)})
	}
}

// warning returns the time before the leaf's end from which on a renewal is
// overdue. A fixed number of days is wrong where certificates live for six
// days or 47: 90 days give 15, 47 give 8, 6 give one, 398 give 21.
func (x *exam) warning() time.Duration {
	if x.cfg.ExpiryWarning > 0 {
		return x.cfg.ExpiryWarning
	}
	lifetime := x.leaf.NotAfter.Sub(x.leaf.NotBefore)
	return min(max(lifetime/6, day), 21*day)
}

// checkChainTime names the issuers that are out of their period. They are
// fatal only if every chain to a root needs one.
func (x *exam) checkChainTime() {
	issuers := x.path[1:]
	fatal := false
	if o := x.decides; o.trust == TrustYes && !o.current {
		issuers, fatal = o.chains[0][1:], true
	}
	for _, c := range issuers {
		if validAt(c, x.now) {
			continue
		}
		x.add(Cause{
			Kind: ChainCertExpired, Fatal: fatal || x.decides.trust != TrustYes, Cert: c,
			Detail: title(c), At: boundary(c, x.now), Days: days(x.now.Sub(c.NotAfter)),
		})
	}
}

// boundary returns the end of c's period that now is beyond.
func boundary(c *x509.Certificate, now time.Time) time.Time {
	if now.Before(c.NotBefore) {
		return c.NotBefore
	}
	return c.NotAfter
}

// limits are the longest lifetimes that the CA/Browser Forum's Baseline
// Requirements §6.3.2 allow, by the day of issue, latest first.
var limits = []struct {
	from time.Time
	days int
}{
	{time.Date(2029, 3, 15, 0, 0, 0, 0, time.UTC), 47},
	{time.Date(2027, 3, 15, 0, 0, 0, 0, time.UTC), 100},
	{time.Date(2026, 3, 15, 0, 0, 0, 0, time.UTC), 200},
	{time.Date(2020, 9, 1, 0, 0, 0, 0, time.UTC), 398},
	{time.Date(2018, 3, 1, 0, 0, 0, 0, time.UTC), 825},
}

// lifetimeOfAll is Apple's limit for every authority, a private one too.
const lifetimeOfAll = 825

// AppleDays is the lifetime beyond which Apple refuses certificates of public
// authorities, issued since September 2020.
const AppleDays = 398

// checkLifetime holds public authorities to their own rules. A private one
// may do as it likes, but for Apple.
func (x *exam) checkLifetime() {
	lifetime := x.leaf.NotAfter.Sub(x.leaf.NotBefore) + time.Second // both ends count
	which, limit := CasePrivate, lifetimeOfAll
	if x.state.MozillaTrust == TrustYes {
		which, limit = CasePublic, publicLimit(x.leaf.NotBefore)
	} else if x.leaf.NotBefore.Before(useFrom) {
		return
	}
	if limit > 0 && lifetime > time.Duration(limit)*day {
		x.refuse(Cause{Kind: LifetimeTooLong, Case: which, Cert: x.leaf, Days: days(lifetime), Limit: limit})
	}
}

// publicLimit returns how many days a public authority could issue for; 0:
// there was no limit.
func publicLimit(issued time.Time) int {
	for _, l := range limits {
		if !issued.Before(l.from) {
			return l.days
		}
	}
	return 0
}
