package postgis_test

import (
	"bytes"
	"fmt"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/paulmach/orb"

	"quanyu/spatial"
	"quanyu/spatial/postgis"
)

// TestPlainTilesAreCappedTiles: where a tile has all its features, the short
// query gives it byte for byte as the one for all tiles does; where it has not,
// both say so.
func TestPlainTilesAreCappedTiles(t *testing.T) {
	s, url := open(t)
	load(t, s, sampleLoad(60))
	crowd(t, s)
	conn, err := pgx.Connect(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close(t.Context()) })
	read := func(text string, args []any) (tile []byte, whole bool) {
		t.Helper()
		if err := conn.QueryRow(t.Context(), text, args...).Scan(nil, &tile, &whole); err != nil {
			t.Fatal(err)
		}
		return tile, whole
	}
	seen := map[bool]int{}
	for _, grid := range spatial.Grids() {
		for z := range 9 - grid.Finer {
			for _, at := range []orb.Point{{104, 30}, {116, 40}, {87.6, 43.8}, {-170, -10}} {
				x, y := grid.At(at, z)
				for _, layers := range tiledSets(grid, z) {
					plain, capped, args := postgis.TileStatements(grid, layers, z, [2]int{x, y})
					short, wholeShort := read(plain, args)
					long, wholeLong := read(capped, args)
					seen[wholeLong && len(long) > 0]++
					if wholeShort != wholeLong || wholeLong && !bytes.Equal(short, long) {
						t.Errorf("%s %d/%d/%d of %d layers: %d bytes, whole %v; the query for all tiles has %d, whole %v", grid.ID, z, y, x, len(layers), len(short), wholeShort, len(long), wholeLong)
					}
				}
			}
		}
	}
	if seen[true] < 20 || seen[false] < 5 {
		t.Errorf("%v tiles compared: the test would prove little", seen)
	}
}

// tiledSets are each collection that a zoom shows by itself, and all of them.
func tiledSets(grid spatial.Grid, z int) [][]spatial.Collection {
	var sets [][]spatial.Collection
	var all []spatial.Collection
	for _, c := range spatial.Collections() {
		if c.Tiles != nil && c.Tiles.In(grid, z) {
			sets, all = append(sets, []spatial.Collection{c}), append(all, c)
		}
	}
	if all != nil {
		sets = append(sets, all)
	}
	return sets
}

// crowd puts more seats in one place than a tile shows.
func crowd(t *testing.T, s *postgis.Store) {
	t.Helper()
	seats := spatial.TableLoad{Collection: collection(t, "seats")}
	for i := range 4100 {
		r := record(seats.Collection, i)
		r.ID, r.Geometry = fmt.Sprintf("crowded%04d", i), orb.Point{116, 40}
		seats.Records = append(seats.Records, r)
	}
	load(t, s, spatial.Load{Name: "crowd", Hash: "1", Tables: []spatial.TableLoad{seats}})
}
