package catalog

import (
	"reflect"
	"testing"

	"mailprobe/internal/settings"
)

// TestOutlineAtTheMargin reads lists that are not indented: what stands below
// one of their items is none itself.
func TestOutlineAtTheMargin(t *testing.T) {
	got := outline([]byte("id: x\nendpoints:\n- protocol: imap\n  sign_in:\n  - way: password\n  host: imap.example.com\n  port: 993\nmx:\n- .example.com\n"))
	want := &settings.Provider{ID: "x", MX: []string{".example.com"}, Offers: []settings.Offer{{Origin: settings.FromCatalogue, Endpoints: []settings.Setting{
		{Endpoint: settings.Endpoint{Protocol: settings.IMAP, Host: "imap.example.com", Port: 993}},
	}}}}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got  %+v\nwant %+v", got, want)
	}
}
