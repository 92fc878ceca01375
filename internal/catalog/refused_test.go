package catalog

import (
	"regexp"
	"testing"

	"mailprobe/internal/settings"
)

// TestRefusalsAreDated: what is documented as refused keeps a credential from
// being sent, so it says since when, or when it was read.
func TestRefusalsAreDated(t *testing.T) {
	year := regexp.MustCompile(`\b20\d\d\b`)
	seen := 0
	for _, p := range Load().All() {
		for _, s := range p.Settings() {
			x, ok := s.SignInBy("password", "app-password")
			if !ok || x.Status != settings.RefusedWay {
				continue
			}
			seen++
			if x.Source.Title == "" || x.Source.Publisher == "" || !year.MatchString(x.Note+" "+x.Source.Read) {
				t.Errorf("%s, %s\ngot  %+v\nwant a source and a date", p.ID, s.Endpoint, x)
			}
		}
	}
	if seen == 0 {
		t.Error("got  no refusal\nwant those of Microsoft")
	}
}
