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
	key := c.ID + "@" + s.DataVersion(c)
	if e, ok := s.extents.get(key); ok {
		return e.bound, e.any, nil
	}
	ctx, cancel := context.WithTimeout(ctx, queryLimit)
	defer cancel()
	st := &statement{}
	st.add(`SELECT ST_XMin(e), ST_YMin(e), ST_XMax(e), ST_YMax(e) FROM (SELECT ST_Extent(t.geom) AS e FROM %s t WHERE %s AND %s) x`,
		tableOf(c), publicOnly, validOn(st.bind(s.today(), "date")))
	var box [4]*float64
	if err := s.pool.QueryRow(ctx, st.text.String(), st.args...).Scan(&box[0], &box[1], &box[2], &box[3]); err != nil {
		return orb.Bound{}, false, mapError(ctx, err)
	}
	e := extent{}
	if box[0] != nil {
		e = extent{bound: orb.Bound{Min: orb.Point{*box[0], *box[1]}, Max: orb.Point{*box[2], *box[3]}}, any: true}
	}
	s.extents.put(key, e)
	return e.bound, e.any, nil
}
