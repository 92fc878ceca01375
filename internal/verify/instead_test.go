package verify

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"mailprobe/internal/auth"
	"mailprobe/internal/lab"
	"mailprobe/internal/probe"
	"mailprobe/internal/settings"
)

func insteadOf(e Endpoint) []string {
	var list []string
	for _, i := range e.Instead {
		list = append(list, i.Endpoint.String()+" ("+i.Why+")")
	}
	return list
}

func TestInstead(t *testing.T) {
	const (
		host  = "mail.example.com"
		other = "server.hosting.example" // the name in the lab's wrong certificate
	)
	tests := []struct {
		name       string
		sites      []site
		documented string
		also       []settings.Setting // in the catalogue
		want       []string
	}{
		{"the port expects TLS at once",
			[]site{at("192.0.2.1", server("imap://"+host, lab.TLSOnClearPort))},
			"imap://" + host, nil,
			[]string{"imaps://mail.example.com:143 (the same port with SSL/TLS)"}},
		{"the port speaks in clear, without STARTTLS",
			[]site{at("192.0.2.1", server("pop3s://"+host, lab.ClearOnTLSPort), server("pop3://"+host, lab.None))},
			"pop3s://" + host, nil,
			[]string{"pop3://mail.example.com:110 (the usual port)"}},
		{"the port is closed",
			[]site{at("192.0.2.1", server("imap://"+host, lab.None))},
			"imaps://" + host, nil,
			[]string{"imap://mail.example.com:143 (the usual port)"}},
		{"the port is silent, the catalogue knows better",
			[]site{at("192.0.2.1"), at("192.0.2.2", server("imaps://new.example.com", lab.None))},
			"imaps://" + host, inRole(settings.Alternative, "imaps://new.example.com"),
			[]string{"imaps://new.example.com:993 (the catalogue's alternative)"}},
		{"STARTTLS is not offered",
			[]site{at("192.0.2.1", server("submission://"+host, lab.StartTLSMissing), server("submissions://"+host, lab.None))},
			"submission://" + host, nil,
			[]string{"submissions://mail.example.com:465 (the usual port)"}},
		{"STARTTLS is stripped on the way",
			[]site{at("192.0.2.1", server("submission://"+host, lab.StartTLSStripped), server("submissions://"+host, lab.None))},
			"submission://" + host, nil,
			[]string{"submissions://mail.example.com:465 (the usual port)"}},
		{"STARTTLS is refused",
			[]site{at("192.0.2.1", server("imap://"+host, lab.StartTLSRefused), server("imaps://"+host, lab.None))},
			"imap://" + host, nil,
			[]string{"imaps://mail.example.com:993 (the usual port)"}},
		{"the certificate is for another name",
			[]site{at("192.0.2.1", server("imaps://"+host, lab.WrongName)), at("192.0.2.2", server("imaps://"+other, lab.None))},
			"imaps://" + host, nil,
			nil}, // at a provider of the catalogue a server of another name may stand in its place
		{"an expired certificate vouches for no name",
			[]site{at("192.0.2.1", server("imaps://"+host, lab.ExpiredWrongName)), at("192.0.2.2", server("imaps://"+other, lab.None))},
			"imaps://" + host, nil, nil},
		{"an alternative with a bad certificate is none",
			[]site{at("192.0.2.1", server("imap://"+host, lab.StartTLSMissing), server("imaps://"+host, lab.Expired))},
			"imap://" + host, nil, nil},
		{"the server ends every connection to the port",
			[]site{at("192.0.2.1", server("imaps://"+host, lab.Closes), server("imap://"+host, lab.None))},
			"imaps://" + host, nil,
			[]string{"imap://mail.example.com:143 (the usual port)"}},
		{"an alternative with the same fault is none",
			[]site{at("192.0.2.1", server("imap://"+host, lab.StartTLSMissing), server("imaps://"+host, lab.ClearOnTLSPort))},
			"imap://" + host, nil, nil},
		{"the name does not exist",
			[]site{at("192.0.2.2", server("imaps://new.example.com", lab.None))},
			"imaps://gone.example.com", inRole(settings.Alternative, "imaps://new.example.com"),
			[]string{"imaps://new.example.com:993 (the catalogue's alternative)"}},
		{"another protocol is no alternative",
			[]site{at("192.0.2.1", server("imap://"+host, lab.StartTLSMissing)), at("192.0.2.2", server("pop3s://new.example.com", lab.None))},
			"imap://" + host, inRole(settings.Alternative, "pop3s://new.example.com"), nil},
		{"what works needs none",
			[]site{at("192.0.2.1", server("imaps://"+host, lab.None), server("imap://"+host, lab.None))},
			"imaps://" + host, nil, nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			w := newWorld(t).build(tt.sites...)
			if len(w.names[host]) == 0 {
				w.name(host, "192.0.2.1")
			}
			p := w.plan(documented(tt.documented))
			p.Provider = &settings.Provider{ID: "example", Name: "Example", Offers: []settings.Offer{{Endpoints: append(documented(tt.documented), tt.also...)}}}
			got := Run(t.Context(), p).Endpoints[0]
			if !slices.Equal(insteadOf(got), tt.want) {
				t.Errorf("got  %q (%s)\n\twant %q", insteadOf(got), got.Verdict, tt.want)
			}
		})
	}
}

