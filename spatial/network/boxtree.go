package network

import (
	"cmp"
	"math"
	"slices"
)

// boxTree is a packed R-tree: boxes sorted along a Hilbert curve, fan boxes
// to a node, level upon level in one array (Kamel and Faloutsos, "On packing
// R-trees", CIKM 1993). It is immutable and holds no pointers.
type boxTree struct {
	boxes  []box    // leaves first, then each level up to the root
	items  []uint32 // of leaf i, what it stands for; nil where leaves stand for their own numbers
	levels []int    // where each level begins in boxes; the last is the end
}

// packBoxes makes the tree of leaves that are in order already.
func packBoxes(leaves []box) *boxTree {
	t := &boxTree{boxes: leaves}
	t.pack()
	return t
}

// pack puts the upper levels on the leaves.
func (t *boxTree) pack() {
	t.levels = []int{0}
	for start := 0; len(t.boxes)-start > 1; {
		end := len(t.boxes)
		t.levels = append(t.levels, end)
		for i := start; i < end; i += fan {
			t.boxes = append(t.boxes, around(t.boxes[i:min(i+fan, end)]))
		}
		start = end
	}
	t.levels = append(t.levels, len(t.boxes))
}

type box struct{ minLon, minLat, maxLon, maxLat float32 }

const fan = 16

// newBoxTree packs the boxes of n items; boxOf gives one in degrees.
func newBoxTree(n int, boxOf func(i int) (minLon, minLat, maxLon, maxLat float64)) *boxTree {
	t := &boxTree{boxes: make([]box, n), items: make([]uint32, n)}
	keys := make([]uint64, n)
	plain := make([]box, n)
	for i := range n {
		a, b, c, d := boxOf(i)
		plain[i] = box{down(a), down(b), up(c), up(d)}
		t.items[i] = uint32(i)
		// Halved, since a box that crosses the antimeridian reaches past 180.
		keys[i] = hilbert(coordinate{int32((a + c) / 4 * coordinateScale), int32((b + d) / 4 * coordinateScale)})
	}
	slices.SortFunc(t.items, func(x, y uint32) int {
		return cmp.Or(cmp.Compare(keys[x], keys[y]), cmp.Compare(x, y))
	})
	for i, item := range t.items {
		t.boxes[i] = plain[item]
	}
	t.pack()
	return t
}

// down and up round to 32 bits without making a box smaller.
func down(v float64) float32 { return math.Nextafter32(float32(v), float32(math.Inf(-1))) }
func up(v float64) float32   { return math.Nextafter32(float32(v), float32(math.Inf(1))) }

func around(boxes []box) box {
	all := boxes[0]
	for _, b := range boxes[1:] {
		all.minLon, all.minLat = min(all.minLon, b.minLon), min(all.minLat, b.minLat)
		all.maxLon, all.maxLat = max(all.maxLon, b.maxLon), max(all.maxLat, b.maxLat)
	}
	return all
}

// within gives every item whose box comes within reach of a place, in no
// order. Reach is in degrees of latitude; stretch is how many of these one
// degree of longitude counts for there.
func (t *boxTree) within(lon, lat, stretch, reach float64, visit func(item uint32)) {
	if len(t.boxes) == 0 {
		return
	}
	near := func(b box) bool {
		dx := math.Max(0, math.Max(float64(b.minLon)-lon, lon-float64(b.maxLon))) * stretch
		dy := math.Max(0, math.Max(float64(b.minLat)-lat, lat-float64(b.maxLat)))
		return dx*dx+dy*dy <= reach*reach
	}
	top := len(t.levels) - 2
	var descend func(level, i int)
	descend = func(level, i int) {
		if !near(t.boxes[t.levels[level]+i]) {
			return
		}
		if level == 0 {
			if t.items != nil {
				i = int(t.items[i])
			}
			visit(uint32(i))
			return
		}
		width := t.levels[level] - t.levels[level-1]
		for c := i * fan; c < min((i+1)*fan, width); c++ {
			descend(level-1, c)
		}
	}
	for i := range t.levels[top+1] - t.levels[top] {
		descend(top, i)
	}
}
