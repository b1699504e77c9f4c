package osm

import (
	"context"
	"io"

	"github.com/paulmach/orb"

	"quanyu/spatial/network"
)

// Data is what a file holds of roads.
type Data struct {
	Ways   []network.Way
	SHA256 string // of the whole file, lower-case hex
	Report Report
	nodes  nodeTable
}

// Coordinate gives the place of a node that one of the ways refers to, in
// CRS84 degrees to 7 decimals; false when the file lacks the node.
func (d *Data) Coordinate(id int64) (orb.Point, bool) { return d.nodes.get(id) }

// Read reads the roads of a PBF file of the given size. Progress, which may be
// nil, is called from one goroutine at a time.
func Read(ctx context.Context, file io.ReaderAt, size int64, opts Options, progress func(Progress)) (*Data, error) {
	if progress == nil {
		progress = func(Progress) {}
	}
	r := &reader{file: file, size: size, opts: opts, progress: progress,
		data: &Data{Report: Report{Bytes: size, Options: opts, Order: "sorted", Dropped: Counts{}, Notes: Counts{}}}}
	if err := r.readWays(ctx); err != nil {
		return nil, err
	}
	if err := r.readNodes(ctx); err != nil {
		return nil, err
	}
	return r.data, nil
}

type reader struct {
	file     io.ReaderAt
	size     int64
	opts     Options
	progress func(Progress)
	data     *Data
	order    orderCheck
	nodeAt   []int64 // offsets of the blobs that hold nodes
	implied  []int   // as in wayBlock, over all blocks
	oneWays  int64   // roads with any tag about one-way traffic
}
