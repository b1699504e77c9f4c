package postgis

import (
	"context"

	"github.com/paulmach/orb"

	"quanyu/spatial"
)

type extent struct {
	bound orb.Bound
	any   bool
}

// Extent gives the box around all geometries of a collection that are in force
// today, in CRS84, and false when there are none. It is remembered for as long
// as the data stay the same.
func (s *Store) Extent(ctx context.Context, c spatial.Collection) (orb.Bound, bool, error) {
	if c.Geometry == spatial.NoGeometry {
		return orb.Bound{}, false, nil
	}
	key := c.ID + "@" + string(spatial.CallerOf(ctx).Sees()) + "@" + s.DataVersion(c)
	if e, ok := s.extents.get(key); ok {
		return e.bound, e.any, nil
	}
	ctx, cancel := context.WithTimeout(ctx, queryLimit)
	defer cancel()
	st := &statement{}
	st.add(`SELECT ST_XMin(e), ST_YMin(e), ST_XMax(e), ST_YMax(e) FROM (SELECT ST_Extent(t.geom) AS e FROM %s t WHERE %s) x`,
		tableOf(c), validOn(st.bind(s.today(), "date")))
	var box [4]*float64
	if err := s.reader(ctx).QueryRow(ctx, st.text.String(), st.args...).Scan(&box[0], &box[1], &box[2], &box[3]); err != nil {
		return orb.Bound{}, false, mapError(ctx, err)
	}
	e := extent{}
	if box[0] != nil {
		e.bound, e.any = onTheGlobe(orb.Bound{Min: orb.Point{*box[0], *box[1]}, Max: orb.Point{*box[2], *box[3]}})
	}
	s.extents.put(key, e)
	return e.bound, e.any, nil
}

// onTheGlobe cuts a bound to the degrees there are, since tables that other
// programs fill may go further, to infinity even; false when nothing is left.
func onTheGlobe(b orb.Bound) (orb.Bound, bool) {
	for i, most := range []float64{180, 90} {
		b.Min[i], b.Max[i] = max(b.Min[i], -most), min(b.Max[i], most)
		if !(b.Min[i] <= b.Max[i]) { // not a number, or elsewhere
			return orb.Bound{}, false
		}
	}
	return b, true
}

// Boxes emits the box of each geometry of a collection that is in force today,
// in CRS84, in no order. An error of emit ends it and is returned.
func (s *Store) Boxes(ctx context.Context, c spatial.Collection, emit func(orb.Bound) error) error {
	if c.Geometry == spatial.NoGeometry {
		return nil
	}
	st := &statement{}
	st.add(`SELECT ST_XMin(t.geom), ST_YMin(t.geom), ST_XMax(t.geom), ST_YMax(t.geom) FROM %s t
		WHERE t.geom IS NOT NULL AND NOT ST_IsEmpty(t.geom) AND %s`, tableOf(c), validOn(st.bind(s.today(), "date")))
	rows, err := s.reader(ctx).Query(ctx, st.text.String(), st.args...)
	if err != nil {
		return mapError(ctx, err)
	}
	defer rows.Close()
	for rows.Next() {
		var b orb.Bound
		if err := rows.Scan(&b.Min[0], &b.Min[1], &b.Max[0], &b.Max[1]); err != nil {
			return mapError(ctx, err)
		}
		if err := emit(b); err != nil {
			return err
		}
	}
	return mapError(ctx, rows.Err())
}
