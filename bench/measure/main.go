//go:build unix

// Command measure runs a command several times and prints what one run costs:
// wall time and CPU time, each the median, and the peak of its memory. It is
// a program of its own because a process counts its parent's memory at the
// start as its own peak; this parent is small.
//
//	measure [-n RUNS] [-status STATUS] [-max-memory MB] [-max-cpu DURATION] NAME COMMAND [ARGS...]
//
// It fails if a run ends with another status or a limit is missed.
package main

import (
	"bytes"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"slices"
	"syscall"
	"time"
)

func main() {
	runs := flag.Int("n", 20, "how many `RUNS`")
	status := flag.Int("status", 0, "the exit `STATUS` with which every run must end")
	maxMemory := flag.Float64("max-memory", 0, "the peak allowed, in `MB` (10^6 bytes); 0: any")
	maxCPU := flag.Duration("max-cpu", 0, "the median CPU time allowed; 0: any")
	flag.Parse()
	if flag.NArg() < 2 || *runs < 1 {
		flag.Usage()
		os.Exit(2)
	}
	if err := report(*runs, *status, limits{*maxMemory, *maxCPU}, flag.Args()); err != nil {
		fmt.Fprintln(os.Stderr, "measure:", err)
		os.Exit(1)
	}
}

// limits are what a run may cost; zero: anything.
type limits struct {
	memory float64 // MB
	cpu    time.Duration
}

func report(runs, status int, most limits, args []string) error {
	var walls, cpus []time.Duration
	peak := 0.0
	for range runs {
		wall, cpu, memory, err := once(status, args[1:])
		if err != nil {
			return fmt.Errorf("%s: %w", args[0], err)
		}
		walls, cpus, peak = append(walls, wall), append(cpus, cpu), max(peak, memory)
	}
	wall, cpu := median(walls), median(cpus)
	fmt.Printf("| %s | %.1f ms | %.1f ms | %.1f MB |\n", args[0], milliseconds(wall), milliseconds(cpu), peak)
	if most.memory > 0 && peak > most.memory {
		return fmt.Errorf("%s: memory: got %.1f MB, want at most %.1f MB", args[0], peak, most.memory)
	}
	if most.cpu > 0 && cpu > most.cpu {
		return fmt.Errorf("%s: CPU time: got %v, want at most %v", args[0], cpu, most.cpu)
	}
	return nil
}

// once runs a command and returns its time, its CPU time and its peak of
// memory in MB.
func once(status int, args []string) (wall, cpu time.Duration, memory float64, err error) {
	c := exec.Command(args[0], args[1:]...)
	var stderr bytes.Buffer
	c.Stderr = &stderr
	started := time.Now()
	ended := c.Run()
	wall = time.Since(started)
	s := c.ProcessState
	if s == nil {
		return 0, 0, 0, fmt.Errorf("start: %w", ended)
	}
	if s.ExitCode() != status {
		return 0, 0, 0, fmt.Errorf("want exit status %d, got %v\n%s", status, s, stderr.String())
	}
	unit := 1024.0 // the kernel counts in KiB
	if runtime.GOOS == "darwin" {
		unit = 1
	}
	usage, ok := s.SysUsage().(*syscall.Rusage)
	if !ok {
		return 0, 0, 0, errors.New("this system does not tell what a process used")
	}
	return wall, s.UserTime() + s.SystemTime(), float64(usage.Maxrss) * unit / 1e6, nil
}

func median(all []time.Duration) time.Duration {
	slices.Sort(all)
	return all[len(all)/2]
}

func milliseconds(d time.Duration) float64 { return float64(d) / float64(time.Millisecond) }
