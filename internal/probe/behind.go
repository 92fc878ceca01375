package probe

import (
	"errors"
	"os"
	"slices"
	"time"
)

// SendBehind sends commands in the flight of a sign-in, behind its last message:
// what a client library will write once the sign-in is accepted. It writes them
// for nothing then. Their answers count only behind the verdict. hear reads one
// of them, should the sign-in go on by another way; nil: there is no need to.
func (s *Session) SendBehind(lines []string, hear func() error) error {
	if len(lines) == 0 {
		return nil
	}
	s.behind, s.hear, s.flight = slices.Clone(lines), hear, time.Now()
	for _, line := range lines {
		if err := s.Send(line); err != nil {
			return err
		}
	}
	return nil
}

// SentBehind reports whether commands have left that the library has yet to
// write.
func (s *Session) SentBehind() bool { return len(s.behind) > 0 }

// ForgetBehind lets the library send what it writes, as if nothing had left: the
// server has not taken it.
func (s *Session) ForgetBehind() { s.behind = nil }

// AnswersBehind waits until the server answers what stood behind the sign-in. It
// reports false if nothing came, or nothing was sent: servers throw away what
// comes before they have answered a sign-in, and proxies do. They are asked
// again then.
func (s *Session) AnswersBehind() bool {
	if !s.SentBehind() {
		return false
	}
	s.waitUntil(time.Now().Add(min(max(patienceBehind, time.Since(s.flight)), s.limit/3)))
	_, err := s.in().Peek(1)
	s.waitUntil(time.Time{})
	if errors.Is(err, os.ErrDeadlineExceeded) {
		s.ForgetBehind()
		return false
	}
	return true
}

// FirstAnswer is AnswersBehind for protocols without tags, in which whatever
// else has come already would be taken for an answer.
func (s *Session) FirstAnswer() (behind bool, err error) {
	if s.AnswersBehind() {
		return true, nil
	}
	return false, s.NothingSaid()
}

// AskAgain asks once more where the server has refused what stood behind the
// sign-in, perhaps only for where it stood. A server that hangs up instead of an
// answer has given its answer before.
func (s *Session) AskAgain(err error, ask func() error) error {
	var first, again *ReplyError
	if !errors.As(err, &first) || first.Reply.Ends() {
		return err
	}
	reply := s.Result.AccessReply
	second := ask()
	if second != nil && (!errors.As(second, &again) || again.Reply.Ends()) {
		s.Result.AccessReply = reply
		return err
	}
	return second
}

// hearBehind reads the answers to what stood behind a sign-in by a way that was
// refused. Where one does not come, it may yet, and would be taken for another's.
func (s *Session) hearBehind() {
	if s.hear != nil {
		s.Briefly(func() {
			for range s.behind {
				if s.hear() != nil {
					s.InStep(false)
					return
				}
			}
		})
	}
	s.ForgetBehind()
}

// patienceBehind is how long an answer in the flight of the verdict may take at
// least; longer, if the verdict took longer.
const patienceBehind = time.Second

// left reports whether what a library writes has left already.
func (s *Session) left(data string) bool {
	if len(s.behind) == 0 || data != s.behind[0]+"\r\n" {
		return false
	}
	s.behind = s.behind[1:]
	return true
}
