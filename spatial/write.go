package spatial

import (
	"slices"
	"time"

	"github.com/paulmach/orb"
)

// Draft is a feature as a caller writes it, checked against the schema of its
// collection.
type Draft struct {
	ID           string       // of a new feature
	Geometry     orb.Geometry // in CRS, longitude or easting first; nil for none
	CRS          CRS
	KeepGeometry bool // of a change: the geometry stays as it is stored, to the last bit

	// Properties by name, in the Go types that loaders use, without id. One that
	// is absent becomes null; visibility that is absent stays as it is, and is
	// DefaultVisibility in a new feature.
	Properties map[string]any
}

// Target names the one row that a change is meant for.
type Target struct {
	Collection Collection
	ID         string
	AsOf       *time.Time // the row in force on that civil date; nil: today
	If         Precondition
}

// Precondition is what a writer expects of the row that it changes: the
// headers If-Match and If-None-Match of HTTP (RFC 9110, 13.1), of which a
// row's version is the tag. The zero value expects nothing.
type Precondition struct {
	Match     []int64 // versions of which the row has one; nil: any
	NoneMatch []int64 // versions that it has not
	Absent    bool    // there is no row: If-None-Match: *
}

// Holds says whether a row of that version is what the writer expects.
func (c Precondition) Holds(version int64) bool {
	return !c.Absent && (c.Match == nil || slices.Contains(c.Match, version)) && !slices.Contains(c.NoneMatch, version)
}

// Written tells of a row that was just written: its version, and since when it
// is in force, nil for always.
type Written struct {
	Version   int64
	ValidFrom *time.Time
	ValidTo   *time.Time
}

// DefaultVisibility is what a feature of the collection has that is written
// without one. Control lines and proposals are not for the public unless
// somebody says so.
func (c Collection) DefaultVisibility() string {
	if c.ID == "control-lines" || c.ID == "proposals" {
		return "internal"
	}
	return "public"
}

// Visibilities lists what a caller of that sight may see, and so may give to
// what it writes.
func (s Sight) Visibilities() []string {
	switch s {
	case SeesAll:
		return []string{"public", "internal", "restricted"}
	case SeesInternal:
		return []string{"public", "internal"}
	}
	return []string{"public"}
}
