package spatial

import (
	"time"

	"github.com/paulmach/orb"
)

// BBox is a box in the axis order longitude/easting first, whatever order its
// CRS prescribes on the wire. Where Min[0] > Max[0] in a geographic CRS it
// crosses the antimeridian.
type BBox struct {
	Bound orb.Bound
	CRS   CRS
}

// Interval is a half-open span of civil dates or instants; a nil end is open.
type Interval struct{ Start, End *time.Time }

// SortKey orders by one property.
type SortKey struct {
	Property   Property
	Descending bool
}

// ItemsQuery asks for one page of a collection. Rows come in the order of
// Sort, then id, then row version, so that no two rows compare equal and a page can
// start exactly after any row.
type ItemsQuery struct {
	Collection   Collection
	BBox         *BBox
	Datetime     *Interval // rows valid at some time in it; nil: rows valid now
	Filter       Expr      // nil: all
	Sort         []SortKey
	Properties   []string // nil: all; empty: none
	SkipGeometry bool
	Validity     bool           // give the validity of rows as well
	CRS          CRS            // of the geometries returned
	Format       GeometryFormat // of the geometries returned; "" is GeoJSON
	Limit        int
	After        *Position // start after this row, nil: at the first
	Backward     bool      // page backwards from After; rows still come in forward order
}

// Position is where a row stands in the order of a query: the values of its
// sort keys as text (nil for null), its id and its row version.
type Position struct {
	Keys    []*string `json:"k,omitempty"`
	ID      string    `json:"i"`
	Version int64     `json:"v"`
}

// FeatureQuery asks for all features of a collection for an analysis.
type FeatureQuery struct {
	Collection Collection
	Filter     Expr
	AsOf       time.Time // rows valid at that instant
	Properties []string  // those wanted
	Limit      int       // refuse, with TooLarge, more than this
}

// FeatureSet is what a FeatureQuery finds, ordered by id, with the datasets
// that the features come from.
type FeatureSet struct {
	Features []Feature
	Datasets []DatasetVersion
}

// GeometryFormat is the text form in which the store gives geometries.
type GeometryFormat string

// The geometry formats.
const (
	GeoJSON GeometryFormat = "geojson"
	WKT     GeometryFormat = "wkt"
)

// DateSpan is a half-open span of civil dates in UTC+8; nil is open.
type DateSpan struct{ From, To *time.Time }

// ItemRow is one row of a page, ready to be written out: Geometry in the
// query's format and CRS (nil for none), Properties as a JSON object in the
// order of the collection's properties.
type ItemRow struct {
	Position   Position
	Geometry   []byte
	Properties []byte
	Validity   DateSpan // when it was asked for
	Total      int      // on a backward page, how many rows the query gives, so that the first row tells whether it is one too many
}
