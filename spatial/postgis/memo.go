package postgis

import "sync"

// memoLimit bounds what a memo holds; above it, it starts anew, since its
// entries are cheap to find again.
const memoLimit = 256

// memo remembers answers. Its keys contain the data version that the answer
// was found under, so nothing has to be taken out of it. Its zero value is
// ready, and it is safe for concurrent use.
type memo[K comparable, V any] struct {
	mu      sync.Mutex
	answers map[K]V
}

func (m *memo[K, V]) get(key K) (V, bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	v, ok := m.answers[key]
	return v, ok
}

func (m *memo[K, V]) put(key K, v V) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.answers == nil || len(m.answers) >= memoLimit {
		m.answers = map[K]V{}
	}
	m.answers[key] = v
}
