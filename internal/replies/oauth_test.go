package replies

import "testing"

// A time of day names no port, and a status of HTTP no reply of SMTP: what
// sign-in servers and their pages say is read whatever stands beside it.
func TestSignInTexts(t *testing.T) {
	for _, row := range []struct{ text, code string }{
		{"AADSTS50126: Error validating credentials. Timestamp: 2026-11-29 08:22:25Z", "auth.rejected"},
		{"AADSTS700016: Application with identifier 'x' was not found. Timestamp: 2026-11-29 08:22:10Z", "auth.oauth_application"},
		{"AADSTS700024: Client assertion is not within its valid time range. Current time: 2026-11-29T08:22:10.1234567Z", "env.clock_skew_suspected"},
		{"AADSTS50097 at 10:22", "auth.policy_blocked"},
		{"AADSTS1234567: Some new thing. Timestamp: 2026-11-29 08:22:10Z", "auth.oauth_refused"},
		{"Error 400: brand_new_word", "auth.oauth_refused"},
		{"Access blocked: Error 400: origin_mismatch", "auth.oauth_application"},
		{"You don't have access to this. Your sign-in was successful but you don't have permission to access this resource. 53000", "auth.policy_blocked"},
		{"Your account has been locked. We've detected suspicious activity. Help us secure your account", "auth.oauth_interaction"},
		{"Device code: The code you entered has expired. Go back to the app or device and request a new code.", "auth.oauth_timed_out"},
		{"Error 400: policy_enforced. Advanced Protection prevents this app from getting your data", "auth.policy_blocked"},
		{"This site can’t be reached. localhost refused to connect. Try: checking the connection. ERR_CONNECTION_REFUSED", "auth.oauth_interaction"},
		{"127.0.0.1 refused to connect. http://127.0.0.1:43111/?state=abc&code=4/0AX4XfWh&scope=https://mail.google.com/", "auth.oauth_interaction"},
		{"java.net.ConnectException: Connection refused: localhost, 25", "net.refused"},
		{"invalid_grant: Account has been deleted", "auth.token_expired"},
		{"invalid_grant: User account is disabled", "auth.disabled_for_account"},
		{"invalid_grant: Account is not fully set up", "auth.oauth_interaction"},
		{"access_denied: Policy evaluation failed for this request, please check the policy configurations.", "auth.policy_blocked"},
		{"access_denied: The user is not allowed to use this client", "auth.policy_blocked"},
		{"access_denied: The user denied the request", "auth.oauth_declined"},
		{"rate_limit_exceeded: Rate Limit Exceeded", "auth.temporary"},
		{"AADSTS900439: USGClientNotSupportedOnPublicEndpoint", "auth.oauth_tenant"},
		{"AADSTS90051: Invalid national cloud. AADSTS90038: NationalCloudTenantRedirection", "auth.oauth_tenant"},
		{"HTTP/1.1 400 Bad Request {\"error\":\"invalid_client\"}", "auth.oauth_application"},
		{"invalid_request: refresh token parameter cannot be empty for refresh_token grant type", "auth.token_expired"},
		{"UNDERAGE_USER", "auth.policy_blocked"},
		{"PARAMETER_ABSENT: x", "auth.oauth_application"},
		{"PARAMS_MAXLENGTH_EXCEEDED", "auth.oauth_application"},
		{"INVALID_CALLBACK_URL", "auth.oauth_application"},
		{"INTERNAL_ERROR", "auth.temporary"},
		{"INVALID_INPUT: client secret cannot be empty", "auth.oauth_application"},
		{"invalid_grant: Missing code verifier.", "auth.oauth_application"},
		{"restricted_client: Unregistered scope(s) in the request: https://mail.google.com/", "auth.oauth_application"},
		{"invalid_grant: The issuer in ID Token https://ci.example/ does not match the expected ones: https://ci.example.", "auth.oauth_application"},
		{"NOT_FOUND: Not found; Gaia id not found for email x@p.iam.gserviceaccount.com", "auth.oauth_application"},
		{"PERMISSION_DENIED: Request is prohibited by organization's policy. vpcServiceControlsUniqueIdentifier: Xy", "auth.policy_blocked"},
		{"invalid_client: The OAuth client was disabled.", "auth.oauth_application"},
		{`{"error_description": "Code has expired", "error": "invalid_grant"}`, "auth.oauth_timed_out"},
		{`{"error_description":"User account is disabled","error":"invalid_grant"}`, "auth.disabled_for_account"},
		{"access_denied: You have made too many requests continuously.", "auth.temporary"},
		{`{"error":"authorization_pending"}`, "auth.oauth_timed_out"},
		{"invalid_grant: User not found", "auth.user_unknown"},
		{"AADSTS50144: User's Active Directory password has expired.", "auth.expired"},
		{"mfa_required: Multifactor authentication required", "auth.oauth_interaction"},
		{"invalid_grant: Incorrect redirect_uri", "auth.oauth_application"},
		{"use_dpop_nonce: Authorization server requires nonce in DPoP proof", "auth.oauth_application"},
		{"Error message: Unable to get ACTIONS_ID_TOKEN_REQUEST_URL env variable", "auth.oauth_application"},
		{"AADSTS500021: Access to 'x' tenant is denied.", "auth.policy_blocked"},
		{"AADSTS9002325: Proof Key for Code Exchange is required for cross-origin authorization code redemption.", "auth.oauth_application"},
		{`{"error":"quota_gone","error_description":"never heard of"}`, "auth.oauth_refused"},
		{`{"error":"not_found"}`, ""},
		{"AADSTS900144: The request body must contain the following parameter: 'refresh_token'.", "auth.token_expired"},
		{"AADSTS900144: The request body must contain the following parameter: 'client_id'.", "auth.oauth_application"},
		{"AADSTS500014: The service principal for resource is disabled.", "auth.oauth_scope"},
	} {
		got := Explain(Query{Text: row.text})
		if row.code == "" && len(got) == 0 {
			continue
		}
		if len(got) == 0 || got[0].Code != row.code {
			t.Errorf("%s\ngot  %+v\nwant %s", row.text, got, row.code)
		}
	}
}

// TestPastedAnswerOfSignIn holds that what a sign-in service says is explained
// when it is pasted, also where it names other software, as the audience or the
// repository of a workload does.
func TestPastedAnswerOfSignIn(t *testing.T) {
	for text, want := range map[string]string{
		`The audience in ID Token [https://github.com/acme] does not match the expected audience https://iam.googleapis.com/p.`:                                     "auth.oauth_application",
		`{"error":"invalid_grant","error_description":"The audience in ID Token [https://gitlab.com/a] does not match the expected audience."}`:                     "auth.oauth_application",
		`{"error":"unauthorized_client","error_description":"The given credential is rejected by the attribute condition. (assertion.repository == 'docker/app')"}`: "auth.oauth_application",
		`AADSTS700213: No matching federated identity record found for presented assertion subject 'repo:github/docker:ref:refs/heads/main'.`:                       "auth.oauth_application",
		`remote: HTTP Basic: Access denied. fatal: Authentication failed for 'https://gitlab.com/a/b.git/'`:                                                         "",
		`Permission denied (publickey). fatal: Could not read from remote repository github.com`:                                                                    "",
	} {
		got := ""
		if found := Explain(Query{Text: text}); len(found) > 0 {
			got = found[0].Code
		}
		if got != want {
			t.Errorf("%s\ngot  %q\nwant %q", text, got, want)
		}
	}
}
