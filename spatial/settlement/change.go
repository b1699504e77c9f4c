package settlement

import (
	"cmp"
	"slices"
)

// Count is the number of permanent residents of a city's urban district in a
// year.
type Count struct {
	Year      int
	Residents int64
}

// Change is a city's move from one class to another between two years of which
// its residents are known.
type Change struct {
	Before, After Count
	From, To      Class
}

// Grew says whether the city moved to a larger class.
func (c Change) Grew() bool { return c.To.Size() < c.From.Size() }

// Changes lists the moves between consecutive years of a series, which may come
// in any order; of two counts for one year the first given holds. Between years
// that are not known nothing is made up: a change is dated by the known years
// around it.
func Changes(series []Count) []Change {
	sorted := slices.Clone(series)
	slices.SortStableFunc(sorted, func(a, b Count) int { return cmp.Compare(a.Year, b.Year) })
	sorted = slices.CompactFunc(sorted, func(a, b Count) bool { return a.Year == b.Year })
	changes := []Change{}
	for i := 1; i < len(sorted); i++ {
		before, after := sorted[i-1], sorted[i]
		from, to := ClassOf(&before.Residents), ClassOf(&after.Residents)
		if from != to && from != "" && to != "" {
			changes = append(changes, Change{before, after, from, to})
		}
	}
	return changes
}
