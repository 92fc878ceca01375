package browser

import (
	"context"
	"os"
	"path/filepath"
	"testing"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
)

// A Look is how a page is looked at.
type Look struct {
	Width  int64  // pixels
	Scheme string // light or dark
}

// LookAt fails the test where the page in a tab is wider than its window, or
// axe-core objects to it. Where MAILPROBE_SCREENSHOTS names a folder, a picture
// is put there by the name.
func (b *Browser) LookAt(t testing.TB, tab context.Context, name string, look Look) {
	t.Helper()
	var wider []string
	var violations string
	err := chromedp.Run(tab,
		emulation.SetDeviceMetricsOverride(look.Width, 900, 1, look.Width < 700),
		emulation.SetEmulatedMedia().WithFeatures([]*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: look.Scheme}}),
		chromedp.Evaluate(widerThanWindow, &wider),
		chromedp.Evaluate(b.axe+`;0`, nil),
		chromedp.Evaluate(axeRun, &violations, func(p *runtime.EvaluateParams) *runtime.EvaluateParams { return p.WithAwaitPromise(true) }),
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
		shoot(t, tab, filepath.Join(folder, name+".png"))
	}
}

func shoot(t testing.TB, tab context.Context, file string) {
	t.Helper()
	var shot []byte
	if err := chromedp.Run(tab, chromedp.FullScreenshot(&shot, 100)); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, shot, 0o600); err != nil {
		t.Error(err)
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
