package tlscheck

import (
	"fmt"
	"slices"
)

// checkOrder looks at the form of the list: RFC 8446 §4.4.2 wants each
// certificate to certify the one before it, and no root is needed. Verifiers
// tolerate all of it.
func (x *exam) checkOrder() {
	position, inOrder := -1, true
	for _, c := range x.path {
		at := slices.IndexFunc(x.sent, c.Equal)
		inOrder = inOrder && at > position
		position = at
	}
	if !inOrder {
		x.add(Cause{Kind: ChainOrder})
	}
	extra, twice := 0, 0
	for i, c := range x.sent {
		switch {
		case contains(x.sent[:i], c):
			twice++
		case !contains(x.path, c):
			extra++
		}
	}
	if twice > 0 {
		x.add(Cause{Kind: ChainDuplicate, Detail: fmt.Sprint(twice)})
	}
	if extra += len(x.state.Chain) - len(x.sent); extra > 0 {
		x.add(Cause{Kind: ChainExtra, Detail: fmt.Sprint(extra)})
	}
	if top := x.path[len(x.path)-1]; len(x.path) > 1 && selfSigned(top) {
		x.add(Cause{Kind: RootSent, Cert: top, Detail: title(top)})
	}
}
