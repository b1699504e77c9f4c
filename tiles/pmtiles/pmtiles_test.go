package pmtiles

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// The ids of the first zooms, and a deep one, as the specification's own
// implementations number them.
func TestIDsAreThoseOfTheSpecification(t *testing.T) {
	for id, at := range map[uint64][3]int{
		0: {0, 0, 0}, 1: {1, 0, 0}, 2: {1, 0, 1}, 3: {1, 1, 1}, 4: {1, 1, 0}, 5: {2, 0, 0}, 19078479: {12, 3423, 1763},
	} {
		if got := ID(at[0], at[1], at[2]); got != id {
			t.Errorf("%v has id %d, want %d", at, got, id)
		}
	}
}

func TestIDsFillEachZoomAndNeighboursFollow(t *testing.T) {
	next := uint64(0)
	for z := range 7 {
		var lastX, lastY int
		for i := range 1 << (2 * z) {
			zoom, x, y, ok := Tile(next)
			if !ok || zoom != z || ID(z, x, y) != next {
				t.Fatalf("id %d is %d/%d/%d, whose id is %d", next, zoom, x, y, ID(zoom, x, y))
			}
			if step := abs(x-lastX) + abs(y-lastY); i > 0 && step != 1 {
				t.Fatalf("the curve jumps to %d/%d/%d", z, x, y)
			}
			lastX, lastY = x, y
			next++
		}
	}
}

func abs(n int) int { return max(n, -n) }

func TestIDsOfDeepZooms(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		z := rapid.IntRange(0, maxZoom).Draw(t, "z")
		x, y := rapid.IntRange(0, 1<<z-1).Draw(t, "x"), rapid.IntRange(0, 1<<z-1).Draw(t, "y")
		if gotZ, gotX, gotY, ok := Tile(ID(z, x, y)); !ok || gotZ != z || gotX != x || gotY != y {
			t.Fatalf("%d/%d/%d comes back as %d/%d/%d", z, x, y, gotZ, gotX, gotY)
		}
	})
	if _, _, _, ok := Tile(1<<64 - 1); ok {
		t.Error("the last number of 64 bits names a tile")
	}
}

// write makes an archive of bodies by id, in memory but for the spool.
func write(t testing.TB, bodies map[uint64]string) []byte {
	t.Helper()
	spool, err := os.Create(filepath.Join(t.TempDir(), "spool"))
	if err != nil {
		t.Fatal(err)
	}
	defer spool.Close()
	w := NewWriter(spool)
	var ids []uint64
	for id := range bodies {
		ids = append(ids, id)
	}
	slices.Sort(ids)
	for _, id := range ids {
		if err := w.Add(id, []byte(bodies[id])); err != nil {
			t.Fatal(err)
		}
	}
	var out bytes.Buffer
	if _, err := w.Finish(&out, []byte(`{"name":"x"}`), Header{MinLon: 73.5, MinLat: -1e-7, MaxLon: 135, MaxLat: 54, CenterLon: 104, CenterLat: 30, CenterZoom: 3}); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func openBytes(t testing.TB, b []byte) *Archive {
	t.Helper()
	a, err := Open(bytes.NewReader(b), int64(len(b)))
	if err != nil {
		t.Fatal(err)
	}
	return a
}

// What was written is read again tile by tile, and nothing else is there.
func TestArchivesHoldWhatWasWritten(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		bodies := rapid.MapOfN(rapid.Uint64Range(0, 400), rapid.SampledFrom([]string{"a", "bb", "ccc", "dddd"}), 1, 200).Draw(rt, "bodies")
		b := write(t, bodies)
		a := openBytes(t, b)
		if err := a.Verify(); err != nil {
			rt.Fatal(err)
		}
		distinct := map[string]bool{}
		for _, body := range bodies {
			distinct[body] = true
		}
		if a.AddressedTiles != uint64(len(bodies)) || a.Contents != uint64(len(distinct)) {
			rt.Fatalf("%d tiles and %d contents, want %d and %d", a.AddressedTiles, a.Contents, len(bodies), len(distinct))
		}
		for id := range uint64(402) {
			got, err := a.Tile(id)
			if err != nil || string(got) != bodies[id] {
				rt.Fatalf("tile %d is %q, want %q (%v)", id, got, bodies[id], err)
			}
		}
		if again := write(t, bodies); !bytes.Equal(again, b) {
			rt.Fatal("the same tiles give other bytes")
		}
	})
}

func TestHeadersSayWhereAndHowDeep(t *testing.T) {
	a := openBytes(t, write(t, map[uint64]string{ID(3, 6, 3): "x", ID(7, 100, 50): "y"}))
	if a.MinZoom != 3 || a.MaxZoom != 7 || a.MinLon != 73.5 || a.MinLat != -1e-7 || a.MaxLat != 54 || a.CenterLon != 104 || a.CenterZoom != 3 {
		t.Errorf("%+v", a.Header)
	}
	if metadata, err := a.JSON(); err != nil || string(metadata) != `{"name":"x"}` {
		t.Errorf("metadata %s, %v", metadata, err)
	}
}

