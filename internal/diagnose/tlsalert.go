package diagnose

import (
	"crypto/rsa"
	"crypto/x509"
	"fmt"

	"mailprobe/internal/finding"
	"mailprobe/internal/tlscheck"
)

// An alert of TLS, RFC 8446 §6 and the registry "TLS Alerts".
type alert struct {
	name  string           // as in the registry
	means finding.Sentence // completes "…: ", in plain words
}

var alerts = map[uint8]alert{
	0:   {"close_notify", "it ended the connection"},
	10:  {"unexpected_message", "a message came that does not belong there"},
	20:  {"bad_record_mac", "data arrived damaged"},
	21:  {"decryption_failed", "data arrived damaged"},
	22:  {"record_overflow", "a record is too long"},
	40:  {"handshake_failure", "the two sides have no method of encryption in common"},
	42:  {"bad_certificate", "a certificate is damaged or not acceptable"},
	43:  {"unsupported_certificate", "a certificate is of a kind that is not supported"},
	44:  {"certificate_revoked", "a certificate was revoked"},
	45:  {"certificate_expired", "a certificate has expired"},
	46:  {"certificate_unknown", "a certificate is not acceptable"},
	47:  {"illegal_parameter", "a value makes no sense"},
	48:  {"unknown_ca", "the authority of a certificate is not known"},
	49:  {"access_denied", "access is not allowed"},
	50:  {"decode_error", "a message cannot be read"},
	51:  {"decrypt_error", "a signature is wrong"},
	60:  {"export_restriction", "a method is not allowed for export"},
	70:  {"protocol_version", "the two sides have no version of TLS in common"},
	71:  {"insufficient_security", "the methods offered are too weak for it"},
	80:  {"internal_error", "something failed inside it, often for want of a certificate for this name"},
	86:  {"inappropriate_fallback", "something on the way forces an older version"},
	90:  {"user_canceled", "it gave up"},
	100: {"no_renegotiation", "it does not renegotiate"},
	109: {"missing_extension", "something is missing in the offer"},
	110: {"unsupported_extension", "an extension is not supported"},
	112: {"unrecognized_name", "it does not know this name"},
	113: {"bad_certificate_status_response", "the status of a certificate is not acceptable"},
	115: {"unknown_psk_identity", "a key is not known"},
	116: {"certificate_required", "it demands a client certificate"},
	120: {"no_application_protocol", "it insists on the name of a protocol (ALPN)"},
	121: {"ech_required", "it demands an encrypted name"},
}

// alerted puts an alert into words. Some have a code of their own.
func alerted(f *finding.Finding, e *tlscheck.HandshakeError) {
	const damaged, damagedOld, version, fallback, name, protocol = 20, 21, 70, 86, 112, 120
	f.Remedy = "Show this report to the provider. Another port or host of the provider may be set up better."
	if e.Local {
		refusedHere(f, e)
		return
	}
	number := fmt.Sprint(e.Alert)
	a, ok := alerts[e.Alert]
	if !ok {
		a = alert{number, "for a reason that has no name"}
	}
	f.Code, f.Message = "tls.alert_"+a.name, "{server} refuses the TLS handshake: "+a.means+" (alert {alert}, {name})."
	f.Args = finding.Args{"alert": number, "name": a.name}
	switch e.Alert {
	case name:
		nameRefused(f)
	case protocol:
		f.Code = "tls.alpn_required"
	case damaged, damagedOld:
		f.Code, f.Remedy = "tls.corrupted", "Try from another network, without VPN and security software."
	case version:
		f.Remedy = "The provider must enable TLS 1.2 or 1.3."
	case fallback:
		f.Code, f.Remedy = "tls.downgrade_detected", "Do not sign in here. Try from another network."
	}
}

// refusedHere is for alerts that this side sent: the server's offer or
// message was not acceptable.
func refusedHere(f *finding.Finding, e *tlscheck.HandshakeError) {
	const damaged, version = 20, 70
	switch {
	case len(e.Chain) > 0 && weakerThan(e.Chain[0], leastRSA):
		tooWeak(f, e)
	case e.Alert == version:
		f.Code, f.Message = "tls.version_legacy_only", "{server} chooses a version of TLS before 1.2. Current mail programs refuse it (RFC 8997)."
		f.Remedy = "The provider must enable TLS 1.2 or 1.3."
	case e.Alert == damaged:
		f.Code, f.Message = "tls.corrupted", "The encrypted data from {server} arrives damaged."
		f.Remedy = "Try from another network, without VPN and security software."
	default:
		f.Code, f.Message = "tls.failed", "What {server} sent in the TLS handshake is not acceptable: {reason}."
		f.Args = finding.Args{"reason": quoted(withoutAddresses(e.Err))}
	}
}

// leastRSA is the size below which crypto/tls makes no handshake.
const leastRSA = 1024

func weakerThan(c *x509.Certificate, bits int) bool {
	key, ok := c.PublicKey.(*rsa.PublicKey)
	return ok && key.N.BitLen() < bits
}

func tooWeak(f *finding.Finding, e *tlscheck.HandshakeError) {
	key := e.Chain[0].PublicKey.(*rsa.PublicKey)
	f.Code, f.Args = "cert.key_weak", finding.Args{"bits": fmt.Sprint(key.N.BitLen())}
	f.Message = "The key in the certificate of {server} has only {bits} bits; anyone can break it. Current mail programs refuse it."
	f.Remedy = "The provider must install a certificate with an RSA key of 2048 bits or a P-256 key."
}
