// Command mailprobe verifies that the documented mail settings of a provider
// work, from here, now, for this account, and says whose fault it is if not.
package main

import (
	"context"
	"os"
	"os/signal"
	"runtime/debug"
	"syscall"
)

func main() { os.Exit(mainStatus()) }

// memoryAim is what the garbage collector aims at, in bytes. All that comes from
// outside is bounded, so less than that is live; what is garbage need not pile
// up beside it.
const memoryAim = 24 << 20

// memoryPerTarget is what each target of a run adds to the aim: what is live
// grows with them, and an aim below it would have the collector run all the time.
const memoryPerTarget = 512 << 10

// mainStatus runs the command with the real streams. The first interrupt ends
// the run with a report of what is known; a second one ends the process.
func mainStatus() int {
	ctx, cancel := context.WithCancelCause(context.Background())
	defer cancel(nil)
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM)
	go func() {
		s := <-signals
		signal.Stop(signals)
		cancel(&signalError{s})
	}()
	a := &app{stdin: os.Stdin, stdout: os.Stdout, stderr: os.Stderr}
	if os.Getenv("GOMEMLIMIT") == "" {
		a.expect = func(targets int) { debug.SetMemoryLimit(memoryAim + int64(targets)*memoryPerTarget) }
		a.expect(0)
	}
	if os.Getenv("GOGC") == "" {
		a.collect = func(percent int) { debug.SetGCPercent(percent) }
	}
	return a.run(ctx, os.Args[1:])
}
