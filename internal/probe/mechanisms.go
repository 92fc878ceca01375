package probe

// Mechanism is the name of the step in which one mechanism is started. It is
// no phase of a probe.
const Mechanism = "mechanism"

// A MechanismStart starts one mechanism without a response and cancels it. It
// returns the server's reply to the start, and whether the server asked for a
// response. An error ends the dialogue.
type MechanismStart func(mechanism string) (reply Reply, asked bool, err error)

// checkMechanism starts the mechanism of the Options and cancels it before
// anything is shown, over verified TLS only. No credential takes part. A
// refusal for the moment leaves the question open and is not recorded.
//
// A connection serves one mechanism: Dovecot logs one that was started and
// cancelled as such, but two as failed sign-ins, which programs like fail2ban
// count.
func (s *Session) checkMechanism(start MechanismStart) error {
	if _, ok := s.Result.TLS.Permit(); !ok || !s.secure {
		return Skip("the connection is not protected")
	}
	s.InStep(false)
	reply, asked, err := start(s.opt.Mechanism)
	if err != nil {
		return err
	}
	s.InStep(asked || !reply.Ends())
	if real := asked || reply.Positive(); real || !reply.Temporary() && !reply.Ends() {
		s.Result.Checked = []MechanismCheck{{s.opt.Mechanism, real, s.Scrubbed(&reply)}}
	}
	return nil
}

// WithoutCredential returns o for a check that signs in to nothing and that
// nobody watches.
func (o Options) WithoutCredential() Options {
	o.Credential, o.Missing, o.Gate, o.Progress, o.Message = nil, "", nil, nil, nil
	return o
}

// OnDemand names commands by which a user may demand to sign in: what the
// user calls each, and the name under which it is performed. They are taken
// only where that word is demanded and the server announces no mechanism of
// that name.
func (s *Session) OnDemand(commands map[string]string) { s.commands = commands }
