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
	seen := 0
	c := cursor{data: data}
	for field, ok := c.next(); ok; field, ok = c.next() {
		switch field {
		case 1:
			id, seen = c.signed(), seen|1
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
	x, y := b.degrees(lon, lat)
	o.node(id, x, y)
	return nil
}

// denseNodes reads a DenseNodes message: three lists of differences.
func (b *block) denseNodes(data []byte, o *objects) error {
	var ids, lats, lons cursor
	c := cursor{data: data}
	for field, ok := c.next(); ok; field, ok = c.next() {
		switch field {
		case 1:
			ids = cursor{data: c.bytes()}
		case 8:
			lats = cursor{data: c.bytes()}
		case 9:
			lons = cursor{data: c.bytes()}
		default:
			c.skip()
		}
	}
	if c.err != nil {
		return c.within("dense nodes")
	}
	var id, lat, lon int64
	for ids.more() && lats.more() && lons.more() {
		id += zigzag(ids.number())
		lat += zigzag(lats.number())
		lon += zigzag(lons.number())
		if ids.err != nil || lats.err != nil || lons.err != nil {
			break
		}
		x, y := b.degrees(lon, lat)
		o.node(id, x, y)
	}
	for _, list := range []*cursor{&ids, &lats, &lons} {
		if list.err != nil {
			return fmt.Errorf("dense nodes: %w", list.err)
		}
		if list.more() {
			return errors.New("dense nodes: the lists of ids, latitudes and longitudes differ in length")
		}
	}
	return nil
}
