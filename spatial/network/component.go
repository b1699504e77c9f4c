package network

// A component with fewer vertices than islandVertices, and than a twentieth
// of the largest one, is an island: a car park, a farm track, a ring drawn
// without a junction. Real islands with roads of their own (Hainan has over
// a thousand junctions on the main roads alone) are not.
const (
	islandVertices = 500
	islandShare    = 20
)

// connect finds the strongly connected components by Tarjan's algorithm (SIAM
// Journal on Computing 1, 1972), with a stack of its own: recursion would go
// as deep as the longest road.
func (r *Router) connect() {
	n := r.graph.NumVertices()
	const unseen = 0
	order := make([]uint32, n) // 1-based order of discovery
	low := make([]uint32, n)
	onStack := make([]bool, n)
	r.component = make([]uint32, n)
	var stack []uint32
	var calls []visit
	count := uint32(0)
	enter := func(v uint32) {
		count++
		order[v], low[v] = count, count
		stack = append(stack, v)
		onStack[v] = true
		calls = append(calls, visit{v, r.first[v]})
	}
	for root := range uint32(n) {
		if order[root] != unseen {
			continue
		}
		enter(root)
		for len(calls) > 0 {
			call := &calls[len(calls)-1]
			v := call.vertex
			if call.next < r.first[v+1] {
				a := r.arcs[call.next]
				call.next++
				switch {
				case a.out == Never:
				case order[a.head] == unseen:
					enter(a.head)
				case onStack[a.head]:
					low[v] = min(low[v], order[a.head])
				}
				continue
			}
			calls = calls[:len(calls)-1]
			if len(calls) > 0 {
				parent := calls[len(calls)-1].vertex
				low[parent] = min(low[parent], low[v])
			}
			if low[v] == order[v] {
				stack = r.closeComponent(v, stack, onStack)
			}
		}
	}
	largest := uint32(0)
	for _, size := range r.sizes {
		largest = max(largest, size)
	}
	r.small = min(islandVertices, largest/islandShare)
}

// visit is a vertex being explored and the arc to look at next.
type visit struct{ vertex, next uint32 }

// closeComponent takes the component of v off the stack.
func (r *Router) closeComponent(v uint32, stack []uint32, onStack []bool) []uint32 {
	id := uint32(len(r.sizes))
	r.sizes = append(r.sizes, 0)
	for {
		w := stack[len(stack)-1]
		stack = stack[:len(stack)-1]
		onStack[w] = false
		r.component[w] = id
		r.sizes[id]++
		if w == v {
			return stack
		}
	}
}

// edgeComponent is the size of the component that an edge lies in: the
// smaller one of its ends, since a road out of an island does not lead back.
func (r *Router) edgeComponent(e Edge) uint32 {
	return min(r.vertexComponent(r.graph.from[e]), r.vertexComponent(r.graph.to[e]))
}

// vertexComponent is the size of the component that a vertex lies in: of its
// copies, the largest. A vertex that everyone comes to along restricted roads
// is itself only for setting out and connected with nothing both ways.
func (r *Router) vertexComponent(v uint32) uint32 {
	v = r.graph.base(v)
	size := r.sizes[r.component[v]]
	for i := range r.graph.copies(v) {
		size = max(size, r.sizes[r.component[v+1+i]])
	}
	return size
}
