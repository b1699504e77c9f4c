package postgis_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/paulmach/orb"

	"quanyu/spatial"
	"quanyu/spatial/postgis"
)

// Tiles that are read together are byte for byte those that are read alone,
// however many, and crowded ones among them.
func TestTilesTogetherAreTilesAlone(t *testing.T) {
	s, url := open(t)
	load(t, s, sampleLoad(60))
	crowd(t, s)
	conn := connect(t, url)
	t.Cleanup(func() { conn.Close(context.Background()) })
	if _, err := conn.Exec(t.Context(), "SET ROLE quanyu_public"); err != nil {
		t.Fatal(err)
	}
	read := func(text string, args []any, n int) []madeTile {
		t.Helper()
		list := make([]madeTile, n)
		rows, err := conn.Query(t.Context(), text, args...)
		if err != nil {
			t.Fatal(err)
		}
		var i, seen int
		var one madeTile
		if _, err := pgx.ForEachRow(rows, []any{&i, &one.bytes, &one.whole}, func() error {
			list[i] = madeTile{bytes.Clone(one.bytes), one.whole}
			seen++
			return nil
		}); err != nil || seen != n {
			t.Fatalf("%d tiles of %d, %v", seen, n, err)
		}
		return list
	}
	random, seen := rand.New(rand.NewPCG(1, 2)), map[bool]int{}
	for _, grid := range spatial.Grids() {
		for z := range 9 - grid.Finer {
			for _, layers := range tiledSets(grid, z) {
				if random.IntN(6) > 0 { // all of them would take a minute
					continue
				}
				addresses := make([][2]int, 1+random.IntN(16))
				for i := range addresses {
					at := orb.Point{75 + 60*random.Float64(), 18 + 35*random.Float64()}
					if random.IntN(4) == 0 {
						at = orb.Point{116, 40} // the crowded place
					}
					x, y := grid.At(at, z)
					addresses[i] = [2]int{x, y}
				}
				plain, capped, args := postgis.TileStatements(grid, layers, z, addresses...)
				for _, text := range []string{plain, capped} {
					for i, got := range read(text, args, len(addresses)) {
						_, _, args := postgis.TileStatements(grid, layers, z, addresses[i])
						if want := read(text, args, 1)[0]; got.whole != want.whole || !bytes.Equal(got.bytes, want.bytes) {
							t.Errorf("%s %d/%v of %d layers, one of %d tiles: %d bytes, whole %v; alone %d, whole %v",
								grid.ID, z, addresses[i], len(layers), len(addresses), len(got.bytes), got.whole, len(want.bytes), want.whole)
						}
						if len(got.bytes) > 0 {
							seen[got.whole]++
						}
					}
				}
			}
		}
	}
	if seen[true] < 30 || seen[false] < 5 {
		t.Errorf("%v tiles compared: the test would prove little", seen)
	}
}

type madeTile struct {
	bytes []byte
	whole bool
}

// Callers who ask for tiles at one time, under different row rules, each get
// what they get alone.
func TestTilesAskedForAtOnceAreEachTheirOwn(t *testing.T) {
	s, url := open(t)
	exec(t, url, `INSERT INTO airports (id, name_zh, geom, visibility)
		SELECT 'a' || i, 'x', ST_Point(100 + i % 20, 25 + i / 20, 4326), (ARRAY['public', 'internal', 'restricted'])[1 + i % 3] FROM generate_series(0, 199) i`)
	grid, airports := spatial.WebMercatorQuad(), []spatial.Collection{collection(t, "airports")}
	roles := []spatial.Role{spatial.Anonymous, spatial.Viewer, spatial.Admin}
	tile := func(role spatial.Role, x, y int) []byte {
		t.Helper()
		body, err := s.Tile(as(t, role), grid, airports, 9, x, y)
		if err != nil {
			t.Error(err)
		}
		return body
	}
	x, y := grid.At(orb.Point{100, 34}, 9)
	alone := map[string][]byte{}
	distinct := map[string]bool{}
	for _, role := range roles {
		for i := range 30 {
			body := tile(role, x+i, y+i/2)
			alone[fmt.Sprint(role, i)], distinct[string(body)] = body, true
		}
	}
	if len(distinct) < 12 {
		t.Fatalf("%d different tiles: the test would prove little", len(distinct))
	}
	var group sync.WaitGroup
	for reader := range 48 {
		group.Go(func() {
			for n := range 30 {
				role, i := roles[(reader+n)%3], (reader*7+n*11)%30
				if got := tile(role, x+i, y+i/2); !bytes.Equal(got, alone[fmt.Sprint(role, i)]) {
					t.Errorf("%q at %d: %d bytes, alone %d", role, i, len(got), len(alone[fmt.Sprint(role, i)]))
				}
			}
		})
	}
	group.Wait()
}

// A caller that leaves takes none along whose tiles are read with its own.
func TestTilesTogetherLeaveOneByOne(t *testing.T) {
	s, url := open(t)
	load(t, s, sampleLoad(60))
	lock, err := pgx.Connect(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	defer lock.Close(context.Background())
	if _, err := lock.Exec(t.Context(), "BEGIN; LOCK TABLE airports IN ACCESS EXCLUSIVE MODE"); err != nil {
		t.Fatal(err)
	}
	grid := spatial.WebMercatorQuad()
	x, y := grid.At(orb.Point{104, 30}, 9)
	read := func(ctx context.Context, x int) chan error {
		done := make(chan error, 1)
		go func() {
			_, err := s.Tile(ctx, grid, []spatial.Collection{collection(t, "airports")}, 9, x, y)
			done <- err
		}()
		return done
	}
	impatient, leave := context.WithCancel(t.Context())
	left := []chan error{read(impatient, x), read(impatient, x+1), read(impatient, x+2)}
	stayed := []chan error{read(t.Context(), x+3), read(t.Context(), x)}
	time.Sleep(50 * time.Millisecond) // whoever is in which statement by now, the outcome is the same
	leave()
	for _, done := range left {
		if err := <-done; !errors.Is(err, context.Canceled) {
			t.Errorf("a caller that left gets %v", err)
		}
	}
	if _, err := lock.Exec(t.Context(), "COMMIT"); err != nil {
		t.Fatal(err)
	}
	for _, done := range stayed {
		if err := <-done; err != nil {
			t.Errorf("a caller that stayed gets %v", err)
		}
	}
}
