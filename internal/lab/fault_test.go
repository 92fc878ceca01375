package lab_test

import (
	"crypto/rsa"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"net"
	"os"
	"reflect"
	"strings"
	"syscall"
	"testing"
	"time"

	"mailprobe/internal/lab"
	"mailprobe/internal/settings"
)

// A sight is how one fault looks to a client at one endpoint.
type sight struct {
	fault lab.Fault
	at    []settings.Endpoint
	see   func(t *testing.T, l *lab.Lab, e settings.Endpoint)
}

func at(list ...settings.Endpoint) []settings.Endpoint { return list }

func having(keep func(settings.Endpoint) bool) []settings.Endpoint {
	var list []settings.Endpoint
	for _, e := range everywhere() {
		if keep(e) {
			list = append(list, e)
		}
	}
	return list
}

func everywhere() []settings.Endpoint {
	list := encrypted()
	for _, p := range settings.Protocols() {
		list = append(list, endpoint(p, settings.Plain))
	}
	return list
}

func withSTARTTLS(e settings.Endpoint) bool { return e.Security == settings.StartTLS }
func withTLS(e settings.Endpoint) bool      { return e.Security == settings.TLS }

var sights = []sight{
	{lab.None, everywhere(), seesGreeting("* OK", "+OK", "220 ")},
	{lab.Refused, everywhere(), seesRefused},
	{lab.Silent, everywhere(), seesSilence},
	{lab.Closes, everywhere(), seesEnd},
	{lab.Resets, everywhere(), seesReset},
	{lab.AnswersHTTP, everywhere(), seesHTTP},
	{lab.RejectsGreeting, everywhere(), seesGreeting("* BYE", "-ERR", "421 ")},
	{lab.TooManyConns, everywhere(), seesGreeting("* BYE [LIMIT] Too many", "-ERR [SYS/TEMP] Too many", "421 4.7.0 Too many")},
	{lab.SlowGreeting, everywhere(), seesSlowGreeting},
	{lab.ClearOnTLSPort, having(withTLS), seesClear},
	{lab.TLSOnClearPort, having(withSTARTTLS), seesTLS},
	{lab.LegacyTLS, encrypted(), seesLegacyTLS},
	{lab.StartTLSMissing, having(withSTARTTLS), seesNoSTARTTLS},
	{lab.StartTLSRefused, having(withSTARTTLS), seesSTARTTLSRefused},
	{lab.StartTLSStripped, at(endpoint(settings.SMTP, settings.StartTLS)), seesMask},
	{lab.StartTLSInjected, having(withSTARTTLS), seesInjection},
	{lab.Preauth, at(endpoint(settings.IMAP, settings.StartTLS), endpoint(settings.IMAP, settings.Plain)), seesPreauth},
	{lab.Expired, encrypted(), seesCertificate(expired)},
	{lab.WrongName, encrypted(), seesCertificate(wrongName)},
	{lab.ExpiredWrongName, encrypted(), seesCertificate(expired, wrongName)},
	{lab.NotYetValid, encrypted(), seesCertificate(notYetValid)},
	{lab.ExpiresSoon, encrypted(), seesCertificate(expiresSoon)},
	{lab.SelfSigned, encrypted(), seesCertificate(untrusted, selfSigned)},
	{lab.UnknownCA, encrypted(), seesCertificate(untrusted)},
	{lab.NoIntermediate, encrypted(), seesCertificate(untrusted)},
	{lab.UnfitKey, encrypted(), seesCertificate(unfitKey)},
	{lab.WeakKey, encrypted(), seesCertificate(weakKey)},
	{lab.StaticRSA, encrypted(), seesStaticRSA},
	{lab.LoginRefused, encrypted(), seesSignIn("a NO [AUTHENTICATIONFAILED]", "-ERR [AUTH]", "535 5.7.8")},
	{lab.OAuthOnly, encrypted(), seesOAuthOnly},
	{lab.SMTPAuthDisabled, at(endpoint(settings.SMTP, settings.TLS), endpoint(settings.SMTP, settings.StartTLS)),
		seesSignIn("", "", "535 5.7.139 Authentication unsuccessful, SmtpClientAuthentication is disabled for the Tenant.")},
	{lab.TemporaryFailure, encrypted(), seesSignIn("a NO [UNAVAILABLE]", "-ERR [SYS/TEMP]", "454 4.7.0")},
	{lab.NotConnected, having(func(e settings.Endpoint) bool { return e.Protocol != settings.SMTP && e.Security != settings.Plain }), seesShutMailbox},
	{lab.WantsID, at(endpoint(settings.IMAP, settings.TLS), endpoint(settings.IMAP, settings.StartTLS)), seesIDWanted},
	{lab.SenderRefused, at(endpoint(settings.SMTP, settings.TLS), endpoint(settings.SMTP, settings.StartTLS)), seesSenderRefused},
}

