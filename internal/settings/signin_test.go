package settings

import "testing"

// Mail programs take the first way that they know.
func TestEncrypted(t *testing.T) {
	way := func(names ...string) (s Setting) {
		for _, name := range names {
			s.SignIn = append(s.SignIn, SignIn{Way: name, Status: DocumentedWay})
		}
		return s
	}
	refused := way("encrypted", "password")
	refused.SignIn[0].Status = RefusedWay
	for name, row := range map[string]struct {
		s    Setting
		want bool
	}{
		"nothing said":         {Setting{}, false},
		"a normal password":    {way("oauth2", "password"), false},
		"an encrypted one":     {way("oauth2", "encrypted"), true},
		"encrypted first":      {way("encrypted", "password"), true},
		"normal first":         {way("password", "encrypted"), false},
		"an app password":      {way("app-password", "encrypted"), false},
		"encrypted is refused": {refused, false},
	} {
		if got := row.s.Encrypted(); got != row.want {
			t.Errorf("%s\ngot  %v\nwant %v", name, got, row.want)
		}
	}
}
