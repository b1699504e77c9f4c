package api

import (
	"time"

	"github.com/labstack/echo/v4"

	"quanyu/spatial"
)

// fgClasses are the conformance classes of each JSON-FG document (OGC
// 21-045r1, 7.2).
const fgClasses = `"conformsTo":["http://www.opengis.net/spec/json-fg-1/1.0/conf/core","http://www.opengis.net/spec/json-fg-1/1.0/conf/types-schemas"],`

// fgHead are the members of a JSON-FG collection before its features.
func (s *server) fgHead(c echo.Context, q itemsQuery) string {
	dimension := map[spatial.GeometryType]string{spatial.Point: "0", spatial.LineString: "1", spatial.MultiPolygon: "2"}[q.Collection.Geometry]
	if dimension != "" && !q.SkipGeometry {
		dimension = `"geometryDimension":` + dimension + ","
	} else {
		dimension = ""
	}
	return s.fgMembers(c, q.Collection, q.CRS) + dimension
}

// fgMembers are those that a document has once, at its root: what features
// are, and the CRS of place, each with a comma after it.
func (s *server) fgMembers(c echo.Context, one spatial.Collection, crs spatial.CRS) string {
	members := fgClasses + `"featureType":` + string(mustJSON(one.ID)) + `,"featureSchema":` + string(mustJSON(s.path(c, "collections", one.ID, "schema"))) + ","
	if crs != spatial.CRS84 {
		members += `"coordRefSys":` + string(mustJSON(crs.URI)) + ","
	}
	return members
}

func linksMember(links []link) string { return `"links":` + string(mustJSON(links)) + "," }

// appendFG writes one feature of JSON-FG: time is its validity, and a geometry
// in another CRS than that of GeoJSON stands in place. members come after the
// type, each with a comma after it.
func appendFG(b []byte, row spatial.ItemRow, crs spatial.CRS, members []byte) []byte {
	geometry, place := row.Geometry, row.Geometry
	if crs == spatial.CRS84 {
		place = nil
	} else {
		geometry = nil
	}
	b = append(b, `{"type":"Feature",`...)
	b = append(b, members...)
	b = appendText(append(b, `"id":`...), row.Position.ID)
	b = append(append(b, `,"time":`...), fgTime(row.Validity)...)
	b = append(append(b, `,"geometry":`...), orNull(geometry)...)
	b = append(append(b, `,"place":`...), orNull(place)...)
	b = append(append(b, `,"properties":`...), row.Properties...)
	return append(b, '}')
}

func orNull(text []byte) []byte {
	if text == nil {
		return []byte("null")
	}
	return text
}

// fgTime writes a validity as an interval of dates, of which JSON-FG counts
// the last one in; null is always.
func fgTime(v spatial.DateSpan) string {
	if v.From == nil && v.To == nil {
		return "null"
	}
	from, to := "..", ".."
	if v.From != nil {
		from = v.From.Format(time.DateOnly)
	}
	if v.To != nil {
		to = v.To.AddDate(0, 0, -1).Format(time.DateOnly)
	}
	return `{"interval":["` + from + `","` + to + `"]}`
}
