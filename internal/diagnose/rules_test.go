package diagnose

import (
	"errors"
	"io"
	"net"
	"net/netip"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"mailprobe/internal/auth"
	"mailprobe/internal/finding"
	"mailprobe/internal/probe"
	"mailprobe/internal/settings"
	"mailprobe/internal/tlscheck"
)

// stopped is a probe of an endpoint that ended in a phase with an error.
func stopped(url, phase string, err error) *probe.Result {
	e := parsed(url)
	return &probe.Result{Endpoint: e, Host: e.Host, Steps: []probe.Step{{Phase: phase, Status: probe.Failed, Err: err, Limit: 45 * time.Second}}}
}

// waited is r, with a limit of its own.
func waited(limit time.Duration, r *probe.Result) *probe.Result {
	r.Steps[0].Limit = limit
	return r
}

// paced is a probe of which one phase took its time.
func paced(phase string, took time.Duration) *probe.Result {
	e := parsed(smtpUp)
	return &probe.Result{Endpoint: e, Host: e.Host, Mechanisms: []string{"PLAIN"}, Steps: []probe.Step{{Phase: phase, Status: probe.OK, Took: took}}}
}

// distant is r, so far away that a connection took so long.
func distant(far time.Duration, r *probe.Result) *probe.Result {
	r.RemoteAddr = netip.MustParseAddrPort("192.0.2.1:587")
	r.Tried = []probe.Attempt{{Addr: r.RemoteAddr, Took: far}}
	return r
}

// ready is a probe that got as far as the capabilities.
func ready(url string, caps, mechanisms []string, native string) *probe.Result {
	e := parsed(url)
	return &probe.Result{Endpoint: e, Host: e.Host, Capabilities: caps, Mechanisms: mechanisms, NativeLogin: native,
		Auth:  probe.Auth{Status: probe.AuthNotTested},
		Steps: []probe.Step{{Phase: probe.Capabilities, Status: probe.OK}}}
}

// unfound is a look-up that failed, with what DNS itself says of it.
func unfound(l *probe.Lookup, err error) *probe.Result {
	r := stopped("imaps://imap.example.com", probe.Resolve, &probe.ResolveError{Host: "imap.example.com", Err: err})
	r.Lookup = l
	return r
}

// attempted is an endpoint whose addresses answered like this; with connected the
// probe went on.
func attempted(connected bool, attempts ...probe.Attempt) *probe.Result {
	r := stopped("imaps://imap.example.com", probe.Connect, &probe.ConnectError{Err: errors.New("no connection")})
	if connected {
		r.Steps = nil
	}
	r.Tried = attempts
	return r
}

// addressed is r, with what became of each address.
func addressed(r *probe.Result, attempts ...probe.Attempt) *probe.Result {
	r.Tried = attempts
	return r
}

func attempt(addr string, err error) probe.Attempt {
	return probe.Attempt{Addr: netip.MustParseAddrPort(addr), Err: err}
}

func faulty(f probe.ProtocolFault, detail string) error {
	return &probe.ProtocolError{Fault: f, Detail: detail}
}

func speaks(f probe.ProtocolFault, who string) error {
	return &probe.ProtocolError{Fault: f, Speaks: who, Detail: "hello"}
}

func refusedBy(command, status, text string) error {
	return &probe.ReplyError{Command: command, Reply: probe.NewReply(status, text)}
}

const (
	imapTLS = "imaps://imap.example.com"
	imapUp  = "imap://imap.example.com"
	popTLS  = "pop3s://pop.example.com"
	smtpUp  = "submission://smtp.example.com"
	smtpTLS = "submissions://smtp.example.com"
)

