package osm

import (
	"errors"
	"fmt"
)

// tags are the attributes of one object. Values share the block's memory and
// are valid only until the next object.
type tags []tag

type tag struct{ key, value []byte }

// get gives the value of a key, "" when it is absent.
func (t tags) get(key string) string {
	for _, tag := range t {
		if string(tag.key) == key {
			return string(tag.value)
		}
	}
	return ""
}

// first gives the value of the first of the keys that is present.
func (t tags) first(keys ...string) string {
	for _, key := range keys {
		if v := t.get(key); v != "" {
			return v
		}
	}
	return ""
}

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
	var err error
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

// relation reads id and tags of a Relation message; members are not needed.
func (b *block) relation(data []byte, o *objects) error {
	var id int64
	var keys, values []byte
	c := cursor{data: data}
	for field, ok := c.next(); ok; field, ok = c.next() {
		switch field {
		case 1:
			id = int64(c.varint())
		case 2:
			keys = c.bytes()
		case 3:
			values = c.bytes()
		default:
			c.skip()
		}
	}
	if c.err != nil {
		return c.within("relation")
	}
	var err error
	if o.tags, err = b.tags(keys, values, o.tags); err != nil {
		return fmt.Errorf("relation %d: %w", id, err)
	}
	o.relation(id, o.tags)
	return nil
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
