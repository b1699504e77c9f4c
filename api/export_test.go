package api_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"github.com/paulmach/orb"

	"quanyu/spatial"
	"quanyu/spatial/postgis"
	"quanyu/tiles"
	"quanyu/tiles/pmtiles"
)

// exported writes an archive of a store's tiles.
func exported(t *testing.T, store tiles.Places, e tiles.Export) (*pmtiles.Archive, error) {
	t.Helper()
	spool, err := os.Create(filepath.Join(t.TempDir(), "spool"))
	if err != nil {
		t.Fatal(err)
	}
	defer spool.Close()
	var out bytes.Buffer
	last := int64(0)
	_, err = e.Write(t.Context(), store, spool, &out, func(done, total int64) {
		if done <= last || done > total {
			t.Errorf("progress %d of %d after %d", done, total, last)
		}
		last = done
	})
	if err != nil {
		return nil, err
	}
	archive, err := pmtiles.Open(bytes.NewReader(out.Bytes()), int64(out.Len()))
	if err != nil {
		t.Fatal(err)
	}
	if err := archive.Verify(); err != nil {
		t.Fatal(err)
	}
	return archive, nil
}

// Every tile that the server has is in the archive with the bytes that the
// server sends, empty ones and those outside the limits are in neither, zoom
// by zoom over the whole world.
func TestArchivesServeTheBytesOfTheServer(t *testing.T) {
	store, c := realStore(t)
	seats, _ := spatial.CollectionByID("seats")
	roads, _ := spatial.CollectionByID("roads")
	cases := map[string]tiles.Export{
		"one collection":  {Name: "seats", Collections: []spatial.Collection{seats}, MinZoom: 0, MaxZoom: 6},
		"two collections": {Name: "seats,roads", Collections: []spatial.Collection{seats, roads}, MinZoom: 2, MaxZoom: 6, Attribution: "©"},
		"in a box": {Name: "roads", Collections: []spatial.Collection{roads}, MinZoom: 5, MaxZoom: 7,
			Bound: &orb.Bound{Min: orb.Point{101, 30.02}, Max: orb.Point{102, 31}}},
	}
	for name, e := range cases {
		t.Run(name, func(t *testing.T) {
			archive, err := exported(t, store, e)
			if err != nil {
				t.Fatal(err)
			}
			held := uint64(0)
			for z := 0; z <= 7; z++ {
				for x := range 1 << z {
					for y := range 1 << z {
						if z > 4 && (x < 20<<(z-5) || x > 28<<(z-5) || y < 9<<(z-5) || y > 16<<(z-5)) {
							continue // far from China; the count below would tell
						}
						held += compareTile(t, c, archive, e, z, x, y)
					}
				}
			}
			if held != archive.AddressedTiles || held == 0 {
				t.Errorf("%d tiles are the server's, the archive has %d", held, archive.AddressedTiles)
			}
			checkArchiveMetadata(t, archive, e)
		})
	}
}

func compareTile(t *testing.T, c *client, archive *pmtiles.Archive, e tiles.Export, z, x, y int) uint64 {
	t.Helper()
	got, err := archive.Tile(pmtiles.ID(z, x, y))
	if err != nil {
		t.Fatal(err)
	}
	wanted := z >= e.MinZoom && z <= e.MaxZoom
	if wanted && e.Bound != nil {
		wanted = tiles.Address{Grid: spatial.WebMercatorQuad(), Z: z, X: x, Y: y}.Bound().Intersects(*e.Bound)
	}
	var want []byte
	if wanted {
		a := c.get(fmt.Sprintf("/tiles/WebMercatorQuad/%d/%d/%d?collections=%s", z, y, x, e.Name), "Accept-Encoding", "gzip")
		if a.status == 200 {
			want = a.body
		} else if a.status != 404 {
			t.Fatalf("%d: %s", a.status, a.body)
		}
	}
	if !bytes.Equal(got, want) {
		t.Errorf("tile %d/%d/%d has %d bytes in the archive and %d from the server", z, x, y, len(got), len(want))
	}
	if got == nil {
		return 0
	}
	return 1
}

func checkArchiveMetadata(t *testing.T, archive *pmtiles.Archive, e tiles.Export) {
	t.Helper()
	body, err := archive.JSON()
	if err != nil {
		t.Fatal(err)
	}
	var metadata struct {
		Name, Attribution string
		Layers            []struct {
			ID     string
			Fields map[string]string
		} `json:"vector_layers"`
	}
	if err := json.Unmarshal(body, &metadata); err != nil {
		t.Fatal(err)
	}
	if metadata.Name != e.Name || metadata.Attribution != e.Attribution || len(metadata.Layers) != len(e.Collections)+1 || metadata.Layers[0].ID != e.Collections[0].ID || metadata.Layers[0].Fields["id"] != "String" {
		t.Errorf("metadata %s", body)
	}
	if archive.MinLon >= archive.MaxLon || archive.MinLon < 70 || archive.MaxLat > 60 || archive.MinZoom < e.MinZoom || archive.MaxZoom > e.MaxZoom {
		t.Errorf("header %+v", archive.Header)
	}
}

// moving is a store whose rows change while tiles are made.
type moving struct {
	*postgis.Store
	change func()
}

func (m moving) Boxes(ctx context.Context, c spatial.Collection, emit func(orb.Bound) error) error {
	m.change()
	return m.Store.Boxes(ctx, c, emit)
}

func TestNoArchiveMixesTwoStates(t *testing.T) {
	store, _ := realStore(t)
	seats, _ := spatial.CollectionByID("seats")
	load := someRoads()
	load.Tables = load.Tables[:1]
	e := tiles.Export{Name: "seats", Collections: []spatial.Collection{seats}, MaxZoom: 2}
	_, err := exported(t, moving{store, func() {
		table := &load.Tables[0]
		table.Collection, load.Name, load.Datasets[0].ID = seats, "a seat of a test", "test-seats"
		table.Records = table.Records[:1]
		table.Records[0] = spatial.Record{Feature: spatial.Feature{ID: "new", Geometry: orb.Point{104, 30}, Properties: map[string]any{"source": "test-seats"}}}
		if _, err := store.Load(t.Context(), load, nil); err != nil {
			t.Fatal(err)
		}
	}}, e)
	if spatial.KindOf(err) != spatial.Conflict {
		t.Errorf("the data changed on the way: %v", err)
	}
	for name, wrong := range map[string]tiles.Export{
		"zooms": {Collections: []spatial.Collection{seats}, MaxZoom: 20},
		"box":   {Collections: []spatial.Collection{seats}, MaxZoom: 2, Bound: &orb.Bound{Min: orb.Point{0, 0}, Max: orb.Point{1, 1}}},
	} {
		if _, err := exported(t, store, wrong); spatial.KindOf(err) != spatial.Invalid {
			t.Errorf("%s: %v", name, err)
		}
	}
}
