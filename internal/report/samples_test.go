package report

import (
	"crypto/tls"
	"errors"
	"net/netip"
	"strings"
	"time"

	"mailprobe/internal/auth/token"
	"mailprobe/internal/diagnose"
	"mailprobe/internal/finding"
	"mailprobe/internal/probe"
	"mailprobe/internal/settings"
	"mailprobe/internal/tlscheck"
	"mailprobe/internal/verify"
)

// The samples, by name. Each call makes a new one.
var samples = map[string]func() *verify.Report{
	"works":               sampleWorks,
	"fails-resolve":       sampleResolve,
	"fails-connect":       sampleConnect,
	"fails-tls":           sampleTLS,
	"fails-greeting":      sampleGreeting,
	"fails-starttls":      sampleStartTLS,
	"fails-capabilities":  sampleCapabilities,
	"fails-access":        sampleAccess,
	"certificate":         sampleCertificate,
	"sign-in-accepted":    sampleAccepted,
	"sign-in-rejected":    sampleRejected,
	"unknown":             sampleUnknown,
	"interrupted":         sampleInterrupted,
	"url":                 sampleURL,
	"warnings":            sampleWarnings,
	"local":               sampleLocal,
	"hostile":             sampleHostile,
	"long-names":          sampleLongNames,
	"transcript":          sampleTranscript,
	"nothing":             sampleNothing,
	"works-but-run-fails": sampleClock,
	"looked-further":      sampleLookedFurther,
	"old-tls":             sampleOldTLS,
	"shared":              sampleShared,
	"offline":             sampleOffline,
	"drifted":             sampleDrifted,
}

func three(target string) sample {
	s := newSample(target, "office365", "Office 365")
	s.works(settings.IMAP, "outlook.office365.com", 993, settings.TLS)
	s.works(settings.POP3, "outlook.office365.com", 995, settings.TLS)
	s.works(settings.SMTP, "smtp.office365.com", 587, settings.StartTLS)
	return s
}

func sampleWorks() *verify.Report {
	s := three("office365")
	s.Endpoints[1].Findings = []finding.Finding{{
		Code: "tls.no_tls13", Severity: finding.Info, Message: "outlook.office365.com:995 does not offer TLS 1.3.",
	}}
	return s.Report
}

func sampleResolve() *verify.Report {
	s := three("office365")
	e := s.fails(probe.Resolve, finding.Finding{
		Code: "dns.nxdomain", Blame: finding.Catalogue, Message: "The server name imap.example.com does not exist.",
		Remedy: "Check the name in the provider's own help pages; it may have been renamed.", Evidence: finding.Saw("NXDOMAIN from 192.0.2.53"),
	})
	e.Result.Resolved, e.Result.Tried = nil, nil
	e.Result.Lookup = &probe.Lookup{Server: "192.0.2.53:53", Rcode: "NXDOMAIN", CNAME: []string{"old.example.com"}}
	return s.Report
}

func sampleConnect() *verify.Report {
	s := three("office365")
	e := s.fails(probe.Connect, finding.Finding{
		Code: "net.refused", Blame: finding.Provider, Message: "imap.example.com refuses connections on port 993: nothing listens there.",
		Remedy: "Use the setting below.", Evidence: finding.Saw("connect to 192.0.2.10:993: connection refused"),
	})
	e.Result.Tried[0].Err = errors.New("connection refused")
	e.Instead = []verify.Instead{
		{Endpoint: settings.Endpoint{Protocol: settings.IMAP, Host: "imap.example.com", Port: 143, Security: settings.StartTLS}, Why: "the usual port"},
		{Endpoint: settings.Endpoint{Protocol: settings.IMAP, Host: "mail.example.com", Port: 993, Security: settings.TLS}, Why: "the catalogue's alternative"},
	}
	return s.Report
}

func sampleTLS() *verify.Report {
	s := newSample("example", "example", "Example")
	e := s.fails(probe.TLS, finding.Finding{
		Code: "mode.starttls_on_implicit_port", Blame: finding.Catalogue,
		Message: "imap.example.com:993 does not start with encryption; it speaks IMAP in clear.",
		Remedy:  "Set the connection security to STARTTLS.", Evidence: finding.Saw("* OK Dovecot ready."), HelpURL: "https://example.com/a/very/long/help/address/that/must/never/be/broken/because/people/copy/it?article=123456789",
	})
	e.Result.UnlikeAsked = &probe.Unlike{Security: settings.StartTLS, Protocol: "imap", First: []byte("* OK Dovecot ready.")}
	return s.Report
}

