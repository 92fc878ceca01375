package diagnose

import (
	"errors"
	"fmt"

	"mailprobe/internal/finding"

	"mailprobe/internal/probe"
	"mailprobe/internal/tlscheck"
	"mailprobe/internal/tlscheck/rawhello"
)

// tlsFindings says why no encrypted connection came about and, where one
// did, what is worth knowing of it. A port that does not speak TLS is another
// rule's.
func tlsFindings(r *probe.Result, _ Context) []finding.Finding {
	if e := handshakeError(r); e != nil {
		return []finding.Finding{handshakeFinding(r, e)}
	}
	if r.TLS == nil {
		return nil
	}
	return sessionFindings(r)
}

// handshakeError returns the failed handshake, or the refusal at its first
// use, with which a probe ended; nil: there is none, or a fault of the
// protocol explains it.
func handshakeError(r *probe.Result) *tlscheck.HandshakeError {
	f := r.FailedStep()
	var e *tlscheck.HandshakeError
	var p *probe.ProtocolError
	if f == nil || !errors.As(f.Err, &e) || errors.As(f.Err, &p) {
		return nil
	}
	if e.Failure == tlscheck.Plaintext || e.Failure == tlscheck.Canceled {
		return nil
	}
	return e
}

func clientCertRequired(f *finding.Finding, at string) {
	f.Code, f.Blame = "tls.client_cert_required", finding.Account
	f.Message = at + " demands a client certificate and refuses the connection without an acceptable one. No ordinary mail program gets in."
	f.Remedy = "Install the client certificate that the organisation has issued, or ask its administrator."
}

func handshakeFinding(r *probe.Result, e *tlscheck.HandshakeError) finding.Finding {
	f := finding.Finding{Severity: finding.Error, Blame: finding.Provider, Phase: r.FailedStep().Phase, Evidence: finding.Saw(e.Err.Error())}
	at := r.Endpoint.Address()
	switch {
	case e.CertDemanded():
		clientCertRequired(&f, at)
	case e.Explained != nil && e.Explained.Reason != "":
		explained(&f, at, e)
	case e.Failure == tlscheck.Alert:
		alerted(&f, at, e)
	case len(e.Chain) > 0 && weakerThan(e.Chain[0], leastRSA):
		tooWeak(&f, at, e)
	default:
		cutShort(&f, at, e)
	}
	return f
}

// explained puts into words what the raw hellos showed.
func explained(f *finding.Finding, at string, e *tlscheck.HandshakeError) {
	x := e.Explained
	switch x.Reason {
	case tlscheck.LegacyVersion:
		f.Code = "tls.version_legacy_only"
		f.Message = fmt.Sprintf("%s speaks nothing newer than %s. Current mail programs refuse it (RFC 8997).", at, rawhello.VersionName(x.Version))
		f.Remedy = "The provider must enable TLS 1.2 or 1.3."
	case tlscheck.NoCommonCipher:
		f.Code = "tls.no_common_cipher"
		f.Message = fmt.Sprintf("%s has no encryption method in common with current mail programs; it chooses %s. Only programs with old methods still connect.", at, rawhello.SuiteName(x.Suite))
		f.Remedy = "The provider must enable ECDHE cipher suites with AES-GCM."
	case tlscheck.NoCommonGroup:
		f.Code = "tls.no_common_group"
		f.Message = fmt.Sprintf("%s has no key exchange group in common with current mail programs; it chooses %s.", at, rawhello.GroupName(x.Group))
		f.Remedy = "The provider must enable the groups X25519 and P-256."
	case tlscheck.SHA1Signatures:
		f.Code = "tls.sigalg_sha1"
		f.Message = fmt.Sprintf("%s can sign its handshake only with SHA-1, which current mail programs refuse.", at)
		f.Remedy = "The provider must allow signatures with SHA-256."
	case tlscheck.NameRefused:
		nameRefused(f, at, e)
	case tlscheck.LargeHello:
		f.Code = "tls.large_hello_intolerant"
		f.Message = fmt.Sprintf("%s does not answer the long first message of modern TLS, but answers a short one: a fault of the server or of a firewall before it. New mail programs hang here.", at)
		f.Remedy = "Try from another network. If it is the same there, the provider must update the server or its firewall (see tldr.fail)."
	}
}

func nameRefused(f *finding.Finding, at string, e *tlscheck.HandshakeError) {
	f.Code, f.Blame = "tls.sni_rejected", finding.Catalogue
	f.Message = fmt.Sprintf("%s refuses the name %s, for which it has no certificate.", at, quoted(e.ServerName))
	f.Remedy = "Check the host name against the provider's settings page. If it is right, the provider must set the server up for it."
}

// cutShort is for handshakes that ended without a word.
func cutShort(f *finding.Finding, at string, e *tlscheck.HandshakeError) {
	f.Remedy = "Try from another network, without VPN and security software. If it is the same there, the provider must look into the server."
	switch e.Failure {
	case tlscheck.Timeout:
		f.Code = "tls.handshake_timeout"
		f.Message = fmt.Sprintf("%s accepts the connection, but then does not begin to encrypt it in time (TLS handshake, %d bytes came).", at, e.Got)
	case tlscheck.Closed:
		f.Code = "tls.handshake_closed"
		f.Message = fmt.Sprintf("%s hangs up while encryption is being set up (TLS handshake, %d bytes came).", at, e.Got)
	case tlscheck.Reset:
		f.Code, f.Blame = "tls.handshake_reset", finding.LocalNetwork
		f.Message = fmt.Sprintf("The connection to %s is cut while encryption is being set up (TLS handshake, %d bytes came), by the server or by something on the way.", at, e.Got)
	default:
		f.Code = "tls.failed"
		f.Message = fmt.Sprintf("No secure connection to %s can be made: %s.", at, quoted(e.Err.Error()))
		f.Remedy = "Show this report to the provider."
	}
}
