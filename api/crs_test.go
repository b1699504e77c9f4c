package api_test

import (
	"encoding/csv"
	"encoding/json"
	"fmt"
	"math"
	"net/url"
	"os/exec"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"quanyu/spatial"
	"quanyu/spatial/postgis/postgistest"
)

// markers is a collection of points from the far west of China to its east.
func markers(t testing.TB) func(url string) []spatial.Collection {
	return func(url string) []spatial.Collection {
		c := spatial.Collection{ID: "markers", Title: "Markers", Geometry: spatial.Point, Properties: []spatial.Property{{Name: "n", Type: spatial.Integer}}}
		postgistest.Table(t, url, c, "geometry(Point, 4326)")
		postgistest.Exec(t, url, "INSERT INTO markers (id, n, geom) SELECT 'm' || i, i, ST_Point(74 + 3 * i + i / 7.0, 40 - 15 * sin(pi() * i / 19) + i * 0.4, 4326) FROM generate_series(0, 19) i")
		return []spatial.Collection{c}
	}
}

// In every CRS that is offered, coordinates are what PostGIS transforms them
// to, in the order of the axes; a box around them, written in that CRS, finds
// the feature and no other; and the answer names the CRS.
func TestEveryOfferedCRS(t *testing.T) {
	c, url := storeOf(t, markers(t))
	conn, err := pgx.Connect(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(t.Context())
	collection := c.get("/collections/markers").want(t, 200).json(t)
	listed := collection["crs"].([]any)
	if want := 4 + 42; len(listed) != want || !slices.Contains(listed, collection["storageCrs"]) || listed[0] != spatial.CRS84.URI {
		t.Fatalf("%d systems listed, want %d, with the storage CRS %v among them", len(listed), want, collection["storageCrs"])
	}
	for _, one := range listed {
		uri := one.(string)
		code, northFirst := codeOf(t, uri)
		for n, want := range transformed(t, conn, code) {
			got := coordinatesIn(t, c, uri, fmt.Sprintf("n=%d", n))
			if northFirst {
				want[0], want[1] = want[1], want[0]
			}
			tolerance := 0.0006 // half of the last of three decimals of a metre
			if code == 4326 || code == 4490 {
				tolerance = 6e-8
			}
			if math.Abs(got[0]-want[0]) > tolerance || math.Abs(got[1]-want[1]) > tolerance {
				t.Errorf("%s: marker %d at %v, want %v", uri, n, got, want)
			}
			around := 0.001
			if code != 4326 && code != 4490 {
				around = 50
			}
			box := fmt.Sprintf("bbox=%f,%f,%f,%f&bbox-crs=%s", got[0]-around, got[1]-around, got[0]+around, got[1]+around, urlEscape(uri))
			if ids := featureIDs(c.get("/collections/markers/items?"+box).want(t, 200).json(t)); !slices.Equal(ids, []string{fmt.Sprintf("m%d", n)}) {
				t.Errorf("%s: the box around marker %d finds %v", uri, n, ids)
			}
		}
	}
}

// codeOf gives the EPSG code of a URI and, as GDAL reads the EPSG registry,
// whether its first axis goes north.
func codeOf(t *testing.T, uri string) (code int, northFirst bool) {
	t.Helper()
	if uri == spatial.CRS84.URI {
		return 4326, false
	}
	code, err := strconv.Atoi(strings.TrimPrefix(uri, "http://www.opengis.net/def/crs/EPSG/0/"))
	if err != nil {
		t.Fatal(err)
	}
	wkt, err := exec.Command("gdalsrsinfo", "-o", "wkt2_2019", fmt.Sprintf("EPSG:%d", code)).Output()
	if err != nil {
		t.Fatalf("gdalsrsinfo EPSG:%d: %v", code, err)
	}
	first := regexp.MustCompile(`(?s)CS\[(?:ellipsoidal|Cartesian),2\],\s*AXIS\["[^"]*",(north|east)`).FindSubmatch(wkt)
	if first == nil {
		t.Fatalf("no axes in %s", wkt)
	}
	return code, string(first[1]) == "north"
}

// transformed gives the easting and northing of three markers.
func transformed(t *testing.T, conn *pgx.Conn, code int) map[int][2]float64 {
	t.Helper()
	rows, err := conn.Query(t.Context(), "SELECT n, ST_X(g), ST_Y(g) FROM (SELECT n, ST_Transform(geom, $1::int) g FROM markers WHERE n % 7 = 1) m", code)
	if err != nil {
		t.Fatal(err)
	}
	places := map[int][2]float64{}
	var n int
	var x, y float64
	if _, err := pgx.ForEachRow(rows, []any{&n, &x, &y}, func() error { places[n] = [2]float64{x, y}; return nil }); err != nil || len(places) != 3 {
		t.Fatalf("%d places, %v", len(places), err)
	}
	return places
}

// coordinatesIn asks for one marker in a list, alone and as CSV, which must agree.
func coordinatesIn(t *testing.T, c *client, uri, query string) [2]float64 {
	t.Helper()
	type feature struct {
		ID       string
		Geometry struct{ Coordinates [2]float64 }
	}
	a := c.get("/collections/markers/items?crs="+urlEscape(uri)+"&"+query).want(t, 200)
	var page struct{ Features []feature }
	if err := json.Unmarshal(a.body, &page); err != nil || len(page.Features) != 1 {
		t.Fatalf("%v in %s", err, a.body)
	}
	b := c.get("/collections/markers/items/"+page.Features[0].ID+"?crs="+urlEscape(uri)).want(t, 200)
	var alone feature
	if err := json.Unmarshal(b.body, &alone); err != nil || alone.Geometry != page.Features[0].Geometry {
		t.Errorf("%s: alone at %v, in the list at %v, %v", uri, alone.Geometry, page.Features[0].Geometry, err)
	}
	table := c.get("/collections/markers/items?f=csv&crs="+urlEscape(uri)+"&"+query).want(t, 200)
	lines, err := csv.NewReader(strings.NewReader(string(table.body))).ReadAll()
	g := alone.Geometry.Coordinates
	plain := func(v float64) string { return strconv.FormatFloat(v, 'f', -1, 64) }
	if want := "POINT(" + plain(g[0]) + " " + plain(g[1]) + ")"; err != nil || lines[1][len(lines[1])-1] != want {
		t.Errorf("%s: CSV has %v, want %s, %v", uri, lines, want, err)
	}
	for _, answer := range []answer{a, b, table} {
		if got := answer.header.Get("Content-Crs"); got != "<"+uri+">" {
			t.Errorf("Content-Crs %q, want <%s>", got, uri)
		}
	}
	return g
}

func urlEscape(text string) string { return url.QueryEscape(text) }

// Boxes with heights, and boxes over the antimeridian in either axis order,
// find what the plane box finds.
func TestBoxesOnTheWire(t *testing.T) {
	c, _ := storeOf(t, func(url string) []spatial.Collection {
		list := markers(t)(url)
		postgistest.Exec(t, url, "INSERT INTO markers (id, n, geom) VALUES ('fiji', 100, ST_Point(179.9, -17, 4326)), ('taveuni', 101, ST_Point(-179.9, -17, 4326)), ('zero', 102, ST_Point(0, -17, 4326))")
		return list
	})
	const epsg = "http://www.opengis.net/def/crs/EPSG/0/"
	for query, want := range map[string][]string{
		"bbox=179,-18,-179,-16":                                          {"fiji", "taveuni"},
		"bbox=179,-18,-5,-179,-16,9000":                                  {"fiji", "taveuni"}, // heights, which no feature has, are left aside
		"bbox=-18,179,-16,-179&bbox-crs=" + urlEscape(epsg+"4326"):       {"fiji", "taveuni"},
		"bbox=-18,179,0,-16,-179,1&bbox-crs=" + urlEscape("[EPSG:4490]"): {"fiji", "taveuni"},
		"bbox=-180,-90,180,-1":                                           {"fiji", "taveuni", "zero"},
		"bbox=179.9,-17,180,-17":                                         {"fiji"},
	} {
		if ids := featureIDs(c.get("/collections/markers/items?"+query).want(t, 200).json(t)); !slices.Equal(ids, want) {
			t.Errorf("%s finds %v, want %v", query, ids, want)
		}
	}
	for _, uri := range []string{epsg + "4512", epsg + "4555", epsg + "27700", "EPSG:4326", "http://www.opengis.net/def/crs/EPSG/9.9/4326", "[EPSG:4326", "urn:ogc:def:crs:EPSG::4326 "} {
		for _, query := range []string{"crs=" + urlEscape(uri), "bbox=1,1,2,2&bbox-crs=" + urlEscape(uri), "bbox-crs=" + urlEscape(uri)} {
			if got := c.get("/collections/markers/items?"+query).want(t, 400).faults(t); len(got) != 1 || !strings.HasSuffix(got[0], "crs") {
				t.Errorf("%s: faults %v", query, got)
			}
		}
		c.get("/collections/markers/items/m1?crs="+urlEscape(uri)).want(t, 400)
	}
}
