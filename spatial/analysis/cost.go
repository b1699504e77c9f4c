package analysis

import "quanyu/spatial/network"

// A unit of cost is a vertex that a search settles, about half a microsecond
// on one core of 2020s make. A point is snapped, carried through the answer
// and written out as evidence, which takes some 60 of these.
const (
	pointCost = 60
	// syncBudget is what one run may cost while its caller waits: some twenty
	// seconds. The national network (a few hundred thousand vertices) with
	// 20,000 demand points and 20,000 facilities costs less than a tenth.
	syncBudget = 40_000_000
)

// coverageCost estimates a run from above: its one search settles no vertex
// twice.
func coverageCost(g *network.Graph, points int) int { return g.NumVertices() + pointCost*points }
