package report

import (
	"context"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/network"
	cdppage "github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"

	"mailprobe/internal/document"
)

// looks are how a page is looked at: by its width in pixels and its scheme.
var looks = []struct {
	width  int64
	scheme string
}{{320, "light"}, {360, "dark"}, {1280, "light"}, {1280, "dark"}}

// TestTicketInBrowser looks at tickets in Chromium: nothing is wider than the
// window, nothing is asked of anybody, axe-core finds nothing to object to, and
// it prints on A4 and Letter.
func TestTicketInBrowser(t *testing.T) {
	browser := chromium(t)
	axe := axeCore(t)
	for _, name := range []string{"sign-in-rejected", "hostile", "shared", "transcript", "long-names", "nothing", "compared"} {
		t.Run(name, func(t *testing.T) {
			list := []*document.Document{sampleCompared()}
			if name != "compared" {
				list = documents(samples[name]())
			}
			file := filepath.Join(t.TempDir(), "ticket.html")
			if err := os.WriteFile(file, write(t, "html", Options{From: "desk (linux/amd64)"}, list...), 0o600); err != nil {
				t.Fatal(err)
			}
			tab := openTab(t, browser, (&url.URL{Scheme: "file", Path: file}).String())
			for _, look := range looks {
				lookAt(t, tab, axe, fmt.Sprintf("%s-%d-%s", name, look.width, look.scheme), look.width, look.scheme)
			}
			prints(t, tab)
		})
	}
}

// openTab opens a page in a tab of its own, unfolded, and fails the test where
// the page asks anybody for anything.
func openTab(t *testing.T, browser context.Context, address string) context.Context {
	t.Helper()
	tab, end := chromedp.NewContext(browser)
	t.Cleanup(end)
	chromedp.ListenTarget(tab, func(event any) {
		if sent, ok := event.(*network.EventRequestWillBeSent); ok && sent.Request.URL != address && !strings.HasPrefix(sent.Request.URL, "data:") {
			t.Errorf("the page asks for %s", sent.Request.URL)
		}
	})
	if err := chromedp.Run(tab, network.Enable(), chromedp.Navigate(address), chromedp.Evaluate(`document.querySelectorAll("details").forEach(d => d.open = true)`, nil)); err != nil {
		t.Fatal(err)
	}
	return tab
}

func lookAt(t *testing.T, tab context.Context, axe, name string, width int64, scheme string) {
	t.Helper()
	var wider []string
	var violations string
	var shot []byte
	err := chromedp.Run(tab,
		emulation.SetDeviceMetricsOverride(width, 900, 1, width < 700),
		emulation.SetEmulatedMedia().WithFeatures([]*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: scheme}}),
		chromedp.Evaluate(widerThanWindow, &wider),
		chromedp.Evaluate(axe+`;0`, nil),
		chromedp.Evaluate(axeRun, &violations, func(p *runtime.EvaluateParams) *runtime.EvaluateParams { return p.WithAwaitPromise(true) }),
		chromedp.FullScreenshot(&shot, 100),
	)
	if err != nil {
		t.Fatal(err)
	}
	if len(wider) > 0 {
		t.Errorf("%s: wider than the window: %q", name, wider)
	}
	if violations != "[]" {
		t.Errorf("%s: axe-core objects: %s", name, violations)
	}
	if folder := os.Getenv("MAILPROBE_SCREENSHOTS"); folder != "" {
		if err := os.WriteFile(filepath.Join(folder, name+".png"), shot, 0o600); err != nil {
			t.Error(err)
		}
	}
}

// widerThanWindow lists what sticks out of the window and is in no region that
// scrolls by itself.
const widerThanWindow = `[...document.querySelectorAll("body *")].filter(e => {
  const r = e.getBoundingClientRect();
  return r.width > 0 && r.right > document.documentElement.clientWidth + 1 && !e.closest(".scroll, pre") && getComputedStyle(e).position !== "absolute";
}).map(e => e.tagName + " " + e.textContent.slice(0, 40)).slice(0, 5).concat(
  document.documentElement.scrollWidth > document.documentElement.clientWidth ? ["the page"] : [])`

// axeRun asks axe-core for violations of WCAG 2.2 A and AA, and of good
// practice.
const axeRun = `axe.run({runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}).then(r =>
  JSON.stringify(r.violations.map(v => v.id + ": " + v.nodes.slice(0, 3).map(n => n.html.slice(0, 120)).join(" | "))))`

// prints holds that a page prints on both common sizes of paper.
func prints(t *testing.T, tab context.Context) {
	t.Helper()
	for size, inches := range map[string][2]float64{"A4": {8.27, 11.69}, "Letter": {8.5, 11}} {
		err := chromedp.Run(tab, chromedp.ActionFunc(func(ctx context.Context) error {
			pdf, _, err := cdppage.PrintToPDF().WithPaperWidth(inches[0]).WithPaperHeight(inches[1]).WithPreferCSSPageSize(false).Do(ctx)
			if err == nil && (len(pdf) < 2000 || string(pdf[:4]) != "%PDF") {
				t.Errorf("%s: got  %d bytes that are no PDF", size, len(pdf))
			}
			return err
		}))
		if err != nil {
			t.Errorf("%s: %v", size, err)
		}
	}
}

// chromium starts a browser that ends with the test.
func chromium(t *testing.T) context.Context {
	t.Helper()
	path := tool(t, "chromium")
	profile, err := os.MkdirTemp("", "chromium") // not the test's: its processes may write there when the test is over
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(profile) })
	options := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(path), chromedp.NoSandbox, chromedp.UserDataDir(profile), chromedp.WSURLReadTimeout(time.Minute))
	allocator, end := chromedp.NewExecAllocator(t.Context(), options...)
	t.Cleanup(end)
	browser, endBrowser := chromedp.NewContext(allocator)
	t.Cleanup(func() {
		chromedp.Cancel(browser) // and waits until it has ended
		endBrowser()
	})
	if err := chromedp.Run(browser); err != nil {
		t.Fatal(err)
	}
	return browser
}

// axeCore returns the script that .ci/run installs.
func axeCore(t *testing.T) string {
	t.Helper()
	root, err := exec.CommandContext(t.Context(), tool(t, "npm"), "root", "-g").Output()
	if err != nil {
		t.Fatal(err)
	}
	script, err := os.ReadFile(filepath.Join(strings.TrimSpace(string(root)), "axe-core", "axe.min.js"))
	switch {
	case err == nil:
	case os.Getenv("MAILPROBE_REQUIRE_SERVERS") == "1":
		t.Fatalf("axe-core is not installed, and MAILPROBE_REQUIRE_SERVERS=1: %v", err)
	default:
		t.Skipf("axe-core is not installed: nothing was tested: %v", err)
	}
	return string(script)
}