func sampleGreeting() *verify.Report {
	s := newSample("example", "example", "Example")
	s.fails(probe.Greeting, finding.Finding{
		Code: "net.timeout", Blame: finding.LocalNetwork, Message: "imap.example.com:993 accepts the connection, then says nothing for 15 seconds.",
		Remedy: "Try again from another network, such as a phone's.",
	})
	return s.Report
}

func sampleStartTLS() *verify.Report {
	s := three("office365")
	e := &s.Endpoints[2]
	failAt(e, probe.StartTLS, &probe.ReplyError{Command: "STARTTLS", Reply: probe.Reply{Text: "454 4.7.0 TLS not available due to local problem"}})
	e.Result.TLS = nil
	s.blame(e, probe.StartTLS, finding.Finding{
		Code: "starttls.refused", Blame: finding.Provider, Message: "smtp.office365.com:587 refuses to switch to encryption.",
		Remedy: "Wait and try again; tell the provider if it stays so.", Evidence: finding.Saw("454 4.7.0 TLS not available due to local problem"),
	})
	return s.Report
}

func sampleCapabilities() *verify.Report {
	s := newSample("example", "example", "Example")
	s.fails(probe.Capabilities, finding.Finding{
		Code: "protocol.malformed", Blame: finding.Tool, Message: "imap.example.com:993 answers with a line that mailprobe does not understand.",
		Remedy: "Please report it with the output of --transcript.", Evidence: finding.Saw("* CAPABILITY"),
	})
	return s.Report
}

func sampleAccess() *verify.Report {
	s := newSample("me@example.com", "example", "Example")
	e := s.works(settings.IMAP, "imap.example.com", 993, settings.TLS)
	s.signIn(e, probe.Auth{Status: probe.AuthAccepted, Mechanism: "PLAIN", Reply: &probe.Reply{Text: "OK signed in"}})
	failAt(e, probe.Access, errors.New("refused"))
	e.Result.AccessReply = &probe.Reply{Text: "NO [ALERT] IMAP is switched off for this account", Status: "NO", Code: "ALERT"}
	s.blame(e, probe.Access, finding.Finding{
		Code: "auth.not_enabled", Blame: finding.Account, Message: "The password is right, but IMAP is switched off for this account.",
		Remedy: "Switch on IMAP in the settings of the mailbox.", Evidence: finding.Saw("NO [ALERT] IMAP is switched off for this account"),
	})
	return s.Report
}

func sampleCertificate() *verify.Report {
	s := newSample("example", "example", "Example")
	e := s.works(settings.IMAP, "imap.example.com", 993, settings.TLS)
	e.Result.TLS.Chain[0].NotAfter = sampleTime.AddDate(0, 0, -3)
	e.Result.TLS.Causes = []tlscheck.Cause{{Kind: "expired", Fatal: true, Detail: "ended on 2026-11-20"}, {Kind: "name", Fatal: true, Detail: "good for mail.example.com"}}
	s.blame(e, probe.TLS, finding.Finding{
		Code: "cert.expired", Blame: finding.Provider, Message: "The certificate of imap.example.com:993 expired 3 days ago, on 2026-11-20.",
		Remedy: "Tell the provider to renew it. Do not switch off the check.",
	})
	s.blame(e, probe.TLS, finding.Finding{
		Code: "cert.name", Blame: finding.Provider, Message: "The certificate is not for imap.example.com; it is for mail.example.com.",
		Remedy: "Use mail.example.com as the server name.",
	})
	e.Instead = []verify.Instead{{Endpoint: settings.Endpoint{Protocol: settings.IMAP, Host: "mail.example.com", Port: 993, Security: settings.TLS}, Why: "a name in the certificate"}}
	return s.Report
}

