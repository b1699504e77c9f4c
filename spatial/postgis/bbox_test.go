package postgis_test

import (
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/paulmach/orb"

	"quanyu/spatial"
	"quanyu/spatial/postgis"
)

func crs(t testing.TB, code int) spatial.CRS {
	t.Helper()
	c, ok := spatial.ParseCRS(fmt.Sprintf("http://www.opengis.net/def/crs/EPSG/0/%d", code))
	if !ok {
		t.Fatalf("EPSG:%d is not offered", code)
	}
	return c
}

// gridLoad has a seat at every tenth degree, from -180 to 180 and -80 to 80.
func gridLoad(t testing.TB) (spatial.Load, spatial.Collection) {
	seats := spatial.TableLoad{Collection: collection(t, "seats")}
	for lon := -180; lon <= 180; lon += 10 {
		for lat := -80; lat <= 80; lat += 10 {
			r := record(seats.Collection, 1)
			r.ID, r.Geometry = gridID(lon, lat), orb.Point{float64(lon), float64(lat)}
			seats.Records = append(seats.Records, r)
		}
	}
	return spatial.Load{Name: "grid", Hash: "1", Datasets: []spatial.Dataset{testDataset}, Tables: []spatial.TableLoad{seats}}, seats.Collection
}

func gridID(lon, lat int) string { return fmt.Sprintf("p%d_%d", lon, lat) }

func inBox(t testing.TB, s *postgis.Store, c spatial.Collection, crs spatial.CRS, minX, minY, maxX, maxY float64) []string {
	t.Helper()
	rows, _ := collect(t, s, spatial.ItemsQuery{Collection: c, Limit: 10000, SkipGeometry: true, Properties: []string{},
		BBox: &spatial.BBox{CRS: crs, Bound: orb.Bound{Min: orb.Point{minX, minY}, Max: orb.Point{maxX, maxY}}}})
	ids := make([]string, len(rows))
	for i, r := range rows {
		ids[i] = r.Position.ID
	}
	slices.Sort(ids)
	return ids
}

// grid lists the ids of the grid's points that a rule takes.
func grid(in func(lon, lat int) bool) []string {
	var ids []string
	for lon := -180; lon <= 180; lon += 10 {
		for lat := -80; lat <= 80; lat += 10 {
			if in(lon, lat) {
				ids = append(ids, gridID(lon, lat))
			}
		}
	}
	slices.Sort(ids)
	return ids
}

