package analysis

import (
	"context"
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
	mu     sync.Mutex
	router *network.Router // nil until it was built
}

// get gives the router of a network under a profile.
func (r *routers) get(n *network.Network, p network.Profile) (*network.Router, error) {
	return r.entry(keyOf(n, p)).build(func() (*network.Router, error) { return network.NewRouter(n, p) })
}

// edited gives a router with the edits of a scenario applied.
func (r *routers) edited(ctx context.Context, base *network.Router, s scenario) (*network.Router, error) {
	e := r.entry(keyOf(base.Network(), base.Profile()) + " " + s.hash())
	return e.build(func() (*network.Router, error) {
		edited, err := base.With(ctx, s.roads)
		return edited, s.pointed(err)
	})
}

func keyOf(n *network.Network, p network.Profile) string { return n.Version + " " + p.Hash() }

// build gives the router, building it where that was not done yet. What failed
// is tried again by the next who asks: the cause may have been the first
// caller's leaving.
func (e *routerEntry) build(how func() (*network.Router, error)) (_ *network.Router, err error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.router == nil {
		e.router, err = how()
	}
	return e.router, err
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
