package api

import "sync"

// recent remembers answers by key up to a number of bytes. It holds two
// generations: what is asked for moves to the young one, and when that is half
// the room, the old one is forgotten and the young one grows old. So what was
// not asked for during a whole generation goes, as with a list ordered by use,
// but without a list to reorder at every reading.
type recent[V any] struct {
	mu    sync.Mutex
	room  int64 // bytes of both generations; 0 keeps nothing
	bytes int64 // of the young one
	last  int64 // of the old one

	young, old map[string]sized[V]
}

type sized[V any] struct {
	value V
	bytes int64
}

// recentOverhead is what an entry costs besides its value and key, rounded up.
const recentOverhead = 128

func newRecent[V any](room int64) *recent[V] {
	return &recent[V]{room: room, young: map[string]sized[V]{}}
}

func (r *recent[V]) get(key string) (V, bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if held, ok := r.young[key]; ok {
		return held.value, true
	}
	held, ok := r.old[key]
	if ok {
		r.keep(key, held)
	}
	return held.value, ok
}

// put keeps a value that is worth so many bytes; one that would take more than
// a sixteenth of the room is not kept, as it would drive out many others.
func (r *recent[V]) put(key string, value V, bytes int) {
	held := sized[V]{value, int64(bytes+len(key)) + recentOverhead}
	if held.bytes > r.room/16 {
		return
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if _, ok := r.young[key]; !ok {
		r.keep(key, held)
	}
}

// keep puts an entry into the young generation. r.mu is held.
func (r *recent[V]) keep(key string, held sized[V]) {
	if r.bytes+held.bytes > r.room/2 {
		r.old, r.last = r.young, r.bytes
		r.young, r.bytes = map[string]sized[V]{}, 0
	}
	r.young[key] = held
	r.bytes += held.bytes
}

// size tells the bytes held.
func (r *recent[V]) size() int64 {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.bytes + r.last
}