func TestBoxes(t *testing.T) {
	s, _ := open(t)
	l, seats := gridLoad(t)
	load(t, s, l)
	within := func(minLon, minLat, maxLon, maxLat int) []string {
		return grid(func(lon, lat int) bool { return lon >= minLon && lon <= maxLon && lat >= minLat && lat <= maxLat })
	}
	pacific := grid(func(lon, lat int) bool { return (lon >= 170 || lon <= -170) && lat >= 0 && lat <= 20 })
	x := func(lon float64) float64 { return lon / 180 * math.Pi * 6378137 }
	y := func(lat float64) float64 { return 6378137 * math.Log(math.Tan(math.Pi/4+lat*math.Pi/360)) }
	cases := []struct {
		name string
		crs  spatial.CRS
		box  [4]float64
		want []string
	}{
		{"CRS84", spatial.CRS84, [4]float64{95, 15, 125, 45}, within(95, 15, 125, 45)},
		{"edges belong to it", spatial.CRS84, [4]float64{100, 20, 120, 40}, within(100, 20, 120, 40)},
		{"a point", spatial.CRS84, [4]float64{100, 20, 100, 20}, within(100, 20, 100, 20)},
		{"a line", spatial.CRS84, [4]float64{100, 20, 130, 20}, within(100, 20, 130, 20)},
		{"EPSG:4326", crs(t, 4326), [4]float64{95, 15, 125, 45}, within(95, 15, 125, 45)},
		{"EPSG:4490", crs(t, 4490), [4]float64{95, 15, 125, 45}, within(95, 15, 125, 45)},
		{"a point in EPSG:4490", crs(t, 4490), [4]float64{100, 20, 100, 20}, within(100, 20, 100, 20)},
		{"the world", spatial.CRS84, [4]float64{-180, -90, 180, 90}, within(-180, -90, 180, 90)},
		{"more than the world", spatial.CRS84, [4]float64{-900, -90, 900, 90}, within(-180, -90, 180, 90)},
		{"antimeridian", spatial.CRS84, [4]float64{165, -5, -165, 25}, pacific},
		{"antimeridian in EPSG:4490", crs(t, 4490), [4]float64{165, -5, -165, 25}, pacific},
		{"beyond 180", spatial.CRS84, [4]float64{165, -5, 195, 25}, pacific},
		{"beyond -180", spatial.CRS84, [4]float64{-195, -5, -165, 25}, pacific},
		{"EPSG:3857", crs(t, 3857), [4]float64{x(95), y(15), x(125), y(45)}, within(95, 15, 125, 45)},
		{"beyond the square of EPSG:3857", crs(t, 3857), [4]float64{-9e9, -9e9, 9e9, 9e9}, within(-180, -80, 180, 80)},
		{"nothing there", spatial.CRS84, [4]float64{101, 21, 102, 22}, nil},
		{"outside of EPSG:3857", crs(t, 3857), [4]float64{3e7, 0, 4e7, 1}, nil},
	}
	for _, c := range cases {
		if got := inBox(t, s, seats, c.crs, c.box[0], c.box[1], c.box[2], c.box[3]); !slices.Equal(got, c.want) {
			t.Errorf("%s:\n got %v\nwant %v", c.name, got, c.want)
		}
	}
	bad := map[string][4]float64{"upside down": {0, 10, 10, 0}, "not a number": {0, math.NaN(), 1, 1}, "infinite": {math.Inf(-1), 0, 1, 1}}
	for name, b := range bad {
		err := s.Items(t.Context(), spatial.ItemsQuery{Collection: seats, Limit: 1, BBox: &spatial.BBox{CRS: spatial.CRS84,
			Bound: orb.Bound{Min: orb.Point{b[0], b[1]}, Max: orb.Point{b[2], b[3]}}}}, func(spatial.ItemRow) error { return nil })
		if spatial.KindOf(err) != spatial.Invalid {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// In a Gauss-Kruger zone the sides of a box are bent on the earth. The judge is
// PROJ: a point is in the box when its own easting and northing are.
func TestGaussKrugerBoxes(t *testing.T) {
	s, url := open(t)
	l, seats := gridLoad(t)
	for i := range 400 { // more points, near the sides
		r := record(seats, 1)
		r.ID, r.Geometry = fmt.Sprintf("q%d", i), orb.Point{96 + float64(i%20), 20 + float64(i/20)*1.3}
		l.Tables[0].Records = append(l.Tables[0].Records, r)
	}
	load(t, s, l)
	for _, code := range []int{4513, 4523, 4533, 4534, 4543, 4554} {
		easting, central := 500_000.0, 75+3*(code-4534)
		if code < 4534 {
			easting, central = easting+float64(25+code-4513)*1e6, 75+3*(code-4513)
		}
		for _, box := range [][4]float64{{-4e5, 2.5e6, 7e5, 4.5e6}, {-2e6, 2e6, 1e6, 5.5e6}, {-5.5e6, 1e6, -1e6, 5e6}, {-7.5e6, 1e6, -1e6, 5e6}} {
			minX, maxX := easting+box[0], easting+box[2]
			got := inBox(t, s, seats, crs(t, code), minX, box[1], maxX, box[3])
			want := ask[[]string](t, url, `SELECT coalesce(array_agg(id ORDER BY id), '{}') FROM (SELECT id, ST_Transform(geom, $1::int) AS g FROM seats
				WHERE ST_X(geom) BETWEEN $6::int - 60 AND $6::int + 60 AND ST_Y(geom) BETWEEN 0 AND 62 OFFSET 0) p
				WHERE ST_X(g) BETWEEN $2 AND $3 AND ST_Y(g) BETWEEN $4 AND $5`, code, minX, maxX, box[1], box[3], central)
			if !slices.Equal(got, want) {
				t.Errorf("EPSG:%d %v:\n got %v\nwant %v", code, box, got, want)
			}
		}
		all := inBox(t, s, seats, crs(t, code), -1e12, -1e12, 1e12, 1e12)
		for _, id := range grid(inChina) {
			if !slices.Contains(all, id) {
				t.Errorf("EPSG:%d: the whole plane lacks %s", code, id)
			}
		}
	}
}

// inChina takes more than China, but not the sea at the far corners.
func inChina(lon, lat int) bool {
	return lat >= 30 && lat <= 50 && lon >= 80 && lon <= 130 || lat == 20 && lon >= 100 && lon <= 120
}

func TestGeometryInEveryCRS(t *testing.T) {
	s, url := open(t)
	l, seats := gridLoad(t)
	load(t, s, l)
	get := func(c spatial.CRS, f spatial.GeometryFormat) string {
		row, err := s.Item(t.Context(), seats, gridID(100, 30), c, nil, f)
		if err != nil {
			t.Fatalf("%s: %v", c.URI, err)
		}
		return string(row.Geometry)
	}
	exact := map[string]string{
		get(spatial.CRS84, ""):              `{"type":"Point","coordinates":[100,30]}`,
		get(spatial.CRS{}, spatial.GeoJSON): `{"type":"Point","coordinates":[100,30]}`,
		get(crs(t, 4326), ""):               `{"type":"Point","coordinates":[30,100]}`,
		get(crs(t, 4490), ""):               `{"type":"Point","coordinates":[30,100]}`,
		get(spatial.CRS84, spatial.WKT):     `POINT(100 30)`,
		get(crs(t, 4326), spatial.WKT):      `POINT(30 100)`,
		get(crs(t, 3857), ""):               `{"type":"Point","coordinates":[11131949.079,3503549.844]}`,
		get(crs(t, 3857), spatial.WKT):      `POINT(11131949.079 3503549.844)`,
	}
	for got, want := range exact {
		if got != want {
			t.Errorf("got %s, want %s", got, want)
		}
	}
	judged := ask[[][]float64](t, url, `SELECT array_agg(ARRAY[ST_Y(g), ST_X(g)] ORDER BY code) FROM generate_series(4513, 4554) code,
		ST_Transform(ST_SetSRID(ST_MakePoint(100, 30), 4326), code) g`)
	for i, c := range spatial.OfferedCRS()[3:45] { // northing first
		var p struct{ Coordinates [2]float64 }
		if err := json.Unmarshal([]byte(get(c, "")), &p); err != nil {
			t.Fatal(err)
		}
		want := judged[i]
		if c.SRID != 4513+i || math.Abs(p.Coordinates[0]-want[0]) > 0.001 || math.Abs(p.Coordinates[1]-want[1]) > 0.001 {
			t.Errorf("%s: %v, want %v", c.URI, p.Coordinates, want)
		}
	}
}

func TestBoxesOfLinesAndTables(t *testing.T) {
	s, _ := open(t)
	load(t, s, sampleLoad(6))
	roads := collection(t, "roads")
	// roads-001 goes from 112 29 to 112.5 29.25; a box may cut it between its ends.
	if got := inBox(t, s, roads, spatial.CRS84, 112.2, 29, 112.3, 30); !slices.Equal(got, []string{"roads-001"}) {
		t.Errorf("got %v", got)
	}
	if got := inBox(t, s, roads, spatial.CRS84, 112.3, 29.0, 112.5, 29.1); got != nil && len(got) > 0 {
		t.Errorf("the box of the line, but not the line, is in this one: %v", got)
	}
	if got := inBox(t, s, collection(t, "targets"), spatial.CRS84, -180, -90, 180, 90); len(got) > 0 {
		t.Errorf("rows without geometry are in a box: %v", got)
	}
	bound, any, err := s.Extent(t.Context(), roads)
	if err != nil || !any || bound.Min[0] < 75 || bound.Max[1] > 54 {
		t.Errorf("extent %v, %v, %v", bound, any, err)
	}
	if _, any, err := s.Extent(t.Context(), collection(t, "targets")); any || err != nil {
		t.Errorf("the extent of a table: %v, %v", any, err)
	}
}

func TestErrorsShowNoSQL(t *testing.T) {
	s, url := open(t)
	exec(t, url, "ALTER TABLE seats RENAME COLUMN name_zh TO other")
	err := s.Items(t.Context(), spatial.ItemsQuery{Collection: collection(t, "seats"), Limit: 1}, func(spatial.ItemRow) error { return nil })
	e, ok := err.(*spatial.Error)
	if !ok || e.Kind != spatial.Unavailable || e.Err == nil || strings.Contains(e.Detail, "name_zh") || strings.Contains(e.Detail, "SELECT") {
		t.Errorf("got %#v", err)
	}
}
