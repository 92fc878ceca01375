package catalog

import (
	"reflect"
	"testing"

	"mailprobe/internal/settings"
)

// TestOutline reads what a file may say in another form than most do: lists at
// the margin, below whose items are no items, and lists without a word.
func TestOutline(t *testing.T) {
	endpoint := settings.Setting{Endpoint: settings.Endpoint{Protocol: settings.IMAP, Host: "imap.example.com", Port: 993}}
	want := &settings.Provider{ID: "x", MX: []string{".example.com"}, Offers: []settings.Offer{{Origin: settings.FromCatalogue, Endpoints: []settings.Setting{endpoint}}}}
	for name, text := range map[string]string{
		"at the margin":  "id: x\nendpoints:\n- protocol: imap\n  sign_in:\n  - way: password\n  host: imap.example.com\n  port: 993\nmx:\n- .example.com\n",
		"without a word": "id: x\naliases: []\ndomains: [ ] # none\nendpoints:\n  - {protocol: imap, host: imap.example.com, port: 993}\nmx: [.example.com]\n",
	} {
		if got := outline([]byte(text)); !reflect.DeepEqual(got, want) {
			t.Errorf("%s\ngot  %+v\nwant %+v", name, got, want)
		}
	}
}
