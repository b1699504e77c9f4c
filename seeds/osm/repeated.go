package osm

import (
	"slices"

	"quanyu/spatial/network"
)

// dropRepeated keeps the first appearance of every road and restriction.
func (r *reader) dropRepeated() {
	report := &r.data.Report
	seen := make(map[int64]int, len(r.data.Ways)) // index of the kept way plus 1
	moved := make([]int, len(r.data.Ways))        // where each way went, -1 for nowhere
	kept := r.data.Ways[:0]
	for i, w := range r.data.Ways {
		if seen[w.ID] > 0 {
			moved[i] = -1
			report.Dropped["way: appears twice"]++
			if w.Surface != network.SurfaceUnknown {
				report.Surfaces--
			}
			continue
		}
		moved[i] = len(kept)
		kept = append(kept, w)
		seen[w.ID] = len(kept)
	}
	r.data.Ways = kept
	ferries := r.ferries[:0]
	for _, f := range r.ferries {
		if moved[f.way] >= 0 {
			ferries = append(ferries, ferry{moved[f.way], f.seconds, f.train})
		}
	}
	r.ferries = ferries
	turns := make(map[int64]bool, len(r.turns))
	r.turns = slices.DeleteFunc(r.turns, func(t turn) bool {
		again := turns[t.id]
		turns[t.id] = true
		if again {
			report.Dropped[turnTwice]++
		}
		return again
	})
}
