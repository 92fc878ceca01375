package diagnose

import (
	"crypto/x509"
	"go/ast"
	"go/parser"
	"go/token"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
	"unicode"

	"mailprobe/internal/finding"
	"mailprobe/internal/probe"
	"mailprobe/internal/settings"
	"mailprobe/internal/tlscheck"
)

func imaps(s *tlscheck.State) *probe.Result {
	return &probe.Result{
		Endpoint: settings.Endpoint{Protocol: settings.IMAP, Host: "imap.example.net", Port: 993, Security: settings.TLS},
		TLS:      s,
	}
}

func TestCertFindings(t *testing.T) {
	end := time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC)
	for _, r := range []struct {
		name  string
		state tlscheck.State
		cause tlscheck.Cause
		want  finding.Finding
	}{
		{"name", tlscheck.State{}, tlscheck.Cause{Kind: tlscheck.NameMismatch, Fatal: true, Names: []string{"imaps.example.net", "a", "b", "c", "d"}, Nearest: "imaps.example.net"}, finding.Finding{
			Code: "cert.name_mismatch", Severity: finding.Error, Blame: finding.Catalogue,
			Message: `The certificate of imap.example.net:993 is for "imaps.example.net", "a", "b" and 2 more, not for imap.example.net. Every mail program warns or refuses. It would match "imaps.example.net".`,
			Remedy:  `Use "imaps.example.net" if the provider's settings page names it. Otherwise the provider must add imap.example.net to the certificate.`,
		}},
		{"two names", tlscheck.State{}, tlscheck.Cause{Kind: tlscheck.NameMismatch, Fatal: true, Names: []string{"a.example", "b.example"}}, finding.Finding{
			Code: "cert.name_mismatch", Severity: finding.Error, Blame: finding.Provider,
			Message: `The certificate of imap.example.net:993 is for "a.example" and "b.example", not for imap.example.net. Every mail program warns or refuses.`,
			Remedy:  "Check the host name against the provider's settings page. If it is right, the provider must add imap.example.net to the certificate.",
		}},
		{"no better name", tlscheck.State{}, tlscheck.Cause{Kind: tlscheck.NameMismatch, Fatal: true, Names: []string{"hosting.example"}}, finding.Finding{
			Code: "cert.name_mismatch", Severity: finding.Error, Blame: finding.Provider,
			Message: `The certificate of imap.example.net:993 is for "hosting.example", not for imap.example.net. Every mail program warns or refuses.`,
			Remedy:  "Check the host name against the provider's settings page. If it is right, the provider must add imap.example.net to the certificate.",
		}},
		{"no name", tlscheck.State{}, tlscheck.Cause{Kind: tlscheck.NameMismatch, Fatal: true}, finding.Finding{
			Code: "cert.name_mismatch", Severity: finding.Error, Blame: finding.Provider,
			Message: "The certificate of imap.example.net:993 names no host at all. Every mail program warns or refuses.",
			Remedy:  "Check the host name against the provider's settings page. If it is right, the provider must add imap.example.net to the certificate.",
		}},
		{"number", tlscheck.State{ServerName: "192.0.2.1"}, tlscheck.Cause{Kind: tlscheck.NameMismatch, Fatal: true, Names: []string{"imap.example.net"}}, finding.Finding{
			Code: "cert.name_mismatch", Severity: finding.Error, Blame: finding.Catalogue,
			Message: `192.0.2.1:993 was addressed by a number, and its certificate is not for that number but for "imap.example.net". Every mail program warns or refuses.`,
			Remedy:  "Enter the provider's host name instead of the number.",
		}},
		{"expired", tlscheck.State{}, tlscheck.Cause{Kind: tlscheck.Expired, Fatal: true, At: end, Days: 3}, finding.Finding{
			Code: "cert.expired", Severity: finding.Error, Blame: finding.Provider,
			Message: "The certificate of imap.example.net:993 expired 3 days ago, on 20 November 2026. Every mail program warns or refuses.",
			Remedy:  "Check the date of this computer. If it is right, the provider must renew the certificate.",
		}},
		{"intermediate expired beside the way", tlscheck.State{}, tlscheck.Cause{Kind: tlscheck.ChainCertExpired, At: end, Detail: "X1"}, finding.Finding{
			Code: "cert.chain_cert_expired", Severity: finding.Warning, Blame: finding.Provider,
			Message: `The certificate "X1" in the chain of imap.example.net:993 expired on 20 November 2026. Current mail programs find another way to a root; old ones refuse.`,
			Remedy:  "The provider must install the current intermediate certificate.",
		}},
		{"mail shield", tlscheck.State{}, tlscheck.Cause{Kind: tlscheck.Intercepted, Product: "Avast"}, finding.Finding{
			Code: "cert.intercepted", Severity: finding.Warning, Blame: finding.LocalMachine,
			Message: "Avast on this computer replaces the certificate of imap.example.net:993 and so can read the mail. This computer trusts it; mail programs with their own store, such as Thunderbird, refuse.",
			Remedy:  "In Avast exempt the mail server, or switch off the inspection of encrypted mail.",
		}},
		{"gateway", tlscheck.State{}, tlscheck.Cause{Kind: tlscheck.Intercepted, Product: "Zscaler", Fatal: true}, finding.Finding{
			Code: "cert.intercepted", Severity: finding.Error, Blame: finding.LocalNetwork,
			Message: "Zscaler in this network replaces the certificate of imap.example.net:993 and so can read the mail. This computer does not trust it, so every mail program refuses.",
			Remedy:  "Ask whoever runs this network to exempt the mail servers from the inspection of encrypted connections.",
		}},
		{"unknown to the given store and to the public", tlscheck.State{Store: tlscheck.StoreGiven, MozillaTrust: tlscheck.TrustNo, Chain: []*x509.Certificate{{}}},
			tlscheck.Cause{Kind: tlscheck.UnknownCA, Fatal: true, Detail: "R11"}, finding.Finding{
				Code: "cert.unknown_ca", Severity: finding.Error, Blame: finding.Provider,
				Message: `The certificate of imap.example.net:993 was issued by "R11", which is neither publicly trusted nor among the authorities that this run was told to trust. Mail programs warn or refuse.`,
				Remedy:  "The provider must install a certificate from a public authority, or tell its users how to install its own. The server sent no intermediate certificate: if its authority works through one, the whole chain must be installed (often a file called fullchain).",
			}},
		{"unknown to the given store", tlscheck.State{Store: tlscheck.StoreGiven, MozillaTrust: tlscheck.TrustYes}, tlscheck.Cause{Kind: tlscheck.UnknownCA, Fatal: true, Detail: "R11"}, finding.Finding{
			Code: "cert.unknown_ca", Severity: finding.Error, Blame: finding.LocalMachine,
			Message: `The certificate of imap.example.net:993 was issued by "R11", which is not among the authorities that this run was told to trust.`,
			Remedy:  "Add the authority's certificate to the file of trusted authorities, or leave the file out to use this computer's own.",
		}},
		{"a broad star", tlscheck.State{}, tlscheck.Cause{Kind: tlscheck.WildcardTooBroad, Case: tlscheck.CaseSuffix, Fatal: true, Detail: "*.co.uk"}, finding.Finding{
			Code: "cert.wildcard_too_broad", Severity: finding.Error, Blame: finding.Provider,
			Message: `The certificate of imap.example.net:993 is good for imap.example.net only by "*.co.uk", a name that stands for the hosts of strangers, too. It is refused by Apple, and taken by OpenSSL, GnuTLS, Thunderbird and Go.`,
			Remedy:  "The provider must have the certificate issued for imap.example.net itself, or for a star below the provider's own domain.",
		}},
		{"key usage", tlscheck.State{}, tlscheck.Cause{Kind: tlscheck.KeyUsage, Case: tlscheck.CaseUnfit, Fatal: true, Detail: "keyCertSign"}, finding.Finding{
			Code: "cert.key_usage", Severity: finding.Error, Blame: finding.Provider,
			Message: "The key in the certificate of imap.example.net:993 is not meant for servers: its key usage allows keyCertSign. It is refused by OpenSSL, GnuTLS and Thunderbird, and taken by Go.",
			Remedy:  "The provider must have the certificate issued anew, with the key usage digitalSignature (and keyEncipherment for an RSA key).",
		}},
		{"key usage and exchange", tlscheck.State{}, tlscheck.Cause{Kind: tlscheck.KeyUsageExchange, Case: tlscheck.CaseSigned, Fatal: true, Detail: "keyEncipherment", Needed: "digitalSignature"}, finding.Finding{
			Code: "cert.key_usage_exchange", Severity: finding.Error, Blame: finding.Provider,
			Message: "The key in the certificate of imap.example.net:993 is not meant for what the server uses it for: its key usage allows keyEncipherment, and the key exchange of this connection needs digitalSignature. It is refused by GnuTLS, and taken by OpenSSL and Go.",
			Remedy:  "The provider must have the certificate issued anew, with digitalSignature in the key usage.",
		}},
		{"an authority's", tlscheck.State{}, tlscheck.Cause{Kind: tlscheck.CALeaf}, finding.Finding{
			Code: "cert.ca_leaf", Severity: finding.Warning, Blame: finding.Provider,
			Message: "The certificate of imap.example.net:993 is that of an authority: whoever holds its key can issue certificates for other hosts. It is refused by Thunderbird, and taken by OpenSSL, GnuTLS and Go.",
			Remedy:  "The provider should install a certificate for the server alone (without CA:TRUE in its basic constraints).",
		}},
		{"for clients", tlscheck.State{}, tlscheck.Cause{Kind: tlscheck.EKU, Case: tlscheck.CaseOtherUse, Fatal: true, Detail: "client authentication"}, finding.Finding{
			Code: "cert.eku", Severity: finding.Error, Blame: finding.Provider,
			Message: `The certificate of imap.example.net:993 is not meant for servers, but for "client authentication". Every mail program refuses it.`,
			Remedy:  "The provider must install a certificate that allows server authentication.",
		}},
		{"for any use", tlscheck.State{}, tlscheck.Cause{Kind: tlscheck.EKU, Case: tlscheck.CaseAnyUse, Fatal: true, Detail: "any use"}, finding.Finding{
			Code: "cert.eku", Severity: finding.Error, Blame: finding.Provider,
			Message: `The certificate of imap.example.net:993 is not meant for servers, but for "any use". It is refused by OpenSSL, Thunderbird and Apple, and taken by GnuTLS and Go.`,
			Remedy:  "The provider must install a certificate that allows server authentication.",
		}},
		{"a subject outside", tlscheck.State{}, tlscheck.Cause{Kind: tlscheck.NameConstraint, Case: tlscheck.CaseSubject, Fatal: true, Detail: "X1"}, finding.Finding{
			Code: "cert.name_constraint", Severity: finding.Error, Blame: finding.Provider,
			Message: `The subject of a certificate of imap.example.net:993 lies outside of what the authority "X1" may issue for. It is refused by OpenSSL and Thunderbird, and taken by GnuTLS and Go.`,
			Remedy:  "The provider must have the certificate issued by an authority that may.",
		}},
		{"strange limits", tlscheck.State{}, tlscheck.Cause{Kind: tlscheck.NameConstraint, Case: tlscheck.CaseStrange, Fatal: true, Detail: "X1"}, finding.Finding{
			Code: "cert.name_constraint", Severity: finding.Error, Blame: finding.Provider,
			Message: `The authority "X1", above the certificate of imap.example.net:993, is limited in a way that not every mail program can read. It is refused by GnuTLS, and taken by OpenSSL and Go.`,
			Remedy:  "The provider must have the certificate issued by an authority that may.",
		}},
		{"its own name as the issuer's", tlscheck.State{}, tlscheck.Cause{Kind: tlscheck.IssuerMismatch, Case: tlscheck.CaseOwnName, Fatal: true, Detail: "X1"}, finding.Finding{
			Code: "cert.issuer_mismatch", Severity: finding.Error, Blame: finding.Provider,
			Message: `The certificate of imap.example.net:993 names itself as its issuer, but "X1" has signed it. It is refused by OpenSSL, and taken by GnuTLS and Go.`,
			Remedy:  "The provider must have the certificate issued anew, with a subject that is not the authority's.",
		}},
		{"a demand above", tlscheck.State{}, tlscheck.Cause{Kind: tlscheck.MustStapleMissing, Case: tlscheck.CaseAbove, Fatal: true, Detail: "X1"}, finding.Finding{
			Code: "cert.must_staple_missing", Severity: finding.Error, Blame: finding.Provider,
			Message: `The authority "X1", above the certificate of imap.example.net:993, demands a feature of TLS (such as an OCSP staple) that the certificate itself does not demand. It is refused by GnuTLS, and taken by OpenSSL and Go.`,
			Remedy:  "The provider must have the certificate issued anew, or by another authority.",
		}},
		{"long, public", tlscheck.State{}, tlscheck.Cause{Kind: tlscheck.LifetimeTooLong, Case: tlscheck.CasePublic, Days: 398, Limit: 200}, finding.Finding{
			Code: "cert.lifetime_too_long", Severity: finding.Warning, Blame: finding.Provider,
			Message: "The certificate of imap.example.net:993 is valid for 398 days; public authorities may issue for 200.",
			Remedy:  "The provider should have the certificate issued anew for a shorter time.",
		}},
		{"longer, public", tlscheck.State{}, tlscheck.Cause{Kind: tlscheck.LifetimeTooLong, Case: tlscheck.CasePublic, Days: 399, Limit: 200}, finding.Finding{
			Code: "cert.lifetime_too_long", Severity: finding.Warning, Blame: finding.Provider,
			Message: "The certificate of imap.example.net:993 is valid for 399 days; public authorities may issue for 200. It is refused by Apple, and taken by OpenSSL, GnuTLS and Go.",
			Remedy:  "The provider should have the certificate issued anew for a shorter time.",
		}},
		{"long, private", tlscheck.State{}, tlscheck.Cause{Kind: tlscheck.LifetimeTooLong, Case: tlscheck.CasePrivate, Days: 900, Limit: 825}, finding.Finding{
			Code: "cert.lifetime_too_long", Severity: finding.Warning, Blame: finding.Provider,
			Message: "The certificate of imap.example.net:993 is valid for 900 days; Apple's programs take 825 at most, from private authorities, too. It is refused by Apple, and taken by OpenSSL, GnuTLS and Go.",
			Remedy:  "The provider should have the certificate issued anew for a shorter time.",
		}},
		{"a kind without a rule", tlscheck.State{}, tlscheck.Cause{Kind: "new", Fatal: true, Detail: "why"}, finding.Finding{
			Code: "cert.new", Severity: finding.Error, Blame: finding.Provider,
			Message: `The certificate of imap.example.net:993 cannot be verified: "why".`,
			Remedy:  "Show this report to the provider.",
		}},
	} {
		if r.state.ServerName == "" {
			r.state.ServerName = "imap.example.net"
		}
		r.state.Causes = []tlscheck.Cause{r.cause}
		probed := imaps(&r.state)
		probed.Endpoint.Host = r.state.ServerName
		got := certFindings(probed, Context{})
		if len(got) != 1 {
			t.Fatalf("%s: got  %d findings\n\twant 1", r.name, len(got))
		}
		sound(t, got)
		f := finding.Finding{Code: got[0].Code, Severity: got[0].Severity, Blame: got[0].Blame,
			Message: finding.Sentence(got[0].Says()), Remedy: finding.Sentence(got[0].Advises())}
		if !reflect.DeepEqual(f, r.want) {
			t.Errorf("%s:\ngot  %+v\nwant %+v", r.name, f, r.want)
		}
	}
}

