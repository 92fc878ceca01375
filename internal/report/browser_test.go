package report

import (
	"context"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"testing"

	cdppage "github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"

	"mailprobe/internal/document"
	"mailprobe/internal/lab/browser"
	"mailprobe/internal/lab/detector"
)

// looks are how a page is looked at.
var looks = []browser.Look{{Width: 320, Scheme: "light"}, {Width: 360, Scheme: "dark"}, {Width: 1280, Scheme: "light"}, {Width: 1280, Scheme: "dark"}}

// TestTicketInBrowser looks at tickets in Chromium: nothing is wider than the
// window, nothing is asked of anybody, axe-core finds nothing to object to, and
// it prints on A4 and Letter.
func TestTicketInBrowser(t *testing.T) {
	detector.Spare(t)
	b := browser.Start(t)
	for _, name := range []string{"sign-in-rejected", "hostile", "shared", "transcript", "long-names", "nothing", "compared"} {
		t.Run(name, func(t *testing.T) {
			list := []*document.Document{sampleCompared()}
			if name != "compared" {
				list = documents(samples[name]())
			}
			file := filepath.Join(t.TempDir(), "ticket.html")
			if err := os.WriteFile(file, write(t, "html", Options{From: "desk (linux/amd64)", Card: true}, list...), 0o600); err != nil {
				t.Fatal(err)
			}
			address := (&url.URL{Scheme: "file", Path: file}).String()
			tab := b.Open(t, address, []string{address})
			if err := chromedp.Run(tab, chromedp.Evaluate(`document.querySelectorAll("details").forEach(d => d.open = true)`, nil)); err != nil {
				t.Fatal(err)
			}
			for _, look := range looks {
				b.LookAt(t, tab, fmt.Sprintf("%s-%d-%s", name, look.Width, look.Scheme), look)
			}
			prints(t, tab)
		})
	}
}

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
