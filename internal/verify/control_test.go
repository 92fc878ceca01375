package verify

import (
	"context"
	"net"
	"os"
	"slices"
	"strings"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"mailprobe/internal/finding"
	"mailprobe/internal/lab"
	"mailprobe/internal/lab/script"
	"mailprobe/internal/probe"
	"mailprobe/internal/settings"
)

// TestWhoseFault runs one silent setting in worlds that differ in what else
// answers.
func TestWhoseFault(t *testing.T) {
	const (
		host     = "192.0.2.1" // mail.example.com
		stranger = "192.0.2.9" // imap.example.org
	)
	silent := func(keys ...string) map[string]error {
		fates := make(map[string]error)
		for _, k := range keys {
			fates[k] = syscall.ETIMEDOUT
		}
		return fates
	}
	elsewhere := at(stranger, server("imaps://imap.example.org", lab.None), server("submission://imap.example.org", lab.None))
	tests := []struct {
		name    string
		sites   []site
		fates   map[string]error
		verdict Verdict
		code    string
		blame   finding.Blame
		part    string // of the message
		remedy  string // part of it
		run     string // code of the finding about the run; empty: none
	}{
		{"the host is down", []site{elsewhere}, silent(host),
			Fails, "net.timeout", finding.Provider, "Port 993 of imap.example.org answers from here", "provider", ""},
		{"the port is not served", []site{elsewhere, at(host, server("imap://mail.example.com", lab.None))}, silent(host + ":993"),
			Fails, "net.timeout", finding.Catalogue, "Port 143 of the same host answers, so the host is up, and port 993 of imap.example.org answers", "try it with STARTTLS", ""},
		{"the network blocks the port", []site{elsewhere, at(host, server("imap://mail.example.com", lab.None))}, silent(host+":993", stranger+":993"),
			Unknown, "net.port_blocked_suspected", finding.LocalNetwork, "although port 143 of mail.example.com answers", "Port 143 of the same host answers: try it with STARTTLS.", ""},
		{"the network blocks the port, the host has no other", []site{elsewhere}, silent(host, stranger+":993"),
			Unknown, "net.port_blocked_suspected", finding.LocalNetwork, "although this network reaches other servers", "ask whoever runs this network to allow port 993", ""},
		{"nothing answers anywhere", []site{elsewhere}, silent("*"),
			Unknown, "net.timeout", finding.LocalNetwork, "like everything else from here", "", "env.offline"},
		{"there is no way out", []site{elsewhere}, map[string]error{"*": syscall.ENETUNREACH},
			Unknown, "net.unreachable", finding.LocalMachine, "like everything else from here", "", "env.offline"},
		{"everything is refused, everywhere", []site{elsewhere}, map[string]error{"*": syscall.ECONNREFUSED},
			Unknown, "net.refused", finding.LocalNetwork, "like everything else from here", "", "env.offline"},
		{"the host refuses", []site{elsewhere}, map[string]error{host: syscall.ECONNREFUSED},
			Fails, "net.refused", finding.Provider, "refuses every connection from here", "another network", ""},
		{"DNS does not answer", []site{elsewhere},
			map[string]error{"mail.example.com": &net.DNSError{IsTimeout: true}, "imap.example.org": &net.DNSError{IsTimeout: true}},
			Unknown, "dns.timeout", finding.LocalNetwork, "like every other name", "", "dns.timeout"},
		{"DNS does not answer for one name", []site{elsewhere}, map[string]error{"mail.example.com": &net.DNSError{IsTimeout: true}},
			Unknown, "dns.timeout", finding.Provider, "finds imap.example.org", "DNS of that domain", ""},
		{"the host is up, the rest is not known", []site{at(host, server("imap://mail.example.com", lab.None))}, silent(host + ":993"),
			Unknown, "net.timeout", finding.LocalNetwork, "Port 143 of the same host answers, so the host is up", "", ""},
	}
	for _, tt := range tests {
		for _, alternatives := range []bool{true, false} {
			t.Run(tt.name, func(t *testing.T) {
				w := newWorld(t).build(tt.sites...)
				w.name("mail.example.com", host)
				for k, err := range tt.fates {
					w.fates[k] = err
				}
				p := w.plan(documented("imaps://mail.example.com"))
				p.NoAlternatives = !alternatives
				if len(w.names["imap.example.org"]) > 0 {
					p.Controls = others(endpoint("submission://imap.example.org"), endpoint("imaps://imap.example.org"))
				}
				r := Run(t.Context(), p)
				if r.Verdict != tt.verdict {
					t.Errorf("got  verdict %s\n\twant %s", r.Verdict, tt.verdict)
				}
				f, remedy := find(r.Endpoints[0].Findings, tt.code), tt.remedy
				if alternatives && len(r.Endpoints[0].Instead) > 0 && strings.Contains(remedy, "try it with") {
					remedy = "" // it is said once, as what to use instead
				}
				if f == nil || f.Blame != tt.blame || !strings.Contains(f.Says(), tt.part) || !strings.Contains(f.Advises(), remedy) {
					t.Errorf("got  %+v\n\twant %s, blame %s, %q, %q", r.Endpoints[0].Findings, tt.code, tt.blame, tt.part, tt.remedy)
				}
				switch {
				case tt.run == "" && len(r.Findings) > 0:
					t.Errorf("got  %+v about the run\n\twant nothing", r.Findings)
				case tt.run != "" && find(r.Findings, tt.run) == nil:
					t.Errorf("got  %+v about the run\n\twant %s", r.Findings, tt.run)
				}
			})
		}
	}
}

