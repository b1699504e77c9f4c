package osm

import (
	"errors"
	"fmt"
)

// maxStrings bounds a block's string table: writers put 8,000 objects into a
// block, and a table of a million strings is damage or malice.
const maxStrings = 1 << 20

// block is a decoded PrimitiveBlock whose groups are still packed.
type block struct {
	strings     []string
	groups      [][]byte
	granularity int64    // nanodegrees a unit
	lat, lon    int64    // offsets in nanodegrees
	roadKeys    []uint64 // where in strings the keys of roads are
	barriers    bool     // whether strings has the key of barriers
}

func parseBlock(data []byte, into *block) error {
	*into = block{strings: into.strings[:0], groups: into.groups[:0], roadKeys: into.roadKeys[:0], granularity: 100}
	var table []byte
	c := cursor{data: data}
	for field, ok := c.next(); ok; field, ok = c.next() {
		switch field {
		case 1:
			table = c.bytes()
		case 2:
			into.groups = append(into.groups, c.bytes())
		case 17:
			into.granularity = int64(c.varint())
		case 19:
			into.lat = int64(c.varint())
		case 20:
			into.lon = int64(c.varint())
		default:
			c.skip()
		}
	}
	if c.err != nil {
		return c.within("block")
	}
	if into.granularity < 1 || into.granularity > 1e6 {
		return fmt.Errorf("block: a granularity of %d nanodegrees; 1 to 1000000 make sense", into.granularity)
	}
	if !plausible(into.lat) || !plausible(into.lon) {
		return errors.New("block: a coordinate offset of more than 1000 degrees")
	}
	return into.parseStrings(table)
}

// parseStrings copies the table once, so that the rules work on strings
// without one allocation a value, and finds the keys by which most objects are
// passed over without decoding their tags.
func (b *block) parseStrings(table []byte) error {
	text := string(table)
	c := cursor{data: table}
	for field, ok := c.next(); ok; field, ok = c.next() {
		if field != 1 {
			c.skip()
			continue
		}
		if len(b.strings) == maxStrings {
			return fmt.Errorf("string table: more than %d strings", maxStrings)
		}
		n := len(c.bytes())
		if c.err != nil {
			break
		}
		s := text[c.at-n : c.at]
		if s == keyHighway || s == keyRoute {
			b.roadKeys = append(b.roadKeys, uint64(len(b.strings)))
		}
		b.barriers = b.barriers || s == keyBarrier
		b.strings = append(b.strings, s)
	}
	return c.within("string table")
}

// each goes through the objects of a block in their order.
func (b *block) each(o *objects) error {
	for _, group := range b.groups {
		c := cursor{data: group}
		for field, ok := c.next(); ok; field, ok = c.next() {
			var err error
			switch {
			case field == 1 && o.nodes():
				err = b.plainNode(c.bytes(), o)
			case field == 2 && o.nodes():
				err = b.denseNodes(c.bytes(), o)
			case field == 3 && o.way != nil:
				err = b.way(c.bytes(), o)
			case field == 4 && o.relation != nil:
				err = b.relation(c.bytes(), o)
			default:
				c.skip()
			}
			if err != nil {
				return err
			}
		}
		if c.err != nil {
			return c.within("group")
		}
	}
	return nil
}
