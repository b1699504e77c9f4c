package reach

import (
	"context"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/paulmach/orb"

	"quanyu/spatial"
)

// someRoads are random walks about a place, and single places.
func someRoads(random *rand.Rand, lon, lat float64, detail spatial.Meters, n int) []Part {
	size := float64(detail) / 111_000
	var parts []Part
	for range n {
		at := orb.Point{lon + random.NormFloat64()*size*4, lat + random.NormFloat64()*size*4}
		part := Part{at}
		way := random.Float64() * 2 * math.Pi
		for range random.IntN(12) {
			way += random.NormFloat64() * 0.6
			step := random.Float64() * size * []float64{0.05, 0.3, 3}[random.IntN(3)]
			at = orb.Point{at[0] + step*math.Cos(way)/math.Cos(lat*radians), at[1] + step*math.Sin(way)}
			part = append(part, at)
		}
		parts = append(parts, part)
	}
	return parts
}

// Leaving out work, sharing it among threads and the order of roads change
// not a byte.
func TestSameBytesHoweverDrawn(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	for i := range 40 {
		detail := []spatial.Meters{10, 60, 100, 700}[i%4]
		parts := someRoads(random, 104, float64(i*4-78), detail, 60)
		draw := func(threads int, prune bool) Area {
			a, err := outline(context.Background(), slices.Values(parts), detail, threads, prune)
			if err != nil {
				t.Fatal(err)
			}
			return a
		}
		want := draw(1, false)
		if len(want.Polygon) == 0 {
			t.Fatal("nothing drawn")
		}
		same := func(what string, got Area) {
			if got.SquareMeters != want.SquareMeters || got.ClosedHoles != want.ClosedHoles || !slices.EqualFunc(got.Polygon, want.Polygon, orb.Polygon.Equal) {
				t.Errorf("%s gives another outline", what)
			}
		}
		same("pruning", draw(1, true))
		same("many threads", draw(7, true))
		random.Shuffle(len(parts), func(i, j int) { parts[i], parts[j] = parts[j], parts[i] })
		same("another order", draw(2, true))
	}
}

// Nor does it matter how many threads thin the areas of growing sets of roads,
// also where the tolerance is so wide that chords are in one another's way.
func TestThinningIsTheSameOnAnyNumberOfThreads(t *testing.T) {
	random := rand.New(rand.NewPCG(5, 6))
	for i := range 8 {
		parts := someRoads(random, 104, float64(i*15-60), 100, 900)
		var areas []Area
		for _, n := range []int{300, 600, 900} {
			a, err := outline(context.Background(), slices.Values(parts[:n]), 100, 2, true)
			if err != nil {
				t.Fatal(err)
			}
			areas = append(areas, a)
		}
		for _, tolerance := range []spatial.Meters{0.5, 20} {
			var want []Area
			for _, threads := range []int{1, 2, 7} {
				got, err := thin(context.Background(), areas, tolerance, threads)
				if err != nil {
					t.Fatal(err)
				}
				if want == nil {
					want = got
				}
				for k := range areas {
					if got[k].SquareMeters != want[k].SquareMeters || !slices.EqualFunc(got[k].Polygon, want[k].Polygon, orb.Polygon.Equal) {
						t.Errorf("%d threads thin area %d to %v m otherwise", threads, k, tolerance)
					}
				}
			}
		}
	}
}

// What tiles say of nodes and sides is what the intervals of all pieces of
// road on each grid line do, worked out one by one.
func TestTilesAreCoveredAsThePlainWay(t *testing.T) {
	random := rand.New(rand.NewPCG(3, 4))
	partly, wholly := 0, 0
	for i := range 30 {
		detail := []spatial.Meters{10, 100, 900}[i%3]
		g := newGrid(detail)
		c, err := cut(g, slices.Values(someRoads(random, -60, float64(i*5-75), detail, 25)))
		if err != nil {
			t.Fatal(err)
		}
		g.widen()
		v, err := newVisits(c)
		if err != nil {
			t.Fatal(err)
		}
		tile := newTile()
		for row := range len(v.starts) - 1 {
			list := v.list[v.starts[row]:v.starts[row+1]]
			if len(list) == 0 {
				continue
			}
			s := newStrip(g, v.first+row)
			s.enter(tile)
			tiles(list, func(column int, here []uint32) {
				tile.west = float64(column * span)
				if !tile.cover(c, here, true) {
					return
				}
				a, b := compareWithPlain(t, c, tile)
				partly, wholly = partly+a, wholly+b
			})
		}
	}
	if partly < 10_000 || wholly < 10_000 {
		t.Errorf("only %d sides are covered in part and %d wholly; the test proves little", partly, wholly)
	}
}

