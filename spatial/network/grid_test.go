package network

import (
	"math"
	"testing"

	"github.com/paulmach/orb"
)

// city is a perfect grid on the equator: size by size crossings, a
// thousandth of a degree apart, a street along every row and column. Where
// oneWay is set, even rows run east and odd rows west, even columns north and
// odd columns south.
type city struct {
	size   int
	oneWay bool
}

const block = 0.001

func (c city) places() []orb.Point {
	list := make([]orb.Point, 0, c.size*c.size)
	for y := range c.size {
		for x := range c.size {
			list = append(list, c.at(float64(x), float64(y)))
		}
	}
	return list
}

func (c city) at(x, y float64) orb.Point { return orb.Point{x * block, y * block} }

func (c city) ways() []Way {
	var list []Way
	add := func(line int, ref func(i int) int64) {
		w := bothWays(int64(len(list)))
		for i := range c.size {
			w.Refs = append(w.Refs, ref(i))
		}
		if c.oneWay {
			w.Forward, w.Backward = Car, 0
			if line%2 == 1 {
				w.Forward, w.Backward = 0, Car
			}
		}
		list = append(list, w)
	}
	for y := range c.size {
		add(y, func(x int) int64 { return int64(y*c.size + x) })
	}
	for x := range c.size {
		add(x, func(y int) int64 { return int64(y*c.size + x) })
	}
	return list
}

func (c city) router(t testing.TB) *Router {
	g, _ := build(t, c.ways(), c.places())
	return newRouter(t, g, KindImported, evenProfile())
}

// blocks are the weights of one block eastwards and one northwards: near the
// equator all blocks are alike to the millisecond, which the test asserts.
func (c city) blocks(t *testing.T, r *Router) (x, y int) {
	t.Helper()
	for e := range Edge(r.graph.NumEdges()) {
		from, to := r.graph.Ends(e)
		a, b := r.graph.Point(from), r.graph.Point(to)
		f, w := r.EdgeWeights(e)
		one := &x
		if a[0] == b[0] {
			one = &y
		}
		if *one == 0 {
			*one = int(min(f, w))
		}
		if int(min(f, w)) != *one {
			t.Fatalf("edge %d weighs %d, others %d", e, min(f, w), *one)
		}
	}
	// A thousandth of a degree is about 111 m, 11.1 s at ten metres a second.
	for _, w := range []int{x, y} {
		if math.Abs(float64(w)-11_132) > 100 {
			t.Fatalf("a block takes %d ms", w)
		}
	}
	return x, y
}

func TestGridCityHasItsCrossingsAsVertices(t *testing.T) {
	c := city{size: 9}
	r := c.router(t)
	if v, e := r.graph.NumVertices(), r.graph.NumEdges(); v != 81-4 || e != 2*9*8-4 {
		t.Fatalf("%d vertices and %d edges; the four corners are bends, not crossings", v, e)
	}
}

// TestGridCityManySources compares every crossing with |dx| and |dy| blocks to
// the nearest of its sources, there and back.
func TestGridCityManySources(t *testing.T) {
	c := city{size: 9}
	places, ways := c.places(), c.ways()
	// Spurs keep the corners as vertices, so that every edge is one block.
	for i, corner := range []int{0, 8, 72, 80} {
		places = append(places, orb.Point{places[corner][0] + block*float64(i%2*2-1), places[corner][1]})
		ways = append(ways, bothWays(int64(100+i), int64(corner), int64(81+i)))
	}
	g, _ := build(t, ways, places)
	r := newRouter(t, g, KindImported, evenProfile())
	bx, by := c.blocks(t, r)
	from := [][2]int{{1, 1}, {7, 2}, {4, 8}, {4, 8}}
	var sources, targets []Snap
	for _, s := range from {
		sources = append(sources, r.Snap(c.at(float64(s[0]), float64(s[1]))))
	}
	for i := range 81 {
		targets = append(targets, r.Snap(c.at(float64(i%9), float64(i/9))))
	}
	for _, reverse := range []bool{false, true} {
		for i, reach := range nearestOf(t, r, sources, targets, reverse, NoLimit) {
			want, source := math.MaxInt, -1
			for k, s := range from {
				if d := abs(s[0]-i%9)*bx + abs(s[1]-i/9)*by; d < want {
					want, source = d, k
				}
			}
			if int(reach.Weight) != want || reach.Source != source || reach.State != Reached {
				t.Errorf("crossing %d, reverse %v: %+v, want %d from %d", i, reverse, reach, want, source)
			}
			if meters := float64(reach.Distance); math.Abs(meters*100-float64(want)) > 32 {
				t.Errorf("crossing %d: %v m in %d ms at 10 m/s", i, meters, want)
			}
		}
	}
}

