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

func clientCertRequired(f *finding.Finding) {
	f.Code, f.Message = "tls.client_cert_required", "{server} demands a client certificate and refuses the connection without an acceptable one. No ordinary mail program gets in."
	f.Remedy = "Install the client certificate that the organisation has issued, or ask its administrator."
}

func handshakeFinding(r *probe.Result, e *tlscheck.HandshakeError) finding.Finding {
	f := finding.Finding{Phase: r.FailedStep().Phase, Evidence: finding.Saw(withoutAddresses(e.Err))}
	switch {
	case e.CertDemanded():
		clientCertRequired(&f)
	case e.Explained != nil && e.Explained.Reason != "":
		explained(&f, e.Explained)
	case e.Failure == tlscheck.Alert:
		alerted(&f, e)
	case len(e.Chain) > 0 && weakerThan(e.Chain[0], leastRSA):
		tooWeak(&f, e)
	default:
		cutShort(&f, r, e)
	}
	return about(r, f)
}

// explained puts into words what the raw hellos showed.
func explained(f *finding.Finding, x *tlscheck.Explanation) {
	if o, ok := tlscheck.OfferFor(*x); ok {
		uncommon(f, x, o)
		return
	}
	switch x.Reason {
	case tlscheck.Unreadable:
		unreadable(f, x)
	case tlscheck.LegacyVersion:
		f.Code, f.Args = "tls.version_legacy_only", finding.Args{"version": rawhello.VersionName(x.Version)}
		f.Message = "{server} speaks nothing newer than {version}. Current mail programs refuse it (RFC 8997)."
		f.Remedy = "The provider must enable TLS 1.2 or 1.3."
	case tlscheck.NoCommonCipher:
		f.Code, f.Args = "tls.no_common_cipher", finding.Args{"suite": rawhello.SuiteName(x.Suite)}
		f.Message = "{server} has no encryption method in common with current mail programs; it chooses {suite}. Only programs with old methods still connect."
		if x.DHBits > 0 {
			f.Args["bits"] = fmt.Sprint(x.DHBits)
			f.Message = "{server} has no encryption method in common with current mail programs; it chooses {suite} with a Diffie-Hellman group of {bits} bits. Only programs with old methods still connect."
		}
		f.Remedy = "The provider must enable ECDHE cipher suites with AES-GCM."
	case tlscheck.NoCommonGroup:
		f.Code, f.Args = "tls.no_common_group", finding.Args{"group": rawhello.GroupName(x.Group)}
		f.Message = "{server} has no key exchange group in common with current mail programs; it chooses {group}."
		f.Remedy = "The provider must enable the groups X25519 and P-256."
	case tlscheck.SHA1Signatures:
		f.Code = "tls.sigalg_sha1"
		f.Message = "{server} can sign its handshake only with SHA-1, which current mail programs refuse."
		f.Remedy = "The provider must allow signatures with SHA-256."
	case tlscheck.NameRefused:
		nameRefused(f)
	case tlscheck.LargeHello:
		f.Code = largeHelloCode
		f.Message = "{server} does not answer the long first message of modern TLS, but answers a short one: a fault of the server or of a firewall before it. New mail programs hang here."
		f.Remedy = "Try from another network. If it is the same there, the provider must update the server or its firewall (see tldr.fail)."
	case tlscheck.LargeAnswer:
		largeLost(f)
	}
}

