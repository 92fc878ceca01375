package diagnose

import "testing"

// TestRelated: what lies below one public suffix is not of one owner for that.
func TestRelated(t *testing.T) {
	for _, c := range []struct {
		a, b string
		want bool
	}{
		{"imap.gmail.com", "SMTP.gmail.com", true},
		{"imap.gmail.com", "gmail.com.", true},
		{"outlook.office365.com", "smtp.office365.com", true},
		{"imap.mail.yahoo.co.jp", "smtp.mail.yahoo.co.jp", true},
		{"mail.alpha.co.uk", "mail.beta.co.uk", false},
		{"imap.spmode.ne.jp", "imap.ocn.ne.jp", false},
		{"imap.gmail.com", "imap.aol.com", false},
		{"co.uk", "beta.co.uk", false},
		{"mail.corp.internal", "imap.corp.internal", true},
		{"192.0.2.1", "198.51.2.1", false},
		{"192.0.2.1", "192.0.2.1", true},
		{"localhost", "mailserver", false},
	} {
		if got := related(c.a, c.b); got != c.want {
			t.Errorf("related(%q, %q) = %v, want %v", c.a, c.b, got, c.want)
		}
	}
}
