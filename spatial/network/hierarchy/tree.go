package hierarchy

// eliminationTree gives the parent of each vertex of a graph whose vertices
// are named by rank: the lowest neighbour above it once all vertices below
// are eliminated, none at a root. It is Liu's algorithm (ACM Trans. Math.
// Softw. 12, 1986): vertices are added by rank, and every tree that has a
// neighbour in it gets the new vertex as root; ancestor shortens the ways to
// the roots.
func eliminationTree(g adjacency) []uint32 {
	n := g.size()
	parent, ancestor := make([]uint32, n), make([]uint32, n)
	for y := range uint32(n) {
		parent[y], ancestor[y] = none, none
		for _, x := range g.at(y) {
			for x < y {
				above := ancestor[x]
				ancestor[x] = y
				if above == none {
					parent[x] = y
					break
				}
				x = above
			}
		}
	}
	return parent
}

// postorder numbers the vertices of a forest so that every subtree is a range
// that ends with its root. Parents have higher numbers than their children in
// the old numbering, too. Of siblings the largest subtree comes first, so that
// leaves lie next to their parents: a sweep from the top then finds what it
// reads in cache. Numbers that are such a post-order already stay.
func postorder(parent []uint32) (number, size []uint32) {
	n := len(parent)
	size = make([]uint32, n)
	for v := range parent {
		size[v]++
		if p := parent[v]; p != none {
			size[p] += size[v]
		}
	}
	// Vertices by size, largest first; equal ones by number.
	bySize := make([]uint32, n)
	ends := make([]uint32, n+2)
	for _, s := range size {
		ends[uint32(n)-s]++
	}
	startsOf(ends)
	for v := n - 1; v >= 0; v-- {
		slot := &ends[uint32(n)-size[v]]
		*slot--
		bySize[*slot] = uint32(v)
	}
	// Each vertex takes the next range within its parent's. A parent comes
	// before its children, being larger.
	number = make([]uint32, n)
	next := make([]uint32, n) // where the range of the next child of v starts
	var start uint32          // where the range of the next root starts
	for _, v := range bySize {
		from := &start
		if p := parent[v]; p != none {
			from = &next[p]
		}
		number[v] = *from + size[v] - 1
		next[v] = *from
		*from += size[v]
	}
	return number, size
}
