package analysis

import (
	"slices"

	"quanyu/spatial"
	"quanyu/spatial/network"
)

// census spreads the residents of a country over seats of government, until a
// finer population layer is there. A finest division is one with a known
// count, none of whose parts has one: each resident is in exactly one. All its
// residents are where its own seat is; where the position of that is not
// known, at the seat of the division above, up to the prefecture, which then
// stands in for it.
type census struct {
	finest  []finestDivision
	placed  int // of finest, those whose seat is near the network, stand-ins included
	standIn int // of those, by a stand-in
	lost    int // of finest, those without any seat whose position is known
}

// finestDivision is a division of a census.
type finestDivision struct {
	people   float64
	ancestry []string   // ids of itself and of the divisions above it
	seat     *townPlace // nil where it is not known, or not near the network
	standIn  bool       // the seat is that of the division above
}

// levelRank orders levels from coarse to fine. A division without level, such
// as a development zone with a census row of its own, is as fine as a county.
func levelRank(level any) int {
	text, _ := level.(string)
	if i := slices.Index([]string{"country", "province", "prefecture", "county", "township"}, text); i >= 0 {
		return i
	}
	return 3
}

const prefectureRank = 2

// newCensus finds the finest divisions and their seats. positioned holds the
// codes of all seats whose position is known; those near the network are among
// the places.
func newCensus(divisions []spatial.Feature, positioned map[string]bool, places []townPlace) census {
	tree, near := newDivisionTree(divisions), map[string]*townPlace{}
	for i, p := range places {
		if code, ok := p.feature.Properties["adcode"].(string); ok && p.collection == "seats" {
			near[code] = &places[i]
		}
	}
	var c census
	for i, f := range divisions {
		people, known := asFloat(f.Properties["resident_population"])
		if !known || tree.counted[i] {
			continue
		}
		d, found := finestDivision{people: people}, false
		for at := i; at >= 0; at = tree.parent[at] {
			code, _ := divisions[at].Properties["adcode"].(string)
			d.ancestry = append(d.ancestry, divisions[at].ID)
			stands := at == i || levelRank(divisions[at].Properties["level"]) >= prefectureRank
			if !found && stands && positioned[code] {
				d.seat, d.standIn, found = near[code], at != i, true
			}
		}
		c.add(d, found)
	}
	return c
}

func (c *census) add(d finestDivision, found bool) {
	c.finest = append(c.finest, d)
	switch {
	case !found:
		c.lost++
	case d.seat != nil && d.standIn:
		c.placed++
		c.standIn++
	case d.seat != nil:
		c.placed++
	}
}

// inside gives the residents within a limit, and how many of them are there by
// a stand-in.
func (c census) inside(limit network.Weight) (people, standIn float64) {
	for _, d := range c.finest {
		if d.within(limit) {
			people += d.people
			if d.standIn {
				standIn += d.people
			}
		}
	}
	return people, standIn
}

func (d finestDivision) within(limit network.Weight) bool {
	return d.seat != nil && d.seat.weight <= limit && d.seat.weight != network.Never
}

// divisionTree tells for each division, by index, which one it is a part of
// and whether its residents are counted in parts of it.
type divisionTree struct {
	parent  []int // -1 for none
	counted []bool
}

// newDivisionTree follows parent_adcode. Several rows may have one code (a
// municipality is a province and a prefecture; a city without counties has a
// row at both levels): the parent is then the finest that is coarser than the
// part.
func newDivisionTree(divisions []spatial.Feature) divisionTree {
	byCode := map[string][]int{}
	for i, f := range divisions {
		if code, ok := f.Properties["adcode"].(string); ok {
			byCode[code] = append(byCode[code], i)
		}
	}
	t := divisionTree{make([]int, len(divisions)), make([]bool, len(divisions))}
	for i, f := range divisions {
		t.parent[i] = -1
		rank, best := levelRank(f.Properties["level"]), -1
		code, _ := f.Properties["parent_adcode"].(string)
		for _, at := range byCode[code] {
			if above := levelRank(divisions[at].Properties["level"]); above < rank && above > best {
				t.parent[i], best = at, above
			}
		}
	}
	for i, f := range divisions {
		if _, known := asFloat(f.Properties["resident_population"]); known && t.parent[i] >= 0 {
			for at := t.parent[i]; at >= 0; at = t.parent[at] {
				t.counted[at] = true
			}
		}
	}
	return t
}