func compareWithPlain(t *testing.T, c *cutter, tile *tile) (partly, wholly int) {
	t.Helper()
	var rows, columns [nodes][]interval
	for k := range nodes {
		rows[k] = plainLine(c, tile.south+float64(k), false)
		columns[k] = plainLine(c, tile.west+float64(k), true)
	}
	holds := func(list []interval, x float64) (interval, bool) {
		for _, one := range list {
			if one.from <= x && x <= one.to {
				return one, true
			}
		}
		return interval{}, false
	}
	side := func(what string, list []interval, x float64, in, next bool, whole uint64, ahead int) {
		if !in {
			return
		}
		one, _ := holds(list, x)
		end := min(unit, int((one.to-x)*unit))
		want := min(unit-int(tile.coarse[0]), max(int(tile.coarse[0]), (end+int(tile.coarse[0])/2)/int(tile.coarse[0])*int(tile.coarse[0])))
		if end == unit && next {
			wholly++
			if whole&1 == 0 {
				t.Errorf("%s at %v: not covered all along", what, x)
			}
		} else if partly++; whole&1 == 0 && ahead != want {
			t.Errorf("%s at %v: %d units are covered, want %d", what, x, ahead, want)
		}
	}
	for j := range nodes {
		for i := range nodes {
			_, acrossIn := holds(rows[j], tile.west+float64(i))
			_, upIn := holds(columns[i], tile.south+float64(j))
			in := acrossIn && upIn
			if got := tile.inside[j]>>i&1 != 0; got != in {
				t.Fatalf("node %d, %d is covered: %v, want %v", i, j, got, in)
			}
			if i < span {
				_, next := holds(rows[j], tile.west+float64(i+1))
				side("row", rows[j], tile.west+float64(i), in, next, tile.rowSide[j]>>i, tile.share(at(i, j, east)))
			}
			if j < span {
				_, next := holds(columns[i], tile.south+float64(j+1))
				side("column", columns[i], tile.south+float64(j), in, next, tile.columnSide[j]>>i, tile.share(at(i, j, north)))
			}
		}
	}
	return partly, wholly
}

type interval struct{ from, to float64 }

// plainLine is what all pieces of road cover of a grid line, joined where they
// meet; of a column where turned.
func plainLine(c *cutter, y float64, turned bool) []interval {
	var list []interval
	for _, s := range c.stretches {
		places := c.placesOf(&s)
		for i := range places {
			a, b := places[max(i-1, 0)], places[i]
			if turned {
				a, b = place{a.y, a.x}, place{b.y, b.x}
			}
			if one, found := plainInterval(a, b, s.radius, y); found {
				list = append(list, one)
			}
		}
	}
	slices.SortFunc(list, func(a, b interval) int {
		if a.from < b.from {
			return -1
		}
		return 1
	})
	var joined []interval
	for _, one := range list {
		if last := len(joined) - 1; last >= 0 && one.from <= joined[last].to {
			joined[last].to = max(joined[last].to, one.to)
		} else {
			joined = append(joined, one)
		}
	}
	return joined
}

// plainInterval is the stretch of a line of constant y within radius of the
// line from a to b: that in the discs about a and b, and in the rectangle
// along the line.
func plainInterval(a, b place, radius, y float64) (interval, bool) {
	from, to := math.Inf(1), math.Inf(-1)
	for _, p := range []place{a, b} {
		if dy := y - p.y; math.Abs(dy) <= radius {
			half := math.Sqrt(radius*radius - dy*dy)
			from, to = min(from, p.x-half), max(to, p.x+half)
		}
	}
	dx, dy := b.x-a.x, b.y-a.y
	length := math.Hypot(dx, dy)
	low, high := math.Inf(-1), math.Inf(1)
	clip := func(slope, from, to float64) { // from <= (x-a.x)*slope <= to
		switch {
		case slope > 0:
			low, high = max(low, from/slope), min(high, to/slope)
		case slope < 0:
			low, high = max(low, to/slope), min(high, from/slope)
		case from > 0 || to < 0:
			high = math.Inf(-1)
		}
	}
	up := y - a.y
	clip(dx, -up*dy, length*length-up*dy)              // beside the line
	clip(dy, up*dx-radius*length, up*dx+radius*length) // and near it
	if length > 0 && low <= high {
		from, to = min(from, a.x+low), max(to, a.x+high)
	}
	return interval{from, to}, from <= to
}
