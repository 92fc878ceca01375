package tlscheck

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"time"
)

const (
	maxChain  = 20   // certificates that are examined
	maxNames  = 200  // names that are kept of a certificate
	maxDated  = 6    // issuers whose dates are tried
	maxRSABit = 8192 // larger keys only cost time; crypto/tls refuses them in a leaf
)

func describe(ctx context.Context, cs tls.ConnectionState, serverName string, cfg Config) *State {
	s := &State{
		ServerName:  serverName,
		Version:     cs.Version,
		CipherSuite: cs.CipherSuite,
		Group:       cs.CurveID,
		HelloRetry:  cs.HelloRetryRequest,
		Chain:       cs.PeerCertificates,
		SystemTrust: TrustUnknown, MozillaTrust: TrustUnknown,
	}
	verified := false
	if len(s.Chain) > 0 {
		verified = newExam(ctx, s, cs.OCSPResponse, cfg).run()
	}
	s.seal = &seal{of: s, verified: verified, serverName: s.ServerName, version: s.Version}
	return s
}

// An exam asks everything there is to ask of one chain.
type exam struct {
	ctx    context.Context
	cfg    Config
	now    time.Time
	state  *State
	leaf   *x509.Certificate
	sent   []*x509.Certificate // what is examined of the chain, leaf first
	staple []byte
	system system
	study
}

// A study is the part of an exam that costs signatures. It may have been
// made for an earlier connection that showed the same; see Verifier.
type study struct {
	path    []*x509.Certificate // from the leaf to the last issuer that was sent
	store   Store               // that decides
	roots   *x509.CertPool      // of that store; nil: the system's own verifier
	verdict error               // of a verifying client: one call, all conditions
	decides opinion
	second  opinion // Mozilla's, also if it decides
	doubt   *Cause  // why the second opinion differs; nil: it does not
	ocsp    stapled
}

func newExam(ctx context.Context, s *State, staple []byte, cfg Config) *exam {
	x := &exam{ctx: ctx, cfg: cfg, now: cfg.now(), state: s, leaf: s.Chain[0], staple: staple, system: systemOf(cfg)}
	for i, c := range s.Chain[:min(len(s.Chain), maxChain)] {
		if i == 0 || keyBits(c) <= maxRSABit {
			x.sent = append(x.sent, c)
		}
	}
	return x
}

// run fills in the State and reports whether a verifying client accepts.
func (x *exam) run() bool {
	x.study = x.cfg.Verifier.study(x)
	x.tell()
	for _, check := range []func(){
		x.checkName, x.checkLeafTime, x.checkChainTime,
		x.checkAuthority, x.checkDoubt,
		x.checkUse, x.checkKeyUsage, x.checkIssuers, x.checkConstraints,
		x.checkKeys, x.checkSignatures, x.checkLifetime,
		x.checkStaple, x.checkOrder,
	} {
		check()
	}
	if x.verdict != nil && !x.refused() {
		x.add(Cause{Kind: Invalid, Fatal: true, Detail: x.verdict.Error()})
	}
	return x.verdict == nil && !x.refused()
}

// examine makes the study.
func (x *exam) examine() study {
	x.askStores()
	x.doubt = x.doubtful()
	x.ocsp = x.readStaple()
	return x.study
}

// verify asks as a verifying client does: one call, all conditions.
func (x *exam) verify() ([][]*x509.Certificate, error) {
	if x.state.ServerName == "" {
		return nil, errors.New("no name to verify")
	}
	if x.system.empty && x.store != StoreMozilla {
		return nil, errors.New("no root certificates")
	}
	return x.leaf.Verify(x509.VerifyOptions{
		DNSName:       x.state.ServerName,
		Roots:         x.roots,
		Intermediates: poolOf(x.sent[1:]),
		CurrentTime:   x.now,
	})
}

func (x *exam) add(c Cause) { x.state.Causes = append(x.state.Causes, c) }

func (x *exam) refused() bool {
	for _, c := range x.state.Causes {
		if c.Fatal {
			return true
		}
	}
	return false
}
