package bulk

import "container/list"

// A recent keeps the values that were used last, at most as many as it is
// given. It is not to be used by several goroutines at once.
type recent[K comparable, V any] struct {
	most  int
	order *list.List // the last one used first
	at    map[K]*list.Element
}

type pair[K comparable, V any] struct {
	key   K
	value V
}

func newRecent[K comparable, V any](most int) *recent[K, V] {
	return &recent[K, V]{most: most, order: list.New(), at: make(map[K]*list.Element)}
}

func (r *recent[K, V]) get(key K) (value V, ok bool) {
	e := r.at[key]
	if e == nil {
		return value, false
	}
	r.order.MoveToFront(e)
	return e.Value.(pair[K, V]).value, true
}

func (r *recent[K, V]) put(key K, value V) {
	if e := r.at[key]; e != nil {
		e.Value = pair[K, V]{key, value}
		r.order.MoveToFront(e)
		return
	}
	r.at[key] = r.order.PushFront(pair[K, V]{key, value})
	if r.order.Len() > r.most {
		oldest := r.order.Back()
		r.order.Remove(oldest)
		delete(r.at, oldest.Value.(pair[K, V]).key)
	}
}
