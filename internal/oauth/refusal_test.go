package oauth

import (
	"errors"
	"net/http"
	"os"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"
	"golang.org/x/oauth2"

	"mailprobe/internal/replies"
	"mailprobe/internal/settings"
)

func TestRefusals(t *testing.T) {
	for _, row := range []struct {
		name        string
		code, words string
		status      int
		want        Reason
		wantCode    string
	}{
		{"standard code", "invalid_grant", "Token has been expired or revoked.", 400, Ended, "invalid_grant"},
		{"Microsoft's number goes first", "invalid_grant", "AADSTS65001: The user or administrator has not consented", 400, Consent, "AADSTS65001"},
		{"no secret sent", "invalid_client", "AADSTS7000218: The request body must contain", 401, Application, "AADSTS7000218"},
		{"Conditional Access", "access_denied", "AADSTS53003: Access has been blocked", 400, Policy, "AADSTS53003"},
		{"unknown number, known code", "invalid_grant", "AADSTS999999: new", 400, Other, "AADSTS999999"},
		{"unknown number, busy by its code", "temporarily_unavailable", "AADSTS999999: new", 400, Temporary, "AADSTS999999"},
		{"unknown number, busy by its status", "invalid_grant", "AADSTS999999: new", 503, Temporary, "AADSTS999999"},
		{"known number, busy by its status", "invalid_grant", "AADSTS70008: The refresh token has expired", 503, Ended, "AADSTS70008"},
		{"words of a mail server", "made_up", "535 5.7.8 authentication failed", 400, Other, "made_up"},
		{"name of a finding", "", "auth.token_expired", 400, Other, ""},
		{"words about a refresh token", "made_up", "Refresh token was revoked", 400, Ended, "made_up"},
		{"unknown code", "made_up", "", 400, Other, "made_up"},
		{"no code, server fault", "", "", 500, Temporary, ""},
		{"no code, too many", "", "", 429, Temporary, ""},
		{"no code, refused", "", "", 499, Other, ""},
		{"no status", "invalid_grant", "", 0, Ended, "invalid_grant"},
	} {
		t.Run(row.name, func(t *testing.T) {
			e := refused(t, row.code, row.words, row.status)
			if e.Provider != "P" || e.Reason != row.want || e.Code != row.wantCode || e.Status != row.status || e.Message == "" || e.Remedy == "" {
				t.Errorf("got  %+v\nwant %q, %q", e, row.want, row.wantCode)
			}
		})
	}
}

// refused is the error for a refusal by RFC 6749 §5.2.
func refused(t *testing.T, code, words string, status int) *Error {
	t.Helper()
	c := &Client{Config: Config{Provider: &settings.Provider{Name: "P", ID: "p"}}}
	answer := &oauth2.RetrieveError{ErrorCode: code, ErrorDescription: words}
	if status != 0 {
		answer.Response = &http.Response{StatusCode: status}
	}
	err := c.explain(&guard{ctx: t.Context()}, answer)
	var e *Error
	if !errors.As(err, &e) {
		t.Fatalf("got  %v\nwant an *Error", err)
	}
	return e
}

