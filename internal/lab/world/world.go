// Package world is, for tests, a small internet in a network namespace: the
// servers of the catalogue under their own names, at addresses that look
// public, a DNS server, a way out, and whatever is broken in it. The real
// command runs in it as it would outside. It needs Linux, nft and ip.
package world

import (
	"fmt"
	"os"
	"slices"
	"strings"
)

// A World says what is broken, what is run in it, and what is true. Each field
// holds the lines of the file that begin with its word; what is not written
// down works.
type World struct {
	Name string

	// What is broken.
	DNS     string   // the resolver: "silent", "servfail", "refused", "none" (none is set), an address that it gives for every name; empty: it works
	Names   []string // HOST ANSWER: addresses, "nxdomain", "nodata", "servfail", "silent", "alias TARGET"; HOST may be * or *.DOMAIN
	Servers []string // HOST:PORT FAULT: a fault of the lab, or one of this room; either may be *
	Filters []string // rules of nft for packets that leave a program, both ways
	Routes  []string // KIND PREFIX: "unreachable", "prohibit", "blackhole" or "silent"
	Link    string   // "down": there is no way out of this computer; "no-ipv6", "no-ipv4"

	// What is run, and in which of the ways: "plain", "user", "short"; empty:
	// all three.
	Run  string
	Ways []string

	// What is true of it.
	Exit     string   // exit statuses that are right
	Verdict  string   // of the first report; empty: as the exit status says
	Culprit  string   // whom the leading finding blames; "nobody" where it blames none
	Finding  []string // codes, one of which leads
	Says     []string // what the text for people holds, in any case
	Never    []string // what it must not hold
	Once     []string // what it holds exactly once
	NotFound []string // codes that are nowhere in the report
}

// Ways are how each world is tried: as it is, with a user who signs in, and
// with a short limit.
func Ways() []string { return []string{"plain", "user", "short"} }

// Read reads a file of worlds. Each begins with its name in brackets on a line
// of its own; lines such as "dns: silent" follow. A line that begins with # is
// a remark. An unknown word is an error.
func Read(name string) ([]World, error) {
	text, err := os.ReadFile(name)
	if err != nil {
		return nil, err
	}
	var all []World
	for number, line := range strings.Split(string(text), "\n") {
		if err := readLine(&all, strings.TrimSpace(line)); err != nil {
			return nil, fmt.Errorf("%s:%d: %w", name, number+1, err)
		}
	}
	return all, nil
}

func readLine(all *[]World, line string) error {
	if line == "" || strings.HasPrefix(line, "#") {
		return nil
	}
	if name, ok := strings.CutPrefix(line, "["); ok {
		return begin(all, strings.TrimSuffix(name, "]"))
	}
	word, value, ok := strings.Cut(line, ":")
	if !ok || len(*all) == 0 {
		return fmt.Errorf("%q is no line of a world", line)
	}
	return (&(*all)[len(*all)-1]).set(word, strings.TrimSpace(value))
}

func begin(all *[]World, name string) error {
	if slices.ContainsFunc(*all, func(w World) bool { return w.Name == name }) {
		return fmt.Errorf("there is a world %q already", name)
	}
	*all = append(*all, World{Name: name})
	return nil
}

func (w *World) set(word, value string) error {
	one := map[string]*string{"dns": &w.DNS, "link": &w.Link, "run": &w.Run, "exit": &w.Exit, "verdict": &w.Verdict, "culprit": &w.Culprit}
	many := map[string]*[]string{"name": &w.Names, "server": &w.Servers, "filter": &w.Filters, "route": &w.Routes,
		"says": &w.Says, "never": &w.Never, "once": &w.Once}
	words := map[string]*[]string{"ways": &w.Ways, "finding": &w.Finding, "not found": &w.NotFound}
	switch {
	case one[word] != nil:
		*one[word] = value
	case many[word] != nil:
		*many[word] = append(*many[word], value)
	case words[word] != nil:
		*words[word] = append(*words[word], strings.Fields(value)...)
	default:
		return fmt.Errorf("%q is no word of a world", word)
	}
	return nil
}
