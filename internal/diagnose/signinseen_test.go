package diagnose

import (
	"strings"
	"testing"

	"mailprobe/internal/finding"
	"mailprobe/internal/probe"
	"mailprobe/internal/settings"
)

// What this program has seen and done by itself is no fault of this computer or
// account, whatever a server calls it.
func TestRefusalBlamesNobodyWhoIsInOrder(t *testing.T) {
	for _, row := range []struct {
		protocol     settings.Protocol
		status, text string
		code, part   string
		blame        finding.Blame
	}{
		{settings.IMAP, "BAD", "", "proto.client_fault", "calls the sign-in by PLAIN a wrong command", finding.Unknown},
		{settings.IMAP, "BAD", "Missing or unexpected arguments", "proto.client_fault", "Its words do not tell", finding.Unknown},
		{settings.SMTP, "500", "unknown", "proto.client_fault", "calls the sign-in by PLAIN a wrong command", finding.Unknown},
		{settings.POP3, "-ERR", "bad arguments", "proto.client_fault", "refuses the password", finding.Unknown},
		{settings.SMTP, "530", "5.7.0 Must issue a STARTTLS command first", "auth.privacy_required", "does not know that this one is encrypted", finding.Provider},
		{settings.IMAP, "NO", "[PRIVACYREQUIRED] x", "auth.privacy_required", "Nobody could read the password", finding.Provider},
		{settings.IMAP, "NO", "AUTHENTICATE unknown mechanism", "auth.mechanism_missing", "then says that it does not take that", finding.Provider},
	} {
		t.Run(row.status+" "+row.text, func(t *testing.T) {
			reply := probe.NewReply(row.status, row.text)
			r := &probe.Result{
				Endpoint:   settings.Endpoint{Protocol: row.protocol, Host: "mail.example.com", Port: 993, Security: settings.TLS},
				Mechanisms: []string{"PLAIN"}, SecretSent: true,
				Auth: probe.Auth{Status: probe.AuthRejected, Mechanism: "PLAIN", Reply: &reply, Sent: true, Begun: true, Taken: true},
			}
			found := signInFindings(r, Context{})
			sound(t, found)
			if len(found) != 1 || string(found[0].Code) != row.code || found[0].Blame != row.blame || !strings.Contains(found[0].Says(), row.part) {
				t.Errorf("got  %+v\nwant %s, by %s, that says %q", found, row.code, row.blame, row.part)
			}
		})
	}
}