// Many runs do not fit the root: leaves carry them, and the root stays in the
// first 16 KiB.
func TestLeavesCarryWhatTheRootCannot(t *testing.T) {
	bodies := map[uint64]string{}
	seed := uint64(1)
	for id := uint64(0); len(bodies) < 60_000; {
		seed = seed*6364136223846793005 + 1442695040888963407
		id += 1 + seed>>60
		bodies[id] = fmt.Sprintf("%d %s", seed%50_000, bytes.Repeat([]byte("x"), int(seed>>58)))
	}
	b := write(t, bodies)
	a := openBytes(t, b)
	if a.Leaves.Length == 0 || a.Root.Offset+a.Root.Length >= rootReach {
		t.Fatalf("leaves of %d bytes, root of %d", a.Leaves.Length, a.Root.Length)
	}
	if err := a.Verify(); err != nil {
		t.Fatal(err)
	}
	seen := 0
	err := a.Entries(func(e Entry) error { seen += int(e.Run); return nil })
	if err != nil || seen != len(bodies) {
		t.Errorf("%d tiles, %v", seen, err)
	}
	for id := uint64(0); id < 10_000; id++ {
		if got, err := a.Tile(id); err != nil || string(got) != bodies[id] {
			t.Fatalf("tile %d is %q, want %q (%v)", id, got, bodies[id], err)
		}
	}
}

func TestTilesOutOfOrderAndEmptyArchivesAreRefused(t *testing.T) {
	spool, err := os.Create(filepath.Join(t.TempDir(), "spool"))
	if err != nil {
		t.Fatal(err)
	}
	defer spool.Close()
	w := NewWriter(spool)
	if _, err := w.Finish(io.Discard, nil, Header{}); err == nil {
		t.Error("an archive without tiles was written")
	}
	for _, step := range []struct {
		id   uint64
		body string
		ok   bool
	}{{5, "x", true}, {5, "x", false}, {4, "", true}, {4, "y", false}, {6, "x", true}, {1<<64 - 1, "x", false}} {
		if err := w.Add(step.id, []byte(step.body)); (err == nil) != step.ok {
			t.Errorf("tile %d: %v", step.id, err)
		}
	}
}

// Each byte of a small archive is changed in turn: reading gives an error or
// tiles, never a panic, and a cut file is always refused.
func TestDamagedArchivesDoNoHarm(t *testing.T) {
	whole := write(t, map[uint64]string{0: "a", 1: "b", 2: "b", 7: "a"})
	for i := range whole {
		for _, flip := range []byte{1, 0x80, 0xff} {
			b := slices.Clone(whole)
			b[i] ^= flip
			readAll(b)
		}
		if i > 0 {
			if _, err := Open(bytes.NewReader(whole[:i]), int64(i)); err == nil {
				t.Errorf("an archive cut at byte %d was opened", i)
			}
		}
	}
}

func readAll(b []byte) {
	a, err := Open(bytes.NewReader(b), int64(len(b)))
	if err != nil {
		return
	}
	_ = a.Verify()
	_, _ = a.JSON()
	for id := range uint64(10) {
		_, _ = a.Tile(id)
	}
}

// FuzzDirectory: a directory that is read is a legal one, and writing it again
// and reading that gives the same entries.
func FuzzDirectory(f *testing.F) {
	for _, entries := range [][]Entry{{{ID: 0, Length: 1, Run: 1}}, {{ID: 3, Offset: 9, Length: 2, Run: 4}, {ID: 9, Offset: 0, Length: 9, Run: 0}}} {
		packed, err := encodeDirectory(entries)
		if err != nil {
			f.Fatal(err)
		}
		plain, err := unpack(packed, maxDirectory)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(plain)
	}
	f.Add(binary.AppendUvarint(nil, 1<<63))
	f.Fuzz(func(t *testing.T, plain []byte) {
		packed, err := pack(plain)
		if err != nil {
			t.Fatal(err)
		}
		entries, err := decodeDirectory(packed)
		if err != nil {
			return
		}
		again, err := encodeDirectory(entries)
		if err != nil {
			t.Fatal(err)
		}
		if same, err := decodeDirectory(again); err != nil || !reflect.DeepEqual(same, entries) {
			t.Fatalf("%v came back as %v, %v", entries, same, err)
		}
	})
}

// FuzzArchive reads whatever there is.
func FuzzArchive(f *testing.F) {
	f.Add(write(f, map[uint64]string{0: "a", 1: "b", 2: "b", 7: "a"}))
	f.Fuzz(func(_ *testing.T, b []byte) { readAll(b) })
}
