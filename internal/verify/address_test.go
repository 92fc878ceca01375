package verify

import (
	"fmt"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"mailprobe/internal/auth"
	"mailprobe/internal/finding"
	"mailprobe/internal/lab"
)

// nodes puts one server at several addresses, the first with the first fault.
func nodes(url string, faults ...lab.Fault) []site {
	var sites []site
	for i, f := range faults {
		sites = append(sites, at("192.0.2."+string(rune('1'+i)), server(url, f)))
	}
	return sites
}

func find(findings []finding.Finding, code string) *finding.Finding {
	i := slices.IndexFunc(findings, func(f finding.Finding) bool { return f.Code == code })
	if i < 0 {
		return nil
	}
	return &findings[i]
}

func TestAllAddresses(t *testing.T) {
	const imaps, imap = "imaps://mail.example.com", "imap://mail.example.com"
	tests := []struct {
		name     string
		url      string
		faults   []lab.Fault
		code     string // empty: none about addresses
		severity finding.Severity
		part     string // of the message
		verdict  Verdict
	}{
		{"all have certificates of their own", imaps, []lab.Fault{lab.None, lab.None, lab.None},
			"cert.inconsistent_across_addresses", finding.Info, "192.0.2.2, 192.0.2.3 another one than 192.0.2.1", Works},
		{"one certificate has expired", imaps, []lab.Fault{lab.None, lab.None, lab.Expired},
			"cert.inconsistent_across_addresses", finding.Error, "the one at 192.0.2.3 has expired on ", Fails},
		{"the certificate of the first has expired", imaps, []lab.Fault{lab.Expired, lab.None},
			"cert.inconsistent_across_addresses", finding.Error, "no fault at 192.0.2.2", Fails},
		{"one certificate is of an unknown authority", imaps, []lab.Fault{lab.None, lab.UnknownCA},
			"cert.inconsistent_across_addresses", finding.Error, "the one at 192.0.2.2 is not trusted", Fails},
		{"one certificate ends soon", imaps, []lab.Fault{lab.None, lab.ExpiresSoon, lab.None},
			"cert.inconsistent_across_addresses", finding.Warning, "the one at 192.0.2.2 ends already on ", Works},
		{"one certificate is for another host", imap, []lab.Fault{lab.None, lab.WrongName},
			"cert.inconsistent_across_addresses", finding.Error, "192.0.2.2 is for another host name", Fails},
		{"one lacks STARTTLS", imap, []lab.Fault{lab.None, lab.None, lab.StartTLSMissing},
			"net.address_inconsistent", finding.Warning, "192.0.2.3 does not offer STARTTLS; with 192.0.2.1, 192.0.2.2 all is well", Works},
		{"the first lacks STARTTLS", imap, []lab.Fault{lab.StartTLSMissing, lab.None},
			"net.address_inconsistent", finding.Warning, "192.0.2.1 does not offer STARTTLS; with 192.0.2.2 all is well", Fails},
		{"one is silent", imaps, []lab.Fault{lab.None, lab.Silent},
			"net.address_untested", finding.Warning, "192.0.2.2. They were not tested, or no answer came in time.", Unknown},
		{"one refuses", imaps, []lab.Fault{lab.None, lab.Refused},
			"net.address_inconsistent", finding.Warning, "192.0.2.2 does not accept connections", Works},
		{"one hangs up", imap, []lab.Fault{lab.None, lab.Closes},
			"net.address_inconsistent", finding.Warning, "192.0.2.2 does not greet properly", Works},
		{"one speaks only old TLS", imaps, []lab.Fault{lab.None, lab.LegacyTLS},
			"tls.inconsistent_addresses", finding.Warning, "192.0.2.2 fails in the TLS handshake", Works},
		{"one takes no passwords", imaps, []lab.Fault{lab.None, lab.OAuthOnly},
			"net.address_inconsistent", finding.Warning, "192.0.2.2 lacks ", Works},
		{"all lack STARTTLS", imap, []lab.Fault{lab.StartTLSMissing, lab.StartTLSMissing},
			"", "", "", Fails},
		{"there is one address", imaps, []lab.Fault{lab.None},
			"", "", "", Works},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			w := newWorld(t).build(nodes(tt.url, tt.faults...)...)
			p := w.plan(documented(tt.url))
			p.AllAddresses = true
			if slices.Contains(tt.faults, lab.Silent) {
				p.Options.Timeouts.Phase = 3 * time.Second // silence is what is tested
			}
			e := Run(t.Context(), p).Endpoints[0]
			if e.Verdict != tt.verdict {
				t.Errorf("got  verdict %s %v\n\twant %s", e.Verdict, e.Findings, tt.verdict)
			}
			if len(e.Addresses) != len(tt.faults)-1 {
				t.Errorf("got  %d other addresses\n\twant %d", len(e.Addresses), len(tt.faults)-1)
			}
			if tt.code == "" {
				for _, code := range []string{"cert.inconsistent_across_addresses", "net.address_inconsistent", "tls.inconsistent_addresses"} {
					if f := find(e.Findings, code); f != nil {
						t.Errorf("got  %+v\n\twant none", *f)
					}
				}
				return
			}
			f := find(e.Findings, tt.code)
			if f == nil || f.Severity != tt.severity || !strings.Contains(f.Says(), tt.part) {
				t.Errorf("got  %+v\n\twant %s %s %q", e.Findings, tt.severity, tt.code, tt.part)
			}
		})
	}
}

