package network

// hilbert is the place of a coordinate along a Hilbert curve over the whole
// range of 32-bit coordinates (Hilbert 1891; the turning of quadrants as in
// Warren, Hacker's Delight, chapter 16). Neighbours along the curve are
// neighbours on the ground.
func hilbert(c coordinate) uint64 {
	x := uint32(c.lon) ^ 1<<31 // signed to unsigned, order kept
	y := uint32(c.lat) ^ 1<<31
	var d uint64
	for s := uint32(1) << 31; s > 0; s >>= 1 {
		rx, ry := x&s != 0, y&s != 0
		d <<= 2
		switch {
		case rx && ry:
			d |= 2
		case rx:
			d |= 3
		case ry:
			d |= 1
		}
		if !ry {
			if rx {
				x, y = ^x, ^y
			}
			x, y = y, x
		}
	}
	return d
}
