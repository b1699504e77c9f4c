package synthetic

import "quanyu/spatial/network"

// level is a network of larger roads: it joins the largest towns, that part
// of all.
type level struct {
	oneIn int
	class network.Class
	every bool // way between two towns, else only the direct ones
}

func levels() []level {
	return []level{
		{1, network.Secondary, true}, {1, network.Primary, false},
		{3, network.Trunk, false}, {4, network.Motorway, false},
	}
}

// rank raises roads to their classes: those that the shortest ways between
// neighbouring towns of a level follow. So larger roads run from town to town
// over the same crossroads as the small ones they grew out of.
func (g *generator) rank() {
	n := g.newNet()
	for _, l := range levels() {
		var members []int32
		for i, p := range g.points {
			if p.center && int(p.town) < max(2, len(g.towns)/l.oneIn) {
				members = append(members, int32(i))
			}
		}
		n.spread(members)
		ways := n.meetings()
		if !l.every {
			ways = direct(ways)
		}
		for _, way := range ways {
			n.follow(way, func(e *edge) { e.raise(l.class) })
		}
	}
}

func (e *edge) raise(to network.Class) {
	if to == network.Motorway {
		e.motorway = true
		to = network.Secondary // the old road beside it
	}
	e.class = min(e.class, to)
}
