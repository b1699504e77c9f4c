package api

import "sync"

// memo remembers answers by key, at most size of them; when full it forgets
// all, which costs one more query each and needs no order of use.
type memo[V any] struct {
	mu   sync.Mutex
	size int
	held map[string]V
}

func newMemo[V any](size int) *memo[V] { return &memo[V]{size: size, held: map[string]V{}} }

func (m *memo[V]) get(key string) (V, bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	v, ok := m.held[key]
	return v, ok
}

func (m *memo[V]) put(key string, v V) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if len(m.held) >= m.size {
		clear(m.held)
	}
	m.held[key] = v
}
