package postgis

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"quanyu/spatial"
)

// itemsSQL compiles a page. Everything that selects rows is inside the LIMIT
// window; what is costly to show (geometry, JSON) is made outside of it, for
// the rows of the page only.
func itemsSQL(q spatial.ItemsQuery, today time.Time) (*statement, *itemRows, error) {
	if q.Limit < 1 || q.Limit > maxPage {
		return nil, nil, spatial.BadParameter("limit", fmt.Sprintf("is %d", q.Limit), fmt.Sprintf("1 to %d", maxPage))
	}
	properties, err := chosen(q.Collection, q.Properties)
	if err != nil {
		return nil, nil, err
	}
	order, err := newOrdering(q.Collection, q.Sort)
	if err != nil {
		return nil, nil, err
	}
	st := &statement{}
	where, err := matchSQL(st, q, today)
	if err != nil {
		return nil, nil, err
	}
	after, err := order.after(st, q.After, q.Backward)
	if err != nil {
		return nil, nil, err
	}
	shape := shapeSQL(q.Collection, q.CRS, q.Format)
	if q.SkipGeometry {
		shape = noGeometrySQL
	}
	read, forward := newItemRows(properties, order.keys, q.CRS, q.Format), order.by(false)
	window := fmt.Sprintf("SELECT * FROM %s t WHERE %s AND %s ORDER BY %s LIMIT %s", tableOf(q.Collection), where, after,
		order.by(q.Backward), st.bind(int64(q.Limit)+1, "bigint"))
	if !q.Backward {
		st.add("SELECT %s FROM (%s) t ORDER BY %s", read.columns(shape, "0", validitySQL(q.Validity)), window, forward)
		return st, read, nil
	}
	// The rows are counted and turned round before anything is made of them.
	st.add("SELECT %[1]s FROM (SELECT *, count(*) OVER () AS %[2]s FROM (%[3]s) t ORDER BY %[4]s) t ORDER BY %[4]s",
		read.columns(shape, "t."+totalColumn, validitySQL(q.Validity)), totalColumn, window, forward)
	return st, read, nil
}

// validitySQL makes the two dates of a row; infinite ones are open.
func validitySQL(wanted bool) string {
	if !wanted {
		return "NULL::date, NULL::date"
	}
	return "CASE WHEN isfinite(t.valid_from) THEN t.valid_from END, CASE WHEN isfinite(t.valid_to) THEN t.valid_to END"
}

// totalColumn is beside all columns of the table, so no catalog has its name.
const totalColumn = `"quanyu:total"`

// matchSQL is the condition that rows of a query hold to, whatever the page.
func matchSQL(st *statement, q spatial.ItemsQuery, today time.Time) (string, error) {
	validity := ""
	if q.Datetime != nil {
		validity = validDuring(st, *q.Datetime)
	} else {
		validity = validOn(st.bind(today, "date"))
	}
	conditions := []string{validity}
	if q.BBox != nil {
		box, err := boxSQL(st, q.Collection, *q.BBox)
		if err != nil {
			return "", err
		}
		conditions = append(conditions, box)
	}
	filter, err := compileFilter(st, q.Collection, q.Filter)
	return strings.Join(append(conditions, filter), " AND "), err
}

// itemColumns are the columns that scanItem reads.
func itemColumns(c spatial.Collection, properties []spatial.Property, keys []spatial.SortKey, geometry string) string {
	texts := make([]string, len(keys))
	for i, k := range keys {
		texts[i] = keyText(k.Property)
	}
	return fmt.Sprintf("t.id, t.version, ARRAY[%s]::text[], %s, %s", strings.Join(texts, ", "), geometry, propertiesSQL(properties))
}

// propertiesSQL makes the JSON object of a row's properties, in their order,
// without blanks; dates come out as YYYY-MM-DD, timestamps as RFC 3339 has
// them. JSON has no numbers or times that are not finite: they come out as
// null, not as the text that PostgreSQL would make of them.
func propertiesSQL(properties []spatial.Property) string {
	if len(properties) == 0 {
		return "'{}'"
	}
	columns := make([]string, len(properties))
	for i, p := range properties {
		columns[i] = jsonSQL(p) + " AS " + quoteIdent(p.Name)
	}
	return "(SELECT row_to_json(p) FROM (SELECT " + strings.Join(columns, ", ") + ") p)::text"
}

// jsonSQL is a property's value in the type that JSON shows.
func jsonSQL(p spatial.Property) string {
	column := columnOf(p)
	switch p.Type {
	case spatial.Number:
		return fmt.Sprintf("CASE WHEN abs(%[1]s) < 'Infinity' THEN %[1]s END", column) // NaN is above infinity
	case spatial.Date:
		return fmt.Sprintf("CASE WHEN isfinite(%[1]s) THEN %[1]s END", column)
	case spatial.Timestamp: // sessions are in UTC
		return fmt.Sprintf(`CASE WHEN isfinite(%[1]s) THEN to_char(%[1]s, 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') END`, column)
	}
	return column
}

const noGeometrySQL = "NULL::text"

// Decimals of a coordinate: 7 of a degree are about a centimetre, 3 of a metre
// a millimetre.
const (
	degreeDecimals = 7
	metreDecimals  = 3
)

func isGeographic(crs spatial.CRS) bool {
	return slices.Contains([]int{4326, 4490}, crs.SRID)
}

// decimalsOf is how many decimals a coordinate of a CRS has.
func decimalsOf(crs spatial.CRS) int {
	if crs.SRID == 0 || isGeographic(crs) {
		return degreeDecimals
	}
	return metreDecimals
}

// shapeSQL is a row's geometry in a CRS, coordinates in the order of that CRS's
// axes: as it is sent, EWKB, or as WKT.
func shapeSQL(c spatial.Collection, crs spatial.CRS, format spatial.GeometryFormat) string {
	if c.Geometry == spatial.NoGeometry {
		return noGeometrySQL
	}
	if crs.SRID == 0 {
		crs = spatial.CRS84
	}
	shape := "t.geom"
	if crs.SRID != spatial.CRS84.SRID {
		shape = fmt.Sprintf("ST_Transform(%s, %d)", shape, crs.SRID)
	}
	if crs.LatLon {
		shape = "ST_FlipCoordinates(" + shape + ")"
	}
	if format == spatial.WKT {
		return fmt.Sprintf("ST_AsText(%s, %d)", shape, decimalsOf(crs))
	}
	return shape
}

// geometrySQL makes the text of a row's geometry.
func geometrySQL(c spatial.Collection, crs spatial.CRS, format spatial.GeometryFormat) string {
	shape := shapeSQL(c, crs, format)
	if c.Geometry == spatial.NoGeometry || format == spatial.WKT {
		return shape
	}
	return fmt.Sprintf("ST_AsGeoJSON(%s, %d, 0)", shape, decimalsOf(crs))
}
