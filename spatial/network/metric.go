package network

import (
	"context"
	"sync"

	"quanyu/spatial/network/hierarchy"
)

// metricOnce is a router's customized hierarchy, made when it is first wanted.
type metricOnce struct {
	mu     sync.Mutex
	metric *hierarchy.Metric
}

// Hierarchy is the hierarchy under the router's weights; nil where the graph is
// not ranked. A scenario that only changes weights starts from its base's, of
// which all but what changes is shared.
func (r *Router) Hierarchy(ctx context.Context) (*hierarchy.Metric, error) {
	if len(r.graph.ranks) == 0 {
		return nil, nil
	}
	r.above.mu.Lock()
	defer r.above.mu.Unlock()
	if r.above.metric != nil {
		return r.above.metric, nil
	}
	if r.base != nil {
		below, err := r.base.Hierarchy(ctx)
		if err != nil {
			return nil, err
		}
		r.above.metric, err = below.With(r.edited, r.inputWeight)
		return r.above.metric, err
	}
	s, err := r.graph.skeleton()
	if err != nil {
		return nil, err
	}
	weights := make([]uint32, s.NumInputs())
	for i := range weights {
		weights[i] = r.inputWeight(uint32(i))
	}
	m, err := s.Customize(ctx, weights)
	if err != nil {
		return nil, err
	}
	r.above.metric = m
	return m, nil
}

// inputWeight is the weight of an arc of the hierarchy: see inputArcs.
func (r *Router) inputWeight(i uint32) uint32 {
	if i%2 == 0 {
		return uint32(r.forward[i/2])
	}
	return uint32(r.backward[i/2])
}

// ready tells whether the hierarchy is there, or would be at little cost.
func (r *Router) hierarchyReady() bool {
	r.above.mu.Lock()
	defer r.above.mu.Unlock()
	return r.above.metric != nil
}

// seeds are the vertices that a place leads to, or is arrived at from, access
// included.
func (r *Router) seeds(s Snap, arriving bool) []hierarchy.Seed {
	var list []hierarchy.Seed
	for _, e := range r.exits(s, arriving) {
		list = append(list, hierarchy.Seed{Vertex: e.vertex, Weight: uint32(s.Access.plus(e.weight))})
	}
	return list
}

// Everywhere gives the time between the sources and every vertex, however far,
// by vertex; Never where no way leads. It takes the hierarchy where the graph
// has one, else a search; the answer is the same.
func (r *Router) Everywhere(ctx context.Context, sources []Snap, reverse bool) ([]Weight, error) {
	m, err := r.Hierarchy(ctx)
	if err != nil {
		return nil, err
	}
	if m == nil {
		return r.searchEverywhere(ctx, sources, reverse)
	}
	var seeds []hierarchy.Seed
	for _, s := range sources {
		seeds = append(seeds, r.seeds(s, reverse)...)
	}
	dist := make([]uint32, r.graph.NumVertices())
	if err := m.Sweep(seeds, reverse, dist); err != nil {
		return nil, err
	}
	return asWeights(dist), nil
}

// searchEverywhere is the plain way.
func (r *Router) searchEverywhere(ctx context.Context, sources []Snap, reverse bool) ([]Weight, error) {
	f, err := r.Reach(ctx, sources, reverse, NoLimit)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	weights := make([]Weight, r.graph.NumVertices())
	for v := range weights {
		weights[v] = Never
		if w, found := f.scratch.weight(uint32(v)); found {
			weights[v] = w
		}
	}
	return weights, nil
}

// asWeights is the same memory under its own name.
func asWeights(dist []uint32) []Weight { return arrayOver[Weight](bytesOf(dist)) }
