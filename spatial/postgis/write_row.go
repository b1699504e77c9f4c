package postgis

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"quanyu/spatial"
	"quanyu/spatial/geom"
)

// rowWrite is a draft on its way into the table.
type rowWrite struct {
	collection spatial.Collection
	draft      spatial.Draft
	sight      spatial.Sight
	shape      []byte // EWKB in EPSG:4326; nil for none
	from       *time.Time
}

func newRowWrite(c spatial.Collection, d spatial.Draft, sight spatial.Sight) *rowWrite {
	return &rowWrite{collection: c, draft: d, sight: sight}
}

// prepare checks what only the database can: the geometry as it will be
// stored, and the dataset that the feature names; fresh says that the feature is
// a new one.
func (w *rowWrite) prepare(ctx context.Context, tx pgx.Tx, fresh bool) error {
	if visibility, given := w.visibility(fresh); given && !slices.Contains(w.sight.Visibilities(), visibility) {
		return spatial.BadField("/properties/visibility", "is "+visibility+", which the caller could not see itself", w.sight.Visibilities())
	}
	return spatial.JoinFaults(w.prepareShape(ctx, tx), w.checkSource(ctx, tx))
}

// prepareShape brings the geometry to EPSG:4326 and holds it against the rules
// of simple features (OGC 06-103r4), as ST_IsValid knows them. Coordinates far
// outside of a projection come out somewhere else on earth, without an error, so
// the way back has to lead where they were, to a metre.
func (w *rowWrite) prepareShape(ctx context.Context, tx pgx.Tx) error {
	if w.draft.Geometry == nil || w.draft.KeepGeometry {
		return nil
	}
	given, err := geom.EncodeEWKB(w.draft.Geometry, w.draft.CRS.SRID)
	if err != nil {
		return spatial.BadField("/geometry", "cannot be stored", nil)
	}
	var inside, valid bool
	var reason string
	var x, y *float64
	err = tx.QueryRow(ctx, `
		SELECT ST_AsEWKB(g), coalesce(ST_XMin(g) >= -180 AND ST_XMax(g) <= 180 AND ST_YMin(g) >= -90 AND ST_YMax(g) <= 90
				AND abs(ST_XMin(s) - ST_XMin(b)) < 1 AND abs(ST_XMax(s) - ST_XMax(b)) < 1 AND abs(ST_YMin(s) - ST_YMin(b)) < 1 AND abs(ST_YMax(s) - ST_YMax(b)) < 1, false),
			(d).valid, coalesce((d).reason, ''), ST_X((d).location), ST_Y((d).location)
		FROM (SELECT $1::geometry AS s) s,
			LATERAL (SELECT CASE WHEN ST_SRID(s) = 4326 THEN s ELSE ST_Transform(s, 4326) END AS g) g,
			LATERAL (SELECT CASE WHEN ST_SRID(s) = 4326 THEN s ELSE ST_Transform(g, ST_SRID(s)) END AS b, ST_IsValidDetail(g) AS d) d`, given).Scan(&w.shape, &inside, &valid, &reason, &x, &y)
	switch {
	case err != nil:
		return mapError(ctx, err)
	case !inside:
		return spatial.BadField("/geometry/coordinates", "lies outside of where the coordinate reference system holds", nil)
	case !valid && x != nil && y != nil:
		return spatial.BadField("/geometry/coordinates", fmt.Sprintf("is no valid %s: %s near longitude %.7f, latitude %.7f", w.collection.Geometry, reason, *x, *y), nil)
	case !valid:
		return spatial.BadField("/geometry/coordinates", fmt.Sprintf("is no valid %s: %s", w.collection.Geometry, reason), nil)
	}
	return nil
}

// checkSource holds that a dataset that is named is there, for the caller.
func (w *rowWrite) checkSource(ctx context.Context, tx pgx.Tx) error {
	source, ok := w.draft.Properties["source"].(string)
	if !ok {
		return nil
	}
	var there bool
	if err := tx.QueryRow(ctx, "SELECT EXISTS (SELECT FROM datasets WHERE id = $1 AND visibility = ANY($2))", source, w.sight.Visibilities()).Scan(&there); err != nil {
		return err
	}
	if !there {
		return spatial.BadField("/properties/source", fmt.Sprintf("is %q, which is no dataset; null is taken", source), nil)
	}
	return nil
}

