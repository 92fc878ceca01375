package main

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"mailprobe/internal/lab/browser"
)

var (
	phone = browser.Look{Width: 320, Scheme: "light"}
	desk1 = browser.Look{Width: 1280, Scheme: "dark"}
)

// TestUIInBrowser works with the page by the keyboard alone, with its script and
// without: what is typed comes to a verdict, the steps show as they happen, the
// result has the focus, and axe-core finds nothing to object to. The page asks
// nobody else for anything.
func TestUIInBrowser(t *testing.T) {
	t.Parallel()
	b := browser.Start(t)
	flags, came := held(t, "imap.held.example")
	p := uiWith(t, flags...)
	origin := p.address[:strings.Index(p.address[len("http://"):], "/")+len("http://")+1]
	for _, scripted := range []bool{true, false} {
		t.Run(fmt.Sprintf("script=%v", scripted), func(t *testing.T) {
			tab := b.Open(t, p.address, []string{origin}, emulation.SetFocusEmulationEnabled(true), emulation.SetScriptExecutionDisabled(!scripted))
			k := keyboard{t, tab}
			look := func(name string, looks ...browser.Look) {
				for _, l := range looks {
					if scripted { // axe-core is a script
						b.LookAt(t, tab, fmt.Sprintf("ui-%s-%d-%s", name, l.Width, l.Scheme), l)
					}
				}
			}
			look("home", phone, desk1)
			k.fill("target", "me@gmail.com")
			k.fill("password", ownPassword+kb.Enter)
			k.sees("result", "Signing in was accepted.", scripted)
			look("healthy", phone)
			k.fill("password", strings.Repeat("a", 16)+kb.Enter)
			k.sees("result", "auth.", scripted)
			look("wrong-password", phone, desk1)
			k.fill("password", "hunter2"+kb.Enter)
			k.sees("agreed", "", true)
			look("question", phone)
			k.press(" ")
			k.fill("password", "hunter2"+kb.Enter)
			k.sees("result", "auth.", scripted)
			k.fill("target", kb.Delete+"imaps://imap.gone.example"+kb.Enter)
			k.sees("result", "refuses connections", scripted)
			look("dead-port", desk1)
			k.fill("target", kb.Delete+"gmial"+kb.Enter)
			k.sees("target", "Did you mean gmail, ymail?", scripted)
			look("mistyped", phone)
			k.fill("text", "535 5.7.8 Username and Password not accepted")
			k.to("Explain")
			k.press(kb.Enter)
			k.sees("", "Read from", false)
			look("explain", phone, desk1)
		})
	}
	t.Run("live", func(t *testing.T) {
		tab := b.Open(t, p.address, []string{origin}, emulation.SetFocusEmulationEnabled(true))
		k := keyboard{t, tab}
		k.fill("target", "imaps://imap.held.example"+kb.Enter)
		k.sees("", "connect: done", false)
		b.LookAt(t, tab, "ui-live-320-light", phone)
		(<-came).Close()
		k.to("Stop")
		k.press(kb.Enter)
		k.sees("", "What was found", false)
	})
	p.end(t)
}

// A keyboard is what a person types in a tab.
type keyboard struct {
	t   *testing.T
	tab context.Context
}

func (k keyboard) press(keys string) {
	k.t.Helper()
	if err := chromedp.Run(k.tab, chromedp.KeyEvent(keys)); err != nil {
		k.t.Fatal(err)
	}
}

// focus is the id of the element that has the focus, or its text.
func (k keyboard) focus() (name string) {
	k.t.Helper()
	if err := chromedp.Run(k.tab, chromedp.Evaluate(`document.activeElement.id || document.activeElement.textContent.trim().slice(0, 40)`, &name)); err != nil {
		k.t.Fatal(err)
	}
	return name
}

// to goes on by Tab to an element.
func (k keyboard) to(name string) {
	k.t.Helper()
	var passed []string
	for range 40 {
		k.press(kb.Tab)
		at := k.focus()
		if at == name {
			return
		}
		passed = append(passed, at)
	}
	k.t.Fatalf("Tab does not come to %s, only to %q", name, passed)
}

// fill goes on to a field and types.
func (k keyboard) fill(field, keys string) {
	k.t.Helper()
	if k.focus() != field {
		k.to(field)
	}
	k.press(keys)
}

// sees waits until the page shows a text and, where that is asked, the focus is
// where it should be.
func (k keyboard) sees(focus, text string, focused bool) {
	k.t.Helper()
	ctx, cancel := context.WithTimeout(k.tab, time.Minute)
	defer cancel()
	wanted := fmt.Sprintf(`document.readyState === "complete" && document.body.innerText.includes(%q) && (!%t || document.activeElement.id === %q)`, text, focused, focus)
	for seen := false; !seen; {
		chromedp.Run(ctx, chromedp.Evaluate(wanted, &seen), chromedp.Sleep(20*time.Millisecond)) // while a page gives way to the next it fails
		if seen || ctx.Err() == nil {
			continue
		}
		var page string
		chromedp.Run(k.tab, chromedp.Evaluate(`location.href + " " + document.activeElement.id + " " + document.body.innerText`, &page))
		k.t.Fatalf("got  %s\nwant %s, and the focus at %s", page, text, focus)
	}
}