// TestGridCityOneWay: in a city of one-way streets a crossing is reached by
// the fewest blocks along their arrows, which a walk over (x, y) alone finds.
func TestGridCityOneWay(t *testing.T) {
	c := city{size: 8, oneWay: true}
	r := c.router(t)
	snapAt := func(i int) Snap { return r.Snap(c.at(float64(i%8), float64(i/8))) }
	steps := func(start int, reverse bool) []int {
		dist := make([]int, 64)
		for i := range dist {
			dist[i] = -1
		}
		dist[start] = 0
		for queue := []int{start}; len(queue) > 0; queue = queue[1:] {
			x, y := queue[0]%8, queue[0]/8
			dx, dy := 1-2*(y%2), 1-2*(x%2)
			if reverse {
				dx, dy = -dx, -dy
			}
			for _, n := range [][2]int{{x + dx, y}, {x, y + dy}} {
				if at := n[1]*8 + n[0]; n[0] >= 0 && n[0] < 8 && n[1] >= 0 && n[1] < 8 && dist[at] < 0 {
					dist[at] = dist[queue[0]] + 1
					queue = append(queue, at)
				}
			}
		}
		return dist
	}
	for _, start := range []int{9, 18, 45} {
		for _, reverse := range []bool{false, true} {
			want := steps(start, reverse)
			for i := range 64 {
				target := snapAt(i)
				if !target.AtVertex {
					continue // a corner, or not a crossing
				}
				reach := nearestOf(t, r, []Snap{snapAt(start)}, []Snap{target}, reverse, NoLimit)[0]
				blocks := math.Round(float64(reach.Distance) / 111.2)
				if reached := reach.State == Reached; reached != (want[i] >= 0) || reached && int(blocks) != want[i] {
					t.Errorf("%d to %d, reverse %v: %+v, want %d blocks", start, i, reverse, reach, want[i])
				}
			}
		}
	}
}

// TestGridCityBounded: within seven blocks lie the crossings of a diamond.
func TestGridCityBounded(t *testing.T) {
	c := city{size: 21}
	r := c.router(t)
	bx, _ := c.blocksOfInner(t, r)
	limit := Weight(7*bx + bx/2)
	centre := []Snap{r.Snap(c.at(10, 10))}
	inside := 0
	for y := 1; y < 20; y++ {
		for x := 1; x < 20; x++ {
			reach := nearestOf(t, r, centre, []Snap{r.Snap(c.at(float64(x), float64(y)))}, false, limit)[0]
			want := Beyond
			if abs(x-10)+abs(y-10) <= 7 {
				want = Reached
				inside++
			}
			if reach.State != want {
				t.Errorf("(%d, %d) is %s, want %s", x, y, reach.State, want)
			}
		}
	}
	if inside != 2*7*8+1 {
		t.Errorf("%d crossings in a diamond of radius 7", inside)
	}
}

// blocksOfInner is the weight of one block from the centre, east and north.
func (c city) blocksOfInner(t *testing.T, r *Router) (x, y int) {
	mid := float64(c.size / 2)
	targets := []Snap{r.Snap(c.at(mid+1, mid)), r.Snap(c.at(mid, mid+1))}
	list := nearestOf(t, r, []Snap{r.Snap(c.at(mid, mid))}, targets, false, NoLimit)
	return int(list[0].Weight), int(list[1].Weight)
}

func abs(v int) int { return max(v, -v) }