func TestFaultsHappenOnTheWire(t *testing.T) {
	for _, row := range sights {
		for _, e := range row.at {
			t.Run(string(row.fault)+" "+e.String(), func(t *testing.T) {
				t.Parallel()
				row.see(t, start(t, lab.Server{Endpoint: e, Fault: row.fault}), e)
			})
		}
	}
}

func TestEveryFaultIsSeenWhereverItFits(t *testing.T) {
	seen := make(map[lab.Fault]map[settings.Endpoint]bool)
	for _, row := range sights {
		seen[row.fault] = make(map[settings.Endpoint]bool)
		for _, e := range row.at {
			seen[row.fault][e] = true
		}
	}
	for _, f := range lab.Faults() {
		for _, e := range everywhere() {
			if got, want := f.Fits(e), seen[f][e]; got != want {
				t.Errorf("%q at %s\ngot  %v\nwant %v", f, e, got, want)
			}
		}
		if f.About() == "" {
			t.Errorf("%q has no description", f)
		}
	}
	if f := lab.Fault("gremlins"); f.Known() || f.About() != "" || f.Fits(endpoint(settings.IMAP, settings.TLS)) {
		t.Error("got gremlins known\nwant them unknown")
	}
}

// hello gets to the greeting of e, through TLS if that comes first.
func hello(t *testing.T, l *lab.Lab, e settings.Endpoint) *client {
	t.Helper()
	c := dial(t, l, e)
	if e.Security == settings.TLS {
		if err := c.tls(); err != nil {
			t.Fatal(err)
		}
	}
	return c
}

func seesGreeting(imap, pop3, smtp string) func(*testing.T, *lab.Lab, settings.Endpoint) {
	want := map[settings.Protocol]string{settings.IMAP: imap, settings.POP3: pop3, settings.SMTP: smtp}
	return func(t *testing.T, l *lab.Lab, e settings.Endpoint) {
		hello(t, l, e).want(want[e.Protocol])
	}
}

func seesRefused(t *testing.T, l *lab.Lab, e settings.Endpoint) {
	if _, err := net.Dial("tcp", l.Address(e)); !errors.Is(err, syscall.ECONNREFUSED) {
		t.Errorf("got  %v\nwant %v", err, syscall.ECONNREFUSED)
	}
}

func seesSilence(t *testing.T, l *lab.Lab, e settings.Endpoint) {
	c := dial(t, l, e)
	c.send("anybody there?")
	c.SetReadDeadline(time.Now().Add(30 * time.Millisecond))
	if b, err := io.ReadAll(c); len(b) > 0 || !errors.Is(err, os.ErrDeadlineExceeded) {
		t.Errorf("got  %q, %v\nwant nothing, and the connection open", b, err)
	}
}

func seesEnd(t *testing.T, l *lab.Lab, e settings.Endpoint) {
	if b, err := io.ReadAll(dial(t, l, e)); len(b) > 0 || err != nil {
		t.Errorf("got  %q, %v\nwant an orderly end", b, err)
	}
}

func seesReset(t *testing.T, l *lab.Lab, e settings.Endpoint) {
	if b, err := io.ReadAll(dial(t, l, e)); len(b) > 0 || !errors.Is(err, syscall.ECONNRESET) {
		t.Errorf("got  %q, %v\nwant %v", b, err, syscall.ECONNRESET)
	}
}

func seesHTTP(t *testing.T, l *lab.Lab, e settings.Endpoint) {
	c := dial(t, l, e)
	if e.Security != settings.TLS {
		c.want("HTTP/1.1 400 Bad Request")
		return
	}
	first := recordHeader(c.tls())
	if got, want := string(first[:]), "HTTP/"; got != want {
		t.Errorf("got  %q\nwant %q", got, want)
	}
}