// TestNothingInstead: a fault that no other setting cures makes no connection.
func TestNothingInstead(t *testing.T) {
	const url = "imaps://mail.example.com"
	for _, fault := range []lab.Fault{lab.None, lab.Expired, lab.SelfSigned, lab.UnknownCA, lab.LoginRefused, lab.RejectsGreeting} {
		t.Run(string(fault), func(t *testing.T) {
			w := newWorld(t).build(at("192.0.2.1", server(url, fault), server("imap://mail.example.com", lab.None)))
			p := w.plan(documented(url))
			p.Options.Credential = auth.NewCredential(auth.Password, auth.NewSecret("wrong"))
			p.Options.Username = "me@example.com"
			r := Run(t.Context(), p)
			if n := w.connections("192.0.2.1:143"); n != 0 || len(r.Endpoints[0].Instead) != 0 {
				t.Errorf("got  %d connections to port 143, instead %q\n\twant none", n, insteadOf(r.Endpoints[0]))
			}
		})
	}
}

// TestInsteadKnownAlready: what the run has probed is not probed again.
func TestInsteadKnownAlready(t *testing.T) {
	const bad, good = "imap://mail.example.com", "imaps://mail.example.com"
	w := newWorld(t).build(at("192.0.2.1", server(bad, lab.StartTLSMissing), server(good, lab.None)))
	p := w.plan(documented(bad, good))
	p.Provider = &settings.Provider{ID: "example", Offers: []settings.Offer{{Endpoints: p.Endpoints}}}
	got := Run(t.Context(), p).Endpoints[0]
	if want := []string{"imaps://mail.example.com:993 (documented as well)"}; !slices.Equal(insteadOf(got), want) {
		t.Errorf("got  %q\n\twant %q", insteadOf(got), want)
	}
	if n := w.connections("192.0.2.1:993"); n != 1 {
		t.Errorf("got  %d connections to port 993\n\twant 1", n)
	}
}

// TestNameInTheCertificate: a server outside the catalogue may have the name
// that its certificate says.
func TestNameInTheCertificate(t *testing.T) {
	w := newWorld(t).build(at("192.0.2.1", server("imaps://mail.example.com", lab.WrongName)), at("192.0.2.2", server("imaps://server.hosting.example", lab.None)))
	got := Run(t.Context(), w.plan(documented("imaps://mail.example.com"))).Endpoints[0]
	if want := []string{"imaps://server.hosting.example:993 (a name in the certificate)"}; !slices.Equal(insteadOf(got), want) {
		t.Errorf("got  %q\nwant %q", insteadOf(got), want)
	}
}

func TestNoAlternatives(t *testing.T) {
	w := newWorld(t).build(at("192.0.2.1", server("imap://mail.example.com", lab.None)))
	p := w.plan(documented("imaps://mail.example.com"))
	p.NoAlternatives, p.NoControl = true, true
	r := Run(t.Context(), p)
	if n := w.connections("192.0.2.1:143"); n != 0 || r.Endpoints[0].Instead != nil {
		t.Errorf("got  %d connections, instead %q\n\twant none", n, insteadOf(r.Endpoints[0]))
	}
}

