package tiles

import (
	"context"
	"encoding/json"
	"io"
	"runtime"

	"github.com/paulmach/orb"
	"golang.org/x/sync/errgroup"

	"quanyu/spatial"
	"quanyu/tiles/pmtiles"
)

// Places is a Source that can tell where there is anything to make a tile of.
// postgis.Store is the one in the product.
type Places interface {
	Source
	// Extent bounds a collection in degrees; false when it has no geometry.
	Extent(ctx context.Context, c spatial.Collection) (orb.Bound, bool, error)
	// Boxes emits the box in degrees of each geometry that tiles may show.
	Boxes(ctx context.Context, c spatial.Collection, emit func(orb.Bound) error) error
	// Refresh makes DataVersion count in all that is committed by now.
	Refresh(ctx context.Context) error
}

// Export says which tiles go to an archive, all in WebMercatorQuad, which is
// the only grid that PMTiles knows.
type Export struct {
	Name             string
	Collections      []spatial.Collection
	MinZoom, MaxZoom int        // within the collections' own
	Bound            *orb.Bound // degrees; tiles that touch it are taken whole; nil takes all
	Attribution      string
}

// exportBatch is how many tiles are made before they are written in order.
const exportBatch = 256

// Write makes the archive: each tile with the bytes that the server sends to a
// client that accepts gzip, and no tile that the server does not have or that
// is empty. spool is an empty file for the tiles until their places are known.
// Should the data change meanwhile, it fails with Conflict. progress is told
// of tiles looked at, of all that may hold anything.
func (e Export) Write(ctx context.Context, source Places, spool io.ReadWriteSeeker, out io.Writer, progress func(done, total int64)) (pmtiles.Header, error) {
	if err := source.Refresh(ctx); err != nil {
		return pmtiles.Header{}, err
	}
	version := source.DataVersion(e.Collections...)
	r, err := e.reach(ctx, source)
	if err != nil {
		return pmtiles.Header{}, err
	}
	filled, err := e.filled(ctx, source, r)
	if err != nil {
		return pmtiles.Header{}, err
	}
	total, done := int64(0), int64(0)
	for _, m := range filled {
		total += m.count()
	}
	w := pmtiles.NewWriter(spool)
	for _, m := range filled {
		ids := m.ids()
		for from := 0; from < len(ids); from += exportBatch {
			batch := ids[from:min(from+exportBatch, len(ids))]
			if err := e.batch(ctx, source, w, batch); err != nil {
				return pmtiles.Header{}, err
			}
			done += int64(len(batch))
			progress(done, total)
		}
	}
	if err := source.Refresh(ctx); err != nil {
		return pmtiles.Header{}, err
	}
	if source.DataVersion(e.Collections...) != version {
		return pmtiles.Header{}, spatial.Errorf(spatial.Conflict, "The data changed while it was being exported, so the archive would mix two states; run the export again.")
	}
	return e.finish(w, out, r)
}

// reach is the server's range of the tileset, cut to what was asked for.
func (e Export) reach(ctx context.Context, source Places) (Range, error) {
	r, ok := RangeOf(spatial.WebMercatorQuad(), e.Collections)
	if !ok {
		return r, spatial.Errorf(spatial.Invalid, "None of these collections has tiles.")
	}
	if e.MinZoom < r.MinZoom || e.MaxZoom > r.MaxZoom || e.MinZoom > e.MaxZoom {
		return r, spatial.Errorf(spatial.Invalid, "Zooms %d to %d cannot be exported: these collections have tiles from %d to %d.", e.MinZoom, e.MaxZoom, r.MinZoom, r.MaxZoom)
	}
	r.MinZoom, r.MaxZoom = e.MinZoom, e.MaxZoom
	for _, c := range e.Collections {
		bound, any, err := source.Extent(ctx, c)
		if err != nil {
			return r, err
		}
		if any {
			r.Include(bound)
		}
	}
	if !r.Bounded || e.Bound != nil && !e.Bound.Intersects(r.Bound) {
		return r, spatial.Errorf(spatial.Invalid, "There is nothing to export: no feature lies there.")
	}
	return r, nil
}

// batch makes some tiles side by side and adds them in order.
func (e Export) batch(ctx context.Context, source Places, w *pmtiles.Writer, ids []uint64) error {
	bodies := make([][]byte, len(ids))
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(max(2, runtime.GOMAXPROCS(0)))
	for i, id := range ids {
		group.Go(func() error {
			z, x, y, _ := pmtiles.Tile(id)
			raw, err := source.Tile(ctx, spatial.WebMercatorQuad(), e.Collections, z, x, y)
			if err == nil && len(raw) > 0 {
				bodies[i], err = Gzip.Encode(raw)
			}
			return err
		})
	}
	if err := group.Wait(); err != nil {
		return err
	}
	for i, id := range ids {
		if err := w.Add(id, bodies[i]); err != nil {
			return err
		}
	}
	return nil
}

// archiveMetadata are the keys that viewers of PMTiles read.
type archiveMetadata struct {
	Name         string        `json:"name"`
	Description  string        `json:"description,omitempty"`
	Version      string        `json:"version"`
	Attribution  string        `json:"attribution,omitempty"`
	Type         string        `json:"type"`
	VectorLayers []VectorLayer `json:"vector_layers"`
}

func (e Export) finish(w *pmtiles.Writer, out io.Writer, r Range) (pmtiles.Header, error) {
	if e.Bound != nil {
		r.Bound = overlap(r.Bound, *e.Bound)
	}
	doc := Describe(e.Name, e.Collections, r, "", e.Attribution)
	metadata, err := json.Marshal(archiveMetadata{
		Name: doc.Name, Description: doc.Description, Version: doc.Version, Attribution: doc.Attribution, Type: "overlay", VectorLayers: doc.VectorLayers,
	})
	if err != nil {
		return pmtiles.Header{}, err
	}
	return w.Finish(out, metadata, pmtiles.Header{
		MinLon: doc.Bounds[0], MinLat: doc.Bounds[1], MaxLon: doc.Bounds[2], MaxLat: doc.Bounds[3],
		CenterLon: doc.Center[0], CenterLat: doc.Center[1], CenterZoom: int(doc.Center[2]),
	})
}

func overlap(a, b orb.Bound) orb.Bound {
	return orb.Bound{
		Min: orb.Point{max(a.Min[0], b.Min[0]), max(a.Min[1], b.Min[1])},
		Max: orb.Point{min(a.Max[0], b.Max[0]), min(a.Max[1], b.Max[1])},
	}
}
