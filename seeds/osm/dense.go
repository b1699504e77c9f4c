package osm

import (
	"errors"
	"fmt"
)

// denseLists are the lists of a DenseNodes message: differences of ids and
// coordinates, and the tags of all nodes in a row, each node's ended by a 0.
type denseLists struct{ ids, lats, lons, tags cursor }

// denseNodes reads a DenseNodes message.
func (b *block) denseNodes(data []byte, o *objects) error {
	var lists denseLists
	c := cursor{data: data}
	for field, ok := c.next(); ok; field, ok = c.next() {
		switch field {
		case 1:
			lists.ids = cursor{data: c.bytes()}
		case 8:
			lists.lats = cursor{data: c.bytes()}
		case 9:
			lists.lons = cursor{data: c.bytes()}
		case 10:
			lists.tags = cursor{data: c.bytes()}
		default:
			c.skip()
		}
	}
	if c.err != nil {
		return c.within("dense nodes")
	}
	if o.node == nil {
		return lists.seeIDs(o)
	}
	if !b.barriers {
		lists.tags = cursor{}
	}
	return b.locateDense(&lists, o)
}

// seeIDs decodes nothing but the ids.
func (l *denseLists) seeIDs(o *objects) error {
	var id int64
	for l.ids.more() {
		id += zigzag(l.ids.number())
		if l.ids.err == nil {
			o.see(kindNode, id)
		}
	}
	if l.ids.err != nil {
		return fmt.Errorf("dense nodes: %w", l.ids.err)
	}
	return nil
}

func (b *block) locateDense(l *denseLists, o *objects) error {
	var id, lat, lon int64
	tagged := l.tags.more()
	for l.ids.more() && l.lats.more() && l.lons.more() {
		id += zigzag(l.ids.number())
		lat += zigzag(l.lats.number())
		lon += zigzag(l.lons.number())
		if l.ids.err != nil || l.lats.err != nil || l.lons.err != nil {
			break
		}
		o.tags = o.tags[:0]
		if tagged {
			var err error
			if o.tags, err = b.denseTags(&l.tags, o.tags); err != nil {
				return fmt.Errorf("node %d: %w", id, err)
			}
		}
		o.see(kindNode, id)
		x, y := b.degrees(lon, lat)
		o.node(id, x, y, o.tags)
	}
	for _, list := range []*cursor{&l.ids, &l.lats, &l.lons} {
		if list.err != nil {
			return fmt.Errorf("dense nodes: %w", list.err)
		}
		if list.more() {
			return errors.New("dense nodes: the lists of ids, latitudes and longitudes differ in length")
		}
	}
	return nil
}

// denseTags reads the tags of the next node.
func (b *block) denseTags(list *cursor, into tags) (tags, error) {
	for {
		key := list.number()
		if key == 0 || list.err != nil {
			return into, list.err
		}
		value := list.number()
		if list.err != nil {
			return into, list.err
		}
		if key >= uint64(len(b.strings)) || value >= uint64(len(b.strings)) {
			return into, fmt.Errorf("a tag refers to string %d of a table of %d", max(key, value), len(b.strings))
		}
		into = append(into, tag{b.strings[key], b.strings[value]})
	}
}
