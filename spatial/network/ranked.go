package network

import (
	"context"
	"fmt"
	"sync"

	"quanyu/spatial/network/hierarchy"
)

// Ranked gives the graph with a nested dissection order of its vertices, on
// which hierarchies are built (see package hierarchy). The order belongs to
// the map, not to a profile: it is found once, at import, and kept with the
// graph. progress, which may be nil, counts vertices.
func (g *Graph) Ranked(ctx context.Context, progress func(done, total int)) (*Graph, error) {
	tail, head := g.inputArcs()
	lon, lat := make([]int32, len(g.vertices)), make([]int32, len(g.vertices))
	for v, c := range g.vertices {
		lon[v], lat[v] = c.lon, c.lat
	}
	order, err := hierarchy.Order(ctx, len(g.vertices), tail, head, lon, lat, progress)
	if err != nil {
		return nil, fmt.Errorf("ordering the vertices: %w", err)
	}
	ranked := *g
	ranked.ranks = make([]uint32, len(order))
	for rank, v := range order {
		ranked.ranks[v] = uint32(rank)
	}
	ranked.above = &skeletonOnce{}
	return &ranked, nil
}

// inputArcs are the arcs of the hierarchy: two an edge, along it and against.
func (g *Graph) inputArcs() (tail, head []uint32) {
	tail, head = make([]uint32, 2*len(g.from)), make([]uint32, 2*len(g.from))
	for e := range g.from {
		tail[2*e], head[2*e] = g.from[e], g.to[e]
		tail[2*e+1], head[2*e+1] = g.to[e], g.from[e]
	}
	return tail, head
}

// skeletonOnce holds the skeleton of a graph's hierarchy, which all profiles
// share and none needs before it asks for many times at once.
type skeletonOnce struct {
	once     sync.Once
	skeleton *hierarchy.Skeleton
	err      error
}

// skeleton builds the hierarchy's skeleton on the first call. The graph must
// be ranked.
func (g *Graph) skeleton() (*hierarchy.Skeleton, error) {
	s := g.above
	s.once.Do(func() {
		order := make([]uint32, len(g.ranks))
		for v, rank := range g.ranks {
			order[rank] = uint32(v)
		}
		tail, head := g.inputArcs()
		s.skeleton, s.err = hierarchy.New(order, tail, head)
	})
	return s.skeleton, s.err
}
