package analysis

import (
	"slices"
	"sync"

	"quanyu/spatial/network"
)

// maxRouters bounds the routers kept: one holds the weights and the snap
// index of a whole network, which may be hundreds of megabytes.
const maxRouters = 4

// routers keeps those routers that were used last, by network version and
// profile; safe for concurrent use. Equal requests share one building.
type routers struct {
	mu      sync.Mutex
	entries []*routerEntry // the last used first
}

type routerEntry struct {
	key    string
	once   sync.Once
	router *network.Router
	err    error
}

func (r *routers) get(n *network.Network, p network.Profile) (*network.Router, error) {
	e := r.entry(n.Version + " " + p.Hash())
	e.once.Do(func() { e.router, e.err = network.NewRouter(n, p) })
	return e.router, e.err
}

// entry finds or makes the entry of a key, and forgets the one unused longest
// when there are too many; whoever still holds that one keeps using it.
func (r *routers) entry(key string) *routerEntry {
	r.mu.Lock()
	defer r.mu.Unlock()
	i := slices.IndexFunc(r.entries, func(e *routerEntry) bool { return e.key == key })
	e := &routerEntry{key: key}
	if i >= 0 {
		e = r.entries[i]
		r.entries = slices.Delete(r.entries, i, i+1)
	}
	r.entries = slices.Insert(r.entries, 0, e)
	if len(r.entries) > maxRouters {
		r.entries = slices.Delete(r.entries, maxRouters, len(r.entries))
	}
	return e
}
