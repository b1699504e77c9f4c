package reach_test

import (
	"context"
	"fmt"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/paulmach/orb"
	"github.com/paulmach/orb/encoding/wkb"

	"quanyu/spatial/postgis/postgistest"
	"quanyu/spatial/reach"
)

// judge is PostGIS, which gives its verdict on outlines.
type judge struct {
	t    *testing.T
	conn *pgx.Conn
}

func newJudge(t *testing.T) judge {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), postgistest.New(t))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close(context.Background()) })
	return judge{t, conn}
}

func (j judge) ask(into any, sql string, args ...any) {
	j.t.Helper()
	for i, arg := range args {
		if g, ok := arg.(orb.Geometry); ok {
			bytes, err := wkb.Marshal(g)
			if err != nil {
				j.t.Fatal(err)
			}
			args[i] = bytes
		}
	}
	if err := j.conn.QueryRow(j.t.Context(), sql, args...).Scan(into); err != nil {
		j.t.Fatal(err)
	}
}

func (j judge) valid(m orb.MultiPolygon) {
	j.t.Helper()
	var reason string
	if j.ask(&reason, `select ST_IsValidReason(ST_GeomFromWKB($1, 4326))`, m); reason != "Valid Geometry" {
		j.t.Errorf("not valid: %s", reason)
	}
	// Here ST_IsPolygonCCW is of exteriors and holes, each as RFC 7946 has it.
	var turns bool
	if j.ask(&turns, `select ST_IsPolygonCCW(ST_GeomFromWKB($1, 4326))`, m); !turns {
		j.t.Error("rings turn the wrong way")
	}
}

func (j judge) covers(what string, outer, inner orb.Geometry) {
	j.t.Helper()
	var covers bool
	if j.ask(&covers, `select ST_Covers(ST_GeomFromWKB($1, 4326), ST_GeomFromWKB($2, 4326))`, outer, inner); !covers {
		j.t.Errorf("%s: not covered", what)
	}
}

// likeness is intersection over union of an outline and the buffer of the
// parts, in an equal-area projection about their middle. The buffer is a union
// of buffers, since that of thousands of lines at once takes gigabytes.
func (j judge) likeness(m orb.MultiPolygon, parts []reach.Part, detail float64) (iou float64) {
	j.t.Helper()
	lines := orb.MultiLineString(parts)
	center := lines.Bound().Center()
	projection := fmt.Sprintf("+proj=laea +lat_0=%v +lon_0=%v +ellps=WGS84 +units=m", center[1], center[0])
	j.ask(&iou, `
		with outline as (select ST_Transform(ST_GeomFromWKB($1, 4326), $3::text) g),
		buffer as (select ST_Union(ST_Buffer(geom, $4::float8, 'quad_segs=16')) g
			from ST_Dump(ST_Transform(ST_GeomFromWKB($2, 4326), $3::text))),
		sizes as (select ST_Area(o.g) a, ST_Area(b.g) b, ST_Area(ST_Intersection(o.g, b.g)) ab from outline o, buffer b)
		select ab / (a + b - ab) from sizes`, m, lines, projection, detail)
	return iou
}

func (j judge) area(a reach.Area) {
	j.t.Helper()
	var square float64
	j.ask(&square, `select ST_Area(ST_GeomFromWKB($1, 4326)::geography)`, a.Polygon)
	near(j.t, "area against PostGIS", a.SquareMeters, square, 1e-5)
	near(j.t, "area of the polygon against PostGIS", reach.EllipsoidArea(a.Polygon), square, 1e-6)
}

func TestPostGISFindsOutlinesOfATownRight(t *testing.T) {
	j := newJudge(t)
	town := city(20, 1)
	for _, share := range []int{1, 2, 4, 12} {
		parts := thinned(town, share)
		a := outline(t, parts, 100)
		j.valid(a.Polygon)
		j.area(a)
		j.covers("the roads", a.Polygon, orb.MultiLineString(parts))
		iou := j.likeness(a.Polygon, parts, 100)
		t.Logf("one road in %d: %d polygons, %d holes, %d closed, %d vertices, IoU %.4f", share, len(a.Polygon), holes(a), a.ClosedHoles, vertices(a), iou)
		if iou < 0.98 {
			t.Errorf("one road in %d: IoU %v", share, iou)
		}
	}
}

func TestPostGISFindsOutlinesAtTheAntimeridianValid(t *testing.T) {
	j := newJudge(t)
	var parts []reach.Part
	for _, part := range thinned(city(12, 5), 2) {
		var moved reach.Part
		for _, p := range part {
			if p[0] += 179.988 - 116.3; p[0] > 180 {
				p[0] -= 360
			}
			moved = append(moved, orb.Point{p[0], p[1] - 56.7})
		}
		parts = append(parts, moved)
	}
	a := outline(t, parts, 100)
	j.valid(a.Polygon)
	j.area(a)
	for _, part := range parts {
		if !overMeridian(part) {
			j.covers("a road", a.Polygon, part)
		}
	}
}

func TestEllipsoidAreaIsThatOfPostGIS(t *testing.T) {
	j := newJudge(t)
	// Lines of CRS84 are not geodesics: PostGIS goes along them in small steps.
	for _, polygon := range []orb.Polygon{
		{{{8, 49}, {8.001, 49}, {8.001, 49.002}, {8, 49.001}, {8, 49}}},
		{{{116, 39}, {116.4, 39.1}, {116.2, 39.5}, {116, 39}}, {{116.15, 39.15}, {116.2, 39.3}, {116.2, 39.15}, {116.15, 39.15}}},
		{{{-70, -55.1}, {-69, -59.2}, {-68.5, -55}, {-70, -55.1}}},
		{{{100, -2}, {101, -2}, {101, 31}, {100, 31}, {100, -2}}},
	} {
		var square float64
		j.ask(&square, `select ST_Area(ST_Segmentize(ST_GeomFromWKB($1, 4326), 0.01)::geography)`, polygon)
		near(t, "area", reach.EllipsoidArea(orb.MultiPolygon{polygon}), square, 1e-5)
	}
}
