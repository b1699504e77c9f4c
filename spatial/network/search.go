package network

import (
	"context"
	"math"
)

// scratch is what one search needs to write. A label is valid only while its
// upper half is the search's epoch; epochs count down, so that any label of
// this search is less than what earlier ones left, and one comparison tells
// both "not yet reached" and "reached later". A new search begins in O(1).
type scratch struct {
	epoch  uint64 // in the upper 32 bits
	labels []uint64
	ties   []uint64 // source, then edge that it was reached over; only where origins are traced
	queue  queue

	touched []uint32 // vertices with a label, in no order that means anything
	wanted  []bool   // vertices that the search may stop after; all false between searches
	waiting int      // how many of them are not settled
}

const noEdge = ^uint32(0)

func newScratch(vertices int, shift uint) *scratch {
	s := &scratch{labels: make([]uint64, vertices), ties: make([]uint64, vertices), wanted: make([]bool, vertices)}
	s.queue.shift = shift
	s.forget()
	return s
}

// forget makes every label one of no search.
func (s *scratch) forget() {
	for v := range s.labels {
		s.labels[v] = math.MaxUint64
	}
	s.epoch = math.MaxUint32 << 32
}

func (s *scratch) reset() {
	s.queue.reset()
	s.touched, s.waiting = s.touched[:0], 0
	if s.epoch -= 1 << 32; s.epoch == 0 { // after four thousand million searches
		s.forget()
		s.epoch -= 1 << 32
	}
}

// weight gives the weight of v; false where the search has not come.
func (s *scratch) weight(v uint32) (Weight, bool) {
	l := s.labels[v]
	return Weight(l), l>>32 == s.epoch>>32
}

// source and edge of a label, where origins are traced.
func (s *scratch) source(v uint32) uint32 { return uint32(s.ties[v] >> 32) }
func (s *scratch) parent(v uint32) uint32 { return uint32(s.ties[v]) }

// offer proposes a way to reach v. Of ways of equal weight the one from the
// lower source wins, then the one over the lower edge, so that the result
// does not depend on the order of proposals.
func (s *scratch) offer(v uint32, w Weight, source, edge uint32) {
	l, tie := s.epoch|uint64(w), uint64(source)<<32|uint64(edge)
	old := s.labels[v]
	if l > old || l == old && tie >= s.ties[v] {
		return
	}
	// Where only the edge is lower, what lies beyond stays as it is.
	again := l < old || source != s.source(v)
	if old>>32 != s.epoch>>32 {
		s.touched = append(s.touched, v)
	}
	s.labels[v], s.ties[v] = l, tie
	if again {
		s.queue.push(w, v)
	}
}

// want names a vertex after whose settling, and that of all others wanted, the
// search may stop.
func (s *scratch) want(v uint32) {
	if !s.wanted[v] {
		s.wanted[v] = true
		s.waiting++
	}
}

// cancelEvery is how many vertices are taken up between looks at the context.
const cancelEvery = 1 << 14

// search settles vertices in order of weight until none is left within the
// limit or, where some are wanted, all of these are settled. It is Dijkstra's
// algorithm (Numerische Mathematik 1, 1959) with buckets, exact for the
// positive weights that rounded makes; with reverse it follows arcs against
// their direction, so labels are weights towards the sources. traced keeps
// sources and edges in s.ties.
func (r *Router) search(ctx context.Context, s *scratch, reverse, traced bool, limit Weight) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	stop := s.waiting > 0
	for taken := 1; s.queue.advance(); {
		if uint64(s.queue.current)<<s.queue.shift > uint64(limit) {
			return nil
		}
		for e, more := s.queue.take(); more; e, more = s.queue.take() {
			if s.labels[e.vertex] != s.epoch|uint64(e.weight) {
				continue // a better label was put in its place
			}
			if stop && s.wanted[e.vertex] {
				s.wanted[e.vertex] = false // final when this bucket is empty
				s.waiting--
			}
			if traced {
				r.relaxTraced(s, e, reverse, limit)
			} else {
				r.relax(s, e, reverse, limit)
			}
			if taken++; taken%cancelEvery == 0 && ctx.Err() != nil {
				return ctx.Err()
			}
		}
		if stop && s.waiting == 0 {
			return nil
		}
	}
	return nil
}

// relax offers the ways on from a vertex; only weights are kept.
func (r *Router) relax(s *scratch, e entry, reverse bool, limit Weight) {
	most := min(uint64(limit), uint64(Never)-1)
	for _, a := range r.at(e.vertex) {
		sum := uint64(e.weight) + uint64(a.step(reverse))
		if sum > most {
			continue // too far, or closed: Never is beyond every limit
		}
		l, old := s.epoch|sum, s.labels[a.head]
		if l >= old {
			continue
		}
		if old>>32 != s.epoch>>32 {
			s.touched = append(s.touched, a.head)
		}
		s.labels[a.head] = l
		s.queue.push(Weight(sum), a.head)
	}
}

// relaxTraced offers the ways on from a vertex, and keeps where they came from.
func (r *Router) relaxTraced(s *scratch, e entry, reverse bool, limit Weight) {
	source, most := s.source(e.vertex), min(uint64(limit), uint64(Never)-1)
	for _, a := range r.at(e.vertex) {
		if sum := uint64(e.weight) + uint64(a.step(reverse)); sum <= most {
			s.offer(a.head, Weight(sum), source, a.edge)
		}
	}
}