// ruleRows show each judgement once by what leads to it. Rules for the
// certificate, the handshake and the run as a whole have tables of their own.
var ruleRows = []struct {
	name string
	r    *probe.Result
	want string
}{
	{"no such name", unfound(&probe.Lookup{Server: "192.0.2.53", Rcode: "NXDOMAIN"}, errNXDOM), "dns.nxdomain error catalogue"},
	{"an alias to nowhere", unfound(&probe.Lookup{Rcode: "NXDOMAIN", CNAME: []string{"gone.example.net"}}, errNXDOM), "dns.dangling_cname error provider"},
	{"a name without an address", unfound(&probe.Lookup{Rcode: "NOERROR"}, errNXDOM), "dns.nodata error provider"},
	{"a broken domain", unfound(&probe.Lookup{Rcode: "SERVFAIL", EDE: "DNSSEC Bogus"}, &net.DNSError{IsTemporary: true}), "dns.servfail error provider"},
	{"a resolver that will not", unfound(&probe.Lookup{Rcode: "REFUSED"}, &net.DNSError{}), "dns.refused warning local-network"},
	{"a resolver that is silent", unfound(&probe.Lookup{Err: errSilent}, errNoDNS), "dns.timeout warning local-network"},
	{"no name, DNS not asked", unfound(nil, errNXDOM), "dns.nxdomain error catalogue"},
	{"no address of the family", unfound(nil, errors.New("no IPv6 address")), "dns.no_address warning local-machine"},

	{"refused", attempted(false, attempt("192.0.2.1:993", syscall.ECONNREFUSED)), "net.refused error catalogue"},
	{"refused here, silent there", attempted(false, attempt("[2001:db8::1]:993", errSilent), attempt("192.0.2.1:993", syscall.ECONNREFUSED)), "net.refused error catalogue"},
	{"reset", attempted(false, attempt("192.0.2.1:993", syscall.ECONNRESET)), "net.reset_after_connect error provider"},
	{"silent", attempted(false, attempt("192.0.2.1:993", errSilent)), "net.timeout warning local-network"},
	{"silent for a moment", waited(time.Second, attempted(false, attempt("192.0.2.1:993", errSilent))), "net.timeout warning tool"},
	{"no way there", attempted(false, attempt("192.0.2.1:993", syscall.ENETUNREACH)), "net.unreachable warning local-network"},
	{"no sockets left", attempted(false, attempt("192.0.2.1:993", syscall.EMFILE)), "net.failed warning local-machine"},
	{"IPv6 silent, IPv4 works", attempted(true, attempt("192.0.2.1:993", nil), attempt("[2001:db8::1]:993", errSilent)), "net.ipv6_broken warning provider"},
	{"one of two addresses refuses", attempted(true, attempt("192.0.2.1:993", syscall.ECONNREFUSED), attempt("192.0.2.2:993", nil)), "net.address_broken warning provider"},
	{"one of two addresses is reset", attempted(true, attempt("192.0.2.1:993", syscall.ECONNRESET), attempt("192.0.2.2:993", nil)), "net.address_broken warning provider"},
	{"one is reset at once, the other behind it", addressed(stopped(imapTLS, probe.Greeting, &probe.ProtocolError{Fault: probe.ClosedEarly, Err: syscall.ECONNRESET}),
		attempt("192.0.2.1:993", syscall.ECONNRESET), attempt("192.0.2.2:993", nil)), "net.reset_after_connect error provider"},
	{"two of three addresses are dead", attempted(true, attempt("192.0.2.3:993", nil), attempt("192.0.2.1:993", syscall.ECONNREFUSED), attempt("192.0.2.2:993", errSilent)), "net.address_broken warning provider"},
	{"one of each family is dead", attempted(true, attempt("192.0.2.3:993", nil), attempt("192.0.2.1:993", errSilent), attempt("[2001:db8::1]:993", syscall.ECONNREFUSED)), "net.address_broken warning provider; net.ipv6_broken warning provider"},
	{"one of two IPv6 addresses is dead", attempted(true, attempt("[2001:db8::1]:993", errSilent), attempt("[2001:db8::2]:993", nil)), "net.address_broken warning provider"},
	{"a computer without IPv6", attempted(true, attempt("192.0.2.1:993", nil), attempt("[2001:db8::1]:993", syscall.ENETUNREACH)), ""},

	{"clear on a TLS port", stopped(imapTLS, probe.TLS, speaks(probe.SpeaksClear, "imap")), "mode.starttls_on_implicit_port error catalogue"},
	{"nonsense on a TLS port", stopped(imapTLS, probe.TLS, speaks(probe.SpeaksClear, "")), "mode.wrong_protocol error catalogue"},
	{"TLS on a STARTTLS port", stopped(smtpUp, probe.Greeting, speaks(probe.SpeaksTLS, "smtp")), "mode.implicit_on_starttls_port error catalogue"},
	{"another protocol", stopped(imapTLS, probe.Greeting, speaks(probe.WrongProtocol, "pop3")), "mode.wrong_protocol error catalogue"},
	{"a web page", stopped(imapUp, probe.Greeting, speaks(probe.WrongProtocol, "http")), "mode.wrong_protocol error catalogue; env.proxy_or_captive warning local-network"},

	{"STARTTLS not offered", stopped(smtpUp, probe.StartTLS, faulty(probe.NotOffered, "SIZE")), "starttls.not_offered error provider"},
	{"STARTTLS overwritten", stopped(smtpUp, probe.StartTLS, faulty(probe.Masked, "masked")), "starttls.stripped_suspected error local-network"},
	{"text behind the consent", stopped(smtpUp, probe.StartTLS, faulty(probe.Injected, "250 hi")), "starttls.injected_response error provider"},
	{"an answer before the question", stopped(imapUp, probe.StartTLS, faulty(probe.EarlyAnswer, "a OK")), "starttls.early_response error provider"},
	{"STARTTLS refused", stopped(imapUp, probe.StartTLS, refusedBy("STARTTLS", "NO", "no key")), "starttls.refused error provider"},
	{"STARTTLS refused for now", stopped(smtpUp, probe.StartTLS, refusedBy("STARTTLS", "454", "4.7.0 not now")), "starttls.refused error provider"},
	{"no handshake behind STARTTLS", stopped(smtpUp, probe.StartTLS, &tlscheck.HandshakeError{Failure: tlscheck.Closed, Err: io.EOF}), "starttls.advertised_but_fails error provider; tls.handshake_closed error provider"},
	{"PREAUTH in clear", stopped(imapUp, probe.Greeting, faulty(probe.Preauth, "* PREAUTH")), "imap.preauth_cleartext error provider"},

	{"turned away", stopped(smtpTLS, probe.Greeting, refusedBy("", "554", "go away")), "proto.greeting_reject error provider"},
	{"turned away in words that no row knows", stopped(smtpTLS, probe.Greeting, refusedBy("", "999", "what now")), "proto.greeting_reject error provider"},
	{"turned away for now, in words alone", stopped(imapTLS, probe.Greeting, refusedBy("", "BYE", "Service not available")), "proto.greeting_reject warning provider"},
	{"turned away for now", stopped(smtpTLS, probe.Greeting, refusedBy("", "421", "4.3.2 what now")), "proto.greeting_reject warning provider"},
	{"turned away as too many", stopped(smtpTLS, probe.Greeting, refusedBy("", "421", "4.7.0 Too many connections from your IP")), "net.rate_limited warning account"},
	{"EHLO refused", stopped(smtpTLS, probe.Capabilities, refusedBy("EHLO", "550", "no")), "smtp.ehlo_rejected error provider"},
	{"the name in EHLO refused", called(stopped(smtpTLS, probe.Capabilities, refusedBy("EHLO", "550", "5.7.1 Helo command rejected: need fully-qualified hostname"))), "smtp.ehlo_rejected error local-machine"},
	{"CAPABILITY refused", stopped(imapTLS, probe.Capabilities, refusedBy("CAPABILITY", "BAD", "what")), "proto.command_refused error provider"},
	{"too many connections", stopped(imapTLS, probe.Greeting, refusedBy("", "BYE", "[LIMIT] too many connections")), "net.rate_limited warning account"},
	{"says nothing", stopped(imapTLS, probe.Greeting, faulty(probe.Silent, "")), "proto.silent warning tool"},
	{"says nothing over SMTP", stopped(smtpUp, probe.Greeting, faulty(probe.Silent, "")), "proto.silent warning tool"},
	{"says nothing for a short while", waited(300*time.Millisecond, stopped(smtpUp, probe.Greeting, faulty(probe.Silent, ""))), "proto.silent warning tool"},
	{"says nothing for as long as it may", waited(5*time.Minute, stopped(smtpUp, probe.Greeting, faulty(probe.Silent, ""))), "proto.silent error provider"},
	{"does not end its greeting", stopped(smtpTLS, probe.Greeting, faulty(probe.Silent, "220 ma")), "proto.silent warning tool"},
	{"ends its greeting by CR", stopped(smtpTLS, probe.Greeting, faulty(probe.Silent, "220 ma\r")), "proto.malformed error provider"},
	{"does not answer", stopped(smtpTLS, probe.Capabilities, faulty(probe.Silent, "")), "proto.silent warning tool"},
	{"does not answer once signed in", stopped(popTLS, probe.Access, faulty(probe.Silent, "")), "access.no_answer warning tool"},
	{"does not consent to STARTTLS", stopped(smtpUp, probe.StartTLS, faulty(probe.Silent, "")), "proto.silent warning tool"},
	{"does not shake hands behind STARTTLS", stopped(smtpUp, probe.StartTLS, &tlscheck.HandshakeError{Failure: tlscheck.Timeout, Err: errSilent}), "tls.handshake_timeout warning tool"},
	{"looked up slowly", paced(probe.Resolve, 4*time.Second), "perf.slow_resolve warning local-network"},
	{"accepts slowly", distant(3500*time.Millisecond, paced(probe.Connect, 3500*time.Millisecond)), "perf.slow_connect warning provider"},
	{"reached after dead addresses", distant(30*time.Millisecond, paced(probe.Connect, 3500*time.Millisecond)), ""},
	{"greets slowly", paced(probe.Greeting, 20*time.Second), "perf.slow_greeting warning provider"},
	{"greets after a moment", paced(probe.Greeting, 2900*time.Millisecond), ""},
	{"begins encryption slowly", paced(probe.TLS, 6*time.Second), "perf.slow_tls warning provider"},
	{"is far away", distant(700*time.Millisecond, paced(probe.StartTLS, 4*time.Second)), ""},
	{"switches to encryption slowly", distant(100*time.Millisecond, paced(probe.StartTLS, 4*time.Second)), "perf.slow_starttls warning provider"},
	{"answers EHLO slowly", paced(probe.Capabilities, 25*time.Second), "perf.slow_capabilities warning provider"},
	{"signs in slowly", paced(probe.SignIn, 15*time.Second), "perf.slow_auth warning provider"},
	{"signs in after a moment", paced(probe.SignIn, 9*time.Second), ""},
	{"opens the mailbox slowly", paced(probe.Access, 6*time.Second), "perf.slow_access warning provider"},
	{"hangs up", stopped(imapTLS, probe.Capabilities, faulty(probe.ClosedEarly, "")), "proto.closed error provider"},
	{"breaks off", stopped(imapTLS, probe.Greeting, &probe.ProtocolError{Fault: probe.ClosedEarly, Err: syscall.ECONNRESET}), "net.reset_after_connect error provider"},
	{"nonsense", stopped(imapTLS, probe.Greeting, faulty(probe.Malformed, "???")), "proto.malformed error provider"},
	{"an endless line", stopped(imapTLS, probe.Greeting, faulty(probe.TooLong, "xxx")), "proto.too_long error provider"},
	{"endless lines", stopped(imapTLS, probe.Greeting, faulty(probe.TooMuch, "")), "proto.too_many error provider"},
	{"a fault of this program", stopped(imapTLS, probe.Greeting, faulty(probe.InternalDefect, "index")), "tool.internal_error warning tool"},
	{"a failure that no rule knows", stopped(imapTLS, probe.Quit, errors.New("who knows")), "proto.failed error provider"},

	{"nothing odd in IMAP", ready(imapTLS, []string{"IMAP4rev1"}, []string{"PLAIN"}, "IMAP LOGIN"), ""},
	{"no IMAP version", ready(imapTLS, []string{"IMAP2"}, []string{"PLAIN"}, ""), "imap.no_imap4 error provider"},
	{"no way into IMAP", ready(imapTLS, []string{"IMAP4rev1", "LOGINDISABLED"}, nil, ""), "imap.logindisabled_under_tls error provider"},
	{"STARTTLS inside TLS", ready(imapTLS, []string{"IMAP4rev1", "STARTTLS"}, []string{"PLAIN"}, ""), ""},
	{"OAuth2 alone, nobody signs in", ready(imapTLS, []string{"IMAP4rev1"}, []string{"XOAUTH2"}, ""), "auth.oauth_only info "},
	{"no CAPA", ready(popTLS, nil, nil, "USER/PASS"), "pop3.no_capa info "},
	{"no UIDL", ready(popTLS, []string{"USER"}, nil, "USER/PASS"), "pop3.no_uidl info "},
	{"no way into POP3", ready(popTLS, []string{"UIDL"}, nil, ""), "pop3.no_login error provider"},
	{"no AUTH", ready(smtpTLS, []string{"SIZE"}, nil, ""), "smtp.auth_missing error provider"},
}

