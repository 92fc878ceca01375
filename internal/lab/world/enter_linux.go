package world

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"

	"mailprobe/internal/lab"
	"mailprobe/internal/settings"
)

// Enter makes this process's own network namespace into the world: it must be
// the first thing that a process does that Command has started. dir is a
// folder for its files; the authority to trust is then in ca.pem there.
func (w *World) Enter(ctx context.Context, dir string, endpoints []settings.Endpoint, accounts []lab.Account) error {
	endpoints = w.extra(endpoints)
	z := zone{w, hosts(endpoints)}
	w.fillAll(z.hosts)
	if err := w.lay(dir); err != nil {
		return err
	}
	if err := z.serveDNS(); err != nil {
		return fmt.Errorf("DNS: %w", err)
	}
	ca, err := w.startServers(ctx, endpoints, accounts)
	if err != nil {
		return err
	}
	if err := os.WriteFile(filepath.Join(dir, "ca.pem"), ca.PEM(), 0o600); err != nil {
		return err
	}
	if err := feed("ip", strings.Join(w.routes(), "\n")+"\n", "-batch", "-"); err != nil {
		return err
	}
	return feed("nft", w.ruleset(), "-f", "-")
}

func (w *World) fillAll(hosts []host) {
	w.DNS = fill(w.DNS, hosts)
	for _, lines := range [][]string{w.Names, w.Filters, w.Routes} {
		for i, line := range lines {
			lines[i] = fill(line, hosts)
		}
	}
}

// lay makes links, addresses and routes, and sets the resolver.
func (w *World) lay(dir string) error {
	if err := feed("ip", strings.Join(w.links(), "\n")+"\n", "-batch", "-"); err != nil {
		return err
	}
	// Servers listen at their addresses even where no way leads there.
	for _, family := range []string{"ipv4", "ipv6"} {
		if err := os.WriteFile("/proc/sys/net/"+family+"/ip_nonlocal_bind", []byte("1"), 0o644); err != nil {
			return err
		}
	}
	text := "nameserver " + resolver.String() + "\noptions timeout:2 attempts:1\n"
	if w.DNS == "none" {
		text = "# no resolver\n"
	}
	file := filepath.Join(dir, "resolv.conf")
	if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
		return err
	}
	// Without this the system outside would get the resolver, too.
	if err := syscall.Mount("none", "/", "", syscall.MS_REC|syscall.MS_PRIVATE, ""); err != nil {
		return fmt.Errorf("keep mounts private: %w", err)
	}
	if err := syscall.Mount(file, "/etc/resolv.conf", "", syscall.MS_BIND, ""); err != nil {
		return fmt.Errorf("set the resolver: %w", err)
	}
	return nil
}

// links are the commands for ip. Behind the gateway nothing answers; what has
// a server is local, as if the way there had no length.
func (w *World) links() []string {
	lines := []string{
		"link set lo up",
		"route add local " + resolver.String() + " dev lo",
	}
	if w.Link == "down" {
		return lines
	}
	lines = append(lines, "link add way0 type veth peer name way1", "link set way0 up", "link set way1 up")
	if w.Link != "no-ipv4" {
		lines = append(lines,
			"addr add "+own4.String()+" dev way0",
			"neigh add "+gateway4.String()+" lladdr 02:00:00:00:00:01 dev way0 nud permanent",
			"route add default via "+gateway4.String(),
			"route add local "+public4.String()+" dev lo src "+own4.Addr().String())
	}
	if w.Link != "no-ipv6" {
		lines = append(lines,
			"addr add "+own6.String()+" dev way0 nodad",
			"neigh add "+gateway6.String()+" lladdr 02:00:00:00:00:01 dev way0 nud permanent",
			"route add default via "+gateway6.String(),
			"route add local "+public6.String()+" dev lo")
	}
	return lines
}

func (w *World) routes() []string {
	var lines []string
	for _, line := range w.Routes {
		kind, prefix, _ := strings.Cut(line, " ")
		lines = append(lines, "route add "+kind+" "+prefix+" table local")
	}
	return lines
}

// ruleset is what nft is told. Packets to and from servers pass output, both.
func (w *World) ruleset() string {
	var b strings.Builder
	b.WriteString("table inet world {\n chain out {\n  type filter hook output priority 0\n")
	for _, rule := range w.Filters {
		fmt.Fprintf(&b, "  %s\n", rule)
	}
	b.WriteString(" }\n}\n")
	return b.String()
}

func feed(name, text string, args ...string) error {
	cmd := exec.Command(name, args...)
	cmd.Stdin = strings.NewReader(text)
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("%s: %w: %s\n%s", name, err, bytes.TrimSpace(out), text)
	}
	return nil
}