func sampleAccepted() *verify.Report {
	s := three("me@corp.com")
	for i := range s.Endpoints {
		s.signIn(&s.Endpoints[i], probe.Auth{Status: probe.AuthAccepted, Mechanism: "XOAUTH2", Reply: &probe.Reply{Text: "OK AUTHENTICATE completed."}})
	}
	s.Endpoints[0].Result.Message = &probe.Delivery{Subject: "mailprobe test message X", Seen: true, Deleted: true, Took: 1250 * time.Millisecond}
	s.Endpoints[2].Result.Message = &probe.Delivery{Subject: "mailprobe test message X", Sent: true, Took: 80 * time.Millisecond, Reply: &probe.Reply{Text: "250 queued"}}
	s.NotOffered = []settings.NotOffered{{Protocol: settings.POP3, Note: "Only IMAP.", Source: settings.Source{Title: "Mail settings", URL: "https://example.com/pop"}}}
	return s.Report
}

func sampleRejected() *verify.Report {
	s := three("me@corp.com")
	s.signIn(&s.Endpoints[0], probe.Auth{
		Status: probe.AuthRejected, Mechanism: "PLAIN", Challenge: `{"status":"400"}`,
		Reply: &probe.Reply{Text: "NO [AUTHENTICATIONFAILED] Invalid credentials (Failure)", Status: "NO", Code: "AUTHENTICATIONFAILED"},
	})
	s.Endpoints[0].Result.SecretSent = true
	s.Endpoints[0].Result.Token = &token.Reading{Form: token.Access, Length: 1410, Claims: &token.Claims{
		Audience: []string{"https://graph.microsoft.com"}, Scopes: []string{"Mail.Read"},
		Expires: sampleTime.Add(time.Hour), Username: "me@corp.com\x1b[2J",
	}}
	s.blame(&s.Endpoints[0], probe.SignIn, finding.Finding{
		Code: "auth.rejected", Blame: finding.Account, Message: "outlook.office365.com:993 rejects this user name or password.",
		Remedy:  "Type the password again. If two-step sign-in is on, make an app password: a password for one program only.",
		HelpURL: "https://support.example.com/app-passwords", Evidence: finding.Saw("NO [AUTHENTICATIONFAILED] Invalid credentials (Failure)"),
	})
	s.signIn(&s.Endpoints[1], probe.Auth{Status: probe.AuthSkipped, Reason: "IMAP outlook.office365.com:993 rejected the password, and a second failure may lock the account"})
	s.signIn(&s.Endpoints[2], probe.Auth{Status: probe.AuthUnknown, Reason: "the connection was closed"})
	return s.Report
}

func sampleUnknown() *verify.Report {
	s := three("office365")
	e := &s.Endpoints[1]
	e.Verdict, s.Verdict = verify.Unknown, verify.Unknown
	failAt(e, probe.Greeting, errors.New("421 too many connections"))
	e.Findings = []finding.Finding{{
		Code: "net.rate_limited", Severity: finding.Warning, Blame: finding.Tool, Phase: probe.Greeting,
		Message: "outlook.office365.com:995 says that it is asked too often.", Remedy: "Wait a minute and try again.", Evidence: finding.Saw("-ERR [SYS/TEMP] too many connections"),
	}}
	e = &s.Endpoints[2]
	e.Verdict = verify.Unknown
	failAt(e, probe.Connect, errors.New("network is unreachable"))
	return s.Report
}

func sampleInterrupted() *verify.Report {
	s := three("office365")
	s.Verdict, s.Interrupted = verify.Unknown, true
	s.Endpoints[2].Result, s.Endpoints[2].Verdict = nil, verify.Unknown
	return s.Report
}

func sampleURL() *verify.Report {
	s := newSample("imaps://imap.example.com", "", "")
	s.Provider = nil
	e := s.works(settings.IMAP, "imap.example.com", 993, settings.TLS)
	e.Origin, e.Source, e.Role = settings.FromURL, settings.Source{}, ""
	e.Result.Overridden = true
	e.Result.NativeLogin = "LOGIN"
	e.Result.Checked = []probe.MechanismCheck{{Mechanism: "PLAIN", Real: true, Reply: &probe.Reply{Text: "+"}}}
	return s.Report
}

