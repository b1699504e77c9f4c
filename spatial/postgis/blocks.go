package postgis

import (
	"context"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/paulmach/orb"

	"quanyu/spatial"
)

// Blocks are tiles of WorldCRS84Quad at this zoom, as migration 0003 has them;
// over more than mostBlocks, a tile goes by the whole collection's version.
const (
	blockZoom    = 6
	blockColumns = 2 << blockZoom
	mostBlocks   = 256
)

// indexSlack is more than the index errs by when it keeps boxes in single
// precision (1.6e-5 degrees at 180), so that a tile may show what lies that
// far outside of its box.
const indexSlack = 1e-4

// blocksOf lists the blocks that a box in CRS84 reaches; ok is false when they
// are too many.
func blocksOf(box orb.Bound) (blocks []int32, ok bool) {
	grid := spatial.WorldCRS84Quad()
	box = box.Pad(indexSlack)
	left, top := grid.At(orb.Point{box.Min[0], box.Max[1]}, blockZoom)
	right, bottom := grid.At(orb.Point{box.Max[0], box.Min[1]}, blockZoom)
	if (right-left+1)*(bottom-top+1) > mostBlocks {
		return nil, false
	}
	for y := top; y <= bottom; y++ {
		for x := left; x <= right; x++ {
			blocks = append(blocks, int32(y*blockColumns+x))
		}
	}
	return blocks, true
}

// changes is what one collection's rows went through: its counter, and the
// version at the last change of each block.
type changes struct {
	version    int64
	everywhere int64 // at the last change that no block was noted of
	epoch      string
	blocks     map[int32]int64
}

// within is the version of the last change to any of the blocks.
func (c changes) within(blocks []int32) int64 {
	last := c.everywhere
	for _, b := range blocks {
		last = max(last, c.blocks[b])
	}
	return last
}

// readBlocks adds to fresh, which has just been read, the blocks that changed
// since known was. Its snapshot is not older than fresh's, so no change that
// fresh counts is missing.
func readBlocks(ctx context.Context, q querier, fresh, known map[string]changes) error {
	var names []string
	var since []int64
	for name, now := range fresh {
		from := int64(0)
		if old, ok := known[name]; ok && old.epoch == now.epoch {
			from = old.version
		}
		if now.version > from {
			names, since = append(names, name), append(since, from)
		}
	}
	if len(names) == 0 {
		return nil
	}
	rows, err := q.Query(ctx, `SELECT b.collection, b.block, b.version FROM unnest($1::text[], $2::bigint[]) AS k(collection, since)
		JOIN block_versions b ON b.collection = k.collection AND b.version > k.since`, names, since)
	if err != nil {
		return err
	}
	var name string
	var block int32
	var version int64
	_, err = pgx.ForEachRow(rows, []any{&name, &block, &version}, func() error {
		fresh[name].blocks[block] = version
		return nil
	})
	return err
}

// merged joins what was read, since known, with what is held by now. Versions
// rise, so the greater one of two is the later.
func merged(held, known, read changes) changes {
	if held.epoch != read.epoch {
		if known.epoch == read.epoch { // only the blocks since known were read, and those before are gone
			read.everywhere = read.version
		}
		return read
	}
	if held.version >= read.version && len(read.blocks) == 0 {
		return held
	}
	if len(read.blocks) == 0 {
		read.blocks = held.blocks
		return read
	}
	blocks := make(map[int32]int64, len(held.blocks)+len(read.blocks))
	for _, from := range []map[int32]int64{held.blocks, read.blocks} {
		for b, v := range from {
			blocks[b] = max(blocks[b], v)
		}
	}
	return changes{version: max(held.version, read.version), everywhere: max(held.everywhere, read.everywhere), epoch: read.epoch, blocks: blocks}
}

// TileVersion names the state of what one tile shows: it differs after every
// change to a row of the collections, or to a generalised shape, in the blocks
// that the tile with its buffer reaches, and stays the same when rows change elsewhere. For the rest
// it is as DataVersion: of memory, and never the same twice while the database
// cannot be asked.
func (s *Store) TileVersion(grid spatial.Grid, collections []spatial.Collection, z, x, y int) string {
	names := s.drawnFrom(collections)
	blocks, few := blocksOf(withBuffer(grid, z, grid.Edges(z, x, y)))
	if !few {
		return s.watch.version(names, s.today())
	}
	return s.watch.blockVersion(names, blocks, s.today())
}

// drawnFrom names the counters of what tiles draw: rows, and what is derived of
// them where that can be.
func (s *Store) drawnFrom(collections []spatial.Collection) (names []string) {
	for _, c := range collections {
		names = append(names, c.ID)
		if shapes := shapesOf(c.ID); derives(c) && s.watch.of(shapes).epoch != "" {
			names = append(names, shapes)
		}
	}
	return names
}

// blockVersion digests the last changes of the named collections within
// blocks.
func (w *watcher) blockVersion(names []string, blocks []int32, today time.Time) string {
	slices.Sort(names)
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.stale() {
		return w.unknown()
	}
	text := today.AppendFormat(append(make([]byte, 0, 256), "blocks "...), time.DateOnly)
	for _, name := range slices.Compact(names) {
		c := w.versions[name]
		text = c.appendState(text, name, c.within(blocks))
	}
	return digest(text)
}
