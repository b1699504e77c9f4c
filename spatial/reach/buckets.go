package reach

import "math"

// buckets find the chords near a place: the earth is laid out in square cells,
// and each cell is a list, shared with the others of the same hash.
type buckets struct {
	shift   uint    // a cell is 1<<shift units wide and high
	heads   []int32 // the first entry of each list, or 0
	entries []entry // entry 0 is none
}

type entry struct{ chord, next int32 }

// newBuckets takes cells about as large as chords are long, and no smaller than
// what is looked at around them.
func newBuckets(t *thinner) *buckets {
	sum := 0.0
	for _, c := range t.chords {
		p, q := t.ends(c)
		sum += max(math.Abs(float64(p.x)-float64(q.x)), math.Abs(float64(p.y)-float64(q.y)))
	}
	b := &buckets{entries: make([]entry, 1, 1+3*len(t.chords)), heads: make([]int32, 2)}
	for side := max(sum/float64(max(1, len(t.chords))), t.tolerance/(equatorialRadius*radians)*perDegree); float64(int64(1)<<b.shift) < side; {
		b.shift++
	}
	for len(b.heads) < 2*len(t.chords) {
		b.heads = append(b.heads, b.heads...)
	}
	for i := range t.chords {
		b.add(t, int32(i))
	}
	return b
}

func (b *buckets) add(t *thinner, i int32) {
	p, q := t.ends(t.chords[i])
	b.cells(p, q, 1, 0, func(slot uint64) {
		b.entries = append(b.entries, entry{i, b.heads[slot]})
		b.heads[slot] = int32(len(b.entries) - 1)
	})
}

// cells visits the lists of the cells within margins of a line, row by row.
func (b *buckets) cells(p, q corner, wide, high int64, visit func(slot uint64)) {
	if p.y > q.y {
		p, q = q, p
	}
	south, north := int64(p.y), int64(q.y)
	for row := (south - high) >> b.shift; row <= (north+high)>>b.shift; row++ {
		west, east := float64(p.x), float64(q.x)
		if north > south {
			slope := (east - west) / float64(north-south)
			low := max(south, row<<b.shift-high) - south
			top := min(north, (row+1)<<b.shift+high) - south
			west, east = west+slope*float64(low), west+slope*float64(top)
		}
		first := (int64(min(west, east)) - wide - 1) >> b.shift
		last := (int64(max(west, east)) + wide + 1) >> b.shift
		for column := first; column <= last; column++ {
			visit(uint64(column*0x3C6EF372FE94F82B^row*0x1B873593CC9E2D51) * 0x9E3779B97F4A7C15 >> 32 & uint64(len(b.heads)-1))
		}
	}
}
