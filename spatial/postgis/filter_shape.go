package postgis

import (
	"fmt"
	"slices"
	"strings"

	"github.com/paulmach/orb"

	"quanyu/spatial"
	"quanyu/spatial/geom"
)

// spatialFunction is the PostGIS function of a spatial relation.
func spatialFunction(op spatial.SpatialOp) (string, bool) {
	switch op {
	case spatial.SIntersects:
		return "ST_Intersects", true
	case spatial.SEquals:
		return "ST_Equals", true
	case spatial.SDisjoint:
		return "ST_Disjoint", true
	case spatial.STouches:
		return "ST_Touches", true
	case spatial.SWithin:
		return "ST_Within", true
	case spatial.SOverlaps:
		return "ST_Overlaps", true
	case spatial.SCrosses:
		return "ST_Crosses", true
	case spatial.SContains:
		return "ST_Contains", true
	}
	return "", false
}

func (f *filterCompiler) spatialRelation(e spatial.SpatialRelation) (string, error) {
	function, ok := spatialFunction(e.Op)
	if !ok {
		return "", badFilter("has the function %q, which is not known", string(e.Op))
	}
	left, err := f.parts(e.Left)
	if err != nil {
		return "", err
	}
	right, err := f.parts(e.Right)
	if err != nil {
		return "", err
	}
	switch e.Op { // part by part, so that an index sees each box by itself
	case spatial.SIntersects:
		return eachPart(function, left, right, " OR "), nil
	case spatial.SDisjoint:
		return eachPart(function, left, right, " AND "), nil
	}
	return relates(function, collected(left), collected(right)), nil
}

// relates is the SQL of a relation whose geometries have to meet. && stands
// beside it since row-level security keeps PostGIS from adding it itself, and
// the index serves nothing else.
func relates(function, left, right string) string {
	if function == "ST_Disjoint" {
		return fmt.Sprintf("%s(%s, %s)", function, left, right)
	}
	return fmt.Sprintf("(%[2]s && %[3]s AND %[1]s(%[2]s, %[3]s))", function, left, right)
}

func eachPart(function string, left, right []string, joint string) string {
	var conditions []string
	for _, l := range left {
		for _, r := range right {
			conditions = append(conditions, relates(function, l, r))
		}
	}
	return "(" + strings.Join(conditions, joint) + ")"
}

// shape gives a geometry in EPSG:4326.
func (f *filterCompiler) shape(o spatial.Operand) (string, error) {
	parts, err := f.parts(o)
	return collected(parts), err
}

func collected(parts []string) string {
	if len(parts) == 1 {
		return parts[0]
	}
	return "ST_Collect(ARRAY[" + strings.Join(parts, ", ") + "])"
}

// parts gives a geometry in EPSG:4326; a box over the antimeridian has two
// parts, everything else one.
func (f *filterCompiler) parts(o spatial.Operand) ([]string, error) {
	done, err := f.level()
	if err != nil {
		return nil, err
	}
	defer done()
	switch o := o.(type) {
	case spatial.FeatureGeometry:
		if f.c.Geometry == spatial.NoGeometry {
			return nil, badFilter("names the geometry, which %s does not have", f.c.ID)
		}
		return []string{"t.geom"}, nil
	case spatial.BBox:
		boxes, err := storageBoxes(o)
		if err != nil {
			return nil, badFilter("has a box that cannot be: %v", err)
		}
		parts := make([]string, len(boxes))
		for i, box := range boxes {
			parts[i] = movedBox(f.s, box, o.CRS)
		}
		if len(parts) == 0 { // outside of where its CRS is used
			parts = []string{"ST_GeomFromText('POLYGON EMPTY', 4326)"}
		}
		return parts, nil
	case spatial.Shape:
		sql, err := f.literalShape(o)
		return []string{sql}, err
	}
	return nil, badFilter("relates something (%T) that is no geometry", o)
}

// literalShape binds a geometry and moves it to EPSG:4326, the sides of
// projected ones cut into stretches as those of a box are. Areas whose edges
// cross themselves are taken as ST_MakeValid mends them, since GEOS answers
// for valid areas only.
func (f *filterCompiler) literalShape(s spatial.Shape) (string, error) {
	area := orb.Bound{Min: orb.Point{-180, -90}, Max: orb.Point{180, 90}}
	if !isGeographic(s.CRS) {
		area = domain(s.CRS)
	}
	if !within(s.Geometry, area) {
		return "", badFilter("has a geometry that lies outside of where %s is used", s.CRS.URI)
	}
	ewkb, err := geom.EncodeEWKB(s.Geometry, s.CRS.SRID)
	if err != nil {
		return "", badFilter("has a geometry that cannot be used: %v", err)
	}
	sql := f.s.bind(ewkb, "geometry")
	if hasArea(s.Geometry) {
		sql = fmt.Sprintf("ST_MakeValid(%s, 'method=structure')", sql)
	}
	if s.CRS.SRID == spatial.CRS84.SRID {
		return sql, nil
	}
	bound := s.Geometry.Bound()
	longest := max(bound.Max[0]-bound.Min[0], bound.Max[1]-bound.Min[1])
	if longest > 0 && !isGeographic(s.CRS) {
		sql = fmt.Sprintf("ST_Segmentize(%s, %s)", sql, f.s.bind(longest/boxSides, "float8"))
	}
	return fmt.Sprintf("ST_Transform(%s, %d)", sql, spatial.CRS84.SRID), nil
}

// within says whether all points of a geometry lie in a box; a coordinate that
// is no number does not.
func within(g orb.Geometry, box orb.Bound) bool {
	switch g := g.(type) {
	case orb.Point:
		return box.Min[0] <= g[0] && g[0] <= box.Max[0] && box.Min[1] <= g[1] && g[1] <= box.Max[1]
	case orb.MultiPoint:
		return allWithin(g, box)
	case orb.LineString:
		return allWithin(g, box)
	case orb.MultiLineString:
		return allWithin(g, box)
	case orb.Ring:
		return allWithin(g, box)
	case orb.Polygon:
		return allWithin(g, box)
	case orb.MultiPolygon:
		return allWithin(g, box)
	case orb.Collection:
		return allWithin(g, box)
	}
	return false
}

func allWithin[T orb.Geometry](all []T, box orb.Bound) bool {
	return !slices.ContainsFunc(all, func(one T) bool { return !within(one, box) })
}

func hasArea(g orb.Geometry) bool {
	switch g := g.(type) {
	case orb.Polygon, orb.MultiPolygon:
		return true
	case orb.Collection:
		return slices.ContainsFunc(g, hasArea)
	}
	return false
}
