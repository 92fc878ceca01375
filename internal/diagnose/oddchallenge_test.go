package diagnose

import (
	"testing"

	"mailprobe/internal/probe"
)

// TestOddChallenge holds that a challenge whose status is no string or number
// is no verdict, and that another odd member spoils none.
func TestOddChallenge(t *testing.T) {
	for text, want := range map[string]string{
		`null`: "", `[]`: "", `42`: "", `{`: "", `{}`: "", `{"status":""}`: "",
		`{"status":null}`: "", `{"status":["401"]}`: "", `{"status":{}}`: "", `{"status":true}`: "",
		`{"status":401}`: "401", `{"status":"401","schemes":["bearer"]}`: "401", `{"status":"invalid_token","scope":null}`: "invalid_token",
	} {
		if got := challengeOf(&probe.Result{Auth: probe.Auth{Challenge: text}}).Status; got != want {
			t.Errorf("%s\ngot  %q\nwant %q", text, got, want)
		}
	}
}
