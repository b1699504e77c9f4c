package hierarchy

// cell is a part of the core that is dissected on its own: a graph whose
// vertex i is vertices[i] of the core.
type cell struct {
	adjacency
	vertices []uint32
}

// pieces are the connected components of a cell without some of its vertices,
// in the order of their first vertices.
func (c *cell) pieces(without []bool) []cell {
	part, sizes, degrees := c.components(without)
	if len(sizes) == 1 && sizes[0] == uint32(c.size()) {
		return []cell{*c}
	}
	list := make([]cell, len(sizes))
	for p := range list {
		list[p].vertices = make([]uint32, 0, sizes[p])
		list[p].first = make([]uint32, 1, sizes[p]+1)
		list[p].to = make([]uint32, 0, degrees[p])
	}
	name := make([]uint32, c.size())
	for v, p := range part {
		if p != none {
			name[v] = uint32(len(list[p].vertices))
			list[p].vertices = append(list[p].vertices, c.vertices[v])
		}
	}
	for v, p := range part {
		if p == none {
			continue
		}
		piece := &list[p]
		for _, w := range c.at(uint32(v)) {
			if part[w] == p {
				piece.to = append(piece.to, name[w])
			}
		}
		piece.first = append(piece.first, uint32(len(piece.to)))
	}
	return list
}

// components numbers the component of each vertex, none where it is left out,
// and counts the vertices of each and the degrees of these.
func (c *cell) components(without []bool) (part, sizes, degrees []uint32) {
	part = make([]uint32, c.size())
	for v := range part {
		part[v] = none
	}
	queue := make([]uint32, 0, c.size())
	for v := range uint32(c.size()) {
		if part[v] != none || without != nil && without[v] {
			continue
		}
		p := uint32(len(sizes))
		part[v] = p
		queue = append(queue[:0], v)
		var degree uint32
		for i := 0; i < len(queue); i++ {
			neighbours := c.at(queue[i])
			degree += uint32(len(neighbours))
			for _, w := range neighbours {
				if part[w] == none && (without == nil || !without[w]) {
					part[w] = p
					queue = append(queue, w)
				}
			}
		}
		sizes, degrees = append(sizes, uint32(len(queue))), append(degrees, degree)
	}
	return part, sizes, degrees
}
