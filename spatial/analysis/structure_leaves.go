package analysis

import (
	"slices"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/geo"

	"quanyu/spatial"
)

// leaf is a finest division with a count of residents, as a census has them,
// with the codes of itself and of the divisions above it.
type leaf struct {
	people float64
	urban  *float64 // residents in urban areas
	codes  []string
}

// country is the divisions of a country, as sums of leaves need them.
type country struct {
	leaves []leaf
	byCode map[string]spatial.Feature // the coarsest of a code, whose figures cover the others'
	tree   codeTree
}

func newCountryOf(divisions []spatial.Feature) country {
	c := country{byCode: map[string]spatial.Feature{}, tree: newCodeTree(divisions)}
	parts := newDivisionTree(divisions)
	for i, f := range divisions {
		code, _ := f.Properties["adcode"].(string)
		if old, twice := c.byCode[code]; code != "" && (!twice || levelRank(f.Properties["level"]) < levelRank(old.Properties["level"])) {
			c.byCode[code] = f
		}
		people, known := asFloat(f.Properties["resident_population"])
		if !known || parts.counted[i] {
			continue
		}
		l := leaf{people: people}
		if urban, known := asFloat(f.Properties["urban_population"]); known {
			l.urban = &urban
		}
		for at := i; at >= 0; at = parts.parent[at] {
			if code, ok := divisions[at].Properties["adcode"].(string); ok {
				l.codes = append(l.codes, code)
			}
		}
		c.leaves = append(c.leaves, l)
	}
	return c
}

// in says whether a leaf lies in one of some divisions.
func (l leaf) in(codes map[string]bool) bool {
	return slices.ContainsFunc(l.codes, func(code string) bool { return codes[code] })
}

func setOf(codes []string) map[string]bool {
	set := map[string]bool{}
	for _, code := range codes {
		set[code] = true
	}
	return set
}

// people adds up the residents in all of some sets of divisions; nil where no
// leaf lies in them.
func (c country) people(sets ...map[string]bool) *float64 {
	sum, any := 0.0, false
	for _, l := range c.leaves {
		if !slices.ContainsFunc(sets, func(s map[string]bool) bool { return !l.in(s) }) {
			sum, any = sum+l.people, true
		}
	}
	if !any {
		return nil
	}
	return &sum
}

// cityIn says whether a city belongs to some divisions: it is one of them or
// lies in one or, where they take parts of it, at least half of its residents in
// urban areas live in those (of all its residents, where these are not known).
// The latter is for prefecture-level cities, municipalities included.
func (c country) cityIn(code string, set map[string]bool) bool {
	if set[code] || slices.ContainsFunc(c.tree.above(code), func(a string) bool { return set[a] }) {
		return true
	}
	if c.tree[code].level != "prefecture" {
		return false
	}
	var people, peopleIn, urban, urbanIn float64
	known := true
	for _, l := range c.leaves {
		if !slices.Contains(l.codes, code) {
			continue
		}
		if known = known && l.urban != nil; known {
			urban += *l.urban
		}
		people += l.people
		if l.in(set) {
			if peopleIn += l.people; known {
				urbanIn += *l.urban
			}
		}
	}
	if known && urban > 0 {
		return urbanIn >= urban/2
	}
	return people > 0 && peopleIn >= people/2
}

// urban is the part of the residents of some divisions who live in urban
// areas; nil where that is not known of every leaf.
func (c country) urban(set map[string]bool) *float64 {
	sum, n := 0.0, 0
	for _, l := range c.leaves {
		if !l.in(set) {
			continue
		}
		if l.urban == nil {
			return nil
		}
		sum, n = sum+*l.urban, n+1
	}
	if n == 0 {
		return nil
	}
	return &sum
}

// outermost are those of some codes that lie in no other of them, in order.
func (c country) outermost(codes []string) []string {
	set, kept := setOf(codes), []string{}
	for _, code := range codes {
		above := c.tree.above(code)
		if len(above) > 0 && slices.ContainsFunc(above[1:], func(a string) bool { return set[a] }) || slices.Contains(kept, code) {
			continue
		}
		kept = append(kept, code)
	}
	return kept
}

// area adds up the areas of divisions, as their rows state them, else of their
// polygons on the sphere; nil, with how many are known, where any is missing.
func (c country) area(codes []string) (km2 *float64, known, of int) {
	sum := 0.0
	codes = c.outermost(codes)
	for _, code := range codes {
		f := c.byCode[code]
		if v, ok := asFloat(f.Properties["area_km2"]); ok {
			sum, known = sum+v, known+1
		} else if m, ok := f.Geometry.(orb.MultiPolygon); ok && len(m) > 0 {
			sum, known = sum+geo.Area(m)/1e6, known+1
		}
	}
	if known < len(codes) || known == 0 {
		return nil, known, len(codes)
	}
	return &sum, known, len(codes)
}
