//go:build unix

// Command peer is what mailprobe is measured against: a server in a process of
// its own, so that its costs are not the client's, and the least that a Go
// program does as a client.
//
//	peer serve -roots FILE [-leaves one|each]   serve until the input ends; says where, and at the end what it counted
//	peer loop -roots FILE -to ADDRESS [-n N] [-jobs N]   dial, STARTTLS, verify, EHLO, QUIT, N times
//	peer delay [-by TIME] ADDRESS...   a long line to each server, until the input ends; says where it begins
//	peer list -to ADDRESS [-n N]   a list of N endpoints for 'mailprobe bulk'
package main

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"time"
)

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "peer:", err)
		os.Exit(1)
	}
}

// options are those of all commands.
type options struct {
	roots, leaves, to string
	n, jobs           int
	by                time.Duration
	addresses         []string
}

func run(args []string) error {
	commands := map[string]func(options) error{"serve": serve, "loop": loop, "list": list, "delay": delay}
	if len(args) == 0 || commands[args[0]] == nil {
		return errors.New("write peer serve, peer loop, peer delay or peer list")
	}
	var o options
	set := flag.NewFlagSet(args[0], flag.ContinueOnError)
	set.StringVar(&o.roots, "roots", "", "the `FILE` of the authority: written by serve, read by loop")
	set.StringVar(&o.leaves, "leaves", "one", "`one` certificate for all hosts, or each its own")
	set.StringVar(&o.to, "to", "", "the `ADDRESS` of the server")
	set.IntVar(&o.n, "n", 1000, "how many dialogues")
	set.IntVar(&o.jobs, "jobs", 64, "how many at once")
	set.DurationVar(&o.by, "by", 50*time.Millisecond, "how long the line takes one way")
	if err := set.Parse(args[1:]); err != nil {
		return err
	}
	o.addresses = set.Args()
	return commands[args[0]](o)
}

// host is the name of the server in the dialogue i.
func host(i int) string { return fmt.Sprintf("h%d.bench.example", i) }

// list prints endpoints that all lead to the server.
func list(o options) error {
	for i := range o.n {
		if _, err := fmt.Printf("submission://%s:587\n", host(i)); err != nil {
			return err
		}
	}
	return nil
}
