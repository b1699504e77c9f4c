package coverage

import (
	"quanyu/spatial"
	"quanyu/spatial/network"
)

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