// TestLoginAndExplainAgree: a sign-in that is refused and "mailprobe explain"
// with the same answer pasted say the same.
func TestLoginAndExplainAgree(t *testing.T) {
	for _, row := range []struct {
		finding string
		reason  Reason
		codes   string
	}{
		{"auth.token_expired", Ended, `invalid_grant AADSTS70000 AADSTS70008 AADSTS700082 AADSTS70043 AADSTS50173 AADSTS50133 AADSTS54005`},
		{"auth.oauth_application", Application, `AADSTS700089 invalid_client unauthorized_client invalid_request unsupported_grant_type unsupported_response_type redirect_uri_mismatch deleted_client disabled_client AADSTS7000218 AADSTS7000215 AADSTS7000222 AADSTS700025 AADSTS700027 AADSTS700016 AADSTS7000112 AADSTS7000229 AADSTS7000113 AADSTS50011 AADSTS500113 AADSTS9002327`},
		{"auth.policy_blocked", Policy, `org_internal admin_policy_enforced AADSTS50105 AADSTS53000 AADSTS53001 AADSTS53002 AADSTS53003 AADSTS530036 AADSTS53011`},
		{"auth.oauth_declined", Denied, `access_denied authorization_declined AADSTS65004`},
		{"auth.oauth_timed_out", TimedOut, `expired_token bad_verification_code AADSTS70020`},
		{"auth.token_scope", Consent, `consent_required AADSTS65001 AADSTS90094`},
		{"auth.oauth_interaction", Interaction, `interaction_required login_required account_selection_required AADSTS50076 AADSTS50079 AADSTS50072 AADSTS50158`},
		{"auth.oauth_scope", Scope, `invalid_scope invalid_target AADSTS500011 AADSTS70011 AADSTS650057`},
		{"auth.temporary", Temporary, `server_error temporarily_unavailable slow_down`},
		{"auth.oauth_tenant", Tenant, `AADSTS50194 AADSTS90002 AADSTS900023 AADSTS50059 AADSTS50020`},
		{"auth.expired", Account, `AADSTS50055`},
		{"auth.user_unknown", Account, `AADSTS50034`},
		{"auth.disabled_for_account", Account, `AADSTS50053 AADSTS50057`},
		{"auth.rejected", Account, `AADSTS50126`},
		{"auth.oauth_refused", Other, `AADSTS999999 AADSTS5005 AADSTS12345678`},
	} {
		for _, code := range strings.Fields(row.codes) {
			e := refused(t, code, "", 400)
			texts := []string{code, `{"error":"` + code + `","error_description":"It did not work."}`,
				"{\n  \"error\": \"" + code + "\",\n  \"error_uri\": \"\"\n}", "error=" + code}
			if strings.HasPrefix(code, "AADSTS") {
				words := code + ": It did not work."
				e = refused(t, "invalid_grant", words+"\r\nTrace ID: 1\r\nTimestamp: 2026", 400)
				texts = []string{words, `{"error":"invalid_grant","error_description":"` + words + `\r\nTrace ID: 1\r\nTimestamp: 2026"}`,
					`{"error":"invalid_client","error_description":"` + words + `"}`, "error=access_denied&error_description=" + words,
					"{\n  \"error\": \"interaction_required\",\n  \"error_description\": \"" + words + "\"\n}"}
			}
			if e.Finding != row.finding || e.Reason != row.reason {
				t.Errorf("%s\ngot  %s %s\nwant %s %s", code, e.Finding, e.Reason, row.finding, row.reason)
			}
			if text := e.Error(); strings.Contains(text, "\n") || e.Remedy == "" {
				t.Errorf("%s\ngot  %q\nwant one line that says what to do", code, text)
			}
			for _, text := range append(texts, e.Error()) {
				agrees(t, e, text)
			}
		}
	}
}

// agrees holds what explain says of a text first against an error of login's.
func agrees(t *testing.T, e *Error, text string) {
	t.Helper()
	got := replies.Explain(replies.Query{Text: text})
	if len(got) == 0 || got[0].Code != e.Finding || got[0].Cause != e.Message || got[0].Remedy != e.Remedy || got[0].HelpURL != e.HelpURL {
		t.Errorf("%s\ngot  %+v\nwant %+v", text, got[:min(len(got), 1)], e)
	}
}

func TestUnknownNumberHasItsPage(t *testing.T) {
	e := refused(t, "invalid_grant", "AADSTS123456: x", 400)
	if want := "https://login.microsoftonline.com/error?code=123456"; e.HelpURL != want || !strings.Contains(e.Error(), want) {
		t.Errorf("got  %s\nwant %s in it", e, want)
	}
}

// TestEveryRowHasAReason reads the tables of replies: what they say of OAuth2
// servers leads to a reason, and where it helps to a flag.
func TestEveryRowHasAReason(t *testing.T) {
	for _, name := range []string{"oauth", "microsoft"} {
		data, err := os.ReadFile("../replies/tables/" + name + ".yaml")
		if err != nil {
			t.Fatal(err)
		}
		var table struct {
			Rows []struct{ Pattern, Layer, Code string }
		}
		if err := yaml.Unmarshal(data, &table); err != nil {
			t.Fatal(err)
		}
		for _, r := range table.Rows {
			if r.Layer == replies.LayerToken && r.Code != "auth.oauth_refused" && reasonOf(r.Code) == Other {
				t.Errorf("%s: %s has no reason", r.Pattern, r.Code)
			}
		}
	}
}

func TestRemediesNameTheFlag(t *testing.T) {
	for words, want := range map[string]string{
		"AADSTS700016: x":  "--client-id",
		"AADSTS7000215: x": "--client-secret-file",
		"AADSTS7000218: x": "--client-secret-file",
		"AADSTS50020: x":   "--tenant",
		"AADSTS50034: x":   "--user",
		"AADSTS53003: x":   "--flow browser",
		"invalid_client":   "--client-id and --client-secret-file",
		"deleted_client":   "--client-id",
		"invalid_grant":    "mailprobe login",
	} {
		if got := refused(t, "", words, 400).Remedy; !strings.Contains(got, want) {
			t.Errorf("%s\ngot  %s\nwant %s in it", words, got, want)
		}
	}
}
