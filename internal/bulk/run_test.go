package bulk

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"mailprobe/internal/catalog"
	"mailprobe/internal/document"
	"mailprobe/internal/lab"
	"mailprobe/internal/probe"
	"mailprobe/internal/settings"
	"mailprobe/internal/target"
	"mailprobe/internal/tlscheck"
)

// imaps is an endpoint of a host.
func imaps(host string) settings.Endpoint {
	return settings.Endpoint{Protocol: settings.IMAP, Host: host, Port: 993, Security: settings.TLS}
}

// box is a lab, and how a list is verified in it.
func box(t *testing.T, servers ...lab.Server) (*lab.Lab, Options) {
	t.Helper()
	b, err := lab.Start(t.Context(), lab.Options{Servers: servers})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { b.Close() })
	o := Options{Resolver: target.Resolver{Catalogue: catalog.Load()}, Count: new(Count)}
	o.Like.Options = probe.Options{Mechanism: "none", Overrides: b.Overrides(), TLS: tlscheck.Config{System: b.CAPool()}}
	return b, o
}

// results runs a list and says of each result its line, its verdict and its
// codes, sorted by lines.
func results(t *testing.T, o Options, list string) (all []string) {
	t.Helper()
	err := Run(t.Context(), o, strings.NewReader(list), func(d *document.Document) error {
		var codes []string
		for _, f := range d.Findings {
			codes = append(codes, string(f.Code))
		}
		all = append(all, strings.TrimSpace(fmt.Sprintf("%d %s %s %d %s", d.InputLine, d.Target, d.Verdict, len(d.Endpoints), strings.Join(codes, " "))))
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	slices.Sort(all)
	return all
}

func compare(t *testing.T, got, want []string) {
	t.Helper()
	if !slices.Equal(got, want) {
		t.Errorf("got  %s\nwant %s", strings.Join(got, "\n     "), strings.Join(want, "\n     "))
	}
}

func TestRun(t *testing.T) {
	settingsFile := filepath.Join(t.TempDir(), "settings.yaml")
	text := "protocols:\n"
	if err := os.WriteFile(settingsFile, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	_, o := box(t, lab.Server{Endpoint: imaps("a.example")}, lab.Server{Endpoint: imaps("b.example"), Fault: lab.Expired})
	got := results(t, o, "imaps://a.example\nimaps://b.example\n# a comment\nimaps://me:secret@a.example\n"+
		`{"target":"imaps://a.example","nonsense":1}`+"\nimaps://a.example\nnobody-knows-this\n/no/such/file.xml\n")
	compare(t, got, []string{
		"1 imaps://a.example works 1",
		"2 imaps://b.example fails 1",
		"4 imaps://me:secret@a.example unknown 0 tool.bad_target",
		`5 {"target":"imaps://a.example","nonsense":1} unknown 0 tool.bad_target`,
		"6 imaps://a.example works 1",
		"7 nobody-knows-this unknown 0 tool.bad_target",
		"8 /no/such/file.xml unknown 0 tool.bad_target",
	})
	c := o.Count
	for what, n := range map[string][2]int64{
		"targets": {c.Targets.Load(), 7}, "unread": {c.Unread.Load(), 4}, "works": {c.Works.Load(), 2}, "fails": {c.Fails.Load(), 1},
		"unknown": {c.Unknown.Load(), 4}, "done": {c.Done.Load(), 7}, "dialled": {c.Dialled.Load(), 2}, "shared": {c.Shared.Load(), 1}, "running": {c.Running.Load(), 0},
	} {
		if n[0] != n[1] {
			t.Errorf("%s\ngot  %d\nwant %d", what, n[0], n[1])
		}
	}
}

// TestSharedIsDialledOnce: twenty targets name one server, and it sees one
// connection.
func TestSharedIsDialledOnce(t *testing.T) {
	b, o := box(t, lab.Server{Endpoint: imaps("a.example")}, lab.Server{Endpoint: imaps("b.example")})
	got := results(t, o, strings.Repeat("imaps://a.example\nimaps://b.example\n", 10))
	if seen := b.Total().Connections; seen != 2 || len(got) != 20 {
		t.Errorf("got  %d connections, %d results\nwant 2, 20", seen, len(got))
	}
}

// TestLineLeads: where a line leads a host holds for that line alone.
func TestLineLeads(t *testing.T) {
	_, o := box(t, lab.Server{Endpoint: imaps("a.example")})
	to := o.Like.Options.Overrides.ConnectTo[0]
	o.Like.Options.Overrides = probe.Overrides{}
	o.Like.Options.Resolver = nowhere{}
	got := results(t, o, fmt.Sprintf(`{"target":"imaps://a.example:%d","resolve":["a.example:%d:127.0.0.1"]}`+"\nimaps://a.example:%d\n", to.ToPort, to.ToPort, to.ToPort))
	compare(t, got, []string{fmt.Sprintf("1 imaps://a.example:%d works 1", to.ToPort), fmt.Sprintf("2 imaps://a.example:%d fails 1", to.ToPort)})
}

// TestShardsOfARun: the shards of a list are the list.
func TestShardsOfARun(t *testing.T) {
	_, o := box(t, lab.Server{Endpoint: imaps("a.example")})
	var list strings.Builder
	for i := range 40 {
		fmt.Fprintf(&list, "imaps://host.operator%d.example:bad\nnobody%d\n", i, i)
	}
	var all []string
	for i := range 3 {
		o.Shard, o.Count = Shard{i + 1, 3}, new(Count)
		all = append(all, results(t, o, list.String())...)
		if n := o.Count.Targets.Load() + o.Count.Elsewhere.Load(); n != 80 {
			t.Errorf("shard %d saw %d of 80", i+1, n)
		}
	}
	slices.Sort(all)
	o.Shard, o.Count = Shard{}, new(Count)
	compare(t, all, results(t, o, list.String()))
}

// nowhere knows no name.
type nowhere struct{}

func (nowhere) LookupNetIP(_ context.Context, _, host string) ([]netip.Addr, error) {
	return nil, &net.DNSError{Err: "no such host", Name: host, IsNotFound: true}
}

// TestBusyServerIsAskedAgain: 421 is an answer to come later, not a verdict.
func TestBusyServerIsAskedAgain(t *testing.T) {
	for _, row := range []struct {
		name     string
		refusals int
		want     string
		dialled  int
	}{
		{"it has room later", 2, "1 submission+plain://a.example works 1", 3},
		{"it never has", 9, "1 submission+plain://a.example unknown 1", 3},
	} {
		t.Run(row.name, func(t *testing.T) {
			at, dialled := refusing(t, row.refusals)
			_, o := box(t)
			o.Like.Options.Overrides = probe.Overrides{ConnectTo: []probe.ConnectRule{{ToHost: at.Addr().String(), ToPort: at.Port()}}}
			var got []string
			r := newRun(o, func(d *document.Document) error {
				got = append(got, fmt.Sprintf("%d %s %s %d", d.InputLine, d.Target, d.Verdict, len(d.Endpoints)))
				return nil
			})
			r.gate.lanes.first = time.Millisecond
			if err := r.read(t.Context(), strings.NewReader("submission+plain://a.example")); err != nil {
				t.Fatal(err)
			}
			r.crew.end()
			compare(t, got, []string{row.want})
			if n := dialled(); n != row.dialled {
				t.Errorf("got  %d connections\nwant %d", n, row.dialled)
			}
		})
	}
}

// TestCapsHold: a server never sees more at once than it may.
func TestCapsHold(t *testing.T) {
	for _, row := range []struct {
		name   string
		limits Limits
		list   string
		most   int
	}{
		{"per host", Limits{PerHost: 2}, "submission+plain://a.example:%d\n", 2},
		{"per provider", Limits{PerProvider: 3}, "submission+plain://h%d.a.example\n", 3},
		{"per address, of hosts of many operators", Limits{PerHost: 2}, "submission+plain://a%d.example\n", 2},
		{"in all", Limits{Jobs: 4}, "submission+plain://a%d.example\n", 4},
	} {
		t.Run(row.name, func(t *testing.T) {
			at, dialer := smtpServer(t, talk), &counting{expected: row.most, full: make(chan struct{})}
			_, o := box(t)
			o.Like.Options.Dialer = dialer
			o.Limits = row.limits
			o.Like.Options.Overrides = probe.Overrides{ConnectTo: []probe.ConnectRule{{ToHost: at.Addr().String(), ToPort: at.Port()}}}
			var list strings.Builder
			for i := range 12 {
				fmt.Fprintf(&list, row.list, i+1)
			}
			if got := results(t, o, list.String()); len(got) != 12 {
				t.Errorf("got  %d results\nwant 12", len(got))
			}
			if n := dialer.most; n != row.most {
				t.Errorf("got  %d at once\nwant %d", n, row.most)
			}
		})
	}
}

// TestRunEnds: what was under way when the run ended has no result, and what
// was done before has.
func TestRunEnds(t *testing.T) {
	_, o := box(t, lab.Server{Endpoint: imaps("a.example")}, lab.Server{Endpoint: imaps("b.example"), Fault: lab.SlowGreeting})
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	var got []string
	err := Run(ctx, o, strings.NewReader("imaps://b.example\nimaps://a.example\n"), func(d *document.Document) error {
		got = append(got, string(d.Target))
		cancel()
		return nil
	})
	compare(t, got, []string{"imaps://a.example"})
	if n := o.Count.Left.Load(); err != nil || n != 1 {
		t.Errorf("got  %v, %d left\nwant 1", err, n)
	}
}

// TestOutputFails: nobody goes on verifying for nothing.
func TestOutputFails(t *testing.T) {
	_, o := box(t)
	full := errors.New("no room")
	n := 0
	err := Run(t.Context(), o, strings.NewReader(strings.Repeat("nobody\n", 5000)), func(*document.Document) error { n++; return full })
	if !errors.Is(err, full) || n != 1 {
		t.Errorf("got  %v after %d results\nwant %v after 1", err, n, full)
	}
}

// TestNoCredential: whatever a plan holds, nobody signs in.
func TestNoCredential(t *testing.T) {
	b, o := box(t, lab.Server{Endpoint: imaps("a.example")})
	results(t, o, "imaps://a.example\n")
	if n := b.Total().SignIns(); n != 0 {
		t.Errorf("got  %d sign-ins", n)
	}
}

func TestFit(t *testing.T) {
	for _, row := range []struct {
		jobs, files, want int
		short             bool
	}{{2000, 0, 2000, false}, {2000, 1 << 20, 2000, false}, {2000, 1024, 448, true}, {0, 384, 128, false}, {0, 383, 127, true}, {5, 10, 1, true}} {
		got, short := Limits{Jobs: row.jobs}.within(uint64(row.files))
		if got.jobs() != row.want || (short > 0) != row.short {
			t.Errorf("%+v\ngot  %d, %d", row, got.jobs(), short)
		}
	}
}
