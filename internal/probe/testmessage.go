package probe

// A TestMessage is shared by the endpoints of a run.
type TestMessage struct{}
