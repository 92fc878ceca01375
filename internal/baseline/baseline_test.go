package baseline

import (
	"slices"
	"strings"
	"testing"

	"mailprobe/internal/document"
)

func ran() *document.Document {
	return &document.Document{Target: "example", Verdict: document.Works, Endpoints: []document.Endpoint{endpoint("imap"), endpoint("smtp")}}
}

func endpoint(protocol document.Text) document.Endpoint {
	return document.Endpoint{
		Server:  document.Server{Protocol: protocol, Host: "mail.example.com", Port: 993, Security: "tls"},
		Verdict: document.Works, Phases: []document.Phase{{Name: "capabilities", Status: document.OK}},
		Capabilities: []document.Text{"IMAP4rev1", "IDLE"}, Mechanisms: []document.Text{"PLAIN", "LOGIN"},
		Resolved: []document.Text{"192.0.2.1", "2001:db8::1"},
		TLS:      &document.TLS{Version: "TLS 1.3", Group: "X25519", Chain: []document.Certificate{{Issuer: "CN=A", Key: "RSA 2048", SHA256: "aa"}}},
	}
}

func TestCompare(t *testing.T) {
	for _, row := range []struct {
		name   string
		change func(d *document.Document)
		want   string // codes and sentences
	}{
		{"nothing", func(*document.Document) {}, ""},
		{"a renewed certificate", func(d *document.Document) { d.Endpoints[0].TLS.Chain[0].SHA256 = "bb" }, ""},
		{"another order", func(d *document.Document) {
			slices.Reverse(d.Endpoints[0].Capabilities)
			slices.Reverse(d.Endpoints[0].Resolved)
			d.Endpoints[0].Mechanisms[0] = "login"
			d.Endpoints[0].Mechanisms[1] = "plain"
		}, ""},
		{"a capability", func(d *document.Document) { d.Endpoints[1].Capabilities = []document.Text{"IMAP4rev1", "MOVE"} },
			"drift.capabilities smtp+tls://mail.example.com:993: the capabilities changed: gone IDLE new MOVE."},
		{"a mechanism", func(d *document.Document) { d.Endpoints[0].Mechanisms = d.Endpoints[0].Mechanisms[:1] }, "drift.mechanisms imaps://mail.example.com:993: the ways to sign in changed: gone LOGIN."},
		{"all mechanisms", func(d *document.Document) { d.Endpoints[0].Mechanisms = nil }, "drift.mechanisms imaps://mail.example.com:993: the ways to sign in changed: gone PLAIN, LOGIN."},
		{"what was not seen", func(d *document.Document) {
			d.Endpoints[0].Phases, d.Endpoints[0].Capabilities, d.Endpoints[0].TLS, d.Endpoints[0].Resolved = nil, nil, nil, nil
		}, ""},
		{"signed in", func(d *document.Document) {
			d.Endpoints[0].Auth.Status, d.Endpoints[0].Capabilities = document.Accepted, nil
		}, ""},
		{"TLS", func(d *document.Document) { d.Endpoints[0].TLS.Version, d.Endpoints[0].TLS.Group = "TLS 1.2", "P-256" },
			"drift.tls_version imaps://mail.example.com:993: the version of TLS changed from TLS 1.3 to TLS 1.2. drift.tls_group imaps://mail.example.com:993: the key exchange changed from X25519 to P-256."},
		{"the issuer", func(d *document.Document) {
			d.Endpoints[0].TLS.Chain[0].Issuer, d.Endpoints[0].TLS.Chain[0].Key = "CN=B", "ECDSA P-256"
		}, "drift.issuer imaps://mail.example.com:993: the issuer of the certificate changed from CN=A to CN=B. drift.key imaps://mail.example.com:993: the kind of key changed from RSA 2048 to ECDSA P-256."},
		{"an address", func(d *document.Document) { d.Endpoints[0].Resolved = d.Endpoints[0].Resolved[:1] }, "drift.addresses imaps://mail.example.com:993: the addresses changed: gone 2001:db8::1."},
		{"led elsewhere", func(d *document.Document) {
			d.Endpoints[0].Resolved, d.Endpoints[0].Overridden = []document.Text{"127.0.0.1"}, true
		}, ""},
		{"the verdict", func(d *document.Document) { d.Endpoints[0].Verdict = document.Fails }, "drift.verdict imaps://mail.example.com:993: the verdict changed from works to fails."},
		{"a setting is gone", func(d *document.Document) { d.Endpoints = d.Endpoints[1:] }, "drift.endpoint imaps://mail.example.com:993: the setting is gone."},
		{"a setting is new", func(d *document.Document) { d.Endpoints = append(d.Endpoints, endpoint("pop3")) }, "drift.endpoint pop3+tls://mail.example.com:993: the setting is new."},
	} {
		before, after := ran(), ran()
		row.change(after)
		var got []string
		for _, c := range Compare(before, after) {
			got = append(got, c.Code+" "+c.String())
		}
		want := strings.NewReplacer("smtp+tls://", before.Endpoints[1].Server.Endpoint().String()[:strings.Index(before.Endpoints[1].Server.Endpoint().String(), "://")+3], "pop3+tls://", "pop3s://").Replace(row.want)
		if strings.Join(got, " ") != want {
			t.Errorf("%s\ngot  %s\nwant %s", row.name, strings.Join(got, " "), want)
		}
		if back := Compare(after, before); len(back) != len(got) {
			t.Errorf("%s: got  %d changes one way and %d the other\nwant as many", row.name, len(got), len(back))
		}
	}
}

// TestMark holds that a change is a fact of its endpoint and changes no
// verdict, and that what is not compared is said.
func TestMark(t *testing.T) {
	before, d := ran(), ran()
	d.Endpoints[1].Capabilities = nil
	d.Endpoints = d.Endpoints[1:]
	Mark(d, []*document.Document{{Target: "another"}, before})
	if len(d.Findings) != 1 || d.Findings[0].Code != "drift.endpoint" || len(d.Endpoints[0].Findings) != 1 || d.Endpoints[0].Findings[0].Severity != "info" || d.Verdict != document.Works {
		t.Errorf("got  %+v\nwant two facts", d)
	}
	d = ran()
	if Mark(d, nil); len(d.Findings) != 1 || d.Findings[0].Code != "drift.no_baseline" {
		t.Errorf("got  %+v\nwant it said that nothing was compared", d.Findings)
	}
	one, two := ran(), ran()
	one.Case, two.Case = &document.Case{Case: "one"}, &document.Case{Case: "two"}
	if d.Case = two.Case; Of(d, []*document.Document{one, two}) != two {
		t.Error("got  another case\nwant its own")
	}
}