func TestRules(t *testing.T) {
	for _, row := range ruleRows {
		t.Run(row.name, func(t *testing.T) {
			findings := Result(row.r, Context{})
			if got := codesOf(t, findings); got != row.want {
				t.Errorf("got  %q\nwant %q", got, row.want)
			}
			for _, f := range findings {
				if f.Says() == "" || f.Severity != finding.Info && f.Advises() == "" {
					t.Errorf("%s says nothing or gives no advice: %+v", f.Code, f)
				}
			}
		})
	}
}

// What depends on more than one observation.
func TestRulesOfCircumstance(t *testing.T) {
	private := ready(imapTLS, []string{"IMAP4rev1"}, []string{"PLAIN"}, "")
	private.Resolved = []netip.Addr{netip.MustParseAddr("10.0.0.1")}
	inClear := ready(smtpUp, []string{"AUTH PLAIN"}, []string{"PLAIN"}, "")
	inClear.PlainMechanisms = []string{"PLAIN"}
	twice := ready(imapUp, []string{"IMAP4rev1", "STARTTLS"}, []string{"PLAIN"}, "")
	twice.TLS = &tlscheck.State{ServerName: "imap.example.com"}
	unverified := ready(imapTLS, []string{"IMAP4rev1"}, []string{"PLAIN"}, "")
	unverified.TLS = &tlscheck.State{ServerName: "imap.example.com"}
	unverified.Auth = probe.Auth{Status: probe.AuthSkipped, Open: true}
	waiting := ready(imapTLS, []string{"IMAP4rev1"}, []string{"PLAIN"}, "")
	waiting.Auth = probe.Auth{Status: probe.AuthSkipped, Open: true, Reason: "rejected elsewhere"}
	oauth := stopped(imapTLS, probe.SignIn, &auth.MechanismError{Kind: auth.Password, Offered: []string{"XOAUTH2"}, Reason: auth.OAuthOnly})
	oauth.Auth.Status = probe.AuthSkipped
	missing := stopped(imapTLS, probe.SignIn, &auth.MechanismError{Kind: auth.Password, Offered: []string{"GSSAPI"}, Reason: auth.NoneUsable})
	missing.Auth.Status = probe.AuthSkipped
	chosen := stopped(imapTLS, probe.SignIn, &auth.MechanismError{Want: "CRAM-MD5", Kind: auth.Password, Offered: []string{"PLAIN"}, Reason: auth.NotOffered})
	chosen.Auth.Status = probe.AuthSkipped
	noVerdict := stopped(imapTLS, probe.SignIn, &probe.AuthError{})
	noVerdict.Auth = probe.Auth{Status: probe.AuthUnknown, Sent: true, Reason: "closed"}
	provider := Context{Provider: &settings.Provider{Offers: []settings.Offer{{Endpoints: []settings.Setting{{Endpoint: parsed(smtpUp), Role: settings.Documented}}}}}}
	for _, row := range []struct {
		name    string
		r       *probe.Result
		context Context
		want    string
	}{
		{"a private address", private, Context{}, "dns.private_address warning local-network"},
		{"passwords before TLS", inClear, Context{}, "auth.plaintext_offered_cleartext warning provider"},
		{"STARTTLS still announced", twice, Context{}, "starttls.advertised_after_tls warning provider"},
		{"TLS not verified", unverified, Context{}, "auth.skipped_unverified_tls info "},
		{"held back", waiting, Context{}, "auth.skipped_canary info "},
		{"a password where OAuth2 is", oauth, Context{}, "auth.oauth_only error account"},
		{"nothing usable", missing, Context{}, "auth.mechanism_missing error provider"},
		{"the user's own choice", chosen, Context{}, "auth.mechanism_missing error account"},
		{"no verdict", noVerdict, Context{}, "auth.no_verdict warning provider"},
		{"no encryption", ready("imap+plain://imap.example.com", []string{"IMAP4rev1"}, []string{"PLAIN"}, ""), Context{}, "policy.cleartext_documented warning catalogue"},
		{"port 25", ready("submission://smtp.example.com:25", []string{"AUTH PLAIN"}, []string{"PLAIN"}, ""), Context{}, "policy.submission_on_25 warning catalogue"},
		{"STARTTLS alone", ready(smtpUp, []string{"AUTH PLAIN"}, []string{"PLAIN"}, ""), provider, "policy.no_implicit_tls info "},
	} {
		t.Run(row.name, func(t *testing.T) {
			if got := codesOf(t, Result(row.r, row.context)); got != row.want {
				t.Errorf("got  %q\nwant %q", got, row.want)
			}
		})
	}
}

