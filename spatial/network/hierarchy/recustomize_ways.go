package hierarchy

import "slices"

// spread offers the ways over v along changed arcs to the arcs across: from
// one vertex above v down to it and up to another. Arcs across are taken row
// by row, by their lower ends, so that those of a row are read together.
func (r *recustomizer) spread(v uint32) {
	heads := r.s.up(v)
	w := around{
		up: r.s.of(r.up.blocks, v), upOld: r.s.of(r.old.up, v),
		down: r.s.of(r.down.blocks, v), downOld: r.s.of(r.old.down, v),
	}
	r.ups, r.downs = r.ups[:0], r.downs[:0]
	for _, c := range r.changes {
		if c.down {
			r.downs = append(r.downs, c.arc)
		} else {
			r.ups = append(r.ups, c.arc)
		}
	}
	r.all = r.all[:0]
	for i := range heads {
		r.all = append(r.all, uint32(i))
	}
	ups, downs := r.ups, r.downs // those beyond i
	for i := range heads[:len(heads)-1] {
		for len(ups) > 0 && int(ups[0]) <= i {
			ups = ups[1:]
		}
		for len(downs) > 0 && int(downs[0]) <= i {
			downs = downs[1:]
		}
		// From the row's vertex over v, up to others; and from others back.
		beyond := ups
		if w.down[i] != w.downOld[i] {
			beyond = r.all[i+1:]
		}
		r.across(heads, i, beyond, false, w.down[i], w.downOld[i], w.up, w.upOld)
		beyond = downs
		if w.up[i] != w.upOld[i] {
			beyond = r.all[i+1:]
		}
		r.across(heads, i, beyond, true, w.up[i], w.upOld[i], w.down, w.downOld)
	}
}

// around is the weights of a vertex's arcs, now and before.
type around struct{ up, upOld, down, downOld []uint32 }

// across offers, to the arcs from the i-th head up to those in beyond, or back
// down, the ways that weigh near and far: near at the i-th head, far at the
// others.
func (r *recustomizer) across(heads []uint32, i int, beyond []uint32, down bool, near, nearOld uint32, far, farOld []uint32) {
	if len(beyond) == 0 || near == Never && nearOld == Never {
		return
	}
	x := heads[i]
	row := r.s.up(x)
	now, before := r.side(down)
	is, was := r.s.of(now.blocks, x), r.s.of(before, x)
	// All heads beyond i are in the row, among others: as many of these come
	// before the j-th as skipped.
	skipped := -i - 1
	for _, j := range beyond {
		k := int(j) + skipped
		for row[k] < heads[j] {
			k++
		}
		skipped = k - int(j)
		sum := uint64(near) + uint64(far[j])
		if sum < uint64(is[k]) || uint64(nearOld)+uint64(farOld[j]) == uint64(was[k]) && sum > uint64(was[k]) {
			r.offer(x, uint32(k), down, uint32(min(sum, uint64(Never))), true)
			is = r.s.of(now.blocks, x)
		}
	}
}

// plus adds two weights; what does not fit is Never.
func plus(a, b uint32) uint32 {
	return uint32(min(uint64(a)+uint64(b), uint64(Never)))
}

// least finds the weights of arc k of x in the directions in doubt: the least
// of its input arcs and of the ways over lower vertices. None is below was,
// and was is enough to know.
func (r *recustomizer) least(x, k uint32, doubt [2]bool, was [2]uint32) [2]uint32 {
	least := r.leastInputs(x, k)
	for down, d := range doubt {
		if !d {
			least[down] = was[down]
		}
	}
	y := r.s.up(x)[k]
	// The vertices joined with x and y are a subtree without its root x: v
	// among them has its parent among them, or is a child of x.
	r.stack = append(r.stack[:0], corner{x, -1, int(k)})
	for len(r.stack) > 0 && (least[0] > was[0] || least[1] > was[1]) {
		v := r.stack[len(r.stack)-1]
		r.stack = r.stack[:len(r.stack)-1]
		lowest := v.vertex + 1 - r.s.size[v.vertex]
		for child := v.vertex; child > lowest; child -= r.s.size[child-1] {
			// The heads of a child, but v, are heads of v.
			c := corner{child - 1, v.toX + 1, v.toY + 1}
			if c.find(r.s.up(c.vertex), x, y) {
				up, down := r.s.of(r.up.blocks, c.vertex), r.s.of(r.down.blocks, c.vertex)
				least[0] = min(least[0], plus(down[c.toX], up[c.toY]))
				least[1] = min(least[1], plus(down[c.toY], up[c.toX]))
				r.stack = append(r.stack, c)
			}
		}
	}
	for down, d := range doubt {
		if !d {
			least[down] = was[down]
		}
	}
	return least
}

// leastInputs is the least weights of the input arcs of arc k of x, up and
// down.
func (r *recustomizer) leastInputs(x, k uint32) [2]uint32 {
	least := [2]uint32{Never, Never}
	inputs, arc := r.s.inputs, r.s.first[x]+k
	i, _ := slices.BinarySearchFunc(inputs, arc, func(input, arc uint32) int {
		return int(r.s.place[input]/2) - int(arc)
	})
	for ; i < len(inputs) && r.s.place[inputs[i]]/2 == arc; i++ {
		down := r.s.place[inputs[i]] & 1
		least[down] = min(least[down], r.weight(inputs[i]))
	}
	return least
}

// corner is a vertex below x and y, with the places of its arcs to both.
type corner struct {
	vertex   uint32
	toX, toY int
}

// find corrects the places of x and y among the heads of a corner, which are
// not after those given. It returns false unless both are there.
func (c *corner) find(heads []uint32, x, y uint32) bool {
	i := min(c.toX, len(heads)-1)
	for i >= 0 && heads[i] > x {
		i--
	}
	if i < 0 || heads[i] != x {
		return false
	}
	j := min(c.toY, len(heads)-1)
	for heads[j] > y { // at i, if not before, it ends
		j--
	}
	c.toX, c.toY = i, j
	return heads[j] == y
}
