package realserver

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"time"
)

const (
	startLimit = 30 * time.Second
	stopLimit  = 15 * time.Second
	tick       = 10 * time.Millisecond
)

// A process is a server's first process, the head of a process group of its
// own.
type process struct {
	cmd   *exec.Cmd
	out   string        // file with what it wrote to stdout and stderr
	done  chan struct{} // closed when the first process has ended
	guard *exec.Cmd
	alive io.Closer // the guard acts when this is closed, and so if the test is killed
}

// startProcess runs cmd with its output in dir.
func startProcess(cmd *exec.Cmd, dir string) (*process, error) {
	p := &process{cmd: cmd, out: filepath.Join(dir, "output"), done: make(chan struct{})}
	file, err := os.Create(p.out)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	cmd.Dir, cmd.Stdout, cmd.Stderr = dir, file, file
	if err := ownGroup(cmd); err != nil {
		return nil, err
	}
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	go func() {
		cmd.Wait() // how it ended is in its output
		close(p.done)
	}()
	if err := p.startGuard(dir); err != nil {
		return nil, errors.Join(err, p.stop())
	}
	return p, nil
}

// startGuard starts a shell that kills the group and removes its folder when
// the test ends without having done so, by a panic or a signal. The kernel's
// own help (PR_SET_PDEATHSIG) is no match for Postfix, which changes its
// user.
func (p *process) startGuard(dir string) (err error) {
	p.guard = exec.Command("/bin/sh", "-c", `read -r _; kill -9 "-$1"; rm -rf -- "$2"`,
		"guard", strconv.Itoa(p.cmd.Process.Pid), dir)
	if p.alive, err = p.guard.StdinPipe(); err != nil {
		return err
	}
	if err := ownGroup(p.guard); err != nil {
		return err
	}
	return p.guard.Start()
}

func (p *process) output() string {
	text, _ := os.ReadFile(p.out)
	return string(text)
}

// awaitAnswer waits until address takes a connection, the process ends or ctx
// is done.
func (p *process) awaitAnswer(ctx context.Context, network, address string) error {
	return p.await(ctx, func() bool {
		conn, err := (&net.Dialer{}).DialContext(ctx, network, address)
		if err == nil {
			conn.Close()
		}
		return err == nil
	})
}

// await asks again and again whether something has happened.
func (p *process) await(ctx context.Context, happened func() bool) error {
	ticker := time.NewTicker(tick)
	defer ticker.Stop()
	for !happened() {
		select {
		case <-ticker.C:
		case <-p.done:
			return errors.New("the server has ended")
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	return nil
}

// stop kills the whole group; there is nothing to save. It is an error if a
// process survives.
func (p *process) stop() error {
	killGroup(p.cmd)
	<-p.done
	ctx, cancel := context.WithTimeout(context.Background(), stopLimit)
	defer cancel()
	gone := &process{} // has no end of its own that could be awaited
	err := gone.await(ctx, func() bool { return !groupAlive(p.cmd) })
	if p.guard.Process != nil {
		p.guard.Process.Kill() // before its input ends: there is nothing left to guard
		p.guard.Wait()
	}
	if err != nil {
		return fmt.Errorf("%s left processes behind: %w", p.cmd.Path, err)
	}
	return nil
}
