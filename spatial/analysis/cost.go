package analysis

import "quanyu/spatial/network"

// A unit of cost is a vertex that a search settles: 100 to 200 ns on a core of
// the early 2020s.
const (
	// pointCost is for a point that is snapped, carried through the answer and
	// written out as evidence (measured: 20,000 and 20,000 points on a national
	// network of 380,000 vertices take 5 s together).
	pointCost = 500
	// drawCost is for each vertex and limit of a circle: its roads are cut and
	// what lies around them is drawn.
	drawCost = 10
	// timeCost is for one time of a matrix, pairCost for one pair of cities,
	// which is a row of its own: more than they take, so that an answer stays
	// below some 60 MB.
	timeCost = 300
	pairCost = 1000
	// syncBudget is what one run may cost while its caller waits: about a
	// minute on two cores. A 100 x 100 matrix on a network of every street of
	// the country, five million vertices, is within it.
	syncBudget = 600_000_000
	// jobBudget is what a job may cost: an hour on two cores, half of the time
	// that a worker gives one attempt.
	jobBudget = 60 * syncBudget
	// maxDrawn bounds the vertices of all areas of one answer, to some 100 MB.
	// How many there are is known only when they are drawn.
	maxDrawn = 4_000_000
)

// coverageCost estimates a run from above: its one search settles no vertex
// twice.
func coverageCost(g *network.Graph, points int) int { return g.NumVertices() + pointCost*points }

// matrixCost is that of one search for each source.
func matrixCost(g *network.Graph, sources, targets int) int {
	return sources*g.NumVertices() + pointCost*(sources+targets)
}