// TestCertRules walks every kind that tlscheck knows.
func TestCertRules(t *testing.T) {
	kinds := causeKinds(t)
	if len(kinds) < 25 {
		t.Fatalf("got  %d kinds\nwant all of them", len(kinds))
	}
	if got, want := len(certRules), len(kinds); got != want {
		t.Errorf("got  %d rules\nwant %d", got, want)
	}
	for _, kind := range kinds {
		if _, ok := certRules[kind]; !ok {
			t.Errorf("%s has no rule", kind)
			continue
		}
		for _, fatal := range []bool{false, true} {
			if page, _ := finding.PageOf(certRules[kind].code); fatal && page.Severity == finding.Info {
				continue // nobody refuses for it
			}
			hostile := "a\x1b[2J\u202e\u009bb"
			cause := tlscheck.Cause{Kind: kind, Fatal: fatal, Cert: new(x509.Certificate), Detail: hostile, Names: []string{hostile}, Nearest: hostile, Product: "Avast"}
			r := imaps(&tlscheck.State{ServerName: "imap.example.net", Causes: []tlscheck.Cause{cause}})
			r.Endpoint.Security = settings.StartTLS
			f := certFindings(r, Context{})[0]
			sound(t, []finding.Finding{f})
			if _, ok := finding.PageOf(f.Code); !ok {
				t.Errorf("%s: %s is not in the table of codes", kind, f.Code)
			}
			if fatal && f.Severity != finding.Error {
				t.Errorf("%s: a reason to refuse is a mere %s", kind, f.Severity)
			}
			if f.Phase != probe.StartTLS || !strings.Contains(f.Says(), "imap.example.net:993") || strings.Contains(f.Says(), "%!") {
				t.Errorf("%s: got  %+v", kind, f)
			}
			if f.Severity != finding.Info && (f.Blame == "" || f.Advises() == "") {
				t.Errorf("%s: nobody is told to do anything: %+v", kind, f)
			}
			if strings.ContainsFunc(f.Says()+f.Advises(), func(c rune) bool { return !unicode.IsPrint(c) }) && !slices.Contains(ourWords, kind) {
				t.Errorf("%s: the peer's bytes are not escaped: %q", kind, f.Says())
			}
		}
	}
}