// uncommon is for a method that some mail programs have: they connect, and
// what they find there is not known.
func uncommon(f *finding.Finding, x *tlscheck.Explanation, o tlscheck.Offer) {
	f.Code = "tls.method_uncommon"
	f.Args = finding.Args{"method": rawhello.SuiteName(x.Suite), "takers": allOf(o.Those(tlscheck.Takes)), "refusers": allOf(o.Those(tlscheck.Refuses))}
	f.Message = "{server} chooses a method of encryption ({method}) that not every mail program has. Programs with {takers} connect, those with {refusers} do not. Nor does this program, so what is behind it was not judged."
	f.Remedy = "The provider should enable ECDHE cipher suites with AES-GCM, and the groups X25519 and P-256."
	if x.Reason == tlscheck.RareKey {
		f.Args["method"] = rawhello.SignatureName(x.Signature)
		f.Message = "{server} proves who it is with a key ({method}) that not every mail program takes. Programs with {takers} connect, those with {refusers} do not. Nor does this program, so what is behind it was not judged."
		f.Remedy = "The provider should install a certificate with an RSA key of 2048 bits or a P-256 key, beside or in place of this one."
	}
	if x.Reason == tlscheck.NoCommonGroup {
		f.Args["method"] = rawhello.GroupName(x.Group)
	}
}

// unreadable is for a certificate that the library of this program refuses to
// read, and others may take.
func unreadable(f *finding.Finding, x *tlscheck.Explanation) {
	f.Code, f.Args = "cert.unreadable", finding.Args{"reason": quoted(x.Detail)}
	f.Message = "{server} shows a certificate that breaks the standard, and that this program cannot read: {reason}. So what is behind it was not judged."
	f.Remedy = "The provider should have the certificate issued anew. Check first whether a security program on this computer or in this network has replaced it."
	if p, ok := tlscheck.UnreadBy(*x); ok {
		f.Args["takers"], f.Args["refusers"] = allOf(p.Those(tlscheck.Takes)), allOf(p.Those(tlscheck.Refuses))
		f.Message = f.Message.Then("Programs with {takers} take it, those with {refusers} do not; of others it is not known.")
	}
}

const (
	largeLostCode  = "net.large_packets_lost"
	largeHelloCode = "tls.large_hello_intolerant"
)

func largeLost(f *finding.Finding) {
	f.Code = largeLostCode
	f.Message = "{server} is reached, and its short answers arrive, but its long ones do not: large packets are lost on the way."
	f.Remedy = againstLoss
}

const againstLoss = "A VPN, a DSL line (PPPoE) or a firewall that drops ICMP is the usual reason. Switch the VPN off or lower the MTU of this network connection, such as to 1280, and try again; ask whoever runs this network to let ICMP \"fragmentation needed\" pass."

func nameRefused(f *finding.Finding) {
	f.Code, f.Args = "tls.sni_rejected", nil
	f.Message = "{server} refuses the name \"{host}\", for which it has no certificate."
	f.Remedy = "Check the host name against the provider's settings page. If it is right, the provider must set the server up for it."
}

// cutShort is for handshakes that ended without a word.
func cutShort(f *finding.Finding, r *probe.Result, e *tlscheck.HandshakeError) {
	f.Args = finding.Args{"bytes": fmt.Sprint(e.Got)}
	f.Remedy = "Try from another network, without VPN and security software. If it is the same there, the provider must look into the server."
	switch e.Failure {
	case tlscheck.Timeout:
		f.Code, f.Blame = "tls.handshake_timeout", finding.Tool // the limit was this program's own
		f.Args["waited"] = seconds(r.FailedStep().Limit)
		f.Remedy = waitLonger
		f.Message = "{server} accepts the connection, but has not begun to encrypt it within {waited} s (TLS handshake, {bytes} bytes came). It may only be slow: no standard sets it a limit."
	case tlscheck.Closed:
		f.Code = "tls.handshake_closed"
		f.Message = "{server} hangs up while encryption is being set up (TLS handshake, {bytes} bytes came)."
	case tlscheck.Reset:
		f.Code = "tls.handshake_reset"
		f.Message = "The connection to {server} is cut while encryption is being set up (TLS handshake, {bytes} bytes came), by the server or by something on the way."
	default:
		f.Code, f.Args = "tls.failed", finding.Args{"reason": quoted(withoutAddresses(e.Err))}
		f.Severity, f.Blame = finding.Warning, finding.Tool // nobody but this program's library says so
		f.Message = "This program cannot complete the handshake with {server}: {reason}. Whether mail programs can is not known."
		f.Remedy = "Show this report to the provider, and try the setting with a mail program."
	}
}
