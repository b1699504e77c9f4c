package borders

import (
	"cmp"
	"math"
	"slices"
)

// eachRing visits all rings; what visit gives takes the ring's place.
func (w *weaver) eachRing(visit func(walk []int32) []int32) {
	for _, parts := range w.rings {
		for _, rings := range parts {
			for i := range rings {
				rings[i] = visit(rings[i])
			}
		}
	}
}

// node makes vertices near sides that no other ring has part of those sides.
// Only ends of such sides can lie there.
func (w *weaver) node(snap float64) {
	alone := w.aloneSides()
	if len(alone) == 0 {
		return
	}
	points, length := w.mesh.points, 0.0
	for side := range alone {
		p, q := points[side[0]], points[side[1]]
		length += max(math.Abs(p[0]-q[0]), math.Abs(p[1]-q[1]))
	}
	index := newPlaces(points, 2*len(alone), max(length/float64(len(alone)), 4*snap, math.SmallestNonzeroFloat64))
	added := make([]bool, len(points))
	for side := range alone {
		for _, v := range side {
			if !added[v] {
				added[v] = true
				index.add(v)
			}
		}
	}
	w.eachRing(func(walk []int32) []int32 {
		noded := make([]int32, 0, len(walk))
		for i, a := range walk {
			b := walk[(i+1)%len(walk)]
			noded = append(noded, a)
			if _, ok := alone[ends(a, b)]; ok {
				noded = append(noded, w.onSide(index, a, b, snap)...)
			}
		}
		return noded
	})
}

// aloneSides are the sides that one ring has and no other, in either direction.
func (w *weaver) aloneSides() map[[2]int32]struct{} {
	var all []uint64
	w.eachRing(func(walk []int32) []int32 {
		for i, a := range walk {
			e := ends(a, walk[(i+1)%len(walk)])
			all = append(all, uint64(e[0])<<32|uint64(e[1]))
		}
		return walk
	})
	slices.Sort(all)
	alone := map[[2]int32]struct{}{}
	for i, e := range all {
		if (i == 0 || all[i-1] != e) && (i+1 == len(all) || all[i+1] != e) {
			alone[[2]int32{int32(e >> 32), int32(e & math.MaxUint32)}] = struct{}{}
		}
	}
	return alone
}

func ends(a, b int32) [2]int32 { return [2]int32{min(a, b), max(a, b)} }

// onSide gives the vertices within snap of a side, in its order.
func (w *weaver) onSide(index *places, a, b int32, snap float64) []int32 {
	p, q := w.mesh.points[a], w.mesh.points[b]
	dx, dy := q[0]-p[0], q[1]-p[1]
	along := func(v int32) float64 {
		r := w.mesh.points[v]
		return (r[0]-p[0])*dx + (r[1]-p[1])*dy
	}
	var found []int32
	index.near(p, q, snap, func(v int32) bool {
		if v != a && v != b && along(v) > 0 && along(v) < dx*dx+dy*dy && distance(p, q, w.mesh.points[v]) <= snap && !slices.Contains(found, v) {
			found = append(found, v)
		}
		return true
	})
	slices.SortFunc(found, func(u, v int32) int { return cmp.Compare(along(u), along(v)) })
	return found
}

// findJunctions marks the vertices whose neighbours differ between the rings,
// or the passes of one ring, that come through.
func (w *weaver) findJunctions() {
	w.junction = make([]bool, len(w.mesh.points))
	w.known = map[[2]int32]int32{}
	seen := make([]bool, len(w.mesh.points))
	first := make([][2]int32, len(w.mesh.points))
	w.eachRing(func(walk []int32) []int32 {
		for i, v := range walk {
			beside := ends(walk[(i+len(walk)-1)%len(walk)], walk[(i+1)%len(walk)])
			switch {
			case !seen[v]:
				seen[v], first[v] = true, beside
			case first[v] != beside:
				w.junction[v] = true
			}
		}
		return walk
	})
}

// weave cuts the rings of a polygon into arcs.
func (w *weaver) weave(parts [][][]int32) area {
	var woven area
	for _, rings := range parts {
		var part [][]use
		for _, walk := range rings {
			part = append(part, w.cut(walk))
		}
		woven = append(woven, part)
	}
	return woven
}

// cut makes a ring of arcs. One without junction is one arc that begins at its
// first point in order, wherever the ring began.
func (w *weaver) cut(walk []int32) []use {
	points := w.mesh.points
	start := slices.IndexFunc(walk, func(v int32) bool { return w.junction[v] })
	free := start < 0
	if free {
		start = 0
		for i, v := range walk {
			if before(points[v], points[walk[start]]) {
				start = i
			}
		}
	}
	turned := append(slices.Clone(walk[start:]), walk[:start]...)
	turned = append(turned, turned[0])
	var ring []use
	from := 0
	for to := 1; to < len(turned); to++ {
		if w.junction[turned[to]] || to == len(turned)-1 {
			ring = append(ring, w.arc(turned[from:to+1], free))
			from = to
		}
	}
	return ring
}

// arc finds or makes the arc of a stretch. Its direction is that of its ends in
// order, so that it is thinned alike whichever ring comes first.
func (w *weaver) arc(walk []int32, free bool) use {
	points, last := w.mesh.points, len(walk)-1
	p, q := points[walk[0]], points[walk[last]]
	if p == q {
		p, q = points[walk[1]], points[walk[last-1]]
	}
	u := use{back: before(q, p)}
	if u.back {
		walk = slices.Clone(walk)
		slices.Reverse(walk)
	}
	key := [2]int32{walk[0], walk[1]}
	known, ok := w.known[key]
	if !ok {
		known = int32(len(w.mesh.arcs))
		w.known[key] = known
		w.mesh.arcs = append(w.mesh.arcs, arc{walk: slices.Clone(walk), free: free, size: w.mesh.size(walk, free)})
	}
	u.arc = known
	return u
}

// size is the longer side of the box of a free ring.
func (m *Mesh) size(walk []int32, free bool) float64 {
	if !free {
		return 0
	}
	low, high := m.points[walk[0]], m.points[walk[0]]
	for _, v := range walk {
		p := m.points[v]
		low[0], low[1] = min(low[0], p[0]), min(low[1], p[1])
		high[0], high[1] = max(high[0], p[0]), max(high[1], p[1])
	}
	return max(high[0]-low[0], high[1]-low[1])
}
