package osm

import (
	"errors"
	"fmt"
)

// The wire types of protocol buffers that occur in this format.
const (
	wireVarint  = 0
	wireFixed64 = 1
	wireBytes   = 2
	wireFixed32 = 5
)

var (
	errShort    = errors.New("the message ends inside a field")
	errVarint   = errors.New("a number is longer than ten bytes")
	errWireType = errors.New("a field has an unknown or unexpected wire type")
	errField    = errors.New("a field has the number 0 or one above 2^29")
)

// cursor walks over the fields of one protocol buffer message. The first fault
// stays in err and ends the walk; values read after it are zero.
type cursor struct {
	data []byte
	at   int
	kind byte // wire type of the current field
	err  error
}

func (c *cursor) fail(err error) {
	if c.err == nil {
		c.err = err
	}
	c.at = len(c.data)
}

// next moves to the next field and gives its number, or false at the end.
func (c *cursor) next() (int, bool) {
	if c.err != nil || c.at >= len(c.data) {
		return 0, false
	}
	key := c.number()
	if c.err != nil {
		return 0, false
	}
	field := key >> 3
	if field == 0 || field > 1<<29-1 {
		c.fail(errField)
		return 0, false
	}
	c.kind = byte(key & 7)
	return int(field), true
}

// number reads a base-128 number at the cursor. Most have one byte.
func (c *cursor) number() uint64 {
	if c.at < len(c.data) && c.data[c.at] < 0x80 {
		c.at++
		return uint64(c.data[c.at-1])
	}
	return c.longNumber()
}

func (c *cursor) longNumber() uint64 {
	var v uint64
	for shift := uint(0); shift < 70; shift += 7 {
		if c.at >= len(c.data) {
			c.fail(errShort)
			return 0
		}
		b := c.data[c.at]
		c.at++
		if shift == 63 && b > 1 {
			break
		}
		v |= uint64(b&0x7f) << shift
		if b < 0x80 {
			return v
		}
	}
	c.fail(errVarint)
	return 0
}

// varint reads the current field as a number.
func (c *cursor) varint() uint64 {
	if c.kind != wireVarint {
		c.fail(errWireType)
		return 0
	}
	return c.number()
}

// signed reads the current field as a zigzag number (sint32, sint64).
func (c *cursor) signed() int64 { return zigzag(c.varint()) }

func zigzag(v uint64) int64 { return int64(v>>1) ^ -int64(v&1) }

// bytes reads the current field as a byte string that shares the message's memory.
func (c *cursor) bytes() []byte {
	if c.kind != wireBytes {
		c.fail(errWireType)
		return nil
	}
	n := c.number()
	if c.err != nil {
		return nil
	}
	if n > uint64(len(c.data)-c.at) {
		c.fail(errShort)
		return nil
	}
	b := c.data[c.at : c.at+int(n)]
	c.at += int(n)
	return b
}

// skip passes over the current field.
func (c *cursor) skip() {
	switch c.kind {
	case wireVarint:
		c.number()
	case wireBytes:
		c.bytes()
	case wireFixed64, wireFixed32:
		n := 8
		if c.kind == wireFixed32 {
			n = 4
		}
		if n > len(c.data)-c.at {
			c.fail(errShort)
			return
		}
		c.at += n
	default:
		c.fail(errWireType)
	}
}

// more tells whether a packed list read through number has another element.
func (c *cursor) more() bool { return c.err == nil && c.at < len(c.data) }

// within wraps the cursor's fault, if any, with the part it was found in.
func (c *cursor) within(part string) error {
	if c.err == nil {
		return nil
	}
	return fmt.Errorf("%s: %w", part, c.err)
}
