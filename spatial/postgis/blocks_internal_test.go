package postgis

import (
	"math/rand/v2"
	"testing"
	"time"

	"github.com/paulmach/orb"
	"pgregory.net/rapid"

	"quanyu/spatial"
)

// Boxes that meet have a block in common, whichever was noted by a row and
// whichever is asked for by a tile.
func TestBoxesThatMeetShareABlock(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		lon, lat := rapid.Float64Range(-180, 180), rapid.Float64Range(-90, 90)
		box := func(name string) orb.Bound {
			p := orb.Point{lon.Draw(t, name), lat.Draw(t, name)}
			return orb.Bound{Min: p, Max: orb.Point{min(180, p[0]+rapid.Float64Range(0, 20).Draw(t, name)), min(90, p[1]+rapid.Float64Range(0, 20).Draw(t, name))}}
		}
		a, b := box("a"), box("b")
		inA, okA := blocksOf(a)
		inB, okB := blocksOf(b)
		if !okA || !okB {
			t.Fatal("a box of 20 degrees has too many blocks")
		}
		common := false
		for _, x := range inA {
			for _, y := range inB {
				common = common || x == y
			}
			if x < 0 || x >= blockColumns*blockColumns/2 {
				t.Fatalf("block %d", x)
			}
		}
		if a.Intersects(b) && !common {
			t.Fatalf("%v and %v meet in no block", a, b)
		}
	})
	if _, few := blocksOf(spatial.WorldCRS84Quad().World); few {
		t.Error("the whole world has few blocks")
	}
}

// A history of one collection is read in steps that overtake each other, as
// the poll and a writer's own reads do: what is held in the end is all of it.
func TestReadsThatOvertakeEachOtherLoseNoChange(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		random := rand.New(rand.NewPCG(uint64(rapid.Int().Draw(t, "seed")), 1))
		history := map[int32][]int64{} // block to the versions at which it changed
		version := int64(0)
		// at reads the history as it stood at a version, since another one.
		at := func(until, since int64) changes {
			c := changes{version: until, epoch: "e", blocks: map[int32]int64{}}
			for block, versions := range history {
				for _, v := range versions {
					if v <= until && v > since {
						c.blocks[block] = v
					}
				}
			}
			return c
		}
		held := changes{}
		type read struct{ known, got changes }
		var flying []read
		for range 60 {
			switch random.IntN(3) {
			case 0:
				version++
				block := int32(random.IntN(5))
				history[block] = append(history[block], version)
			case 1:
				since := held.version
				if held.epoch == "" {
					since = 0
				}
				flying = append(flying, read{held, at(version, since)})
			default:
				if len(flying) > 0 {
					i := random.IntN(len(flying))
					before := held.version
					held = merged(held, flying[i].known, flying[i].got)
					flying = append(flying[:i], flying[i+1:]...)
					if held.version < before {
						t.Fatal("the version went back")
					}
				}
			}
			for block, want := range at(held.version, 0).blocks {
				if held.blocks[block] < want {
					t.Fatalf("version %d is held, of block %d only %d, want %d", held.version, block, held.blocks[block], want)
				}
			}
		}
	})
}

func TestAnotherDatabaseIsReadWhole(t *testing.T) {
	held := changes{version: 9, epoch: "a", blocks: map[int32]int64{1: 9}}
	other := changes{version: 3, epoch: "b", blocks: map[int32]int64{2: 3}}
	if got := merged(held, held, other); got.version != 3 || got.blocks[1] != 0 || got.blocks[2] != 3 || got.everywhere != 0 {
		t.Errorf("%+v", got)
	}
	// A read that began on the database of before and comes in late knows only
	// what is new since then.
	late := changes{version: 10, epoch: "a", blocks: map[int32]int64{5: 10}}
	if got := merged(other, held, late); got.within([]int32{1}) != 10 {
		t.Errorf("%+v vouches for block 1, which it did not read", got)
	}
}

func BenchmarkTileVersion(b *testing.B) {
	blocks := map[int32]int64{}
	for i := range int32(8192) {
		blocks[i] = int64(i)
	}
	w := &watcher{versions: map[string]changes{"seats": {version: 7, epoch: "e", blocks: blocks}}, read: time.Now().Add(time.Hour)}
	s := Store{watch: w, now: time.Now}
	seats, _ := spatial.CollectionByID("seats")
	for b.Loop() {
		s.TileVersion(spatial.WebMercatorQuad(), []spatial.Collection{seats}, 9, 400, 200)
	}
}
