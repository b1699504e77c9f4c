package osm

import (
	"fmt"
	"time"

	"github.com/paulmach/orb"
)

// Header is what a file says about itself.
type Header struct {
	BBox           *orb.Bound `json:"bbox,omitempty"`            // area it was cut from, CRS84 degrees
	Replication    *time.Time `json:"replication,omitempty"`     // state of the data; nil when not said
	Sequence       int64      `json:"sequence,omitempty"`        // replication sequence number
	WritingProgram string     `json:"writing_program,omitempty"` // as written
	Source         string     `json:"source,omitempty"`          // as written
	Sorted         bool       `json:"sorted"`                    // declares Sort.Type_then_ID
}

// required features that this reader understands. HistoricalInformation is
// refused on purpose: such a file holds deleted and former versions too.
var understood = map[string]bool{"OsmSchema-V0.6": true, "DenseNodes": true}

// nano is the number of nanodegrees, the unit of the header's box, in a degree.
const nano = 1e9

func parseHeader(b []byte) (Header, error) {
	var h Header
	c := cursor{data: b}
	for field, ok := c.next(); ok; field, ok = c.next() {
		switch field {
		case 1:
			box, err := parseBBox(c.bytes())
			if err != nil {
				return h, err
			}
			h.BBox = &box
		case 4:
			if f := string(c.bytes()); c.err == nil && !understood[f] {
				return h, fmt.Errorf("header: the file requires %q, which is not read here; OsmSchema-V0.6 and DenseNodes are", f)
			}
		case 5:
			if string(c.bytes()) == "Sort.Type_then_ID" {
				h.Sorted = true
			}
		case 16:
			h.WritingProgram = string(c.bytes())
		case 17:
			h.Source = string(c.bytes())
		case 32:
			if s := int64(c.varint()); s > 0 && s < 1<<40 {
				t := time.Unix(s, 0).UTC()
				h.Replication = &t
			}
		case 33:
			h.Sequence = int64(c.varint())
		default:
			c.skip()
		}
	}
	return h, c.within("header")
}

func parseBBox(b []byte) (orb.Bound, error) {
	var box orb.Bound
	c := cursor{data: b}
	for field, ok := c.next(); ok; field, ok = c.next() {
		switch field {
		case 1:
			box.Min[0] = float64(c.signed()) / nano
		case 2:
			box.Max[0] = float64(c.signed()) / nano
		case 3:
			box.Max[1] = float64(c.signed()) / nano
		case 4:
			box.Min[1] = float64(c.signed()) / nano
		default:
			c.skip()
		}
	}
	return box, c.within("header bbox")
}