func sampleWarnings() *verify.Report {
	s := three("office365")
	s.Endpoints[0].Findings = []finding.Finding{{
		Code: "cert.expires_soon", Severity: finding.Warning, Blame: finding.Provider, Phase: probe.TLS,
		Message: "The certificate ends in 9 days, on 2026-12-02.", Remedy: "The provider must renew it before.",
	}}
	s.Endpoints[0].Result.TLS.Chain[0].NotAfter = sampleTime.AddDate(0, 0, 9)
	s.Findings = []finding.Finding{{Code: "net.ipv6_broken", Severity: finding.Warning, Blame: finding.LocalNetwork, Message: "IPv6 address 2001:db8::10 does not answer."}}
	return s.Report
}

func sampleLocal() *verify.Report {
	s := newSample("example", "example", "Example")
	s.works(settings.SMTP, "mail.example.com", 25, settings.Plain)
	e := s.works(settings.POP3, "pop.example.com", 995, settings.TLS)
	e.Result.TLS.SystemTrust = tlscheck.TrustNo
	s.blame(e, probe.TLS, finding.Finding{
		Code: "cert.intercepted", Blame: finding.LocalMachine, Message: "A program on this computer opens the encryption to pop.example.com:995.",
		Remedy: "Switch off the mail shield of the antivirus program.", Evidence: finding.Saw("issuer CN=Example Antivirus"),
	})
	return s.Report
}

const attack = "\x1b[2J\x1b[32mconnected\u009b1m \u202eevil\u2066 a\u200bb\r\n::error::boo ##[command]x \xff\x00"

func sampleHostile() *verify.Report {
	s := newSample("exa\x1b[2Jmple", "exa\x1bmple", "Exam\u202eple")
	e := s.fails(probe.SignIn, finding.Finding{Code: "auth.rejected", Blame: finding.Account, Message: "refused: " + attack, Remedy: attack, HelpURL: "https://example.com/" + attack, Evidence: finding.Saw(attack + strings.Repeat("long ", 4000))})
	r := e.Result
	r.Greeting = attack + "\n" + strings.Repeat("x", 9000) + strings.Repeat("\nline", 50)
	r.Capabilities, r.Mechanisms, r.NativeLogin = []string{attack}, []string{attack}, attack
	r.TLS.Chain[0].Subject.CommonName, r.TLS.Chain[0].DNSNames = attack, []string{attack, attack}
	r.TLS.Causes = []tlscheck.Cause{{Kind: "name", Detail: attack}}
	r.Lookup = &probe.Lookup{Server: attack, Rcode: attack, EDE: attack, CNAME: []string{attack}, Err: errors.New(attack)}
	s.signIn(e, probe.Auth{Status: probe.AuthRejected, Mechanism: attack, Challenge: attack, Reason: attack, Reply: &probe.Reply{Text: attack}})
	setStep(r, probe.Step{Phase: probe.SignIn, Status: probe.Failed, Err: errors.New(attack), Note: attack})
	r.AccessReply = &probe.Reply{Text: attack}
	r.Message = &probe.Delivery{Subject: attack, Reply: &probe.Reply{Text: attack}, Reason: attack}
	r.Token = &token.Reading{Form: token.Access, Said: attack, Claims: &token.Claims{
		Audience: []string{attack}, Scopes: []string{attack}, Username: attack, Issuer: attack, Application: attack, Tenant: attack,
	}}
	r.Transcript = []probe.Line{{Text: attack}, {Sent: true, TLS: true, Text: strings.Repeat("y", 5000)}}
	e.Note, e.Source.Title, e.Source.URL, e.Source.Read = attack, attack, attack, attack
	e.Instead = []verify.Instead{{Endpoint: settings.Endpoint{Protocol: settings.IMAP, Host: attack, Port: 1, Security: settings.TLS}, Why: attack}}
	e.Findings = append(e.Findings, finding.Finding{Code: attack, Severity: finding.Warning, Message: attack}, finding.Finding{Code: attack, Severity: finding.Info, Message: attack})
	s.NotOffered = []settings.NotOffered{{Protocol: settings.POP3, Note: attack}}
	s.Findings = []finding.Finding{{Code: attack, Severity: finding.Error, Message: attack, Evidence: finding.Saw(attack)}}
	return s.Report
}