// TestControlsUnneeded: where all is well, or the fault is plain, nothing is
// connected to for comparison.
func TestControlsUnneeded(t *testing.T) {
	tests := []struct {
		name  string
		fault lab.Fault
		no    bool
	}{
		{"all works", lab.None, false},
		{"the key is meant for another use", lab.UnfitKey, false},
		{"a sign-in is refused", lab.LoginRefused, false},
		{"switched off", "silent", true},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			w := newWorld(t)
			if tt.fault == "silent" {
				w.name("mail.example.com", "192.0.2.1")
			} else {
				w.build(at("192.0.2.1", server("imap://mail.example.com", tt.fault)))
			}
			w.build(at("192.0.2.9", server("imap://imap.example.org", lab.None)))
			p := w.plan(documented("imap://mail.example.com"))
			p.NoAlternatives, p.NoControl = true, tt.no
			p.Controls = others(endpoint("imap://imap.example.org"))
			r := Run(t.Context(), p)
			if n := w.connections("192.0.2.9"); n != 0 || len(r.Controls) != 0 {
				t.Errorf("got  %d connections, %d controls\n\twant none", n, len(r.Controls))
			}
		})
	}
}

// TestControlsAreFewAndMute: six silent endpoints cause eight dialogues, which
// end once the connection is there.
func TestControlsAreFewAndMute(t *testing.T) {
	urls := []string{"imaps://a.example.com", "imap://b.example.com", "pop3s://c.example.com", "pop3://d.example.com", "submissions://e.example.com", "submission://f.example.com"}
	w := newWorld(t)
	var controls []settings.Endpoint
	var servers []lab.Server
	for i, u := range urls {
		w.name(endpoint(u).Host, "192.0.2.1"+string(rune('0'+i)))
		c := endpoint(u)
		c.Host = "mail.example.org"
		controls = append(controls, c)
		servers = append(servers, lab.Server{Endpoint: c})
	}
	w.build(at("192.0.2.9", servers...))
	p := w.plan(documented(urls...))
	p.NoAlternatives, p.Controls = true, others(controls...)
	r := Run(t.Context(), p)
	if n := w.connections("") - len(urls); n != 8 || len(r.Controls) != 8 {
		t.Errorf("got  %d connections, %d controls\n\twant 8", n, len(r.Controls))
	}
	for _, c := range r.Controls {
		if c.Result.Step(probe.TLS).Status != probe.Skipped {
			t.Errorf("got  %+v\n\twant an end before TLS", c.Result.Steps)
		}
		if c.Elsewhere && c.Result.FailedStep() != nil {
			t.Errorf("got  %+v\n\twant an answer from elsewhere", c)
		}
	}
}

// TestControlsOfTheHost: another port of the host under test is not elsewhere.
func TestControlsOfTheHost(t *testing.T) {
	w := newWorld(t)
	w.name("mail.example.com", "192.0.2.1")
	p := w.plan(documented("imaps://mail.example.com"))
	p.NoAlternatives = true
	r := Run(t.Context(), p)
	if len(r.Controls) != 1 || r.Controls[0].Elsewhere || r.Controls[0].Result.Endpoint != endpoint("imap://mail.example.com") || r.Controls[0].Result.FailedStep() == nil {
		t.Errorf("got  %+v\n\twant port 143 of the host, in vain", r.Controls)
	}
}

// TestBlackHole: connections that never end by themselves are ended by the
// phase, and the run judges them.
func TestBlackHole(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		w.name("mail.example.com", "192.0.2.1")
		w.name("imap.example.org", "192.0.2.9")
		p := w.plan(documented("imaps://mail.example.com"))
		p.Options.Dialer = hole{}
		p.Controls = others(endpoint("imaps://imap.example.org"))
		r := Run(t.Context(), p)
		if r.Verdict != Unknown || find(r.Findings, "env.offline") == nil {
			t.Errorf("got  %s %+v\n\twant unknown, env.offline", r.Verdict, r.Findings)
		}
	})
}