// What a certificate's fault weighs, and who must act. A kind for which a
// program refuses is an error whatever its row says.
func TestCertCodes(t *testing.T) {
	want := map[tlscheck.Kind]string{
		tlscheck.NameMismatch: "cert.name_mismatch error provider", tlscheck.NoSAN: "cert.no_san error provider",
		tlscheck.Expired: "cert.expired error provider", tlscheck.NotYetValid: "cert.not_yet_valid error local-machine",
		tlscheck.ExpiresSoon: "cert.expires_soon warning provider", tlscheck.ChainCertExpired: "cert.chain_cert_expired warning provider",
		tlscheck.SelfSigned: "cert.self_signed error provider", tlscheck.UnknownCA: "cert.unknown_ca error provider",
		tlscheck.MissingIntermediate: "cert.missing_intermediate error provider", tlscheck.Intercepted: "cert.intercepted warning local-machine",
		tlscheck.PrivateCALocally: "cert.private_ca_trusted_locally info ", tlscheck.StoreOutdated: "env.roots_outdated error local-machine",
		tlscheck.NoSystemRoots: "env.no_system_roots warning local-machine", tlscheck.DistrustedByMozilla: "cert.distrusted_by_mozilla warning provider",
		tlscheck.Invalid: "cert.invalid error provider", tlscheck.EKU: "cert.eku error provider",
		tlscheck.NameConstraint: "cert.name_constraint error provider", tlscheck.PathLen: "cert.path_len error provider",
		tlscheck.NotACA: "cert.not_a_ca error provider", tlscheck.Policy: "cert.policy error provider",
		tlscheck.UnhandledCritical: "cert.unhandled_critical error provider", tlscheck.KeyWeak: "cert.key_weak error provider",
		tlscheck.SigWeak: "cert.sig_weak error provider", tlscheck.LifetimeTooLong: "cert.lifetime_too_long warning provider",
		tlscheck.MustStapleMissing: "cert.must_staple_missing error provider", tlscheck.OCSPRevoked: "cert.ocsp_revoked error provider",
		tlscheck.WildcardTooBroad: "cert.wildcard_too_broad error provider", tlscheck.NoEKU: "cert.no_eku warning provider",
		tlscheck.KeyUsage: "cert.key_usage error provider", tlscheck.KeyUsageExchange: "cert.key_usage_exchange error provider",
		tlscheck.CALeaf: "cert.ca_leaf warning provider", tlscheck.IssuerMismatch: "cert.issuer_mismatch error provider",
		tlscheck.KeyUnsupported: "cert.key_unsupported error provider", tlscheck.KeyRare: "cert.key_rare warning provider",
		tlscheck.OCSPStale: "cert.ocsp_stale warning provider", tlscheck.ChainOrder: "cert.chain_order info ",
		tlscheck.ChainExtra: "cert.chain_extra info ", tlscheck.RootSent: "cert.root_sent info ", tlscheck.ChainDuplicate: "cert.chain_duplicate info ",
	}
	for _, kind := range causeKinds(t) {
		r := imaps(&tlscheck.State{ServerName: "imap.example.net", Causes: []tlscheck.Cause{{Kind: kind, Product: "Avast"}}})
		if got := codesOf(t, certFindings(r, Context{})); got != want[kind] {
			t.Errorf("%s\ngot  %q\nwant %q", kind, got, want[kind])
		}
	}
}