func sampleLongNames() *verify.Report {
	s := newSample("example", "example", "Example")
	s.works(settings.IMAP, "imap.mail.eu-west-1.customers.a-rather-long-company-name.example.com", 993, settings.TLS)
	s.works(settings.SMTP, strings.Repeat("averylonglabel.", 10)+"example.com", 587, settings.StartTLS)
	s.signIn(&s.Endpoints[0], probe.Auth{Status: probe.AuthAccepted, Mechanism: "PLAIN"})
	s.signIn(&s.Endpoints[1], probe.Auth{Status: probe.AuthSkipped, Reason: "sending needs no sign-in here"})
	return s.Report
}

func sampleTranscript() *verify.Report {
	s := newSample("example", "example", "Example")
	e := s.works(settings.SMTP, "smtp.example.com", 587, settings.StartTLS)
	e.Result.Transcript = []probe.Line{
		{At: 12 * time.Millisecond, Text: "220 Example ESMTP"},
		{At: 13 * time.Millisecond, Sent: true, Text: "EHLO [192.0.2.1]"},
		{At: 25 * time.Millisecond, Text: "250-STARTTLS"},
		{At: 26 * time.Millisecond, Sent: true, Text: "STARTTLS"},
		{At: 71 * time.Millisecond, Sent: true, TLS: true, Text: "EHLO [192.0.2.1]"},
		{At: 1083 * time.Millisecond, TLS: true, Text: "250-AUTH PLAIN LOGIN XOAUTH2 and much more text that runs over the end of a line on a narrow terminal"},
	}
	return s.Report
}

func sampleNothing() *verify.Report {
	s := newSample("example", "example", "Example")
	s.Verdict = verify.Unknown
	s.NotOffered = []settings.NotOffered{{Protocol: settings.POP3}}
	return s.Report
}

func sampleClock() *verify.Report {
	s := three("office365")
	s.Verdict = verify.Fails
	s.Findings = []finding.Finding{{
		Code: "env.clock_before_build", Severity: finding.Error, Blame: finding.LocalMachine,
		Message: "This computer's clock says 2020-01-01, which is before mailprobe was made.", Remedy: "Set the clock.",
	}}
	return s.Report
}

// sampleLookedFurther is a run that was asked to list what each server accepts
// and to visit every address.
func sampleLookedFurther() *verify.Report {
	s := newSample("example", "example", "Example")
	s.works(settings.IMAP, "imap.example.com", 993, settings.TLS)
	s.works(settings.SMTP, "smtp.example.com", 587, settings.StartTLS)
	s.works(settings.POP3, "pop.example.com", 995, settings.TLS)
	e := &s.Endpoints[0]
	e.Scan = &tlscheck.Scanned{
		Versions: []tlscheck.VersionScan{
			{Version: tls.VersionTLS13, Suites: []uint16{0x1302, 0x1301}, ServerOrder: true},
			{Version: tls.VersionTLS12, Suites: []uint16{0xc02f, 0xc030, 0x009e}},
			{Version: tls.VersionTLS10, Suites: []uint16{0x002f}, First: true},
		},
		Groups: []uint16{29, 23}, DHBits: 1024, NoExtendedMaster: true, NoRenegotiation: true, Compression: true, Hellos: 34, Complete: true,
	}
	e.Addresses = []*probe.Result{otherAddress(e, "2001:db8::10"), otherAddress(e, "192.0.2.11")}
	e.Addresses[0].TLS.Chain[0].NotAfter = sampleTime.AddDate(0, 0, -3)
	failAt(&verify.Endpoint{Result: e.Addresses[1]}, probe.Connect, errors.New("connection refused"))
	s.Endpoints[2].Scan = e.Scan
	s.Endpoints[1].Scan = &tlscheck.Scanned{Hellos: 2, Err: errors.New("connection refused")}
	return s.Report
}

// otherAddress is the dialogue of an endpoint at another address.
func otherAddress(e *verify.Endpoint, addr string) *probe.Result {
	s := newSample("", "", "")
	r := s.works(e.Protocol, e.Host, e.Port, e.Security).Result
	to := netip.AddrPortFrom(netip.MustParseAddr(addr), e.Port)
	r.RemoteAddr, r.Resolved, r.Tried = to, []netip.Addr{to.Addr()}, []probe.Attempt{{Addr: to}}
	return r
}

