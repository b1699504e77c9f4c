package synthetic

import "testing"

// TestTownsHaveTheirJunctions: the streets of a town have about as many as
// its blocks are counted for, and no two towns overlap.
func TestTownsHaveTheirJunctions(t *testing.T) {
	g := newGenerator(5, 100_000)
	g.placeTowns(30_000)
	for i := range g.towns {
		town := &g.towns[i]
		from := len(g.places)
		g.streets(town)
		got := 0
		for _, d := range g.degrees()[from:] {
			if d > 0 && d != 2 {
				got++
			}
		}
		if want := town.blocks * junctionsPerBlock; got < want*8/10 || got > want*12/10+10 {
			t.Errorf("a town of %d blocks has %d junctions, not about %d", town.blocks, got, want)
		}
		for _, other := range g.towns[:i] {
			if town.center.to(other.center) < town.radius+other.radius {
				t.Errorf("towns %d and %d overlap", i, other.rank)
			}
		}
	}
}
