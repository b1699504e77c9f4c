package analysis

import "quanyu/spatial/network"

// A unit of cost is a vertex that a search settles: one to two microseconds on
// a core of the early 2020s. A point is snapped, carried through the answer and
// written out as evidence, which takes some 60 of these (measured: 20,000 and
// 20,000 points on a national network of 380,000 vertices take 5 s together).
const (
	pointCost = 60
	// syncBudget is what one run may cost while its caller waits: under a
	// minute. It leaves room for a network of every street of the country; the
	// 20,000 and 20,000 points above cost a seventh of it.
	syncBudget = 20_000_000
)

// coverageCost estimates a run from above: its one search settles no vertex
// twice.
func coverageCost(g *network.Graph, points int) int { return g.NumVertices() + pointCost*points }