// TestDeadAddresses: a host works if any of its addresses does, and those that
// do not are named.
func TestDeadAddresses(t *testing.T) {
	w := newWorld(t)
	w.name("mail.example.com", "192.0.2.1")
	w.name("mail.example.com", "192.0.2.2")
	w.build(at("192.0.2.3", server("imaps://mail.example.com", lab.None)))
	w.fates["192.0.2.2"] = syscall.ECONNREFUSED
	e := Run(t.Context(), w.plan(documented("imaps://mail.example.com"))).Endpoints[0]
	f := find(e.Findings, "net.address_broken")
	if e.Verdict != Works || f == nil {
		t.Fatalf("got  %s %+v\nwant works, net.address_broken", e.Verdict, e.Findings)
	}
	if want := "192.0.2.1 does not answer, 192.0.2.2 refuses the connection"; f.Args["address"] != want {
		t.Errorf("got  %s\nwant %s", f.Args["address"], want)
	}
}

// TestAddressesOfAFamilyThatIsMissing: what cannot be tested from here leaves
// the verdict open, and it is said why and how to leave it out.
func TestAddressesOfAFamilyThatIsMissing(t *testing.T) {
	for _, row := range []struct {
		name string
		fate error
		part string
	}{
		{"no route", syscall.ENETUNREACH, "no way to IPv6 from here"},
		{"no such family", syscall.EAFNOSUPPORT, "no way to IPv6 from here"},
		{"no address", syscall.EADDRNOTAVAIL, "no way to IPv6 from here"},
		{"a router says so", syscall.EHOSTUNREACH, "Nothing is known of some addresses"},
	} {
		t.Run(row.name, func(t *testing.T) {
			w := newWorld(t)
			w.name("mail.example.com", "2001:db8::1")
			w.name("mail.example.com", "2001:db8::2")
			w.build(at("192.0.2.3", server("imaps://mail.example.com", lab.None)))
			w.fates["2001:db8::1"], w.fates["2001:db8::2"] = row.fate, row.fate
			p := w.plan(documented("imaps://mail.example.com"))
			p.AllAddresses = true
			e := Run(t.Context(), p).Endpoints[0]
			f := find(e.Findings, "net.address_untested")
			if e.Verdict != Unknown || f == nil || !strings.Contains(f.Says(), row.part) || !strings.Contains(f.Says(), "2001:db8::1") {
				t.Fatalf("got  %s %+v\nwant unknown, %s", e.Verdict, e.Findings, row.part)
			}
			if missing := row.fate != syscall.EHOSTUNREACH; strings.Contains(f.Advises(), "-4") != missing {
				t.Errorf("got  %s\nwant -4 in it: %t", f.Advises(), missing)
			}
		})
	}
}

// TestAddressesUnasked: without being asked, a run goes to one address.
func TestAddressesUnasked(t *testing.T) {
	w := newWorld(t).build(nodes("imaps://mail.example.com", lab.None, lab.Expired)...)
	e := Run(t.Context(), w.plan(documented("imaps://mail.example.com"))).Endpoints[0]
	if n := w.connections(""); n != 1 || e.Addresses != nil {
		t.Errorf("got  %d connections, %d other addresses\n\twant 1 and none", n, len(e.Addresses))
	}
}

// TestAddressesWithoutSignIn: the credential is shown at one address only.
func TestAddressesWithoutSignIn(t *testing.T) {
	w := newWorld(t).build(nodes("imaps://mail.example.com", lab.None, lab.None)...)
	p := w.plan(documented("imaps://mail.example.com"))
	p.AllAddresses = true
	p.Options.Credential = auth.NewCredential(auth.Password, auth.NewSecret("right"))
	p.Options.Username = "me@example.com"
	e := Run(t.Context(), p).Endpoints[0]
	if e.Result.Auth.Status != "accepted" || len(e.Addresses) != 1 {
		t.Fatalf("got  %s and %d other addresses\n\twant accepted and 1", e.Result.Auth.Status, len(e.Addresses))
	}
	if a := e.Addresses[0]; a.SecretSent || a.Auth.Status != "not_tested" {
		t.Errorf("got  %+v\n\twant no sign-in", a.Auth)
	}
	if f := find(e.Findings, "net.address_inconsistent"); f != nil {
		t.Errorf("got  %+v\n\twant none", *f)
	}
}

// TestAddressesAreBounded: of a host with many addresses, eight of each family
// are asked. One that failed in the run itself is not tried again, and those
// that are left are named: not everything that was asked for is known.
func TestAddressesAreBounded(t *testing.T) {
	w := newWorld(t).build(at("192.0.2.1", server("imaps://mail.example.com", lab.None)))
	for i := range 10 {
		w.name("mail.example.com", fmt.Sprintf("192.0.2.%d", 10+i))
		w.name("mail.example.com", fmt.Sprintf("2001:db8::%d", 10+i))
	}
	p := w.plan(documented("imaps://mail.example.com"))
	p.AllAddresses = true
	e := Run(t.Context(), p).Endpoints[0]
	const tried = 2 // one of each family
	if n := w.connections(""); n != 16 || len(e.Addresses) != 16-tried {
		t.Errorf("got  %d connections, %d other addresses\n\twant %d and %d", n, len(e.Addresses), 16, 16-tried)
	}
	if n := w.connections("[2001:db8::10]"); n != 1 {
		t.Errorf("got  %d connections to the address that failed\n\twant 1", n)
	}
	if f := find(e.Findings, "net.address_untested"); f == nil || len(e.Untested) != 20 || e.Verdict != Unknown {
		t.Errorf("got  %v, %s, %+v\n\twant the 5 that were left and the 15 that do not answer, and no verdict", e.Untested, e.Verdict, f)
	}
}
