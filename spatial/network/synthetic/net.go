package synthetic

import (
	"cmp"
	"slices"

	"quanyu/spatial/network"
)

// edge joins two points.
type edge struct {
	a, b     int32
	kind     kind
	class    network.Class
	motorway bool // one runs beside it
}

// kind tells what an edge stands for.
type kind uint8

const (
	road   kind = iota
	inTown      // the streets between a gate and the centre: nothing is drawn
	ferry
)

// neighbours is how many points around one are looked at for roads to it.
const neighbours = 10

// joint is a pair of points that may be joined; it is a by-road when a third
// point is nearer to both.
type joint struct {
	a, b   int32
	byRoad bool
}

// joinPoints lays roads between points. Two are joined when no third is nearer
// to both (the relative neighbourhood graph of Toussaint, Pattern Recognition
// 12, 1980: planar and connected), some also when merely none lies in the
// circle between them (Gabriel and Sokal, Systematic Zoology 18, 1969: planar).
func (g *generator) joinPoints() {
	index := newGrid(g.points, func(p point) bool { return !p.center })
	for _, j := range g.joints(index) {
		switch {
		case !j.byRoad || g.chance(byRoadShare):
			g.edges = append(g.edges, edge{a: j.a, b: j.b, class: g.smallRoad()})
		case g.random.IntN(ferryEvery) == 0:
			g.edges = append(g.edges, edge{a: j.a, b: j.b, kind: ferry, class: network.Ferry})
		}
	}
	g.connect(index)
}

// smallRoad draws the class of a road that no larger town needs.
func (g *generator) smallRoad() network.Class {
	switch x := g.random.Float64(); {
	case x < 0.15:
		return network.Tertiary
	case x < 0.85:
		return network.Unclassified
	}
	return network.Track
}

// joints lists the pairs, each once, in the order of their points.
func (g *generator) joints(index *grid) []joint {
	var list []joint
	var found []near
	for i, p := range g.points {
		if p.center {
			continue
		}
		found = index.nearest(found[:0], p.at, neighbours, func(j int32) bool { return int(j) != i })
		for k, n := range found {
			if q := g.points[n.point]; q.town >= 0 && q.town == p.town {
				continue
			}
			// Who is nearer to p than n is came before it.
			if open, byRoad := g.between(p, n, found[:k]); open {
				list = append(list, joint{min(int32(i), n.point), max(int32(i), n.point), byRoad})
			}
		}
	}
	slices.SortFunc(list, func(x, y joint) int { return cmp.Or(cmp.Compare(x.a, y.a), cmp.Compare(x.b, y.b)) })
	return slices.CompactFunc(list, func(x, y joint) bool { return x.a == y.a && x.b == y.b })
}

// between says whether the circle over p and its neighbour n is free of
// others, and whether one of them is nearer to both.
func (g *generator) between(p point, n near, others []near) (open, byRoad bool) {
	q := g.points[n.point].at
	middle, radius := p.at.plus(q).times(0.5), n.distance/2
	for _, o := range others {
		at := g.points[o.point].at
		if middle.to(at) < radius {
			return false, false
		}
		byRoad = byRoad || q.to(at) < n.distance
	}
	return true, byRoad
}

// connect joins what is left apart, where all near neighbours of a group are
// of the same group: each by its shortest way to another, until all are one.
func (g *generator) connect(index *grid) {
	for {
		groups := newGroups(len(g.points))
		for _, e := range g.edges {
			if e.kind != ferry {
				groups.join(e.a, e.b)
			}
		}
		largest, one := groups.largest()
		if one {
			return
		}
		shortest := map[int32]edge{}
		length := map[int32]float64{}
		for i, p := range g.points {
			group := groups.of(int32(i))
			if p.center || group == largest {
				continue
			}
			n := index.nearest(nil, p.at, 1, func(j int32) bool { return groups.of(j) != group })[0]
			if best, found := length[group]; !found || n.distance < best {
				length[group], shortest[group] = n.distance, edge{a: int32(i), b: n.point, class: network.Unclassified}
			}
		}
		for i := range g.points {
			if e, found := shortest[int32(i)]; found && groups.join(e.a, e.b) {
				g.edges = append(g.edges, e)
			}
		}
	}
}

// groups are sets of points that hang together.
type groups []int32

func newGroups(n int) groups {
	s := make(groups, n)
	for i := range s {
		s[i] = int32(i)
	}
	return s
}

// of is the point that stands for a point's group.
func (s groups) of(i int32) int32 {
	for s[i] != i {
		s[i] = s[s[i]]
		i = s[i]
	}
	return i
}

// join makes two groups one, false where they were.
func (s groups) join(a, b int32) bool {
	a, b = s.of(a), s.of(b)
	s[max(a, b)] = min(a, b)
	return a != b
}

func (s groups) largest() (group int32, one bool) {
	sizes := make([]int, len(s))
	for i := range s {
		sizes[s.of(int32(i))]++
		if at := s.of(int32(i)); sizes[at] > sizes[group] {
			group = at
		}
	}
	return group, sizes[group] == len(s)
}
