package reach

import (
	"cmp"
	"slices"

	"github.com/paulmach/orb"

	"quanyu/spatial"
)

// ring is a closed outline. Its area is positive for an exterior, which turns
// counter-clockwise, and negative for a hole.
type ring struct {
	points orb.Ring
	area   float64
}

// rings joins the chains of all strips, in their order, to rings.
func rings(g *grid, strips []*strip) ([]ring, error) {
	var chains []linked
	for _, s := range strips {
		if s == nil {
			continue
		}
		for _, c := range s.chains {
			chains = append(chains, linked{c, s.points[c.first : c.first+c.size]})
		}
	}
	chains = closeAtAntimeridian(g, chains)
	starts := make(map[key]int, len(chains))
	for i, c := range chains {
		if c.start != c.end {
			starts[c.start] = i
		}
	}
	used := make([]bool, len(chains))
	var list []ring
	for i := range chains {
		if used[i] {
			continue
		}
		r, err := join(chains, starts, used, i)
		if err != nil {
			return nil, err
		}
		list = append(list, r)
	}
	return list, nil
}

// linked is a chain with its points.
type linked struct {
	chain
	points []orb.Point
}

// join follows the chains from one of them round to it again.
func join(chains []linked, starts map[key]int, used []bool, begin int) (ring, error) {
	size, order := 0, []int{}
	for i := begin; ; {
		used[i] = true
		order = append(order, i)
		size += len(chains[i].points)
		if chains[i].end == chains[begin].start {
			break
		}
		next, found := starts[chains[i].end]
		if !found || used[next] {
			return ring{}, spatial.Errorf(spatial.Internal, "An outline does not close.")
		}
		i = next
	}
	r := ring{points: make(orb.Ring, 0, size+1)}
	for _, i := range order {
		r.points = append(r.points, chains[i].points...)
		r.area += chains[i].area
	}
	r.points = append(r.points, r.points[0])
	return r, nil
}

// closeAtAntimeridian closes outlines along the meridian of 180 degrees, which
// is a line of the grid and the border of tiles: the polygons of either side
// end there, as RFC 7946 (section 3.1.9) asks for. Going along that line with
// a polygon to the left, which is north at 180 degrees and south at -180, the
// inside is between where a chain ends and where the next one starts.
func closeAtAntimeridian(g *grid, chains []linked) []linked {
	for _, column := range [2]int{0, g.columns} {
		ends := onMeridian(g, chains, column)
		if column == 0 {
			slices.Reverse(ends)
		}
		for i := 0; i+1 < len(ends); i += 2 {
			from, to := ends[i], ends[i+1]
			chains = append(chains, linked{chain{start: from.key, end: to.key, size: 1}, []orb.Point{from.point}})
		}
	}
	return chains
}

// loose is an end of a chain on the antimeridian.
type loose struct {
	key   key
	point orb.Point
}

// onMeridian gives the loose ends of chains on a column, from south to north.
func onMeridian(g *grid, chains []linked, column int) []loose {
	var list []loose
	for _, c := range chains {
		if c.start == c.end {
			continue
		}
		if g.alongColumn(c.start, column) {
			list = append(list, loose{c.start, c.points[0]})
		}
		if g.alongColumn(c.end, column) {
			list = append(list, loose{c.end, c.last})
		}
	}
	slices.SortFunc(list, func(a, b loose) int { return cmp.Compare(a.point[1], b.point[1]) })
	return list
}
