package osm

import (
	"slices"

	"quanyu/spatial/network"
)

// roadBlock is what the first pass takes out of one blob.
type roadBlock struct {
	ways           []network.Way
	implied        []int   // indexes in ways of those one way by implication only
	ferries        []ferry // with a duration
	oneWayTags     int64   // roads with any tag about one-way traffic
	surfaces       int     // roads whose surface is known
	seen           [3]int64
	turns          []turn
	turnsSeen      int64 // turns and those dropped
	dropped, notes Counts
	span           span
}

// takeRoads takes roads and turn restrictions out of a blob.
func takeRoads(c content, opts Options, d *decoder) (roadBlock, error) {
	out := roadBlock{ways: d.ways[:0], dropped: Counts{}, notes: Counts{}}
	var refs arena
	err := c.each(&objects{
		seen: func(kind int, id int64) {
			out.seen[kind]++
			out.span.see(kind, id)
		},
		way: func(id int64, t tags, nodes []int64) {
			way, road := readRoad(t, opts, &out)
			if !road {
				return
			}
			if len(nodes) < 2 {
				out.dropped["way: fewer than two nodes"]++
				return
			}
			way.ID, way.Refs = id, refs.keep(nodes)
			out.add(way)
		},
		relation: func(id int64, t tags, members func() ([]member, error)) error { return out.takeTurn(id, t, members) },
		deleted:  func() { out.dropped["object: marked as deleted by an editor"]++ },
	})
	d.ways = out.ways
	out.ways = slices.Clone(out.ways)
	return out, err
}

// road is a way under the rules, before its place in the file is known.
type road struct {
	network.Way
	implied bool    // one way by implication only
	seconds float64 // duration of a ferry, 0 when not known
	train   bool    // a ferry that is a train
}

// add keeps a road.
func (b *roadBlock) add(r road) {
	if r.implied {
		b.implied = append(b.implied, len(b.ways))
	}
	if r.seconds > 0 {
		b.ferries = append(b.ferries, ferry{len(b.ways), r.seconds, r.train})
	}
	if r.Surface != network.SurfaceUnknown {
		b.surfaces++
	}
	b.ways = append(b.ways, r.Way)
}

// arena keeps many short lists in few pieces of memory.
type arena struct{ free []int64 }

// arenaSize is the number of ids in a piece: 32 KiB, so that little is lost
// at the end of a blob.
const arenaSize = 4096

func (a *arena) keep(list []int64) []int64 {
	if len(list) > len(a.free) {
		if len(list) > arenaSize/4 {
			return slices.Clone(list)
		}
		a.free = make([]int64, arenaSize)
	}
	kept := a.free[:len(list):len(list)]
	copy(kept, list)
	a.free = a.free[len(list):]
	return kept
}

// useRoads adds up the blobs in their order.
func (r *reader) useRoads(b rawBlob, w roadBlock) error {
	report := &r.data.Report
	for _, i := range w.implied {
		r.implied = append(r.implied, r.ways+i)
	}
	for _, f := range w.ferries {
		r.ferries = append(r.ferries, ferry{r.ways + f.way, f.seconds, f.train})
	}
	r.oneWays += w.oneWayTags
	if len(w.ways) > 0 {
		r.blocks = append(r.blocks, w.ways)
		r.ways += len(w.ways)
	}
	r.turns = append(r.turns, w.turns...)
	report.Nodes += w.seen[kindNode]
	report.Ways += w.seen[kindWay]
	report.Relations += w.seen[kindRelation]
	report.Restrictions.Found += w.turnsSeen
	report.Surfaces += w.surfaces
	report.Dropped.add(w.dropped)
	report.Notes.add(w.notes)
	if w.seen[kindNode] > 0 {
		r.nodeAt = append(r.nodeAt, extent{b.offset, b.end})
	}
	r.order.see(b.offset, w.span)
	r.progress(Progress{PhaseRoads, b.end, r.size})
	return nil
}

// finishRoads joins the blobs' roads, removes second appearances, which a file
// in order cannot have, and lists the nodes to look for.
func (r *reader) finishRoads() {
	report := &r.data.Report
	r.data.Ways = slices.Concat(r.blocks...)
	r.blocks = nil
	r.settleImplied()
	if r.order.broken != "" {
		report.Order = r.order.broken
		r.dropRepeated()
	}
	report.Roads = len(r.data.Ways)
	r.data.nodes = newNodeTable(r.data.Ways)
	report.RoadNodes = len(r.data.nodes.ids)
}
