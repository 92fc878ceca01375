package publish

import (
	"math/rand/v2"
	"slices"
	"testing"

	"mailprobe/internal/clients"
	"mailprobe/internal/discover"
	"mailprobe/internal/published"
	"mailprobe/internal/settings"
)

// sources are where each document is had from.
var sources = map[string]discover.Source{"autoconfig": discover.Autoconfig, "autodiscover": discover.Autodiscover, "mobileconfig": "mobileconfig"}

// TestClients: each family of mail programs that reads a document makes of it an
// account with the first server of each way, connected to as it is meant, by its
// own rules and not by this program's reader.
func TestClients(t *testing.T) {
	all := everybody(t)
	for seed := range uint64(400) {
		all = append(all, random(rand.New(rand.NewPCG(seed, 11))))
	}
	read := map[string]int{}
	for n, p := range all {
		for format, source := range sources {
			d, err := Make(format, p)
			if err != nil {
				continue
			}
			doc := published.Read(files[format], d.Text)
			r := &discover.Result{Target: "me@" + p.Domains[0], Sources: []discover.Report{{Source: source, Status: discover.Found, Document: &doc, Offers: doc.Offers}}}
			for _, reading := range clients.Of(r) {
				if reading.State == clients.Unasked || reading.State == clients.Absent {
					continue
				}
				want := wanted(reading.Client.ID, doc.Offers)
				if reading.State != clients.Reads || len(want) == 0 {
					if len(want) > 0 && !excused(reading, doc.Offers) {
						t.Fatalf("%d %s: %s of %s\ngot  %s: %s\nwant %q\n%s", n, p.ID, format, reading.Client.ID, reading.State, reading.Why, want, d.Text)
					}
					continue
				}
				read[format+" "+reading.Client.ID]++
				var got []string
				for _, s := range reading.Servers {
					if !s.Later {
						got = append(got, s.Endpoint.String())
					}
				}
				if !excused(reading, doc.Offers) && !slices.Equal(got, want) {
					t.Fatalf("%d %s: %s of %s\ngot  %q\nwant %q\n%s", n, p.ID, format, reading.Client.ID, got, want, d.Text)
				}
			}
		}
	}
	for _, must := range []string{"autoconfig thunderbird", "autoconfig thunderbird-android", "autoconfig deltachat", "autodiscover outlook", "autodiscover deltachat", "mobileconfig apple"} {
		if read[must] < 50 {
			t.Errorf("%s was read %d times: %v", must, read[must], read)
		}
	}
}

// wanted is the first server of each way that a client of this kind could use.
func wanted(client string, offers []published.Offer) (list []string) {
	way := map[bool]bool{}
	for _, o := range offers {
		sends := o.Protocol == settings.SMTP
		if way[sends] || o.Protocol == settings.POP3 && (client == "thunderbird-android" || client == "deltachat") {
			continue
		}
		way[sends] = true
		list = append(list, o.Endpoint("").String())
	}
	if len(way) < 2 {
		return nil
	}
	return list
}

// excused reports whether a client cannot do what the settings themselves want:
// no encryption, ports that mean something else to it, ways to sign in that it
// does not know, or OAuth2 at a provider that it does not know.
func excused(r clients.Reading, offers []published.Offer) bool {
	return slices.ContainsFunc(offers, func(o published.Offer) bool {
		usual := o.Port == settings.DefaultPort(o.Protocol, o.Security)
		return o.Security == settings.Plain || !usual || !slices.Contains(o.SignIn, "password") || r.Client.ID == "deltachat" && o.Security == settings.StartTLS
	})
}