// ourWords are the kinds whose detail is no text of the peer's.
var ourWords = []tlscheck.Kind{tlscheck.KeyWeak, tlscheck.KeyUsage, tlscheck.KeyUsageExchange, tlscheck.KeyUnsupported, tlscheck.KeyRare}

// causeKinds reads the kinds from their declaration.
func causeKinds(t *testing.T) []tlscheck.Kind {
	t.Helper()
	file, err := parser.ParseFile(token.NewFileSet(), "../tlscheck/cause.go", nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	var kinds []tlscheck.Kind
	ast.Inspect(file, func(n ast.Node) bool {
		v, ok := n.(*ast.ValueSpec)
		if !ok {
			return true
		}
		if typ, ok := v.Type.(*ast.Ident); ok && typ.Name == "Kind" {
			s, err := strconv.Unquote(v.Values[0].(*ast.BasicLit).Value)
			if err != nil {
				t.Fatal(err)
			}
			kinds = append(kinds, tlscheck.Kind(s))
		}
		return true
	})
	return kinds
}

// Lists that people read are short, and say how much is left out.
func TestLists(t *testing.T) {
	eight := strings.Split("a b c d e f g h", " ")
	for _, row := range []struct{ got, want string }{
		{some(nil), ""},
		{some([]string{"a"}), `"a"`},
		{some([]string{"a", "b", "c"}), `"a", "b" and "c"`},
		{some([]string{"a", "b", "c", "d", "e"}), `"a", "b", "c" and 2 more`},
		{few(eight), "a, b, c, d, e, f, g, h"},
		{few(append(eight, "i")), "a, b, c, d, e, f, g, h, 1 more"},
		{shortList(eight[:3]), "a, b, c"},
		{shortList(eight[:4]), "a, b, c and 1 more"},
		{dayCount(0), "less than a day"},
		{dayCount(1), "1 day"},
		{dayCount(2), "2 days"},
		{span(59 * time.Second), "less than a minute"},
		{span(time.Minute), "1 minute"},
		{span(2 * time.Hour), "2 hours"},
		{span(24 * time.Hour), "1 day"},
	} {
		if row.got != row.want {
			t.Errorf("got  %s\nwant %s", row.got, row.want)
		}
	}
}

func TestNoCertFindings(t *testing.T) {
	if got := certFindings(imaps(nil), Context{}); got != nil {
		t.Errorf("got  %v\nwant none", got)
	}
	if got := certFindings(imaps(&tlscheck.State{}), Context{}); got != nil {
		t.Errorf("got  %v\nwant none", got)
	}
}
