package imap

import (
	"fmt"
	"strings"

	"mailprobe/internal/probe"
)

// login signs in by the command LOGIN (RFC 9051 §6.2.3).
func (s *session) login(plan probe.SignInPlan) probe.Auth {
	password, err := plan.Credential.Login(plan.Permit, plan.Attempt.Host, plan.Attempt.Username)
	if err != nil {
		return probe.Auth{Status: probe.AuthSkipped, Reason: err.Error(), Open: true}
	}
	s.InStep(false)
	tag := newTag()
	reply, shown, err := s.sendParts(tag, s.parts(tag+" LOGIN", plan.Attempt.Username, password), s.behind(plan))
	s.InStep(err == nil && reply != nil && !reply.Ends())
	a := probe.Outcome(reply, err, nil, shown)
	a.Begun = true
	return a
}

// sendParts sends a command in its parts, each but the last when the server
// asks for the next, and returns its answer. shown tells whether all was sent.
// What is behind the last leaves with it.
func (s *session) sendParts(tag string, parts, behind []string) (reply *probe.Reply, shown bool, err error) {
	for i, part := range parts {
		hidden := "[redacted]"
		if i == 0 {
			hidden = tag + " LOGIN [redacted]"
		}
		if err := s.SendSecret(part, hidden); err != nil {
			return nil, false, err
		}
		if shown = i == len(parts)-1; shown {
			if err := s.SendBehind(behind, nil); err != nil {
				return nil, true, err
			}
		}
		reply, err := s.goAhead(tag)
		switch {
		case err != nil || reply != nil:
			return reply, shown, err
		case shown:
			return nil, true, &probe.ProtocolError{Fault: probe.Malformed, Detail: "+ where an answer to LOGIN belongs"}
		}
	}
	return nil, false, nil
}

// goAhead reads the request for a command's next part, or the command's final
// reply. A consent that follows the request at once was given without that part.
func (s *session) goAhead(tag string) (*probe.Reply, error) {
	_, reply, err := s.receive(tag)
	if err != nil || reply != nil || !s.ahead(tag) {
		return reply, err
	}
	_, reply, err = s.receive(tag)
	if reply != nil && reply.Positive() {
		return nil, &probe.ProtocolError{Fault: probe.EarlyAnswer, Detail: reply.Text}
	}
	return reply, err
}

// parts writes a command with its arguments as strings of IMAP (RFC 9051 §4.3):
// quoted, or as literals, which hold every byte. A part ends where the server
// must agree to a literal first.
func (s *session) parts(command string, args ...string) []string {
	var done []string
	line := command
	for _, arg := range args {
		switch {
		case quotable(arg):
			line += ` "` + strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(arg) + `"`
		case s.takesLiterals(len(arg)):
			line += fmt.Sprintf(" {%d+}\r\n%s", len(arg), arg)
		default:
			done = append(done, fmt.Sprintf("%s {%d}", line, len(arg)))
			line = arg
		}
	}
	return append(done, line)
}

// quotable reports whether a text can stand between quotes in every server's
// IMAP.
func quotable(text string) bool {
	return len(text) < 1000 && !strings.ContainsFunc(text, func(r rune) bool { return r < ' ' || r > '~' })
}

// takesLiterals reports whether the server takes a literal of n bytes unasked
// (RFC 7888).
func (s *session) takesLiterals(n int) bool {
	return has(s.Result.Capabilities, "LITERAL+") || n <= 4096 && s.announces("LITERAL-")
}
