package report

import (
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/rsa"
	"crypto/x509"
	"fmt"
	"strings"
	"time"

	"mailprobe/internal/finding"
	"mailprobe/internal/safe"
	"mailprobe/internal/settings"
	"mailprobe/internal/verify"
)

// whoActs says for each blame who must act and who sees the fault.
var whoActs = map[finding.Blame]string{
	finding.Provider:     "The provider must repair this. Everybody who uses this server is likely to see it.",
	finding.Catalogue:    "Whoever publishes these settings must correct them. Everybody who follows them sees it.",
	finding.Account:      "You, or whoever manages this account. Other accounts may work.",
	finding.LocalNetwork: "Whoever runs the network that this computer is on. Elsewhere it may work.",
	finding.LocalMachine: "Whoever looks after this computer. On other computers it may work.",
	finding.Tool:         "This is about mailprobe itself. It does not mean that your settings are wrong.",
}

func address(e settings.Endpoint) string { return safe.Display(e.Address()) }

// asTyped returns what is typed into a mail program for an endpoint.
func asTyped(e settings.Endpoint) string {
	return fmt.Sprintf("server %s, port %d, security %s", safe.Display(e.Host), e.Port, e.Security.Name())
}

// title names an endpoint in a heading.
func title(e settings.Endpoint) string {
	security := e.Security.Name()
	if e.Security == settings.Plain {
		security = "without encryption"
	}
	return e.Protocol.Name() + " " + address(e) + " " + security
}

// targetName returns the provider's name, and the target as typed if it is
// another word.
func targetName(r *verify.Report) string {
	typed := safe.Display(r.Target)
	if r.Provider == nil || r.Provider.Name == "" {
		return typed
	}
	name := safe.Display(r.Provider.Name)
	known := append([]string{"", r.Provider.ID, r.Provider.Name}, r.Provider.Aliases...)
	for _, k := range known {
		if strings.EqualFold(k, r.Target) {
			return name
		}
	}
	return name + " (" + typed + ")"
}

// seconds shows a time as people read it: "0.4 s".
func seconds(d time.Duration) string {
	if d < 100*time.Millisecond && d > 0 {
		return fmt.Sprintf("%.2f s", d.Seconds())
	}
	return fmt.Sprintf("%.1f s", d.Seconds())
}

// validity says how long a certificate is still good at a time.
func validity(c *x509.Certificate, now time.Time) string {
	switch left := c.NotAfter.Sub(now); {
	case left < 0:
		return "expired"
	case now.Before(c.NotBefore):
		return "not yet"
	case left < 24*time.Hour:
		return "today"
	default:
		return "in " + count(int(left.Hours()/24), "day")
	}
}

// remaining is validity as half a sentence.
func remaining(c *x509.Certificate, now time.Time) string {
	switch v := validity(c, now); v {
	case "expired":
		return v
	case "not yet":
		return "not good yet"
	default:
		return "ends " + v
	}
}

// count says how many there are of a thing: "1 day", "2 days".
func count(n int, thing string) string {
	if n != 1 {
		thing += "s"
	}
	return fmt.Sprintf("%d %s", n, thing)
}

// keyName returns a certificate's kind and size of key: "RSA 2048".
func keyName(c *x509.Certificate) string {
	switch k := c.PublicKey.(type) {
	case *rsa.PublicKey:
		return fmt.Sprintf("RSA %d", k.N.BitLen())
	case *ecdsa.PublicKey:
		return "ECDSA " + k.Params().Name
	case ed25519.PublicKey:
		return "Ed25519"
	default:
		return c.PublicKeyAlgorithm.String()
	}
}
