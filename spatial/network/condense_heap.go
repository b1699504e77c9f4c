package network

// push and pop keep the heap of a search: by time, then by vertex, so that the
// order of equal times does not depend on the order of pushes.
func (w *witness) push(e witnessEntry) {
	w.heap = append(w.heap, e)
	i := len(w.heap) - 1
	for i > 0 {
		parent := (i - 1) / 2
		if !w.heap[i].less(w.heap[parent]) {
			break
		}
		w.heap[i], w.heap[parent] = w.heap[parent], w.heap[i]
		i = parent
	}
}

func (e witnessEntry) less(f witnessEntry) bool {
	return e.time < f.time || e.time == f.time && e.vertex < f.vertex
}

func (w *witness) pop() witnessEntry {
	top := w.heap[0]
	last := len(w.heap) - 1
	w.heap[0] = w.heap[last]
	w.heap = w.heap[:last]
	for i := 0; ; {
		child := 2*i + 1
		if child >= last {
			break
		}
		if child+1 < last && w.heap[child+1].less(w.heap[child]) {
			child++
		}
		if !w.heap[child].less(w.heap[i]) {
			break
		}
		w.heap[i], w.heap[child] = w.heap[child], w.heap[i]
		i = child
	}
	return top
}
