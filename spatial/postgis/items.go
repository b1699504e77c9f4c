package postgis

import (
	"bytes"
	"context"
	"fmt"
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
// as it is; a context that ends cancels the SQL. The geometry and properties of a
// row are lent to emit: the next row overwrites them. Its position may be kept.
func (s *Store) Items(ctx context.Context, q spatial.ItemsQuery, emit func(spatial.ItemRow) error) error {
	st, read, err := itemsSQL(q, s.today())
	if err != nil {
		return err
	}
	args := st.planned(read.formats())
	if q.BBox == nil && q.Filter == nil { // then every page has the same plan
		args = append([]any{read.formats()}, st.args...)
	}
	read.lend = true
	rows, err := s.reader(ctx).Query(ctx, st.text.String(), args...)
	if err != nil {
		return mapError(ctx, err)
	}
	defer rows.Close()
	for rows.Next() {
		row, err := read.scan(rows)
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
	shape := itemShape{c.ID, crs, f}
	a, err := s.readItem(ctx, c, batchKind{shape, day, spatial.CallerOf(ctx).Sees()}, id)
	if err == nil && !a.found {
		return spatial.ItemRow{}, notFound
	}
	return a.row, err
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
	key := fmt.Sprintf("%s %s %s %q", spatial.CallerOf(ctx).Sees(), s.DataVersion(q.Collection), st.text.String(), st.args)
	if n, ok := s.counts.get(key); ok {
		return n, nil
	}
	ctx, cancel := context.WithTimeout(ctx, queryLimit)
	defer cancel()
	var n int64
	if err := s.reader(ctx).QueryRow(ctx, st.text.String(), st.planned()...).Scan(&n); err != nil {
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
	err := rows.Scan(&r.Position.ID, &r.Position.Version, &r.Position.Keys, &r.Geometry, &r.Properties, &r.Total, &r.Validity.From, &r.Validity.To)
	if nowhere(r.Geometry) {
		r.Geometry = nil
	}
	return r, err
}

// nowhere says that a geometry has no place that GeoJSON could tell: it is
// empty, so it has no digit, or it has a coordinate that is not finite, which
// JSON cannot hold; PostGIS's texts have an N or f nowhere else. Texts are
// looked at here and not in SQL, where a look would unpack a long geometry
// once more. WKT has words for all that and is left as it is.
func nowhere(geometry []byte) bool {
	if len(geometry) == 0 || geometry[0] != '{' {
		return false
	}
	return !bytes.ContainsAny(geometry, "0123456789") || bytes.IndexByte(geometry, 'N') >= 0 || bytes.IndexByte(geometry, 'f') >= 0
}
