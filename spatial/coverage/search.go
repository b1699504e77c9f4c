package coverage

import (
	"github.com/paulmach/orb"

	"quanyu/spatial"
	"quanyu/spatial/network"
)

// snapAll ties points to the road. A point that does not exist gives the zero
// Snap, which is not snapped either.
func snapAll(n int, point func(int) *orb.Point, r Router) []network.Snap {
	snaps := make([]network.Snap, n)
	for i := range n {
		if p := point(i); p != nil {
			snaps[i] = r.Snap(*p)
		}
	}
	return snaps
}

// unsnapped lists the indexes of those that are not on any road.
func unsnapped(snaps []network.Snap) []int {
	off := []int{}
	for i, s := range snaps {
		if s.State != network.Snapped {
			off = append(off, i)
		}
	}
	return off
}

// snapDistance is nil for a point that was not snapped: there is no telling
// how far the next road would be.
func snapDistance(s network.Snap) *spatial.Meters {
	if s.State != network.Snapped {
		return nil
	}
	return &s.Distance
}
