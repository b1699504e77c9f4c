package network

import (
	"fmt"
	"math/bits"
	"sync"

	"github.com/paulmach/orb"

	"quanyu/spatial"
)

// The kinds of network.
const (
	KindImported  = "imported"  // built from a road file
	KindCondensed = "condensed" // figures computed from an imported one: modelled
)

// Network is a graph with a name. Version is a hash of its content.
type Network struct {
	Name    string
	Kind    string
	Version string
	Graph   *Graph
	Extent  orb.Bound
	Dataset spatial.DatasetVersion
}

// New names a graph; its version is the hash of its encoded form.
func New(name, kind string, g *Graph, dataset spatial.DatasetVersion) (*Network, error) {
	version, err := g.Hash()
	if err != nil {
		return nil, err
	}
	return &Network{Name: name, Kind: kind, Version: version, Graph: g, Extent: g.Extent(), Dataset: dataset}, nil
}

// Router answers questions about one network under one profile. It is
// immutable and safe for any number of goroutines.
type Router struct {
	network *Network
	graph   *Graph
	profile Profile

	// Of scenarios: see draft.
	pace paces            // edges that are slowed down or sped up
	cuts map[Edge][2]Edge // roads that were cut in two
	root *Router          // the router of the network as it is stored

	forward, backward []Weight // by edge
	// The roads at vertex v are arcs[first[v]:first[v+1]], those that the
	// profile may travel in at least one direction.
	first []uint32
	arcs  []arc

	component []uint32 // strongly connected component of each vertex
	sizes     []uint32 // vertices in each component
	small     uint32   // a component below this many vertices is an island
	out, in   crossings

	above  metricOnce
	base   *Router  // of a scenario that only changes weights
	edited []uint32 // and the arcs of the hierarchy whose weights it changes

	index   *boxTree // of the vertices of a condensed network, which points snap to
	scratch sync.Pool
}

// arc is an edge as seen from one of its ends. out is the weight of leaving
// over it, in of coming in over it.
type arc struct {
	head    uint32
	out, in Weight
	edge    uint32
}

// step is the weight of going over the arc from its vertex, or with reverse of
// coming over it to its vertex.
func (a arc) step(reverse bool) Weight {
	if reverse {
		return a.in
	}
	return a.out
}

// NewRouter weighs a network by a profile and indexes it. It fails when the
// network has no road that the profile may use.
func NewRouter(n *Network, p Profile) (*Router, error) {
	r := &Router{network: n, graph: n.Graph, profile: p}
	r.forward, r.backward = make([]Weight, n.Graph.NumEdges()), make([]Weight, n.Graph.NumEdges())
	for e := range r.forward {
		r.forward[e], r.backward[e] = r.weighEdge(Edge(e))
	}
	if err := r.lay(); err != nil {
		return nil, err
	}
	r.connect()
	r.out, r.in = newCrossings(r, false), newCrossings(r, true)
	if n.Kind == KindCondensed {
		r.index = n.Graph.vertexBoxes()
	}
	r.prepareScratch()
	return r, nil
}

func (r *Router) prepareScratch() {
	vertices, shift := r.graph.NumVertices(), r.bucketShift()
	r.scratch.New = func() any { return newScratch(vertices, shift) }
}

// borrow takes scratch for one search; giveBack returns it.
func (r *Router) borrow() *scratch {
	s := r.scratch.Get().(*scratch)
	s.reset()
	return s
}

func (r *Router) giveBack(s *scratch) { r.scratch.Put(s) }

// bucketShift chooses the width of the queue's buckets: a power of two, a
// quarter to a half of the mean weight of an edge. Narrower ones are often
// empty, wider ones settle vertices twice (see BenchmarkSearch).
func (r *Router) bucketShift() uint {
	var sum, n uint64
	for _, a := range r.arcs {
		if a.out != Never {
			sum, n = sum+uint64(a.out), n+1
		}
	}
	return uint(max(0, bits.Len64(sum/max(n, 1))-2))
}

// Network is the network that the router searches.
func (r *Router) Network() *Network { return r.network }

// Profile is the profile that the router's weights come from.
func (r *Router) Profile() Profile { return r.profile }

// EdgeWeights are the weights along an edge and against it, Never where the
// profile may not travel.
func (r *Router) EdgeWeights(e Edge) (forward, backward Weight) {
	return r.forward[e], r.backward[e]
}

// lay puts the arcs in the order of their vertices.
func (r *Router) lay() error {
	g := r.graph
	r.first = make([]uint32, g.NumVertices()+1)
	for e, f := range r.forward {
		if f != Never || r.backward[e] != Never {
			r.first[g.from[e]+1]++
			r.first[g.to[e]+1]++
		}
	}
	for v := range g.NumVertices() {
		r.first[v+1] += r.first[v]
	}
	r.arcs = make([]arc, r.first[g.NumVertices()])
	next := append([]uint32(nil), r.first...)
	place := func(at uint32, a arc) {
		r.arcs[next[at]] = a
		next[at]++
	}
	for e, f := range r.forward {
		if b := r.backward[e]; f != Never || b != Never {
			place(g.from[e], arc{g.to[e], f, b, uint32(e)})
			place(g.to[e], arc{g.from[e], b, f, uint32(e)})
		}
	}
	if len(r.arcs) == 0 {
		return spatial.Errorf(spatial.Unprocessable, "Network %q has no road that profile %q may use.", r.network.Name, r.profile.Name)
	}
	return nil
}

// at lists the arcs at a vertex.
func (r *Router) at(v uint32) []arc { return r.arcs[r.first[v]:r.first[v+1]] }

// String names the router for logs.
func (r *Router) String() string {
	return fmt.Sprintf("%s under %s", r.network.Name, r.profile.Name)
}