// TestAlternativesAreFew: however much there is to try, and however many
// endpoints fail, a run tries six. The first choices go first.
func TestAlternativesAreFew(t *testing.T) {
	w := newWorld(t)
	var also []settings.Setting
	for i := range 10 {
		host := fmt.Sprintf("imap%d.example.com", i)
		w.name(host, fmt.Sprintf("192.0.2.%d", 100+i))
		also = append(also, inRole(settings.Alternative, "imaps://"+host)...)
	}
	w.build(at("192.0.2.1", server("pop3://mail.example.com", lab.None)))
	p := w.plan(documented("imaps://mail.example.com", "pop3s://mail.example.com"))
	p.Provider = &settings.Provider{ID: "example", Offers: []settings.Offer{{Endpoints: append(documented("imaps://mail.example.com", "pop3s://mail.example.com"), also...)}}}
	p.NoControl = true
	r := Run(t.Context(), p)
	if n := w.connections(""); n != 2+6 { // the documented ones and six more
		t.Errorf("got  %d connections\n\twant %d", n, 2+6)
	}
	if want := []string{"pop3://mail.example.com:110 (the usual port)"}; !slices.Equal(insteadOf(r.Endpoints[1]), want) {
		t.Errorf("got  %q\n\twant %q", insteadOf(r.Endpoints[1]), want)
	}
}

// TestInsteadIsShort: of all that works the best is shown.
func TestInsteadIsShort(t *testing.T) {
	w := newWorld(t).build(at("192.0.2.1", server("pop3s://mail.example.com", lab.None)))
	var also []settings.Setting
	for i := range 4 {
		url := fmt.Sprintf("imaps://imap%d.example.com", i)
		w.build(at(fmt.Sprintf("192.0.2.1%d", i), server(url, lab.None)))
		also = append(also, inRole(settings.Alternative, url)...)
	}
	p := w.plan(documented("imaps://mail.example.com"))
	w.name("mail.example.com", "192.0.2.1")
	p.Provider = &settings.Provider{ID: "example", Offers: []settings.Offer{{Endpoints: append(documented("imaps://mail.example.com"), also...)}}}
	got := insteadOf(Run(t.Context(), p).Endpoints[0])
	want := []string{"imaps://imap0.example.com:993 (the catalogue's alternative)"}
	if !slices.Equal(got, want) {
		t.Errorf("got  %q\nwant %q", got, want)
	}
}

// TestOverriddenRunStaysThere: a run that is sent elsewhere by hand makes no
// connection that no rule covers.
func TestOverriddenRunStaysThere(t *testing.T) {
	tests := []struct {
		name string
		rule probe.ConnectRule
		want int // connections to port 143
	}{
		{"the port alone", probe.ConnectRule{Host: "mail.example.com", Port: 993, ToHost: "192.0.2.1"}, 0},
		{"the whole host", probe.ConnectRule{Host: "mail.example.com", ToHost: "192.0.2.1"}, 1},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			w := newWorld(t).build(at("192.0.2.1", server("imap://mail.example.com", lab.None)))
			w.name("other.example.org", "192.0.2.9")
			p := w.plan(documented("imaps://mail.example.com"))
			p.Options.Overrides.ConnectTo = []probe.ConnectRule{tt.rule}
			p.Controls = others(endpoint("imaps://other.example.org"))
			Run(t.Context(), p)
			if got := w.connections("192.0.2.1:143"); got != tt.want {
				t.Errorf("got  %d connections\n\twant %d", got, tt.want)
			}
			if got := w.connections("192.0.2.9"); got != 0 {
				t.Errorf("got  %d connections to another provider\n\twant none", got)
			}
		})
	}
}

// Where a STARTTLS port refuses the handshake that it expects at once, no
// more ClientHellos are sent to find out why: the mode is the fault, and each
// of them would wait for a greeting that never comes.
func TestWrongModeIsNotExplained(t *testing.T) {
	w := newWorld(t).build(at("192.0.2.1", server("imaps://mail.example.com:143", lab.LegacyTLS)))
	p := w.plan(documented("imap://mail.example.com"))
	p.Options.Timeouts.Silence = 50 * time.Millisecond
	e := Run(t.Context(), p).Endpoints[0]
	if find(e.Findings, "mode.implicit_on_starttls_port") == nil {
		t.Fatalf("got  %+v\n\twant the mode as a finding", e.Findings)
	}
	if n := w.connections("192.0.2.1:143"); n != 3 { // the silent one, the ClientHello, the setting in its place
		t.Errorf("got  %d connections\n\twant 3", n)
	}
}
