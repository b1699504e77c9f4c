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

// routers keeps those routers that were used last, by network and profile;
// safe for concurrent use. Equal requests share one building.
type routers struct {
	mu      sync.Mutex
	entries []*routerEntry // the last used first
}

type routerEntry struct {
	key    string
	turn   chan struct{}   // holds one value while nobody builds
	router *network.Router // nil until it was built; read and written by whoever has the turn
}

// get gives the router of a network under a profile.
func (r *routers) get(ctx context.Context, n *network.Network, p network.Profile) (*network.Router, error) {
	return r.build(ctx, keyOf(n, p), func() (*network.Router, error) { return network.NewRouter(n, p) })
}

// edited gives a router with the edits of a scenario applied.
func (r *routers) edited(ctx context.Context, base *network.Router, s scenario) (*network.Router, error) {
	key := keyOf(base.Network(), base.Profile()) + " " + s.hash()
	return r.build(ctx, key, func() (*network.Router, error) {
		edited, err := base.With(ctx, s.roads)
		return edited, s.pointed(err)
	})
}

// keyOf tells routers apart. Two networks may have one version, as a file that
// was imported under two names, and their roads still have other ids.
func keyOf(n *network.Network, p network.Profile) string {
	return n.Name + " " + n.Kind + " " + n.Version + " " + p.Hash()
}

// build gives the router of a key, building it where that was not done yet. Who
// waits for another's building may leave meanwhile. What failed is tried again
// by the next who asks: the cause may have been the first caller's leaving.
func (r *routers) build(ctx context.Context, key string, how func() (*network.Router, error)) (*network.Router, error) {
	e := r.entry(key)
	select {
	case <-e.turn:
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	defer func() { e.turn <- struct{}{} }()
	if e.router != nil {
		return e.router, nil
	}
	router, err := how()
	if err != nil {
		r.forget(e)
		return nil, err
	}
	e.router = router
	r.trim()
	return router, nil
}

// entry finds or makes the entry of a key and puts it first.
func (r *routers) entry(key string) *routerEntry {
	r.mu.Lock()
	defer r.mu.Unlock()
	i := slices.IndexFunc(r.entries, func(e *routerEntry) bool { return e.key == key })
	var e *routerEntry
	if i >= 0 {
		e = r.entries[i]
		r.entries = slices.Delete(r.entries, i, i+1)
	} else {
		e = &routerEntry{key: key, turn: make(chan struct{}, 1)}
		e.turn <- struct{}{}
	}
	r.entries = slices.Insert(r.entries, 0, e)
	return e
}

// forget takes out an entry whose building failed, so that faulty requests push
// out no router that others use.
func (r *routers) forget(failed *routerEntry) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.entries = slices.DeleteFunc(r.entries, func(e *routerEntry) bool { return e == failed })
}

// trim forgets those unused longest once there are too many; whoever still
// holds one keeps using it.
func (r *routers) trim() {
	r.mu.Lock()
	defer r.mu.Unlock()
	if len(r.entries) > maxRouters {
		r.entries = slices.Delete(r.entries, maxRouters, len(r.entries))
	}
}
