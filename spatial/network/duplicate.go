package network

import (
	"cmp"
	"slices"
)

// dropDuplicates leaves out pieces that repeat another one node by node and
// attribute by attribute, whichever way round they are drawn. It comes before
// chains are made: a road drawn twice would else be a row of junctions.
func (b *builder) dropDuplicates() {
	views := make([]view, len(b.pieces))
	for i := range b.pieces {
		p := &b.pieces[i]
		views[i] = view{piece: uint32(i), low: min(p.first(), p.last()), high: max(p.first(), p.last())}
		views[i].against = b.compareNodes(views[i], view{piece: uint32(i), against: true}) > 0
	}
	compare := func(x, y view) int {
		if c := cmp.Compare(x.low, y.low); c != 0 {
			return c
		}
		if c := cmp.Compare(x.high, y.high); c != 0 {
			return c
		}
		return cmp.Or(b.compareNodes(x, y), b.compareAttributes(x, y))
	}
	slices.SortFunc(views, func(x, y view) int { return cmp.Or(compare(x, y), cmp.Compare(x.piece, y.piece)) })
	drop := make([]bool, len(b.pieces))
	for i := 1; i < len(views); i++ {
		if compare(views[i-1], views[i]) == 0 {
			drop[views[i].piece] = true
			b.report.Dropped["stretch: drawn twice"]++
		}
	}
	kept := b.pieces[:0]
	for i, p := range b.pieces {
		if !drop[i] {
			kept = append(kept, p)
		}
	}
	b.pieces = kept
}

// view is a piece read from its first node or against, between nodes low and
// high.
type view struct {
	piece, low, high uint32
	against          bool
}

func (b *builder) compareNodes(x, y view) int {
	p, q := b.pieces[x.piece].nodes, b.pieces[y.piece].nodes
	for k := range min(len(p), len(q)) {
		i, j := k, k
		if x.against {
			i = len(p) - 1 - k
		}
		if y.against {
			j = len(q) - 1 - k
		}
		if c := cmp.Compare(p[i], q[j]); c != 0 {
			return c
		}
	}
	return cmp.Compare(len(p), len(q))
}

func (b *builder) compareAttributes(x, y view) int {
	p, q := &b.pieces[x.piece], &b.pieces[y.piece]
	pForward, pBackward, qForward, qBackward := p.forward, p.backward, q.forward, q.backward
	if x.against {
		pForward, pBackward = pBackward, pForward
	}
	if y.against {
		qForward, qBackward = qBackward, qForward
	}
	return cmp.Or(slices.CompareFunc(p.runs, q.runs, compareRuns), cmp.Compare(pForward, qForward), cmp.Compare(pBackward, qBackward))
}
