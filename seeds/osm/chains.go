package osm

import (
	"slices"

	"quanyu/spatial/network"
)

// neighbours lists the nodes beside a node of a way: those from which the mode
// may come to it or, if not before, to which it may go on. A node that is
// written twice in a row is one.
func neighbours(w *network.Way, node int64, mode network.Modes, before bool) []int64 {
	with, against := opens(w.Forward, mode), opens(w.Backward, mode)
	if !before {
		with, against = against, with
	}
	var list []int64
	add := func(beside int64) {
		if beside != node && !slices.Contains(list, beside) {
			list = append(list, beside)
		}
	}
	for i, ref := range w.Refs {
		if ref != node || len(list) > 4 { // two are too many for most
			continue
		}
		if with && i > 0 {
			add(w.Refs[i-1])
		}
		if against && i+1 < len(w.Refs) {
			add(w.Refs[i+1])
		}
	}
	return list
}

// rows are the rows of nodes over the via: one for a node; for ways those that
// travel each of them from end to end, in the order of the members or in the
// opposite one.
func (s *turnSolver) rows(t *turn, mode network.Modes) ([][]int64, string) {
	if t.viaNode {
		return [][]int64{t.via}, ""
	}
	ways := make([]*network.Way, len(t.via))
	for i, id := range t.via {
		if ways[i] = s.ways[id]; ways[i] == nil {
			return nil, turnAbsent
		}
		if len(ways[i].Refs) > maxTurn {
			return nil, turnLong
		}
	}
	rows := chains(ways, mode)
	if len(ways) > 1 {
		slices.Reverse(ways)
		rows = append(rows, chains(ways, mode)...)
	}
	if len(rows) == 0 {
		return nil, turnApart
	}
	return rows, ""
}

// chains joins ways end to end. There are at most as many chains as the first
// way has directions, rings aside, and of rings only as many are kept as it
// takes to see that the turn is ambiguous.
func chains(ways []*network.Way, mode network.Modes) [][]int64 {
	rows := ends(ways[0], mode)
	for _, w := range ways[1:] {
		var longer [][]int64
		for _, row := range rows {
			for _, next := range ends(w, mode) {
				if next[0] == row[len(row)-1] && len(row)+len(next) <= maxTurn {
					longer = append(longer, slices.Concat(row, next[1:]))
				}
			}
		}
		rows = longer[:min(len(longer), 4)]
	}
	return rows
}

// ends gives a way's nodes in each direction that is open.
func ends(w *network.Way, mode network.Modes) [][]int64 {
	var rows [][]int64
	if opens(w.Forward, mode) {
		rows = append(rows, w.Refs)
	}
	if opens(w.Backward, mode) {
		back := slices.Clone(w.Refs)
		slices.Reverse(back)
		rows = append(rows, back)
	}
	return rows
}