// recordHeader returns the first bytes of a peer that does not speak TLS.
func recordHeader(err error) [5]byte {
	var e tls.RecordHeaderError
	errors.As(err, &e)
	return e.RecordHeader
}

func seesSlowGreeting(t *testing.T, l *lab.Lab, e settings.Endpoint) {
	c := dial(t, l, e)
	if e.Security == settings.TLS {
		if err := c.tls(); err != nil {
			t.Fatal(err)
		}
	}
	began := time.Now()
	c.line()
	if took := time.Since(began); took < 25*time.Millisecond {
		t.Errorf("got  the greeting after %v\nwant it after 50 ms", took)
	}
}

func seesClear(t *testing.T, l *lab.Lab, e settings.Endpoint) {
	first := recordHeader(dial(t, l, e).tls())
	want := map[settings.Protocol]string{settings.IMAP: "* OK ", settings.POP3: "+OK m", settings.SMTP: "220 m"}
	if got := string(first[:]); got != want[e.Protocol] {
		t.Errorf("got  %q\nwant %q", got, want[e.Protocol])
	}
}

func seesTLS(t *testing.T, l *lab.Lab, e settings.Endpoint) {
	c := dial(t, l, e)
	if err := c.tls(); err != nil {
		t.Fatal(err)
	}
	c.line()
}

func unfitKey(c *x509.Certificate, _ *x509.CertPool) bool {
	return c.KeyUsage&(x509.KeyUsageDigitalSignature|x509.KeyUsageKeyEncipherment) == 0
}

func weakKey(c *x509.Certificate, _ *x509.CertPool) bool {
	key, ok := c.PublicKey.(*rsa.PublicKey)
	return ok && key.N.BitLen() < 2048
}

func seesStaticRSA(t *testing.T, l *lab.Lab, e settings.Endpoint) {
	if got, want := alertOf(beforeTLS(t, l, e).tls()), uint64(40); got != want {
		t.Errorf("got  alert %d\nwant %d", got, want)
	}
	static := tls.Client(beforeTLS(t, l, e).Conn, &tls.Config{ServerName: e.Host, RootCAs: l.CAPool(), CipherSuites: []uint16{tls.TLS_RSA_WITH_AES_128_GCM_SHA256}})
	if err := static.Handshake(); err != nil {
		t.Errorf("got  %v\nwant a handshake by RSA key exchange", err)
	}
}

func seesLegacyTLS(t *testing.T, l *lab.Lab, e settings.Endpoint) {
	modern := beforeTLS(t, l, e)
	if got, want := alertOf(modern.tls()), uint64(70); got != want {
		t.Errorf("got  alert %d\nwant %d", got, want)
	}
	old := beforeTLS(t, l, e)
	conn := tls.Client(old.Conn, &tls.Config{InsecureSkipVerify: true, MinVersion: tls.VersionTLS10, MaxVersion: tls.VersionTLS11})
	if err := conn.Handshake(); err != nil {
		t.Errorf("got  %v\nwant a handshake of TLS 1.1", err)
	}
}

// alertOf returns the alert that the peer sent, or 0. Its type has no name
// outside crypto/tls.
func alertOf(err error) uint64 {
	var op *net.OpError
	if !errors.As(err, &op) || reflect.TypeOf(op.Err).Kind() != reflect.Uint8 {
		return 0
	}
	return reflect.ValueOf(op.Err).Uint()
}

// beforeTLS gets a connection on which the handshake comes next.
func beforeTLS(t *testing.T, l *lab.Lab, e settings.Endpoint) *client {
	t.Helper()
	c := dial(t, l, e)
	if e.Security == settings.StartTLS {
		c.line()
		words := startTLSCommand[e.Protocol]
		c.send(words[0])
		c.want(words[1])
	}
	return c
}

// offer asks for the capabilities before TLS.
func offer(c *client) string {
	c.t.Helper()
	switch c.e.Protocol {
	case settings.IMAP:
		c.send("a CAPABILITY")
		return c.until("a OK")
	case settings.POP3:
		c.send("CAPA")
		return c.until(".")
	}
	c.send("EHLO test")
	return c.until("250 ")
}

