package synthetic

import "math"

// gateEveryKM is how far apart the roads out of a town are along its rim.
const (
	gateEveryKM        = 4.0
	minGates, maxGates = 4, 48
)

// point is a place where roads outside the streets begin or meet: a crossroads,
// a gate of a town, or the centre of one, which stands for its streets.
type point struct {
	at     vec
	node   int64
	town   int32 // -1 for a crossroads
	center bool
}

// openGates makes points of a town's centre and of corners of blocks on its
// rim, evenly around it, and joins each of them to the centre.
func (g *generator) openGates(p *plan, cells []cell) {
	center := int32(len(g.points))
	g.points = append(g.points, point{g.at(p.node), p.node, int32(p.rank), true})
	rim := p.rim(cells)
	count := min(max(int(2*math.Pi*p.radius/gateEveryKM), minGates), maxGates)
	taken := map[cell]bool{{0, 0}: true}
	for k := range count {
		d := direction(2 * math.Pi * float64(k) / float64(count))
		best, far := cell{}, 0.0
		for _, c := range rim {
			if reach := d.dot(vec{float64(c.x), float64(c.y)}); reach > far {
				best, far = c, reach
			}
		}
		if taken[best] {
			continue
		}
		taken[best] = true
		node := g.crossing(p, cell{best.x * blockSteps, best.y * blockSteps})
		gate := int32(len(g.points))
		g.points = append(g.points, point{g.at(node), node, int32(p.rank), false})
		g.edges = append(g.edges, edge{a: center, b: gate, kind: inTown})
	}
}

// rim lists the corners of blocks that are not between four blocks.
func (p *plan) rim(cells []cell) []cell {
	var rim []cell
	seen := map[cell]bool{}
	for _, c := range cells {
		for _, corner := range [4]cell{c, {c.x + 1, c.y}, {c.x, c.y + 1}, {c.x + 1, c.y + 1}} {
			inside := p.built[corner] && p.built[cell{corner.x - 1, corner.y}] &&
				p.built[cell{corner.x, corner.y - 1}] && p.built[cell{corner.x - 1, corner.y - 1}]
			if !inside && !seen[corner] {
				seen[corner] = true
				rim = append(rim, corner)
			}
		}
	}
	return rim
}
