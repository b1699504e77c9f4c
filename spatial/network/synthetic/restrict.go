package synthetic

import "quanyu/spatial/network"

// restrictedShare is the part of the crossings of larger streets at which some
// turn is not allowed.
const restrictedShare = 0.3

// restrict forbids a turn, or asks for one, at some crossings.
func (g *generator) restrict() {
	chosen := map[int64][]int64{} // the nodes next to each
	var order []int64
	for _, n := range g.corners {
		if _, twice := chosen[n]; !twice && g.chance(restrictedShare) {
			chosen[n] = nil
			order = append(order, n)
		}
	}
	for _, w := range g.ways[:g.townWays] {
		for i, n := range w.Refs {
			beside, found := chosen[n]
			if !found {
				continue
			}
			if i > 0 {
				beside = append(beside, w.Refs[i-1])
			}
			if i < len(w.Refs)-1 {
				beside = append(beside, w.Refs[i+1])
			}
			chosen[n] = beside
		}
	}
	for _, n := range order {
		if len(chosen[n]) >= 3 {
			g.restrictAt(n, chosen[n])
		}
	}
}

// restrictAt forbids to turn from one road into another, or back; one in four
// allows that turn only.
func (g *generator) restrictAt(n int64, beside []int64) {
	from, to := beside[g.random.IntN(len(beside))], beside[g.random.IntN(len(beside))]
	g.restrictions = append(g.restrictions, network.Restriction{
		ID: int64(len(g.restrictions)), Path: []int64{from, n, to},
		Only: from != to && g.chance(0.25), Modes: network.Car,
	})
}
