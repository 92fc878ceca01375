package idptest

import (
	"bytes"
	"fmt"
	"net/http"
	"net/url"
)

// A Fault is an answer that no provider should give.
type Fault string

const (
	None         Fault = ""
	Malformed    Fault = "malformed"     // JSON that ends in the middle of a token
	Null         Fault = "null"          // JSON null
	Empty        Fault = "empty"         // an object without members
	Huge         Fault = "huge"          // a body of 8 MiB
	Redirect     Fault = "redirect"      // 307 to another path, which would repeat the form
	HTML         Fault = "html"          // 502 with a page
	Portal       Fault = "portal"        // 200 with a page, as of a portal
	NotFound     Fault = "not-found"     // 404 with a page
	StringExpiry Fault = "string-expiry" // expires_in is a string
	EchoError    Fault = "echo-error"    // 400 whose description repeats the whole form
	EchoBody     Fault = "echo-body"     // 400 in no format, which repeats the whole form
	EchoOK       Fault = "echo-ok"       // 200 with tokens and an error that repeats them
	ControlToken Fault = "control-token" // an access token with a control character
	HangUp       Fault = "hang-up"       // the connection ends without an answer
)

// Stolen is the path to which Redirect leads.
const Stolen = "/stolen"

const hugeBody = 8 << 20

// faulty answers as Fault says and reports whether it did.
func (s *Server) faulty(w http.ResponseWriter, form url.Values) bool {
	switch s.opts.Fault {
	case Malformed:
		raw(w, http.StatusOK, `{"access_token":"`+s.secret("access"))
	case Null:
		raw(w, http.StatusOK, "null")
	case Empty:
		raw(w, http.StatusOK, "{}")
	case Huge:
		w.Header().Set("Content-Type", "application/json")
		w.Write(bytes.Repeat([]byte(" "), hugeBody))
	case Redirect:
		w.Header().Set("Location", s.URL+Stolen)
		w.WriteHeader(http.StatusTemporaryRedirect)
	case HTML, Portal, NotFound:
		w.Header().Set("Content-Type", "text/html")
		w.WriteHeader(map[Fault]int{HTML: http.StatusBadGateway, Portal: http.StatusOK, NotFound: http.StatusNotFound}[s.opts.Fault])
		fmt.Fprint(w, "\n<h1>a page</h1>")
	case HangUp:
		panic(http.ErrAbortHandler)
	default:
		return s.echo(w, form)
	}
	return true
}

func (s *Server) echo(w http.ResponseWriter, form url.Values) bool {
	switch s.opts.Fault {
	case EchoError:
		reply(w, http.StatusBadRequest, map[string]any{
			"error": "invalid_grant", "error_description": fmt.Sprint("\x1b[31m\u202e", form, form.Encode()),
		})
	case EchoBody:
		raw(w, http.StatusBadRequest, fmt.Sprint(form, form.Encode()))
	case EchoOK:
		access, refresh := s.secret("access"), s.secret("refresh")
		reply(w, http.StatusOK, map[string]any{
			"access_token": access, "refresh_token": refresh,
			"error": "x" + access, "error_description": refresh,
		})
	case ControlToken:
		reply(w, http.StatusOK, map[string]any{"access_token": s.secret("access") + "\x01\r\n", "token_type": "Bearer"})
	default:
		return false
	}
	return true
}

func raw(w http.ResponseWriter, status int, body string) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	fmt.Fprint(w, body)
}
