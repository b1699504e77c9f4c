package hierarchy

// reduceDegree is the degree up to which vertices are eliminated before the
// rest is dissected. Eliminating a vertex of degree 1 or 2 never adds an edge
// on balance and never widens an optimal order (the islet, twig and series
// rules; Bodlaender, Koster, van den Eijkhof, Computational Intelligence
// 21(3), 2005): dead ends, trees and chains go first, and half of a road
// network with them.
const reduceDegree = 2

// core is what reduction leaves: a graph whose vertex i is vertices[i].
type core struct {
	adjacency
	vertices []uint32
}

// reduce eliminates vertices of low degree in rounds and returns them in
// order. In a round no two are neighbours, so a path loses half its vertices
// and the elimination tree stays flat: a chain of five million vertices takes
// 23 rounds and not five million steps. It stops when a round takes little;
// what is left the dissection orders as well.
func reduce(g adjacency) ([]uint32, core) {
	c := core{adjacency: g, vertices: make([]uint32, g.size())}
	for v := range c.vertices {
		c.vertices[v] = uint32(v)
	}
	var gone []uint32
	for {
		round := c.independent()
		if len(round) == 0 || len(round) < len(c.vertices)/100 {
			return gone, c
		}
		for _, v := range round {
			gone = append(gone, c.vertices[v])
		}
		c = c.without(round)
	}
}

// independent picks vertices of low degree, no two of them neighbours.
func (c *core) independent() []uint32 {
	blocked := make([]bool, c.size())
	var picked []uint32
	for v := range uint32(c.size()) {
		if neighbours := c.at(v); len(neighbours) <= reduceDegree && !blocked[v] {
			picked = append(picked, v)
			for _, w := range neighbours {
				blocked[w] = true
			}
		}
	}
	return picked
}

// without eliminates the vertices of a round: the neighbours of each are
// joined with one another.
func (c *core) without(round []uint32) core {
	n := c.size()
	name := make([]uint32, n) // in the smaller graph; none where eliminated
	for _, v := range round {
		name[v] = none
	}
	left := core{vertices: make([]uint32, 0, n-len(round))}
	for v := range name {
		if name[v] != none {
			name[v] = uint32(len(left.vertices))
			left.vertices = append(left.vertices, c.vertices[v])
		}
	}
	left.first = make([]uint32, 1, len(left.vertices)+1)
	left.to = make([]uint32, 0, len(c.to))
	seen := make([]uint32, n) // v+1 where joined with v already
	for v := range uint32(n) {
		if name[v] == none {
			continue
		}
		seen[v] = v + 1
		join := func(w uint32) {
			if seen[w] != v+1 {
				seen[w] = v + 1
				left.to = append(left.to, name[w])
			}
		}
		for _, w := range c.at(v) {
			if name[w] != none {
				join(w)
				continue
			}
			for _, x := range c.at(w) {
				join(x)
			}
		}
		left.first = append(left.first, uint32(len(left.to)))
	}
	return left
}
