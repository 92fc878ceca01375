package diagnose

import (
	"fmt"

	"mailprobe/internal/finding"

	"mailprobe/internal/probe"
)

// userFormFindings judges a second sign-in with the other form of the user
// name.
func userFormFindings(r *probe.Result, _ Context) []finding.Finding {
	if r.OtherForm == nil {
		return nil
	}
	refused, other, at := r.Auth.Username, r.OtherForm.Username, r.Endpoint.Address()
	switch r.OtherForm.Status {
	case probe.AuthAccepted:
		return []finding.Finding{{Code: "auth.user_form", Severity: finding.Error, Blame: finding.Catalogue, Phase: probe.SignIn,
			Message:  fmt.Sprintf("%s accepts the user name %s and refuses %s, which is the documented form.", at, other, refused),
			Remedy:   fmt.Sprintf("In the mail program enter %s as user name. The password is right.", other),
			Evidence: finding.Saw(replyText(r.Auth.Reply))}}
	case probe.AuthRejected:
		return []finding.Finding{{Code: "auth.user_form", Severity: finding.Info, Phase: probe.SignIn,
			Message:  fmt.Sprintf("%s refuses both %s and %s: the form of the user name is not what is wrong.", at, refused, other),
			Evidence: finding.Saw(replyText(r.OtherForm.Reply))}}
	}
	return nil
}

func replyText(r *probe.Reply) string {
	if r == nil {
		return ""
	}
	return r.Text
}
