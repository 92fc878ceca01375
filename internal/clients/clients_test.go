package clients

import (
	"testing"
	"time"
)

// TestRulesAreSourced: every client names every source of settings, as one that
// it asks or never asks, and by what that is known.
func TestRulesAreSourced(t *testing.T) {
	sources := []string{"catalogue", "autoconfig", "autoconfig-wellknown", "ispdb-file", "file", "mailconf", "srv", "pacc", "autodiscover", "mx", "mobileconfig", "guess"}
	for _, c := range All() {
		for _, source := range sources {
			asks := 0
			for _, g := range c.asks {
				for _, from := range g.From {
					if from == source {
						asks++
					}
				}
			}
			if _, never := c.never[source]; never {
				asks++
			}
			if asks != 1 {
				t.Errorf("%s and %s: stands %d times in the table", c.ID, source, asks)
			}
		}
	}
}

func TestSourcesOfRules(t *testing.T) {
	for _, c := range All() {
		rules := []Rule{c.Order}
		for _, g := range c.asks {
			rules = append(rules, g.rule)
		}
		for _, r := range c.never {
			rules = append(rules, r)
		}
		for _, r := range rules {
			if _, err := time.Parse(time.DateOnly, r.Read); err != nil || r.Title == "" || r.URL == "" || r.Basis != Code && r.Basis != Document {
				t.Errorf("%s: %+v", c.ID, r)
			}
		}
	}
}
