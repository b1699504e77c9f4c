package synthetic

// Roads outside towns have a node for each so much of their length, within
// these numbers.
const (
	shapeEveryKM       = 0.45
	minShape, maxShape = 1, 14
)

// roads draws the edges that are roads, and ferries as lines between jetties.
func (g *generator) roads() {
	for _, e := range g.edges {
		if e.kind == inTown {
			continue
		}
		a, b := g.points[e.a], g.points[e.b]
		refs := []int64{a.node}
		if e.kind == road {
			refs = g.bend(refs, a.at, b.at, shapes(a.at.to(b.at)), 0.07)
		}
		w := g.way(e.class, append(refs, b.node)...)
		if e.kind == ferry {
			w.MaxSpeedKMH = 12 + 8*g.random.Float64()
		}
	}
}

func shapes(km float64) int { return min(max(int(km/shapeEveryKM+0.5), minShape), maxShape) }