func sampleOldTLS() *verify.Report {
	s := newSample("example", "example", "Example")
	e := s.fails(probe.TLS, finding.Finding{
		Code: "tls.version_legacy_only", Blame: finding.Provider, Message: "imap.example.com:993 speaks nothing newer than TLS 1.0. Current mail programs refuse it (RFC 8997).",
		Remedy: "The provider must enable TLS 1.2 or 1.3.",
	})
	failAt(e, probe.TLS, &tlscheck.HandshakeError{
		Failure: tlscheck.Alert, Alert: 70, Err: errors.New("remote error: tls: protocol version not supported"),
		Explained: &tlscheck.Explanation{Reason: tlscheck.LegacyVersion, Version: tls.VersionTLS10, Suite: 0x002f, Hellos: 1},
	})
	return s.Report
}

// sampleShared has two endpoints with one cause, and one with another.
func sampleShared() *verify.Report {
	s := three("office365")
	for i := range s.Endpoints {
		e := &s.Endpoints[i]
		failAt(e, probe.Connect, errors.New("dial tcp "+e.Address()+": connect: connection refused"))
		f := finding.Finding{
			Code: "net.refused", Blame: finding.Provider, Subject: finding.About(e.Endpoint), Message: "{server} refuses connections.",
			Remedy: "Check the port.", Evidence: finding.Evidence{{At: "dial tcp " + e.Address(), What: "connect: connection refused"}},
		}
		if i == 2 {
			f.Remedy = "Check the server."
		}
		s.blame(e, probe.Connect, f)
		e.Findings = append(e.Findings, finding.Finding{
			Code: "policy.test", Severity: finding.Warning, Blame: finding.Provider, Subject: finding.About(e.Endpoint), Message: "Something is odd at {server}.", Remedy: "Look at it.",
		})
	}
	return s.Report
}

func sampleOffline() *verify.Report {
	s := three("office365")
	s.Verdict = verify.Unknown
	s.Findings = []finding.Finding{{
		Code: "env.offline", Severity: finding.Warning, Blame: finding.LocalNetwork,
		Message: "Nothing could be reached from this computer, not even imap.example.net:993 for comparison, so nothing is known about these settings.",
		Remedy:  "Check that this computer is connected to the internet.",
	}}
	for i := range s.Endpoints {
		e := &s.Endpoints[i]
		e.Verdict = verify.Unknown
		failAt(e, probe.Connect, errors.New("network is unreachable"))
		e.Findings = []finding.Finding{{
			Code: "net.timeout", Severity: finding.Warning, Blame: finding.LocalNetwork, Phase: probe.Connect,
			Subject: finding.About(e.Endpoint), Message: "{server} could not be reached, like everything else from here.",
		}}
	}
	s.Controls = []diagnose.Control{
		{Elsewhere: true, Result: &probe.Result{
			Endpoint: settings.Endpoint{Protocol: settings.IMAP, Host: "imap.example.net", Port: 993, Security: settings.TLS}, Took: 5 * time.Second,
			Steps: []probe.Step{{Phase: probe.Connect, Status: probe.Failed, Err: errors.New("i/o timeout")}},
		}},
		{Result: &probe.Result{
			Endpoint: settings.Endpoint{Protocol: settings.IMAP, Host: "outlook.office365.com", Port: 143, Security: settings.StartTLS}, Took: 20 * time.Millisecond,
		}},
	}
	return s.Report
}

// sampleDrifted is a run that was compared with a baseline.
func sampleDrifted() *verify.Report {
	s := three("office365")
	s.Endpoints[0].Findings = []finding.Finding{{
		Code: "drift.issuer", Severity: finding.Info,
		Message: "imaps://outlook.office365.com:993: the issuer of the certificate changed from CN=Old CA to CN=Example CA 1.",
	}}
	s.Findings = []finding.Finding{{Code: "drift.endpoint", Severity: finding.Info, Message: "imaps://old.office365.com:993: the setting is gone."}}
	return s.Report
}