func seesNoSTARTTLS(t *testing.T, l *lab.Lab, e settings.Endpoint) {
	c := dial(t, l, e)
	greeting := c.line()
	if got := greeting + offer(c); strings.Contains(got, "STARTTLS") || strings.Contains(got, "STLS") {
		t.Errorf("got  %q\nwant no STARTTLS", got)
	}
	c.send(startTLSCommand[e.Protocol][0])
	c.want(map[settings.Protocol]string{settings.IMAP: "s BAD", settings.POP3: "-ERR", settings.SMTP: "502 "}[e.Protocol])
}

func seesSTARTTLSRefused(t *testing.T, l *lab.Lab, e settings.Endpoint) {
	c := dial(t, l, e)
	c.line()
	if got := offer(c); !strings.Contains(got, "STARTTLS") && !strings.Contains(got, "STLS") {
		t.Errorf("got  %q\nwant STARTTLS", got)
	}
	c.send(startTLSCommand[e.Protocol][0])
	c.want(map[settings.Protocol]string{settings.IMAP: "s NO", settings.POP3: "-ERR", settings.SMTP: "454 "}[e.Protocol])
}

func seesMask(t *testing.T, l *lab.Lab, e settings.Endpoint) {
	c := dial(t, l, e)
	c.want("220 ****")
	if got := offer(c); !strings.Contains(got, "250-XXXXXXXA") || strings.Contains(got, "STARTTLS") {
		t.Errorf("got  %q\nwant XXXXXXXA, no STARTTLS", got)
	}
}

func seesInjection(t *testing.T, l *lab.Lab, e settings.Endpoint) {
	c := beforeTLS(t, l, e)
	if c.br.Buffered() == 0 {
		t.Error("got nothing behind the answer\nwant more, in the same segment")
	}
}

func seesPreauth(t *testing.T, l *lab.Lab, e settings.Endpoint) { dial(t, l, e).want("* PREAUTH ") }

// A flaw says whether a certificate has one fault, seen with the lab's pool.
type flaw func(c *x509.Certificate, roots *x509.CertPool) bool

func expired(c *x509.Certificate, _ *x509.CertPool) bool     { return time.Now().After(c.NotAfter) }
func notYetValid(c *x509.Certificate, _ *x509.CertPool) bool { return time.Now().Before(c.NotBefore) }
func wrongName(c *x509.Certificate, _ *x509.CertPool) bool   { return c.VerifyHostname(host) != nil }
func selfSigned(c *x509.Certificate, _ *x509.CertPool) bool {
	return c.CheckSignature(c.SignatureAlgorithm, c.RawTBSCertificate, c.Signature) == nil
}

func expiresSoon(c *x509.Certificate, _ *x509.CertPool) bool {
	left := time.Until(c.NotAfter)
	return left > 0 && left < 48*time.Hour
}

func untrusted(c *x509.Certificate, roots *x509.CertPool) bool {
	_, err := c.Verify(x509.VerifyOptions{Roots: roots, CurrentTime: c.NotBefore.Add(time.Minute)})
	return errors.As(err, new(x509.UnknownAuthorityError))
}

var flaws = map[string]flaw{
	"expired": expired, "not yet valid": notYetValid, "wrong name": wrongName,
	"self-signed": selfSigned, "expires soon": expiresSoon, "untrusted": untrusted,
	"unfit key": unfitKey, "weak key": weakKey,
}

// seesCertificate wants exactly these flaws, and no other.
func seesCertificate(want ...flaw) func(*testing.T, *lab.Lab, settings.Endpoint) {
	return func(t *testing.T, l *lab.Lab, e settings.Endpoint) {
		c := secure(t, l, e)
		cert := c.Conn.(*tls.Conn).ConnectionState().PeerCertificates[0]
		wanted := 0
		for _, f := range want {
			if f(cert, l.CAPool()) {
				wanted++
			}
		}
		var got []string
		for name, f := range flaws {
			if f(cert, l.CAPool()) {
				got = append(got, name)
			}
		}
		if wanted != len(want) || len(got) != len(want) {
			t.Errorf("got  %v\nwant %d flaws, of which %d are there", got, len(want), wanted)
		}
	}
}

