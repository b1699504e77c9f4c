package hierarchy

import "fmt"

// Seed is where a search begins: a vertex, with the weight that it begins
// with. A point in the middle of a road is two seeds. Weight Never seeds
// nothing.
type Seed struct {
	Vertex uint32
	Weight uint32
}

// checkSeeds says which seed is not of the graph.
func (s *Skeleton) checkSeeds(seeds []Seed) error {
	for _, seed := range seeds {
		if int(seed.Vertex) >= len(s.rank) {
			return fmt.Errorf("seed at vertex %d of %d", seed.Vertex, len(s.rank))
		}
	}
	return nil
}

// path is the union of the ways from some vertices to the roots of the
// elimination tree, by rising rank: all that a search upward can come to.
type path struct {
	ranks  []uint32
	heap   []uint32 // ends of the ways that have not yet run together
	places []uint32 // of ranks in a selection
}

// begin empties the path.
func (p *path) begin() { p.ranks, p.heap = p.ranks[:0], p.heap[:0] }

// start adds a vertex, by rank, that the path is to come from.
func (p *path) start(v uint32) {
	h := append(p.heap, v)
	i := len(h) - 1
	for ; i > 0 && h[(i-1)/2] > v; i = (i - 1) / 2 {
		h[i] = h[(i-1)/2]
	}
	h[i] = v
	p.heap = h
}

// climb follows all ways. The lowest end moves to its parent, and ends at one
// vertex become one, so no vertex need be marked.
func (p *path) climb(s *Skeleton) {
	for len(p.heap) > 0 {
		v := p.heap[0]
		if k := len(p.ranks); k == 0 || p.ranks[k-1] != v {
			p.ranks = append(p.ranks, v)
			if parent := s.parent(v); parent != none {
				p.sink(parent)
				continue
			}
		}
		last := p.heap[len(p.heap)-1]
		p.heap = p.heap[:len(p.heap)-1]
		if len(p.heap) > 0 {
			p.sink(last)
		}
	}
}

// sink puts v in the place of the heap's top.
func (p *path) sink(v uint32) {
	h, i := p.heap, 0
	for {
		child := 2*i + 1
		if child >= len(h) {
			break
		}
		if child+1 < len(h) && h[child+1] < h[child] {
			child++
		}
		if h[child] >= v {
			break
		}
		h[i] = h[child]
		i = child
	}
	h[i] = v
}

// upward finds the path from seeds, and the least weights from them over
// rising arcs to all on it. dist is by rank and is written on the path only.
func (s *Skeleton) upward(climb [][]uint32, seeds []Seed, p *path, dist []uint32) {
	p.begin()
	for _, seed := range seeds {
		if seed.Weight != Never {
			p.start(s.rank[seed.Vertex])
		}
	}
	p.climb(s)
	for _, v := range p.ranks {
		dist[v] = Never
	}
	for _, seed := range seeds {
		if seed.Weight != Never {
			at := &dist[s.rank[seed.Vertex]]
			*at = min(*at, seed.Weight)
		}
	}
	for _, v := range p.ranks {
		d := uint64(dist[v])
		if d == uint64(Never) {
			continue
		}
		heads := s.up(v)
		weights := s.of(climb, v)[:len(heads)]
		for i, y := range heads {
			dist[y] = uint32(min(uint64(dist[y]), d+uint64(weights[i])))
		}
	}
}
