package osm

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"io"

	"github.com/paulmach/orb"

	"quanyu/spatial/network"
)

// Data is what a file holds of roads: the source of a road network, without
// the places of its nodes, which Coordinate gives.
type Data struct {
	network.Source
	SHA256 string // of the whole file as it lies on disk, lower-case hex
	Report Report
	nodes  nodeTable
}

// Coordinate gives the place of a node that one of the ways refers to, in
// CRS84 degrees to 7 decimals; false when the file lacks the node.
func (d *Data) Coordinate(id int64) (orb.Point, bool) { return d.nodes.get(id) }

// Read reads the roads of a map file of the given size: PBF, or XML, plain or
// packed with gzip or bzip2, told apart by their first bytes. Progress, which
// may be nil, is called from one goroutine at a time.
func Read(ctx context.Context, file io.ReaderAt, size int64, opts Options, progress func(Progress)) (*Data, error) {
	if progress == nil {
		progress = func(Progress) {}
	}
	form, err := detect(file, size)
	if err != nil {
		return nil, err
	}
	r := &reader{form: form, size: size, opts: opts, progress: progress,
		data: &Data{Report: Report{Bytes: size, Options: opts, Order: "sorted", Dropped: Counts{}, Notes: Counts{}}}}
	if err := r.readRoads(ctx); err != nil {
		return nil, err
	}
	if err := r.readNodes(ctx); err != nil {
		return nil, err
	}
	r.timeFerries()
	r.resolveTurns()
	return r.data, nil
}

type reader struct {
	form     form
	size     int64
	opts     Options
	progress func(Progress)
	data     *Data
	order    orderCheck
	blocks   [][]network.Way // of each blob, until all of them are read
	ways     int             // in blocks
	nodeAt   []extent        // the blobs that hold nodes
	implied  []int           // as in roadBlock, over all blocks
	oneWays  int64           // roads with any tag about one-way traffic
	ferries  []ferry
	turns    []turn
}

// extent is where a blob lies: the offset of its first byte, and how far into
// the file a reader is behind it.
type extent struct{ offset, end int64 }

// form is a file in one of the forms that are read: a row of blobs, the
// smallest parts that can be decoded by themselves.
type form interface {
	// whole gives the header and all blobs in their order, and writes every
	// byte of the file to hash on the way. The last blob is followed by io.EOF.
	whole(hash io.Writer) (Header, func() (rawBlob, error), error)
	// only gives the blobs that start at the offsets, which whole told and
	// which rise.
	only(at []extent) func() (rawBlob, error)
	// open decodes a blob, whose content is valid until the decoder's next one.
	open(*decoder, rawBlob) (content, error)
}

// content goes through the objects of a blob in their order.
type content interface{ each(*objects) error }

// readRoads is the first pass, over the whole file.
func (r *reader) readRoads(ctx context.Context) error {
	hash := sha256.New()
	header, next, err := r.form.whole(hash)
	if err != nil {
		return err
	}
	r.data.Report.Header = header
	err = inOrder(ctx, next, func(d *decoder, b rawBlob) (roadBlock, error) {
		c, err := r.form.open(d, b)
		if err != nil {
			return roadBlock{}, err
		}
		return takeRoads(c, r.opts, d)
	}, r.useRoads)
	if err != nil {
		return err
	}
	r.data.SHA256 = hex.EncodeToString(hash.Sum(nil))
	r.finishRoads()
	return nil
}