// codesNamed finds the finding codes that files name, here, where texts are
// explained, and where whole runs are tested.
func codesNamed(t *testing.T, wanted func(file string) bool) []string {
	t.Helper()
	var names []string
	for _, pattern := range []string{"*.go", "../replies/*_test.go", "../verify/*_test.go", "../../cmd/mailprobe/*_test.go", "../../testdata/texts/*.tsv"} {
		found, err := filepath.Glob(pattern)
		if err != nil || len(found) == 0 {
			t.Fatalf("%s: %v", pattern, err)
		}
		names = append(names, found...)
	}
	code := regexp.MustCompile(`\b(?:env|dns|net|mode|starttls|policy|tls|cert|proto|imap|pop3|smtp|auth|access|tool)\.[a-z0-9_]+\b`)
	var all []string
	for _, name := range names {
		if !wanted(name) {
			continue
		}
		data, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, code.FindAllString(string(data), -1)...)
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// TestEveryCodeIsExpected: no rule gives a code that no test expects.
func TestEveryCodeIsExpected(t *testing.T) {
	isTest := func(file string) bool { return strings.HasSuffix(file, "_test.go") || strings.HasSuffix(file, ".tsv") }
	expected := codesNamed(t, isTest)
	produced := codesNamed(t, func(file string) bool { return !isTest(file) })
	if len(produced) < 100 {
		t.Fatalf("got  %d codes\nwant those of all rules", len(produced))
	}
	for _, code := range produced {
		if _, ok := finding.PageOf(code); ok && !slices.Contains(expected, code) {
			t.Errorf("no test expects %s", code)
		}
	}
}

// TestAnnouncement holds that evidence is what the server wrote.
func TestAnnouncement(t *testing.T) {
	for _, row := range []struct {
		caps, mechanisms []string
		want             string
	}{
		{[]string{"SIZE 1", "Auth plain Login", "auth=LOGIN"}, []string{"PLAIN", "LOGIN"}, "Auth plain Login auth=LOGIN"},
		{[]string{"IMAP4rev1", "AUTH=XOAUTH2", "AUTHOR"}, []string{"XOAUTH2"}, "AUTH=XOAUTH2"},
		{[]string{"USER", "sasl plain"}, []string{"PLAIN"}, "sasl plain"},
		{nil, []string{"PLAIN", "LOGIN"}, "PLAIN LOGIN"},
	} {
		if got := announcement(row.caps, row.mechanisms); got != row.want {
			t.Errorf("%v\ngot  %s\nwant %s", row.caps, got, row.want)
		}
	}
}

// called is a probe that gave an SMTP server its name.
func called(r *probe.Result) *probe.Result {
	r.EHLO = "[192.0.2.7]"
	return r
}
