package osm

import (
	"errors"
	"fmt"
)

// plausible keeps sums and products of coordinates inside 64 bits.
func plausible(v int64) bool { return v > -1e12 && v < 1e12 }

// degrees converts stored units to 1e-7 degrees, rounded to the nearest.
func (b *block) degrees(lon, lat int64) (int32, int32) {
	if !plausible(lon) || !plausible(lat) {
		return outside, outside
	}
	lon, lat = b.lon+b.granularity*lon, b.lat+b.granularity*lat
	if lon < -180e9 || lon > 180e9 || lat < -90e9 || lat > 90e9 {
		return outside, outside
	}
	return round100(lon), round100(lat)
}

func round100(v int64) int32 {
	if v < 0 {
		return int32((v - 50) / 100)
	}
	return int32((v + 50) / 100)
}

// plainNode reads a Node message: one node, its coordinates in full.
func (b *block) plainNode(data []byte, o *objects) error {
	var id, lat, lon int64
	var keys, values []byte
	seen := 0
	c := cursor{data: data}
	for field, ok := c.next(); ok; field, ok = c.next() {
		switch field {
		case 1:
			id, seen = c.signed(), seen|1
		case 2:
			keys = c.bytes()
		case 3:
			values = c.bytes()
		case 8:
			lat, seen = c.signed(), seen|2
		case 9:
			lon, seen = c.signed(), seen|4
		default:
			c.skip()
		}
	}
	if c.err != nil {
		return c.within("node")
	}
	if seen != 7 {
		return errors.New("node: id, latitude or longitude is missing")
	}
	o.see(kindNode, id)
	if o.node == nil {
		return nil
	}
	o.tags = o.tags[:0]
	if b.barriers {
		var err error
		if o.tags, err = b.tags(keys, values, o.tags); err != nil {
			return fmt.Errorf("node %d: %w", id, err)
		}
	}
	x, y := b.degrees(lon, lat)
	o.node(id, x, y, o.tags)
	return nil
}
