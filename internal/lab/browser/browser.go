// Package browser is for tests: a Chromium without a window, and axe-core, which
// says what is wrong with a page for those who cannot see it well.
package browser

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"
)

// A Browser is a running Chromium.
type Browser struct {
	ctx context.Context
	axe string // the script
}

// Start starts a browser that ends with the test. Without Chromium or axe-core
// the test is skipped; with MAILPROBE_REQUIRE_SERVERS=1 it fails.
func Start(t testing.TB) *Browser {
	t.Helper()
	path, axe := tool(t, "chromium"), axeCore(t)
	profile, err := os.MkdirTemp("", "chromium") // not the test's: its processes may write there when the test is over
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(profile) })
	options := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(path), chromedp.NoSandbox, chromedp.UserDataDir(profile), chromedp.WSURLReadTimeout(time.Minute))
	allocator, end := chromedp.NewExecAllocator(t.Context(), options...)
	t.Cleanup(end)
	ctx, endBrowser := chromedp.NewContext(allocator)
	t.Cleanup(func() {
		chromedp.Cancel(ctx) // and waits until it has ended
		endBrowser()
	})
	if err := chromedp.Run(ctx); err != nil {
		t.Fatal(err)
	}
	return &Browser{ctx, axe}
}

// Open opens a page in a tab of its own, and fails the test where a page in it
// asks for anything that does not begin with one of the addresses. before is
// done ahead of the first page.
func (b *Browser) Open(t testing.TB, address string, from []string, before ...chromedp.Action) context.Context {
	t.Helper()
	tab, end := chromedp.NewContext(b.ctx)
	t.Cleanup(end)
	chromedp.ListenTarget(tab, func(event any) {
		if sent, ok := event.(*network.EventRequestWillBeSent); ok && !begins(sent.Request.URL, append(from, "data:")) {
			t.Errorf("the page asks for %s", sent.Request.URL)
		}
	})
	if err := chromedp.Run(tab, append(append([]chromedp.Action{network.Enable()}, before...), chromedp.Navigate(address))...); err != nil {
		t.Fatal(err)
	}
	return tab
}

func begins(url string, with []string) bool {
	for _, w := range with {
		if strings.HasPrefix(url, w) {
			return true
		}
	}
	return false
}

// tool returns a program that the tests need.
func tool(t testing.TB, name string) string {
	t.Helper()
	path, err := exec.LookPath(name)
	require(t, name, err)
	return path
}

// axeCore returns the script that .ci/run installs.
func axeCore(t testing.TB) string {
	t.Helper()
	root, err := exec.CommandContext(t.Context(), tool(t, "npm"), "root", "-g").Output()
	if err != nil {
		t.Fatal(err)
	}
	script, err := os.ReadFile(filepath.Join(strings.TrimSpace(string(root)), "axe-core", "axe.min.js"))
	require(t, "axe-core", err)
	return string(script)
}

func require(t testing.TB, name string, err error) {
	t.Helper()
	switch {
	case err == nil:
	case os.Getenv("MAILPROBE_REQUIRE_SERVERS") == "1":
		t.Fatalf("%s is not installed, and MAILPROBE_REQUIRE_SERVERS=1: %v", name, err)
	default:
		t.Skipf("%s is not installed: nothing was tested: %v", name, err)
	}
}
