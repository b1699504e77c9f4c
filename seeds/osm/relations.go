package osm

import (
	"errors"
	"fmt"
)

// relation reads a Relation message. Its members are decoded on demand: those
// of a national park or a bus line are many, and of no use here.
func (b *block) relation(data []byte, o *objects) error {
	var id int64
	var keys, values, roles, refs, kinds []byte
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
			roles = c.bytes()
		case 9:
			refs = c.bytes()
		case 10:
			kinds = c.bytes()
		default:
			c.skip()
		}
	}
	if c.err != nil {
		return c.within("relation")
	}
	o.see(kindRelation, id)
	var err error
	if o.tags, err = b.tags(keys, values, o.tags); err == nil {
		err = o.relation(id, o.tags, func() ([]member, error) {
			o.members, err = b.members(roles, refs, kinds, o.members)
			return o.members, err
		})
	}
	if err != nil {
		return fmt.Errorf("relation %d: %w", id, err)
	}
	return nil
}

func (b *block) members(roles, refs, kinds []byte, into []member) ([]member, error) {
	into = into[:0]
	role, ref, kind := cursor{data: roles}, cursor{data: refs}, cursor{data: kinds}
	id := int64(0)
	for role.more() && ref.more() && kind.more() {
		r, d, k := role.number(), ref.number(), kind.number()
		if role.err != nil || ref.err != nil || kind.err != nil {
			break
		}
		if r >= uint64(len(b.strings)) || k > kindRelation {
			return into, fmt.Errorf("a member has kind %d and a role that is string %d of a table of %d", k, r, len(b.strings))
		}
		id += zigzag(d)
		into = append(into, member{kind: int(k), ref: id, role: b.strings[r]})
	}
	if err := errors.Join(role.err, ref.err, kind.err); err != nil {
		return into, err
	}
	if role.more() || ref.more() || kind.more() {
		return into, errors.New("the lists of members, their kinds and roles differ in length")
	}
	return into, nil
}