// visibility is the one that the row gets; none is given where it keeps its own.
func (w *rowWrite) visibility(fresh bool) (visibility string, given bool) {
	visibility, given = w.draft.Properties["visibility"].(string)
	if fresh && !given {
		return w.collection.DefaultVisibility(), true
	}
	return visibility, given
}

// columns are those that a write sets, with what is bound to each.
func (w *rowWrite) columns(st *statement, fresh bool) (names, values []string) {
	for _, p := range w.collection.Properties {
		names, values = append(names, quoteIdent(p.ColumnName())), append(values, st.bind(w.draft.Properties[p.Name], sqlTypes[p.Type]))
	}
	for _, name := range []string{"name_zh", "name_en", "source"} {
		p, _ := w.collection.Property(name)
		names, values = append(names, quoteIdent(p.ColumnName())), append(values, st.bind(w.draft.Properties[name], "text"))
	}
	if visibility, given := w.visibility(fresh); given {
		names, values = append(names, "visibility"), append(values, st.bind(visibility, "text"))
	}
	if w.collection.Geometry != spatial.NoGeometry && !w.draft.KeepGeometry {
		names, values = append(names, "geom"), append(values, st.bind(w.shape, "geometry"))
	}
	if fresh {
		names, values = append(names, "id"), append(values, st.bind(w.draft.ID, "text"))
	}
	if w.from != nil {
		names, values = append(names, "valid_from"), append(values, st.bind(*w.from, "date"))
	}
	return names, values
}

const writtenColumns = " RETURNING version, valid_from, valid_to"

func (w *rowWrite) insert(ctx context.Context, tx pgx.Tx) (spatial.Written, error) {
	st := &statement{}
	names, values := w.columns(st, true)
	st.add("INSERT INTO %s (%s) VALUES (%s)%s", tableOf(w.collection), strings.Join(names, ", "), strings.Join(values, ", "), writtenColumns)
	return written(tx.QueryRow(ctx, st.text.String(), st.args...))
}

// replace writes the row in its place, as a new version.
func (w *rowWrite) replace(ctx context.Context, tx pgx.Tx, row foundRow) (spatial.Written, error) {
	if err := checkSpan(ctx, tx, w, &row.item.Position.Version); err != nil {
		return spatial.Written{}, err
	}
	st := &statement{}
	names, values := w.columns(st, false)
	sets := []string{"version = nextval('row_version')"}
	for i, name := range names {
		sets = append(sets, name+" = "+values[i])
	}
	st.add("UPDATE %s SET %s WHERE id = %s AND version = %s%s", tableOf(w.collection), strings.Join(sets, ", "),
		st.bind(w.draft.ID, "text"), st.bind(row.item.Position.Version, "bigint"), writtenColumns)
	return written(tx.QueryRow(ctx, st.text.String(), st.args...))
}

// supersede ends the row today and puts a new one in its place. A geometry or
// visibility that stays is that of the row.
func (w *rowWrite) supersede(ctx context.Context, tx pgx.Tx, row foundRow, today time.Time) (spatial.Written, error) {
	var visibility string
	shape := "NULL::bytea"
	if w.draft.KeepGeometry && w.collection.Geometry != spatial.NoGeometry {
		shape = "ST_AsEWKB(geom)"
	}
	kept := w.shape
	err := tx.QueryRow(ctx, fmt.Sprintf("SELECT visibility, %s FROM %s WHERE id = $1 AND version = $2", shape, tableOf(w.collection)), w.draft.ID, row.item.Position.Version).Scan(&visibility, &kept)
	if err != nil {
		return spatial.Written{}, err
	}
	if w.draft.KeepGeometry {
		w.shape, w.draft.KeepGeometry = kept, false
	}
	if _, given := w.draft.Properties["visibility"].(string); !given {
		w.draft.Properties = maps.Clone(w.draft.Properties)
		w.draft.Properties["visibility"] = visibility
	}
	if err := closeRow(ctx, tx, w.collection, row, today); err != nil {
		return spatial.Written{}, err
	}
	w.from = &today
	return w.insert(ctx, tx)
}

func written(row pgx.Row) (spatial.Written, error) {
	var done spatial.Written
	err := row.Scan(&done.Version, &done.ValidFrom, &done.ValidTo)
	return done, err
}
