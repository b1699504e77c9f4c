package hierarchy

// blockShift says how many vertices, as a power of two, share a block of
// weights: the unit that a partial customization copies. Blocks of 256
// vertices hold about 1,000 arcs, 4 kB a direction.
const (
	blockShift = 8
	blockMask  = 1<<blockShift - 1
)

// Metric is a Skeleton with weights: for each arc from v up to y, the least
// weight of a way from v to y, and from y to v, over vertices below v. It is
// immutable and safe for use by many goroutines. Weights lie in blocks of
// vertices, which metrics made by With share.
type Metric struct {
	skeleton *Skeleton
	up, down [][]uint32 // by block, then arc; up is from the lower end to the upper
}

// blocks cuts weights of all arcs into blocks.
func (s *Skeleton) blocks(weights []uint32) [][]uint32 {
	n := len(s.rank)
	list := make([][]uint32, 0, n>>blockShift+1)
	for from := 0; from < n; from += 1 << blockShift {
		start, end := s.first[from], s.first[min(from+1<<blockShift, n)]
		list = append(list, weights[start:end:end])
	}
	return list
}

// Skeleton is what the metric was made on.
func (m *Metric) Skeleton() *Skeleton { return m.skeleton }

// outward gives the weights along the direction of a search that climbs: from
// the lower end of each arc or, in reverse, towards it. The other ones are for
// the way down.
func (m *Metric) outward(reverse bool) (climb, fall [][]uint32) {
	if reverse {
		return m.down, m.up
	}
	return m.up, m.down
}

// of gives the weights of v's arcs.
func (s *Skeleton) of(side [][]uint32, v uint32) []uint32 {
	from := s.first[v&^blockMask]
	return side[v>>blockShift][s.first[v]-from : s.first[v+1]-from]
}

// Bytes is the memory that the metric takes, what it shares with others
// included.
func (m *Metric) Bytes() int {
	const sliceHeader = 24
	return 8*len(m.skeleton.upper) + sliceHeader*(len(m.up)+len(m.down))
}
