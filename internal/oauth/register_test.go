package oauth

import (
	"fmt"
	"strings"
	"testing"

	"mailprobe/internal/oauth/idptest"
)

func TestRegister(t *testing.T) {
	for _, row := range []struct{ offers, id, err string }{
		{"public", "registered-1", ""},
		{"secret", "", "clients with a secret only"},
		{"refused", "", "no public client is taken"},
		{"", "", "HTTP status 404"},
	} {
		t.Run(row.offers, func(t *testing.T) {
			s := newIDP(t, idptest.Options{Register: row.offers})
			id, err := Register(t.Context(), s.Transport(), s.URL+"/register", "mail")
			if id != row.id || (err != nil) != (row.err != "") || row.err != "" && !strings.Contains(fmt.Sprint(err), row.err) {
				t.Errorf("got  %q %v\nwant %q %q", id, err, row.id, row.err)
			}
			holdsNoSecret(t, err, s.Issued())
		})
	}
	if _, err := Register(t.Context(), nil, "http://idp.example/register", "mail"); err == nil {
		t.Error("got  a registration without TLS\nwant none")
	}
}