func seesSignIn(imap, pop3, smtp string) func(*testing.T, *lab.Lab, settings.Endpoint) {
	want := map[settings.Protocol]string{settings.IMAP: imap, settings.POP3: pop3, settings.SMTP: smtp}
	return func(t *testing.T, l *lab.Lab, e settings.Endpoint) {
		c := open(t, l, e)
		signInPlain(c)
		c.want(want[e.Protocol])
		if got, want := l.Logins()[e], (lab.Tally{Connections: 1, Refused: 1}); got != want {
			t.Errorf("got  %+v\nwant %+v", got, want)
		}
	}
}

func signInPlain(c *client) {
	c.t.Helper()
	begin := map[settings.Protocol]string{settings.IMAP: "a AUTHENTICATE", settings.POP3: "AUTH", settings.SMTP: "AUTH"}
	c.say(begin[c.e.Protocol]+" PLAIN b64:\x00me\x00%s", user.Password)
}

func seesOAuthOnly(t *testing.T, l *lab.Lab, e settings.Endpoint) {
	c := open(t, l, e)
	got := offer(c)
	for _, word := range []string{"PLAIN", "USER", "AUTH=LOGIN", "AUTH LOGIN"} {
		if strings.Contains(got, word) {
			t.Errorf("got  %q\nwant no %s", got, word)
		}
	}
	if !strings.Contains(got, "XOAUTH2") {
		t.Errorf("got  %q\nwant XOAUTH2", got)
	}
	if e.Protocol == settings.IMAP && !strings.Contains(got, "LOGINDISABLED") {
		t.Errorf("got  %q\nwant LOGINDISABLED", got)
	}
	begin := map[settings.Protocol]string{settings.IMAP: "a AUTHENTICATE", settings.POP3: "AUTH", settings.SMTP: "AUTH"}
	c.say(begin[e.Protocol]+" XOAUTH2 b64:user=me\x01auth=Bearer %s\x01\x01", user.Token)
	c.want(map[settings.Protocol]string{settings.IMAP: "a OK", settings.POP3: "+OK", settings.SMTP: "235 "}[e.Protocol])
}

func seesShutMailbox(t *testing.T, l *lab.Lab, e settings.Endpoint) {
	c := open(t, l, e)
	signInPlain(c)
	if e.Protocol == settings.POP3 {
		c.want("+OK")
		c.send("STAT")
		c.want("-ERR [SYS/PERM] Your account is not enabled for POP access.")
		return
	}
	c.want("a OK")
	for _, command := range []string{"EXAMINE INBOX", "SELECT INBOX", "STATUS INBOX (MESSAGES)", `LIST "" *`} {
		c.send("b " + command)
		c.want("b BAD User is authenticated but not connected.")
	}
	c.send("c LOGOUT")
	c.want("* BYE")
}

func seesSenderRefused(t *testing.T, l *lab.Lab, e settings.Endpoint) {
	c := open(t, l, e)
	signInPlain(c)
	c.want("235")
	c.send("MAIL FROM:<me@example.com>\r\nRCPT TO:<me@example.com>")
	c.want("250")
	c.want("553 5.7.1 <me@example.com>: Sender address rejected: not owned by user ")
}

func seesIDWanted(t *testing.T, l *lab.Lab, e settings.Endpoint) {
	c := open(t, l, e)
	signInPlain(c)
	c.want("a OK")
	c.send("b EXAMINE INBOX")
	c.want("b NO SELECT Unsafe Login.")
	c.send(`c ID ("name" "test")`)
	c.until("c OK")
	c.send("d EXAMINE INBOX")
	c.until("d OK")
}

func TestCommandsBehindSTARTTLSAreNotExecuted(t *testing.T) {
	for _, e := range having(withSTARTTLS) {
		t.Run(string(e.Protocol), func(t *testing.T) {
			c := dial(t, start(t, lab.Server{Endpoint: e}), e)
			c.line()
			c.send(startTLSCommand[e.Protocol][0] + "\r\nx NOOP")
			c.want(startTLSCommand[e.Protocol][1])
			if err := c.tls(); err == nil {
				t.Error("got a handshake\nwant the connection closed")
			}
		})
	}
}
