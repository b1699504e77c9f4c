package settlement

import "slices"

// Belongs is the rule of membership of a metropolitan area: a division belongs
// where the share of it inside the commute circle is at least the threshold.
// nil where the share is not known.
func Belongs(share *float64, threshold float64) *bool {
	if share == nil {
		return nil
	}
	is := *share >= threshold
	return &is
}

// Comparison holds a plan's members against those that a rule finds, each list
// in ascending order.
type Comparison struct {
	Both     []string // in the plan and in reach
	Missing  []string // in the plan, not in reach
	Surplus  []string // in reach, not in the plan
	Unjudged []string // in the plan, and it is not known whether they are in reach
	Jaccard  *float64 // Both / (Both + Missing + Surplus); nil where all three are empty
}

// Compare compares a plan's members with what a rule says of divisions: true,
// false, or nil where it cannot tell. A division of the plan that the rule says
// nothing of cannot be judged.
func Compare(planned []string, found map[string]*bool) Comparison {
	c := Comparison{Both: []string{}, Missing: []string{}, Surplus: []string{}, Unjudged: []string{}}
	plan := slices.Compact(slices.Sorted(slices.Values(planned)))
	for _, id := range plan {
		switch is := found[id]; {
		case is == nil:
			c.Unjudged = append(c.Unjudged, id)
		case *is:
			c.Both = append(c.Both, id)
		default:
			c.Missing = append(c.Missing, id)
		}
	}
	for id, is := range found {
		if _, inPlan := slices.BinarySearch(plan, id); is != nil && *is && !inPlan {
			c.Surplus = append(c.Surplus, id)
		}
	}
	slices.Sort(c.Surplus)
	if all := len(c.Both) + len(c.Missing) + len(c.Surplus); all > 0 {
		share := float64(len(c.Both)) / float64(all)
		c.Jaccard = &share
	}
	return c
}

// Pieces splits members into parts that hang together: two members are in one
// part where a chain of touching ones leads between them. The part with the
// first member given, the centre, comes first, the others by their first member
// in the order given.
func Pieces(members []string, touch func(a, b string) bool) [][]string {
	pieces, left := [][]string{}, slices.Clone(members)
	for len(left) > 0 {
		piece := []string{left[0]}
		left = left[1:]
		for i := 0; i < len(piece); i++ {
			rest := left[:0:0]
			for _, id := range left {
				if touch(piece[i], id) {
					piece = append(piece, id)
				} else {
					rest = append(rest, id)
				}
			}
			left = rest
		}
		pieces = append(pieces, piece)
	}
	return pieces
}
