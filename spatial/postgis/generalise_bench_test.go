package postgis_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/paulmach/orb"

	"quanyu/spatial"
)

// counties are n x n areas from 97 to 111 E and 24 to 36 N, whose borders are
// as rough as those of counties: midpoints are moved aside by a tenth of the
// length, at each scale, until a side has 128 pieces (512 vertices an area).
func counties(c spatial.Collection, n int) []spatial.Record {
	knot := func(x, y int) orb.Point {
		r := rand.New(rand.NewPCG(uint64(x), uint64(y)))
		return orb.Point{97 + 14*(float64(x)+0.5*r.Float64()-0.25)/float64(n), 24 + 12*(float64(y)+0.5*r.Float64()-0.25)/float64(n)}
	}
	sides := map[[4]int][]orb.Point{}
	side := func(x1, y1, x2, y2 int) []orb.Point { // without the last
		key := [4]int{x1, y1, x2, y2}
		if _, ok := sides[key]; !ok {
			line := rough(rand.New(rand.NewPCG(uint64(x1*1000+y1), uint64(x2*1000+y2))), knot(x1, y1), knot(x2, y2), 7)
			sides[key] = line
			back := make([]orb.Point, 0, len(line))
			back = append(back, knot(x2, y2))
			for i := len(line) - 1; i > 0; i-- {
				back = append(back, line[i])
			}
			sides[[4]int{x2, y2, x1, y1}] = back
		}
		return sides[key]
	}
	var records []spatial.Record
	for x := range n {
		for y := range n {
			var ring orb.Ring
			ring = append(ring, side(x, y, x+1, y)...)
			ring = append(ring, side(x+1, y, x+1, y+1)...)
			ring = append(ring, side(x+1, y+1, x, y+1)...)
			ring = append(ring, side(x, y+1, x, y)...)
			r := record(c, x*n+y)
			r.ID, r.Geometry = fmt.Sprintf("county-%04d", x*n+y), orb.MultiPolygon{{append(ring, ring[0])}}
			records = append(records, r)
		}
	}
	return records
}

func rough(r *rand.Rand, p, q orb.Point, depth int) []orb.Point {
	if depth == 0 {
		return []orb.Point{p}
	}
	off := (r.Float64() - 0.5) * 0.36
	m := orb.Point{(p[0]+q[0])/2 - off*(q[1]-p[1]), (p[1]+q[1])/2 + off*(q[0]-p[0])}
	return append(rough(r, p, m, depth-1), rough(r, m, q, depth-1)...)
}

// rawSQL is a tile straight from pre-projected geometry.
const rawSQL = `SELECT ST_AsMVT(m, 'divisions', 4096, 'geom') FROM (SELECT id, name_zh, adcode, level, resident_population,
	ST_AsMVTGeom(geom_3857, ST_TileEnvelope($1, $2, $3), 4096, 64, true) AS geom FROM divisions
	WHERE geom_3857 && ST_TileEnvelope($1, $2, $3, margin => 64.0 / 4096)) m WHERE geom IS NOT NULL`

// BenchmarkCountyTiles makes tiles of 3,025 rough counties at each zoom, one
// after the other from all over them, beside plain SQL.
func BenchmarkCountyTiles(b *testing.B) {
	s, url := open(b)
	divisions := collection(b, "divisions")
	load(b, s, spatial.Load{Name: "counties", Hash: "1", Datasets: []spatial.Dataset{testDataset},
		Tables: []spatial.TableLoad{{Collection: divisions, Records: counties(divisions, 55)}}})
	exec(b, url, "CREATE INDEX raw ON divisions USING gist (geom_3857)")
	b.Log("shapes by zoom: ", ask[string](b, url, `SELECT string_agg(format('%s: %s vertices, %s MB', zoom, n, round(bytes / 1e6, 1)), '; ' ORDER BY zoom)
		FROM (SELECT zoom, sum(ST_NPoints(shape)) AS n, sum(length(shape::bytea)) AS bytes FROM tile_shapes WHERE srid = 3857 GROUP BY zoom) x`))
	raw := connect(b, url)
	defer raw.Close(b.Context())
	grid := spatial.WebMercatorQuad()
	for z := 0; z <= 12; z += 2 {
		at := func(i int) (x, y int) {
			r := rand.New(rand.NewPCG(uint64(i), 7))
			return grid.At(orb.Point{97 + 14*r.Float64(), 24 + 12*r.Float64()}, z)
		}
		b.Run(fmt.Sprintf("z%d", z), func(b *testing.B) {
			size := 0
			for i := range b.N {
				x, y := at(i)
				tile, err := s.Tile(b.Context(), grid, []spatial.Collection{divisions}, z, x, y)
				if err != nil {
					b.Fatal(err)
				}
				size += len(tile)
			}
			b.ReportMetric(float64(size)/float64(b.N), "bytes/tile")
		})
		b.Run(fmt.Sprintf("z%d-plain", z), func(b *testing.B) {
			size := 0
			for i := range b.N {
				x, y := at(i)
				var tile []byte
				if err := raw.QueryRow(b.Context(), rawSQL, z, x, y).Scan(&tile); err != nil {
					b.Fatal(err)
				}
				size += len(tile)
			}
			b.ReportMetric(math.Round(float64(size)/float64(b.N)), "bytes/tile")
		})
	}
}

// BenchmarkGeneralise makes the shapes of 3,025 rough counties in both grids.
func BenchmarkGeneralise(b *testing.B) {
	s, url := open(b)
	divisions := collection(b, "divisions")
	load(b, s, spatial.Load{Name: "counties", Hash: "1", Datasets: []spatial.Dataset{testDataset},
		Tables: []spatial.TableLoad{{Collection: divisions, Records: counties(divisions, 55)}}})
	for b.Loop() {
		exec(b, url, "DELETE FROM tile_shapes; DELETE FROM tile_states")
		if _, err := s.Generalise(b.Context(), divisions); err != nil {
			b.Fatal(err)
		}
	}
}
