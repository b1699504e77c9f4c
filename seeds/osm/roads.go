package osm

import (
	"fmt"
	"slices"
)

// roads takes the road ways out of a block.
func (b *block) roads(opts Options) (wayBlock, error) {
	out := wayBlock{dropped: Counts{}, notes: Counts{}}
	err := b.each(&objects{
		node: func(id int64, _, _ int32) {
			out.nodes++
			out.span.see(0, id)
		},
		way: func(id int64, t tags, refs []int64) {
			out.waySeen++
			out.span.see(1, id)
			way, road := readRoad(t, opts, &out)
			if road && len(refs) < 2 {
				out.dropped["way: fewer than two nodes"]++
				road = false
			}
			if road {
				way.ID, way.Refs = id, slices.Clone(refs)
				out.ways = append(out.ways, way)
			} else if n := len(out.implied); n > 0 && out.implied[n-1] == len(out.ways) {
				out.implied = out.implied[:n-1] // noted for a way that is not kept
			}
		},
		relation: func(id int64, t tags) {
			out.relSeen++
			out.span.see(2, id)
			if kind := t.get("type"); kind == "restriction" {
				out.dropped["relation: turn restriction, not applied"]++
			}
		},
	})
	return out, err
}

// span is the part of a file's order that one block covers. Objects are in
// order when nodes come before ways before relations, each by rising id.
type span struct {
	any         bool
	first, last place
	broken      bool
}

type place struct {
	kind int
	id   int64
}

func (p place) before(q place) bool { return p.kind < q.kind || p.kind == q.kind && p.id < q.id }

func (s *span) see(kind int, id int64) {
	p := place{kind, id}
	if !s.any {
		s.any, s.first = true, p
	} else if !s.last.before(p) {
		s.broken = true
	}
	s.last = p
}

// orderCheck follows the order over all blocks.
type orderCheck struct {
	any    bool
	last   place
	broken string
}

func (o *orderCheck) see(offset int64, s span) {
	if !s.any {
		return
	}
	if o.broken == "" && (s.broken || o.any && !o.last.before(s.first)) {
		o.broken = fmt.Sprintf("not sorted by type and id, first in the blob at byte %d", offset)
	}
	o.any, o.last = true, s.last
}
