package probe

// OnDemand names commands by which a user may demand to sign in: what the
// user calls each, and the name under which it is performed. They are taken
// only where that word is demanded and the server announces no mechanism of
// that name.
func (s *Session) OnDemand(commands map[string]string) { s.commands = commands }
