package postgis

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"quanyu/spatial"
)

// maxPage bounds the rows of one page; it is the limit that the contract
// publishes.
const maxPage = 10000

// maxCount is where counting stops.
const maxCount = 1_000_000

// Items gives one page of a collection, row by row, to emit: at most
// q.Limit+1 rows, the one too many telling that there are more. On a backward
// page that row is the first. An error of emit ends the page and is returned
// as it is; a context that ends cancels the SQL. The rows handed to emit may
// be kept.
func (s *Store) Items(ctx context.Context, q spatial.ItemsQuery, emit func(spatial.ItemRow) error) error {
	st, err := itemsSQL(q, s.today())
	if err != nil {
		return err
	}
	rows, err := s.pool.Query(ctx, st.text.String(), st.args...)
	if err != nil {
		return mapError(ctx, err)
	}
	defer rows.Close()
	for rows.Next() {
		row, err := scanItem(rows)
		if err != nil {
			return mapError(ctx, err)
		}
		if err := emit(row); err != nil {
			return err
		}
	}
	return mapError(ctx, rows.Err())
}

// Item gives one feature by its id, as it is in force on the civil date of
// asOf, or today when that is nil.
func (s *Store) Item(ctx context.Context, c spatial.Collection, id string, crs spatial.CRS, asOf *time.Time, f spatial.GeometryFormat) (spatial.ItemRow, error) {
	ctx, cancel := context.WithTimeout(ctx, queryLimit)
	defer cancel()
	notFound := spatial.Errorf(spatial.NotFound, "%s has no feature of that id in force on the date asked for.", c.ID)
	if !storable(id) {
		return spatial.ItemRow{}, notFound
	}
	day := s.today()
	if asOf != nil {
		day = civilDate(*asOf)
	}
	st := &statement{}
	columns := itemColumns(c, c.All(), nil, geometrySQL(c, crs, f))
	st.add("SELECT %s FROM %s t WHERE t.id = %s AND %s AND %s ORDER BY t.version DESC LIMIT 1", columns, tableOf(c),
		st.bind(id, "text"), publicOnly, validOn(st.bind(day, "date")))
	rows, err := s.pool.Query(ctx, st.text.String(), st.args...)
	if err != nil {
		return spatial.ItemRow{}, mapError(ctx, err)
	}
	defer rows.Close()
	if !rows.Next() {
		if err := rows.Err(); err != nil {
			return spatial.ItemRow{}, mapError(ctx, err)
		}
		return spatial.ItemRow{}, notFound
	}
	row, err := scanItem(rows)
	return row, mapError(ctx, err)
}

// Count gives how many rows a query matches on all its pages; -1 when they are
// more than a million, which would take too long to count on every page. Counts
// are remembered for as long as the data stay the same.
func (s *Store) Count(ctx context.Context, q spatial.ItemsQuery) (int64, error) {
	st := &statement{}
	where, err := matchSQL(st, q, s.today())
	if err != nil {
		return 0, err
	}
	st.text.Reset()
	st.add("SELECT count(*) FROM (SELECT FROM %s t WHERE %s LIMIT %d) x", tableOf(q.Collection), where, maxCount+1)
	key := fmt.Sprintf("%s %s %q", s.DataVersion(q.Collection), st.text.String(), st.args)
	if n, ok := s.counts.get(key); ok {
		return n, nil
	}
	ctx, cancel := context.WithTimeout(ctx, queryLimit)
	defer cancel()
	var n int64
	if err := s.pool.QueryRow(ctx, st.text.String(), st.args...).Scan(&n); err != nil {
		return 0, mapError(ctx, err)
	}
	if n > maxCount {
		n = -1
	}
	s.counts.put(key, n)
	return n, nil
}

func scanItem(rows pgx.Rows) (spatial.ItemRow, error) {
	var r spatial.ItemRow
	err := rows.Scan(&r.Position.ID, &r.Position.Version, &r.Position.Keys, &r.Geometry, &r.Properties)
	return r, err
}

// itemsSQL compiles a page. Everything that selects rows is inside the LIMIT
// window; what is costly to show (geometry, JSON) is made outside of it, for
// the rows of the page only.
func itemsSQL(q spatial.ItemsQuery, today time.Time) (*statement, error) {
	if q.Limit < 1 || q.Limit > maxPage {
		return nil, spatial.BadParameter("limit", fmt.Sprintf("is %d", q.Limit), fmt.Sprintf("1 to %d", maxPage))
	}
	properties, err := chosen(q.Collection, q.Properties)
	if err != nil {
		return nil, err
	}
	order, err := newOrdering(q.Collection, q.Sort)
	if err != nil {
		return nil, err
	}
	st := &statement{}
	where, err := matchSQL(st, q, today)
	if err != nil {
		return nil, err
	}
	after, err := order.after(st, q.After, q.Backward)
	if err != nil {
		return nil, err
	}
	geometry := geometrySQL(q.Collection, q.CRS, q.Format)
	if q.SkipGeometry {
		geometry = noGeometrySQL
	}
	st.add("SELECT %s FROM (SELECT * FROM %s t WHERE %s AND %s ORDER BY %s LIMIT %s) t ORDER BY %s",
		itemColumns(q.Collection, properties, order.keys, geometry), tableOf(q.Collection), where, after,
		order.by(q.Backward), st.bind(int64(q.Limit)+1, "bigint"), order.by(false))
	return st, nil
}

// matchSQL is the condition that rows of a query hold to, whatever the page.
func matchSQL(st *statement, q spatial.ItemsQuery, today time.Time) (string, error) {
	validity := ""
	if q.Datetime != nil {
		validity = validDuring(st, *q.Datetime)
	} else {
		validity = validOn(st.bind(today, "date"))
	}
	conditions := []string{publicOnly, validity}
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
// without blanks; dates come out as YYYY-MM-DD.
func propertiesSQL(properties []spatial.Property) string {
	if len(properties) == 0 {
		return "'{}'"
	}
	columns := make([]string, len(properties))
	for i, p := range properties {
		columns[i] = columnOf(p)
		if p.Type == spatial.Timestamp {
			columns[i] = keyText(p)
		}
		columns[i] += " AS " + quoteIdent(p.Name)
	}
	return "(SELECT row_to_json(p) FROM (SELECT " + strings.Join(columns, ", ") + ") p)::text"
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

// geometrySQL makes the text of a row's geometry in a CRS, coordinates in the
// order of that CRS's axes.
func geometrySQL(c spatial.Collection, crs spatial.CRS, format spatial.GeometryFormat) string {
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
	decimals := metreDecimals
	if isGeographic(crs) {
		decimals = degreeDecimals
	}
	if format == spatial.WKT {
		return fmt.Sprintf("ST_AsText(%s, %d)", shape, decimals)
	}
	return fmt.Sprintf("ST_AsGeoJSON(%s, %d, 0)", shape, decimals)
}
