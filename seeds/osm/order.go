package osm

import "fmt"

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
