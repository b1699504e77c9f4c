package osm

import (
	"errors"
	"fmt"
	"slices"
)

// way reads a Way message. Unlike most numbers of the format its id is not
// zigzag coded.
func (b *block) way(data []byte, o *objects) error {
	var id int64
	var keys, values, refs []byte
	c := cursor{data: data}
	for field, ok := c.next(); ok; field, ok = c.next() {
		switch field {
		case 1:
			id = int64(c.varint())
		case 2:
			keys = c.bytes()
		case 3:
			values = c.bytes()
		case 8:
			refs = c.bytes()
		default:
			c.skip()
		}
	}
	if c.err != nil {
		return c.within("way")
	}
	o.see(kindWay, id)
	road, err := b.hasRoadKey(keys)
	if err != nil {
		return fmt.Errorf("way %d: %w", id, err)
	}
	if !road {
		return nil
	}
	if o.tags, err = b.tags(keys, values, o.tags); err != nil {
		return fmt.Errorf("way %d: %w", id, err)
	}
	o.refs = o.refs[:0]
	list, ref := cursor{data: refs}, int64(0)
	for list.more() {
		ref += zigzag(list.number())
		o.refs = append(o.refs, ref)
	}
	if list.err != nil {
		return fmt.Errorf("way %d: %w", id, list.err)
	}
	o.way(id, o.tags, o.refs)
	return nil
}

// hasRoadKey tells whether one of the keys is a road's, without a look at the
// values: half of the ways of an extract are buildings.
func (b *block) hasRoadKey(keys []byte) (bool, error) {
	for k := (cursor{data: keys}); ; {
		if !k.more() {
			return false, k.err
		}
		key := k.number()
		if k.err == nil && key >= uint64(len(b.strings)) {
			return false, fmt.Errorf("a tag refers to string %d of a table of %d", key, len(b.strings))
		}
		if k.err == nil && slices.Contains(b.roadKeys, key) {
			return true, nil
		}
	}
}

func (b *block) tags(keys, values []byte, into tags) (tags, error) {
	into = into[:0]
	k, v := cursor{data: keys}, cursor{data: values}
	for k.more() && v.more() {
		key, value := k.number(), v.number()
		if k.err != nil || v.err != nil {
			break
		}
		if key >= uint64(len(b.strings)) || value >= uint64(len(b.strings)) {
			return into, fmt.Errorf("a tag refers to string %d of a table of %d", max(key, value), len(b.strings))
		}
		into = append(into, tag{b.strings[key], b.strings[value]})
	}
	if err := errors.Join(k.err, v.err); err != nil {
		return into, err
	}
	if k.more() || v.more() {
		return into, errors.New("the lists of tag keys and values differ in length")
	}
	return into, nil
}
