package osm

import (
	"context"
	"io"
	"slices"
	"sort"

	"github.com/paulmach/orb"

	"quanyu/spatial/network"
)

// nodeTable holds the places of the nodes that roads pass: 16 bytes a node.
type nodeTable struct {
	ids      []int64 // ascending
	lon, lat []int32 // 1e-7 degrees; outside where not found
}

func newNodeTable(ways []network.Way) nodeTable {
	total := 0
	for _, w := range ways {
		total += len(w.Refs)
	}
	ids := make([]int64, 0, total)
	for _, w := range ways {
		ids = append(ids, w.Refs...)
	}
	slices.Sort(ids)
	ids = slices.Clip(slices.Compact(ids))
	t := nodeTable{ids: ids, lon: make([]int32, len(ids)), lat: make([]int32, len(ids))}
	for i := range t.lon {
		t.lon[i] = outside
	}
	return t
}

func (t *nodeTable) get(id int64) (orb.Point, bool) {
	i, found := slices.BinarySearch(t.ids, id)
	if !found || t.lon[i] == outside {
		return orb.Point{}, false
	}
	return orb.Point{float64(t.lon[i]) / 1e7, float64(t.lat[i]) / 1e7}, true
}

// located is a node of the table that a blob holds.
type located struct {
	index    int
	lon, lat int32
}

// readNodes is the second pass, over the blobs that hold nodes.
func (r *reader) readNodes(ctx context.Context) error {
	table := &r.data.nodes
	at := r.nodeAt
	next := func() (rawBlob, error) {
		if len(at) == 0 || len(table.ids) == 0 {
			return rawBlob{}, io.EOF
		}
		offset := at[0]
		at = at[1:]
		return newBlobReader(io.NewSectionReader(r.file, offset, r.size-offset), offset, 64<<10).next()
	}
	err := inOrder(ctx, next, func(d *decoder, b rawBlob) ([]located, error) {
		block, err := d.open(b)
		if err != nil {
			return nil, err
		}
		return block.locate(table.ids)
	}, func(b rawBlob, found []located) error {
		r.keepNodes(found)
		r.progress(Progress{PhaseNodes, b.end, r.size})
		return nil
	})
	if err != nil {
		return err
	}
	for _, lon := range table.lon {
		if lon == outside {
			r.data.Report.Dropped["node: passed by a road, but not in the file or not on the globe"]++
		}
	}
	return nil
}

// keepNodes enters nodes into the table. Of a node that appears twice the
// first is kept.
func (r *reader) keepNodes(found []located) {
	table := &r.data.nodes
	for _, f := range found {
		switch {
		case f.lon == outside:
		case table.lon[f.index] != outside:
			r.data.Report.Dropped["node: appears twice"]++
		default:
			table.lon[f.index], table.lat[f.index] = f.lon, f.lat
		}
	}
}

// locate finds those of the ids that a block holds. Nodes mostly come in
// order, so the search goes on from the last hit in steps that double.
func (b *block) locate(ids []int64) ([]located, error) {
	var found []located
	at := 0
	err := b.each(&objects{node: func(id int64, lon, lat int32) {
		if at = seek(ids, at, id); at < len(ids) && ids[at] == id {
			found = append(found, located{at, lon, lat})
		}
	}})
	return found, err
}

// seek gives the first index whose id is not below the one sought.
func seek(ids []int64, from int, id int64) int {
	if from > 0 && ids[from-1] >= id {
		from = 0
	}
	step, low := 1, from
	for low+step < len(ids) && ids[low+step] < id {
		low += step
		step *= 2
	}
	high := min(low+step, len(ids))
	return low + sort.Search(high-low, func(i int) bool { return ids[low+i] >= id })
}
