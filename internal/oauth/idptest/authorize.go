package idptest

import (
	"net/http"
	"net/url"
)

// authorize sends the browser back at once, as if the user had consented.
func (s *Server) authorize(w http.ResponseWriter, r *http.Request) {
	q := r.URL.Query()
	redirect, err := url.Parse(q.Get("redirect_uri"))
	if err != nil || redirect.Scheme != "http" || q.Get("client_id") == "" || q.Get("response_type") != "code" ||
		q.Get("code_challenge") == "" || q.Get("code_challenge_method") != "S256" {
		http.Error(w, "bad authorization request", http.StatusBadRequest)
		return
	}
	back := url.Values{"state": {q.Get("state")}}
	if s.opts.Issuer != "" {
		back.Set("iss", s.opts.Issuer)
	}
	if s.opts.AuthError != "" {
		back.Set("error", s.opts.AuthError)
		back.Set("error_description", s.opts.Description)
	} else {
		code := s.secret("code")
		s.codes[code] = grant{q.Get("client_id"), q.Get("redirect_uri"), q.Get("code_challenge"), q.Get("scope")}
		back.Set("code", code)
	}
	redirect.RawQuery = back.Encode()
	http.Redirect(w, r, redirect.String(), http.StatusFound)
}

// device gives out a device code (RFC 8628 §3.2).
func (s *Server) device(w http.ResponseWriter, form url.Values) {
	if s.faulty(w, form) {
		return
	}
	code := s.secret("device")
	s.devices[code] = &device{grant: grant{clientID: form.Get("client_id"), scope: form.Get("scope")}}
	answer := map[string]any{
		"device_code": code, "user_code": "WDJB-MJHT", "verification_uri": s.URL + "/activate",
	}
	if s.opts.Interval != 0 {
		answer["interval"] = s.opts.Interval
	}
	if s.opts.DeviceLife != 0 {
		answer["expires_in"] = s.opts.DeviceLife
	}
	reply(w, http.StatusOK, answer)
}

// poll says what has become of a device code (RFC 8628 §3.5).
func (s *Server) poll(form url.Values) (grant, string) {
	d, ok := s.devices[form.Get("device_code")]
	if !ok {
		return grant{}, "invalid_grant"
	}
	d.polls++
	switch {
	case d.polls <= s.opts.Pending:
		return grant{}, "authorization_pending"
	case d.polls <= s.opts.Pending+s.opts.SlowDown:
		return grant{}, "slow_down"
	case s.opts.DeviceError != "":
		return grant{}, s.opts.DeviceError
	}
	delete(s.devices, form.Get("device_code"))
	return d.grant, ""
}
