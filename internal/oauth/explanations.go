package oauth

type explanation struct {
	reason          Reason
	message, remedy string
}

const (
	signInAgain  = "sign in again with mailprobe login"
	askAdmin     = "ask the administrator of the organisation"
	checkClient  = "check --client-id against the application's registration"
	openPublic   = `switch on "Allow public client flows" on the registration's Authentication page, or pass --client-secret-file`
	checkTenant  = "pass --tenant with the organisation's domain or directory id (consumers for outlook.com and hotmail.com)"
	grantConsent = "grant the application the mail permissions, or " + askAdmin + " for admin consent"
)

// explanations says in plain words what an error code means: those of
// RFC 6749 §4.1.2.1 and §5.2, RFC 8628 §3.5, RFC 8707 §2, OpenID Connect
// §3.1.2.6, Google's and Microsoft's.
var explanations = map[string]explanation{
	"invalid_grant": {Ended, "the sign-in was revoked or has expired", signInAgain},
	"invalid_client": {Application, "the provider does not accept the application's id or secret",
		"check --client-id and --client-secret-file against the application's registration"},
	"unauthorized_client": {Application, "the application may not sign in this way",
		"allow this way of signing in in the application's registration"},
	"invalid_request": {Application, "the provider does not accept the request",
		"check the application's registration: its type, its redirect address and whether it has a secret"},
	"unsupported_grant_type":    {Application, "the provider does not offer this way of signing in", "sign in another way"},
	"unsupported_response_type": {Application, "the provider does not offer this way of signing in", "sign in another way"},
	"redirect_uri_mismatch": {Application, "the application is not registered for a redirect to this machine",
		`register it as a desktop application, with the redirect address http://localhost or http://127.0.0.1`},
	"deleted_client":             {Application, "the application was deleted", checkClient},
	"disabled_client":            {Application, "the application was disabled", checkClient},
	"org_internal":               {Policy, "the application is for members of another organisation only", checkClient},
	"access_denied":              {Denied, "the sign-in was declined", "sign in again and accept, with the account that is meant"},
	"authorization_declined":     {Denied, "the sign-in was declined", "sign in again and accept, with the account that is meant"},
	"expired_token":              {TimedOut, "the code was not entered in time", signInAgain},
	"bad_verification_code":      {TimedOut, "the provider does not know the code any more", signInAgain},
	"admin_policy_enforced":      {Policy, "the organisation does not allow this application", askAdmin},
	"consent_required":           {Consent, "the application has not been allowed to reach mail", grantConsent},
	"interaction_required":       {Interaction, "the provider wants the user to sign in again", signInAgain},
	"login_required":             {Interaction, "the provider wants the user to sign in again", signInAgain},
	"account_selection_required": {Interaction, "the provider wants the user to choose an account", signInAgain},
	"invalid_scope": {Scope, "the provider does not grant the mail permissions in this way",
		"add the mail permissions to the application's registration, or sign in another way"},
	"invalid_target": {Scope, "the provider does not know the resource asked for",
		"check which resources the application's registration allows"},
	"server_error":            {Temporary, "the sign-in server has a fault", "try again later"},
	"temporarily_unavailable": {Temporary, "the sign-in server is busy or has a fault", "try again later"},
	"slow_down":               {Temporary, "the sign-in server wants fewer requests", "try again later"},

	"AADSTS7000218": {Application, "the application is registered as one that has a secret, and none was sent", openPublic},
	"AADSTS7000215": {Application, "the client secret is wrong",
		"pass the secret's value, not its id, in --client-secret-file"},
	"AADSTS7000222": {Application, "the client secret has expired", "make a new one in the application's registration"},
	"AADSTS700025":  {Application, "the application is a public one, and a secret was sent", "leave out --client-secret-file"},
	"AADSTS700027":  {Application, "the application's certificate is not accepted", "upload it to the application's registration"},
	"AADSTS700016": {Application, "the application is not known in this organisation",
		checkClient + "; " + checkTenant},
	"AADSTS7000112": {Application, "the application was disabled", askAdmin},
	"AADSTS7000229": {Application, "the application was never set up in this organisation (it has no service principal)",
		askAdmin + " to grant admin consent"},
	"AADSTS7000113": {Application, "the application may not make tokens by itself", askAdmin},
	"AADSTS50011": {Application, "the application is not registered for a redirect to this machine",
		`add http://localhost under "Mobile and desktop applications" in its registration`},
	"AADSTS500113": {Application, "the application has no redirect address",
		`add http://localhost under "Mobile and desktop applications" in its registration`},
	"AADSTS9002327": {Application, "the redirect address is registered for web pages only",
		`add http://localhost under "Mobile and desktop applications" in its registration`},
	"AADSTS50194":  {Tenant, "the application serves one organisation only", checkTenant},
	"AADSTS90002":  {Tenant, "the organisation is not known to Microsoft", checkTenant},
	"AADSTS900023": {Tenant, "the tenant is neither a domain nor a directory id", checkTenant},
	"AADSTS50059":  {Tenant, "Microsoft cannot tell which organisation is meant", checkTenant},
	"AADSTS50020":  {Tenant, "the account does not belong to this organisation", checkTenant},
	"AADSTS500011": {Scope, "the organisation has no Exchange Online to give access to",
		checkTenant},
	"AADSTS70011": {Scope, "the mail permissions are not known in this form", "check the application's permissions"},
	"AADSTS650057": {Scope, "the mail permissions are missing from the application's registration",
		"add IMAP.AccessAsUser.All, POP.AccessAsUser.All and SMTP.Send to it"},
	"AADSTS65001":  {Consent, "neither the user nor an administrator has allowed this application to reach mail", grantConsent},
	"AADSTS65004":  {Denied, "the permission was declined", "sign in again and accept"},
	"AADSTS90094":  {Consent, "an administrator must allow this application first", grantConsent},
	"AADSTS50105":  {Policy, "the user is not assigned to this application", askAdmin + " to assign the user"},
	"AADSTS50076":  {Interaction, "the organisation wants a second factor (MFA)", signInAgain + " and complete the second factor"},
	"AADSTS50079":  {Interaction, "the user must set up a second factor (MFA) first", "sign in once to the provider's web pages, then " + signInAgain},
	"AADSTS50072":  {Interaction, "the user must set up a second factor (MFA) first", "sign in once to the provider's web pages, then " + signInAgain},
	"AADSTS50158":  {Interaction, "the organisation wants a further proof", signInAgain + " in a browser"},
	"AADSTS50055":  {Account, "the password has expired", "set a new password, then " + signInAgain},
	"AADSTS50034":  {Account, "the account does not exist in this organisation", "check --user; " + checkTenant},
	"AADSTS50053":  {Account, "the account is locked, or the sign-in came from a blocked address", "wait, then " + signInAgain},
	"AADSTS50057":  {Account, "the account is disabled", askAdmin},
	"AADSTS50126":  {Account, "the user name or the password is wrong", signInAgain},
	"AADSTS53000":  {Policy, "a rule of the organisation (Conditional Access) wants a device that the organisation manages", askAdmin},
	"AADSTS53001":  {Policy, "a rule of the organisation (Conditional Access) wants a device that is joined to the organisation", askAdmin},
	"AADSTS53002":  {Policy, "a rule of the organisation (Conditional Access) allows approved applications only", askAdmin},
	"AADSTS53003":  {Policy, "a rule of the organisation (Conditional Access) blocks this sign-in", askAdmin + "; device codes in particular are often blocked, so try the browser"},
	"AADSTS530036": {Policy, "a rule of the organisation (Conditional Access) blocks the sign-in by device code", "sign in by browser instead"},
	"AADSTS53011":  {Policy, "the organisation blocks the user because of a risk", askAdmin},
	"AADSTS70000":  {Ended, "the sign-in is not valid any more", signInAgain},
	"AADSTS70008":  {Ended, "the sign-in was not used for long and has expired", signInAgain},
	"AADSTS700082": {Ended, "the sign-in was not used for long and has expired", signInAgain},
	"AADSTS70043":  {Ended, "the organisation lets a sign-in last for some time only, and it is over", signInAgain},
	"AADSTS50173":  {Ended, "the sign-in ended when the password was changed or sessions were revoked", signInAgain},
	"AADSTS50133":  {Ended, "the sign-in ended when the password was changed or expired", signInAgain},
	"AADSTS54005":  {Ended, "the code was used already", signInAgain},
	"AADSTS70020":  {TimedOut, "the code was not entered in time", signInAgain},
}