// TestRunEndsEarly: what fails because the run ends is no observation.
func TestRunEndsEarly(t *testing.T) {
	w := newWorld(t)
	w.name("mail.example.com", "192.0.2.1")
	w.name("imap.example.org", "192.0.2.9")
	p := w.plan(documented("imaps://mail.example.com"))
	p.Options.Dialer = hole{}
	p.NoAlternatives = true
	p.Controls = others(endpoint("imaps://imap.example.org"))
	ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
	defer cancel()
	r := Run(ctx, p)
	if r.Verdict != Unknown || len(r.Findings) != 0 || len(r.Controls) != 0 {
		t.Errorf("got  %s %+v %+v\n\twant unknown, nothing else", r.Verdict, r.Findings, r.Controls)
	}
}

// A server that would have answered is not to blame for a short limit, which
// is shared out among the phases.
func TestShortRun(t *testing.T) {
	for _, security := range []settings.Security{settings.TLS, settings.StartTLS} {
		t.Run(string(security), func(t *testing.T) {
			s := script.Start(t, script.Options{}, "silence")
			e := settings.Endpoint{Protocol: settings.IMAP, Host: "127.0.0.1", Port: s.Port(), Security: security}
			t.Parallel()
			ctx, cancel := context.WithTimeout(t.Context(), 3*time.Second)
			defer cancel()
			r := Run(ctx, Plan{Endpoints: []settings.Setting{{Endpoint: e}}, NoControl: true, NoAlternatives: true})
			if got, want := r.Verdict, Unknown; got != want {
				t.Errorf("got  %s\nwant %s", got, want)
			}
			found := r.Endpoints[0].Findings
			if want := map[settings.Security]string{settings.TLS: "tls.handshake_timeout", settings.StartTLS: "proto.silent"}[security]; len(found) != 1 ||
				found[0].Code != want || found[0].Severity != finding.Warning || found[0].Blame != finding.Tool {
				t.Errorf("got  %v\nwant the warning %s alone", found, want)
			}
		})
	}
}

// TestObserved: once the run has ended, a failure says nothing of the server.
func TestObserved(t *testing.T) {
	ended, end := context.WithCancel(t.Context())
	end()
	good := &probe.Result{Steps: []probe.Step{{Phase: probe.Connect, Status: probe.OK}}}
	bad := &probe.Result{Steps: []probe.Step{{Phase: probe.Connect, Status: probe.Failed, Err: os.ErrDeadlineExceeded}}}
	tests := []struct {
		name string
		ctx  context.Context
		want []*probe.Result
	}{
		{"the run goes on", t.Context(), []*probe.Result{good, bad}},
		{"the run has ended", ended, []*probe.Result{good}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := observed(tt.ctx, []*probe.Result{good, nil, bad}); !slices.Equal(got, tt.want) {
				t.Errorf("got  %v\n\twant %v", got, tt.want)
			}
		})
	}
}

// hole is a dialer whose connections come to nothing.
type hole struct{}

func (hole) DialContext(ctx context.Context, _, _ string) (net.Conn, error) {
	<-ctx.Done()
	return nil, os.ErrDeadlineExceeded
}

func TestClock(t *testing.T) {
	day := 24 * time.Hour
	tests := []struct {
		name    string
		off     time.Duration // of this computer's clock
		built   time.Duration // after the true time, seen from now
		hosts   int
		verdict Verdict
		run     string
		blame   finding.Blame // of the finding about the certificate
	}{
		{"the clock is right", 0, -day, 2, Works, "", ""},
		{"it is behind the build", -100 * day, -day, 1, Unknown, "env.clock_before_build", finding.LocalMachine},
		{"it is behind the build, and nothing shows it", -2 * day, -day, 1, Unknown, "env.clock_before_build", ""},
		{"the hosts of one issuer may be wrong themselves", 100 * day, -1000 * day, 2, Fails, "", finding.Provider},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			w := newWorld(t)
			urls := []string{"imaps://imap.example.com", "submissions://smtp.example.com"}[:tt.hosts]
			for i, u := range urls {
				w.build(at("192.0.2.1"+string(rune('0'+i)), server(u, lab.None)))
			}
			p := w.plan(documented(urls...))
			now := time.Now()
			p.Built = now.Add(tt.built)
			p.Options.Now = func() time.Time { return time.Now().Add(tt.off) }
			p.Options.TLS.Now = p.Options.Now
			r := Run(t.Context(), p)
			if r.Verdict != tt.verdict {
				t.Errorf("got  %s %+v\n\twant %s", r.Verdict, r.Endpoints[0].Findings, tt.verdict)
			}
			if got := find(r.Findings, tt.run); (got == nil) != (tt.run == "") {
				t.Errorf("got  %+v\n\twant %q", r.Findings, tt.run)
			}
			for _, f := range r.Endpoints[0].Findings {
				if strings.HasPrefix(f.Code, "cert.") && f.Severity != finding.Info && f.Blame != tt.blame {
					t.Errorf("got  %s, blame %q\n\twant %q", f.Code, f.Blame, tt.blame)
				}
			}
		})
	}
}

// others are the endpoints of other providers, whoever the plan's is.
func others(list ...settings.Endpoint) func(*settings.Provider) []settings.Endpoint {
	return func(*settings.Provider) []settings.Endpoint { return list }
}
