package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/paulmach/orb"

	"quanyu/api"
	"quanyu/spatial"
	"quanyu/spatial/postgis"
	"quanyu/tiles"
	"quanyu/tiles/pmtiles"
)

type tilesCommand struct {
	Export tilesExportCommand `cmd:"" help:"Write vector tiles to a PMTiles archive, which any host of static files can serve."`
}

type tilesExportCommand struct {
	Collections     []string  `placeholder:"ID,…" help:"Collections in each tile, one layer each; all that have tiles when empty."`
	MinZoom         int       `default:"-1" placeholder:"N" help:"First zoom; the collections' own when empty."`
	MaxZoom         int       `default:"-1" placeholder:"N" help:"Last zoom; the collections' own when empty. Each one more takes about four times as long."`
	Bbox            []float64 `placeholder:"W,S,E,N" help:"Only tiles that touch this box, in degrees."`
	Sees            string    `default:"public" enum:"public,internal,all" help:"Rows that the archive has: public, since archives are made for static hosting, which asks nobody who they are; internal or all where yours does."`
	MapReviewNumber string    `placeholder:"NUMBER" help:"审图号 under which the map may be published; told in the attribution."`
	Out             string    `arg:"" type:"path" help:"Archive to write, replaced as a whole when all of it is there."`
}

// Run writes the archive beside its place and moves it there at the end, so
// that whoever serves the old one goes on until the new one is whole.
func (c tilesExportCommand) Run(ctx context.Context, s *settings, term *terminal) error {
	export, err := c.export()
	if err != nil {
		return err
	}
	return s.withStore(ctx, term, func(store *postgis.Store) error {
		step := term.begin("tiles")
		header, size, err := writeArchive(seeing(ctx, spatial.Sight(c.Sees)), store, export, c.Out, func(done, total int64) { step.advance(done, total, "tiles") })
		if err != nil {
			step.leave()
			return err
		}
		step.end(fmt.Sprintf("%s, %.1f MB: zooms %d to %d, %s tiles, %s of them distinct",
			c.Out, float64(size)/1e6, header.MinZoom, header.MaxZoom, grouped(int64(header.AddressedTiles)), grouped(int64(header.Contents))))
		return nil
	})
}

// export reads the flags; what is wrong with them is a fault of usage.
func (c tilesExportCommand) export() (tiles.Export, error) {
	e := tiles.Export{Name: strings.Join(c.Collections, ","), Attribution: api.Config{MapReview: c.MapReviewNumber}.MapAttribution()}
	for _, one := range spatial.Collections() {
		if one.Tiles != nil && (len(c.Collections) == 0 || slices.Contains(c.Collections, one.ID)) {
			e.Collections = append(e.Collections, one)
		}
	}
	if len(c.Collections) == 0 {
		e.Name = "all"
	}
	for _, id := range c.Collections {
		if one, ok := spatial.CollectionByID(id); !ok || one.Tiles == nil {
			return e, usageError{fmt.Errorf("--collections: %q is not a collection with tiles", id)}
		}
	}
	r, _ := tiles.RangeOf(spatial.WebMercatorQuad(), e.Collections)
	e.MinZoom, e.MaxZoom = r.MinZoom, r.MaxZoom
	if c.MinZoom >= 0 {
		e.MinZoom = c.MinZoom
	}
	if c.MaxZoom >= 0 {
		e.MaxZoom = c.MaxZoom
	}
	if e.MinZoom > e.MaxZoom || e.MinZoom < r.MinZoom || e.MaxZoom > r.MaxZoom {
		return e, usageError{fmt.Errorf("--min-zoom and --max-zoom have to be from %d to %d, and the first not above the second", r.MinZoom, r.MaxZoom)}
	}
	if len(c.Bbox) == 0 {
		return e, nil
	}
	if len(c.Bbox) != 4 || !(c.Bbox[0] < c.Bbox[2] && c.Bbox[1] < c.Bbox[3]) {
		return e, usageError{errors.New("--bbox takes four numbers in degrees: west, south, east, north, with west below east and south below north")}
	}
	e.Bound = &orb.Bound{Min: orb.Point{c.Bbox[0], c.Bbox[1]}, Max: orb.Point{c.Bbox[2], c.Bbox[3]}}
	return e, nil
}

// writeArchive writes to files beside out, checks what was written by reading
// it, and moves it to its place. Whatever fails, out stays as it was and
// nothing is left beside it.
func writeArchive(ctx context.Context, store *postgis.Store, e tiles.Export, out string, progress func(done, total int64)) (h pmtiles.Header, size int64, err error) {
	spool, err := besides(out)
	if err != nil {
		return h, 0, err
	}
	defer discard(spool)
	file, err := besides(out)
	if err != nil {
		return h, 0, err
	}
	defer discard(file) // finds nothing any more once the file has moved
	if h, err = e.Write(ctx, store, spool, file, progress); err != nil {
		return h, 0, err
	}
	info, err := file.Stat()
	if err != nil {
		return h, 0, err
	}
	archive, err := pmtiles.Open(file, info.Size())
	if err == nil {
		err = archive.Verify()
	}
	if err == nil {
		err = file.Sync()
	}
	if err == nil {
		err = os.Chmod(file.Name(), 0o644)
	}
	if err == nil {
		err = os.Rename(file.Name(), out)
	}
	return h, info.Size(), err
}

func besides(out string) (*os.File, error) {
	file, err := os.CreateTemp(filepath.Dir(out), "."+filepath.Base(out)+".*")
	if err != nil {
		return nil, fmt.Errorf("the archive cannot be written there: %w", err)
	}
	return file, nil
}

func discard(file *os.File) {
	_ = file.Close()
	_ = os.Remove(file.Name())
}
