package hierarchy

import (
	"context"
	"errors"
	"math/rand/v2"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// weightsOf copies all weights of a metric, up then down.
func (m *Metric) weightsOf() []uint32 {
	return append(slices.Concat(m.up...), slices.Concat(m.down...)...)
}

// TestCustomizationDoesNotDependOnWorkers: the bytes of 1, 2 and 7 are the
// same.
func TestCustomizationDoesNotDependOnWorkers(t *testing.T) {
	check := func(t errorer, g *roads) {
		s := g.skeleton(t)
		alone, err := s.customizeWith(context.Background(), g.weights, 1)
		must(t, err)
		for _, workers := range []int{2, 7} {
			many, err := s.customizeWith(context.Background(), g.weights, workers)
			must(t, err)
			if !slices.Equal(alone.weightsOf(), many.weightsOf()) {
				t.Fatalf("%d workers customize otherwise than one", workers)
			}
		}
	}
	check(t, roadGrid(100, 2))
	rapid.Check(t, func(t *rapid.T) { check(t, drawGraph(t)) })
}

// TestChangesEqualCustomization: after any chain of changes, the metric is
// that of a customization from scratch, and the ones before are what they
// were.
func TestChangesEqualCustomization(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		g := drawGraph(t)
		random := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "changes"), 3))
		most := rapid.SampledFrom([]uint32{3, 1000, Never}).Draw(t, "most")
		checkChanges(t, g, random, 6, func() ([]uint32, func(uint32) uint32) {
			var changed []uint32
			for range min(len(g.tail), 1+random.IntN(6)) {
				changed = append(changed, uint32(random.IntN(len(g.tail))))
			}
			return changed, func(uint32) uint32 { return drawWeight(random, most) }
		})
	})
}

// TestChangesOnARoadGrid does the same where changes run far up: closures of
// whole streets, repairs, slower and faster ones.
func TestChangesOnARoadGrid(t *testing.T) {
	g := roadGrid(80, 4)
	random := rand.New(rand.NewPCG(8, 8))
	base := slices.Clone(g.weights)
	kind := 0
	checkChanges(t, g, random, 12, func() ([]uint32, func(uint32) uint32) {
		var changed []uint32
		for range 60 {
			i := uint32(random.IntN(len(g.tail)))
			changed = append(changed, i, i^1)
		}
		kind++
		return changed, func(i uint32) uint32 {
			return []uint32{Never, base[i], base[i] * 3, base[i]/2 + 1}[kind%4]
		}
	})
}

func checkChanges(t errorer, g *roads, random *rand.Rand, rounds int, draw func() ([]uint32, func(uint32) uint32)) {
	s := g.skeleton(t)
	ctx := context.Background()
	m, err := s.Customize(ctx, g.weights)
	must(t, err)
	for range rounds {
		before := m.weightsOf()
		changed, weight := draw()
		for _, i := range changed {
			g.weights[i] = weight(i)
		}
		next, err := m.With(changed, func(i uint32) uint32 { return g.weights[i] })
		must(t, err)
		scratch, err := s.Customize(ctx, g.weights)
		must(t, err)
		if !slices.Equal(next.weightsOf(), scratch.weightsOf()) {
			t.Fatalf("after a change of %v the metric is not that of a customization", changed)
		}
		if !slices.Equal(before, m.weightsOf()) {
			t.Fatalf("a change of %v reached the metric before", changed)
		}
		m = next
	}
}

// TestNoChangeSharesAllBlocks: a metric of no change takes no new weights.
func TestNoChangeSharesAllBlocks(t *testing.T) {
	g := roadGrid(40, 1)
	m := g.metric(t)
	all := make([]uint32, len(g.tail))
	for i := range all {
		all[i] = uint32(i)
	}
	same, err := m.With(all, func(i uint32) uint32 { return g.weights[i] })
	must(t, err)
	for b := range m.up {
		if len(m.up[b]) > 0 && (&m.up[b][0] != &same.up[b][0] || &m.down[b][0] != &same.down[b][0]) {
			t.Errorf("block %d was copied", b)
		}
	}
}

func TestCustomizationStops(t *testing.T) {
	g := roadGrid(30, 1)
	s := g.skeleton(t)
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := s.Customize(ctx, g.weights); !errors.Is(err, context.Canceled) {
		t.Errorf("customization: %v", err)
	}
	if _, err := Order(ctx, g.n, g.tail, g.head, g.lon, g.lat, nil); !errors.Is(err, context.Canceled) {
		t.Errorf("order: %v", err)
	}
	if _, err := g.metric(t).Table(ctx, [][]Seed{{{0, 0}}}, [][]Seed{{{1, 0}}}); !errors.Is(err, context.Canceled) {
		t.Errorf("table: %v", err)
	}
}
