//go:build !race

// What the race detector needs beside would be measured as well.

package main

import (
	"bufio"
	"crypto/tls"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"mailprobe/internal/lab/pki"
)

const maxMemory = 64 << 20 // bytes that a run may have at any time, whatever servers say

// memoryOf runs the command and returns the most memory that it had.
func memoryOf(t *testing.T, stdin string, args ...string) int64 {
	t.Helper()
	c := exec.Command("mailprobe", args...)
	if stdin != "" {
		file, err := os.Open(stdin)
		if err != nil {
			t.Fatal(err)
		}
		defer file.Close()
		c.Stdin = file
	}
	var stderr strings.Builder
	c.Stderr = &stderr
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	most := make(chan int64)
	ended := make(chan struct{})
	go func() { most <- watchMemory(c.Process.Pid, ended) }()
	c.Wait()
	close(ended)
	if status := c.ProcessState.ExitCode(); status < 0 || status > exitUnknown {
		t.Fatalf("it ended with %v: %s", c.ProcessState, stderr.String())
	}
	return <-most
}

// watchMemory reads the most memory that a process has had, again and again
// until it ends. Its rusage would not do: that counts what the test itself had
// when it started the process.
func watchMemory(pid int, ended <-chan struct{}) int64 {
	tick := time.NewTicker(2 * time.Millisecond)
	defer tick.Stop()
	most := int64(0)
	for {
		status, _ := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
		if exe, _ := os.Readlink(fmt.Sprintf("/proc/%d/exe", pid)); strings.HasSuffix(exe, "mailprobe") {
			if _, text, found := strings.Cut(string(status), "VmHWM:"); found {
				var kib int64
				fmt.Sscan(text, &kib)
				most = max(most, kib<<10)
			}
		}
		select {
		case <-ended:
			return most
		case <-tick.C:
		}
	}
}

// talker answers every command of any protocol with as much as it is let.
func talker(t *testing.T, ca *pki.CA, greeting string, answer func(command string) string) string {
	t.Helper()
	leaf, err := ca.Leaf(pki.LeafOptions{Names: []string{leakHost}})
	if err != nil {
		t.Fatal(err)
	}
	l, err := tls.Listen("tcp", "127.0.0.1:0", &tls.Config{Certificates: []tls.Certificate{leaf}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	go func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			go talk(conn, greeting, answer)
		}
	}()
	return l.Addr().String()
}

func talk(conn net.Conn, greeting string, answer func(string) string) {
	defer conn.Close()
	fmt.Fprint(conn, greeting)
	lines := bufio.NewScanner(conn)
	for lines.Scan() {
		if _, err := fmt.Fprint(conn, answer(lines.Text())); err != nil {
			return
		}
	}
}

// long is a quarter of a megabyte in lines that begin alike.
func long(prefix string) string {
	return strings.Repeat(prefix+strings.Repeat("x%41&#65;\\u0041\x01", 16)+"\r\n", 900)
}

func mechanisms() string {
	var b strings.Builder
	for i := range 40 {
		fmt.Fprintf(&b, " M%d", i)
	}
	return b.String()
}

// Servers that say as much as they are let do not fill the memory.
func TestMemoryWithHostileServers(t *testing.T) {
	ca, err := pki.NewCA("memory")
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	roots := filepath.Join(dir, "ca.pem")
	if err := os.WriteFile(roots, ca.PEM(), 0o600); err != nil {
		t.Fatal(err)
	}
	tag := func(command string) string { word, _, _ := strings.Cut(command, " "); return word }
	args := []string{"--cacert", roots, "--check-mechanisms", "--transcript", "-v", "-o", "text",
		"-o", "json=" + filepath.Join(dir, "report.json"), "-o", "junit=" + filepath.Join(dir, "report.xml")}
	for _, s := range []struct {
		url, greeting string
		answer        func(string) string
	}{
		{"submissions://" + leakHost + ":465", long("220-") + "220 hello\r\n", func(c string) string {
			if strings.HasPrefix(c, "EHLO") {
				return long("250-") + "250 AUTH" + mechanisms() + "\r\n"
			}
			return long("535-") + "535 no\r\n"
		}},
		{"imaps://" + leakHost + ":993", "* OK hello\r\n", func(c string) string {
			if strings.Contains(c, "CAPABILITY") {
				return long("* OK ") + "* CAPABILITY IMAP4rev1" + strings.ReplaceAll(mechanisms(), " ", " AUTH=") + "\r\n" + tag(c) + " OK done\r\n"
			}
			return long("* OK ") + tag(c) + " NO no\r\n"
		}},
		{"pop3s://" + leakHost + ":995", "+OK hello\r\n", func(c string) string {
			if strings.HasPrefix(c, "CAPA") {
				return "+OK\r\n" + "SASL" + mechanisms() + "\r\n" + long("X-") + ".\r\n"
			}
			return "-ERR " + strings.Repeat("x", 15<<10) + "\r\n"
		}},
	} {
		_, port, _ := strings.Cut(strings.TrimPrefix(s.url[strings.Index(s.url, "://"):], "://"), ":")
		args = append(args, s.url, "--connect-to", leakHost+":"+port+":"+talker(t, ca, s.greeting, s.answer))
	}
	got := memoryOf(t, "", args...)
	t.Logf("%d MiB", got>>20)
	if got > maxMemory || got == 0 {
		t.Errorf("got  %d MiB\nwant %d at most", got>>20, maxMemory>>20)
	}
}

// A pasted text may be as long as a report may be.
func TestMemoryOfExplain(t *testing.T) {
	for name, text := range map[string]string{
		"words": strings.Repeat("535 5.7.8 authentication failed\n", 16<<20/32),
		"line":  strings.Repeat("authentication failed ", 16<<20/22),
		"json":  `{"schema":1,"x":"` + strings.Repeat("x", 7<<20) + `"}`,
	} {
		file := filepath.Join(t.TempDir(), "pasted")
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		for how, got := range map[string]int64{"file": memoryOf(t, "", "explain", file), "stdin": memoryOf(t, file, "explain", "-")} {
			t.Logf("%s, %s: %d MiB", name, how, got>>20)
			if got > maxMemory || got == 0 {
				t.Errorf("%s, %s: got  %d MiB\nwant %d at most", name, how, got>>20, maxMemory>>20)
			}
		}
	}
}
