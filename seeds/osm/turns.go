package osm

import (
	"slices"

	"quanyu/spatial/network"
)

// resolveTurns finds the nodes that each restriction speaks of. It keeps or
// counts every one.
func (r *reader) resolveTurns() {
	report := &r.data.Report
	s := &turnSolver{data: r.data, ways: r.memberWays()}
	for i := range r.turns {
		paths, reason := s.solve(&r.turns[i])
		if len(paths) == 0 {
			report.Dropped[reason]++
			continue
		}
		report.Restrictions.Used++
		if !r.turns[i].viaNode {
			report.Restrictions.ViaWays++
		}
		r.data.Restrictions = append(r.data.Restrictions, paths...)
	}
	r.turns = nil
}

// memberWays finds the roads that restrictions name.
func (r *reader) memberWays() map[int64]*network.Way {
	ways := map[int64]*network.Way{}
	for i := range r.turns {
		t := &r.turns[i]
		lists := [][]int64{t.from, t.to, t.via}
		if t.viaNode {
			lists = lists[:2]
		}
		for _, id := range slices.Concat(lists...) {
			ways[id] = nil
		}
	}
	if len(ways) == 0 {
		return ways
	}
	for i := range r.data.Ways {
		w := &r.data.Ways[i]
		if _, wanted := ways[w.ID]; wanted {
			ways[w.ID] = w
		}
	}
	return ways
}

type turnSolver struct {
	data *Data
	ways map[int64]*network.Way // nil for those that are no roads
}

// solve gives the paths that a restriction is about, or the reason why there
// are none. Modes are looked at one by one: where cars may come along a way in
// one direction only and bicycles in both, the turn may be clear for cars only.
func (s *turnSolver) solve(t *turn) (paths []network.Restriction, reason string) {
	for _, k := range turnKeys {
		if (t.force|t.forbid)&k.mode == 0 {
			continue
		}
		for _, from := range t.from {
			for _, to := range t.to {
				path, why := s.path(t, from, to, k.mode)
				if path == nil {
					reason = firstOf(reason, why)
					continue
				}
				paths = merge(paths, network.Restriction{ID: t.id, Path: path, Only: t.force&k.mode != 0, Modes: k.mode})
			}
		}
	}
	return paths, reason
}

// merge joins restrictions of the same path for several modes.
func merge(list []network.Restriction, r network.Restriction) []network.Restriction {
	for i := range list {
		if list[i].Only == r.Only && slices.Equal(list[i].Path, r.Path) {
			list[i].Modes |= r.Modes
			return list
		}
	}
	return append(list, r)
}

// path is the one way for a mode to travel from one way over the via to the
// other. A turn that is closed anyway, mostly one into a one-way road that
// comes from there, is told apart from members that do not meet.
func (s *turnSolver) path(t *turn, fromID, toID int64, mode network.Modes) ([]int64, string) {
	from, to := s.ways[fromID], s.ways[toID]
	if from == nil || to == nil {
		return nil, turnAbsent
	}
	found, reason := s.search(t, from, to, mode)
	if reason == turnApart {
		if _, reason := s.search(t, from, to, anyMode); reason != turnApart {
			return nil, turnClosed
		}
	}
	for _, id := range found {
		if _, known := s.data.Coordinate(id); !known {
			return nil, turnNode
		}
	}
	return found, reason
}

// anyMode stands for one that may travel every way in both directions.
const anyMode = network.Modes(0)

func opens(modes, mode network.Modes) bool { return mode == anyMode || modes&mode != 0 }

func (s *turnSolver) search(t *turn, from, to *network.Way, mode network.Modes) ([]int64, string) {
	rows, reason := s.rows(t, mode)
	if reason != "" {
		return nil, reason
	}
	var found []int64
	for _, row := range rows {
		for _, before := range neighbours(from, row[0], mode, true) {
			for _, after := range neighbours(to, row[len(row)-1], mode, false) {
				if from == to && t.viaNode && before != after {
					continue // along the way itself: only turning back is meant
				}
				if found != nil {
					return nil, turnAmbiguous
				}
				found = slices.Compact(slices.Concat([]int64{before}, row, []int64{after}))
			}
		}
	}
	if found == nil {
		return nil, turnApart
	}
	return found, ""
}
