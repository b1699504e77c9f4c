package synthetic_test

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"hash"
	"testing"

	"pgregory.net/rapid"

	"quanyu/spatial/network"
	"quanyu/spatial/network/synthetic"
)

func generate(t require, seed uint64, junctions int) *synthetic.Map {
	t.Helper()
	m, err := synthetic.Generate(seed, junctions)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// require is what *testing.T and *rapid.T share.
type require interface {
	Helper()
	Fatal(...any)
	Fatalf(string, ...any)
}

// digest is a hash of all that a map says.
func digest(m *synthetic.Map) string {
	h := sha256.New()
	for _, w := range m.Source.Ways {
		put(h, w.ID, int64(w.Class), int64(w.Surface), int64(w.Forward), int64(w.Backward), int64(network.SpeedOf(w.MaxSpeedKMH)), int64(len(w.Refs)))
		put(h, w.Refs...)
	}
	for id := range int64(m.Nodes()) {
		p, _ := m.Coordinate(id)
		fmt.Fprintf(h, "%.7f %.7f\n", p[0], p[1])
	}
	fmt.Fprintf(h, "%v\n%v\n%v\n", m.Source.Restrictions, m.Source.Barriers, m.Towns)
	return hex.EncodeToString(h.Sum(nil))
}

func put(h hash.Hash, values ...int64) {
	for _, v := range values {
		_ = binary.Write(h, binary.LittleEndian, v) // a hash takes all
	}
}

// TestSameArgumentsSameMap holds the map of one seed to its hash, too: a
// benchmark's figures can be compared only over the same map.
func TestSameArgumentsSameMap(t *testing.T) {
	const want = "97e9df6229405b60975464baaae642fb322f404e9a19ae44a155d61a10dc8f3f"
	first := digest(generate(t, 1, 3000))
	if again := digest(generate(t, 1, 3000)); again != first {
		t.Errorf("the second map differs: %s and %s", first, again)
	}
	if other := digest(generate(t, 2, 3000)); other == first {
		t.Error("another seed gives the same map")
	}
	if first != want {
		t.Errorf("the map of seed 1 is %s; figures measured on it before no longer compare", first)
	}
}

func TestSizesOutOfRangeAreErrors(t *testing.T) {
	for _, n := range []int{-1, 0, synthetic.MinJunctions - 1, synthetic.MaxJunctions + 1} {
		if _, err := synthetic.Generate(1, n); err == nil {
			t.Errorf("%d junctions: no error", n)
		}
	}
}

// TestAnyMapIsSound: whatever the seed and size, junctions are as many as
// wanted, nodes lie within the extent, ways pass known nodes, and turns are
// restricted and barriers set at nodes of roads.
func TestAnyMapIsSound(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		wanted := rapid.IntRange(synthetic.MinJunctions, 8000).Draw(t, "junctions")
		m := generate(t, rapid.Uint64().Draw(t, "seed"), wanted)
		for id := range int64(m.Nodes()) {
			if p, _ := m.Coordinate(id); p[0] < 73 || p[0] > 135 || p[1] < 18 || p[1] > 53 {
				t.Fatalf("node %d lies at %v", id, p)
			}
		}
		next := neighbours(t, m)
		for _, r := range m.Source.Restrictions {
			for i := 1; i < len(r.Path); i++ {
				if !next[[2]int64{r.Path[i-1], r.Path[i]}] {
					t.Fatalf("restriction %v runs along no road", r)
				}
			}
		}
		for _, b := range m.Source.Barriers {
			if _, found := m.Coordinate(b.Node); !found || b.Blocked == 0 {
				t.Fatalf("barrier %v blocks nothing", b)
			}
		}
		if got := built(t, m).NumVertices(); got < wanted*95/100 || got > wanted*105/100 {
			t.Fatalf("%d junctions, wanted %d", got, wanted)
		}
	})
}

// neighbours are the pairs of nodes that follow each other on a way, both ways
// round.
func neighbours(t require, m *synthetic.Map) map[[2]int64]bool {
	next := map[[2]int64]bool{}
	for _, w := range m.Source.Ways {
		if len(w.Refs) < 2 || w.Forward|w.Backward == 0 {
			t.Fatalf("way %+v is no road", w)
		}
		for i, n := range w.Refs {
			if _, found := m.Coordinate(n); !found {
				t.Fatalf("way %d passes node %d, which is nowhere", w.ID, n)
			}
			if i > 0 {
				next[[2]int64{w.Refs[i-1], n}], next[[2]int64{n, w.Refs[i-1]}] = true, true
			}
		}
	}
	return next
}

func built(t require, m *synthetic.Map) *network.Graph {
	t.Helper()
	g, report, err := network.Build(m.Source, m.Coordinate)
	if err != nil {
		t.Fatal(err)
	}
	if len(report.Dropped) > 0 {
		t.Fatalf("dropped: %v", report.Dropped)
	}
	return g
}
