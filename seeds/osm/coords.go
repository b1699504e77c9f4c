package osm

import (
	"context"
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
	for i := range ways {
		total += len(ways[i].Refs)
	}
	ids := make([]int64, 0, total)
	for i := range ways {
		ids = append(ids, ways[i].Refs...)
	}
	sortIDs(ids)
	ids = slices.Compact(ids)
	if len(ids) < total/4*3 {
		ids = slices.Clone(ids) // to give the rest of the memory back
	}
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
	barrier  bool
	blocked  network.Modes // whom its barrier stops
}

// nodeBlock is what the second pass takes out of one blob.
type nodeBlock struct {
	found []located
	notes Counts
}

// readNodes is the second pass, over the blobs that hold nodes.
func (r *reader) readNodes(ctx context.Context) error {
	table := &r.data.nodes
	if len(table.ids) == 0 {
		return nil
	}
	end := int64(0)
	for _, e := range r.nodeAt {
		end = max(end, e.end)
	}
	err := inOrder(ctx, r.form.only(r.nodeAt), func(d *decoder, b rawBlob) (nodeBlock, error) {
		c, err := r.form.open(d, b)
		if err != nil {
			return nodeBlock{}, err
		}
		return locate(c, table.ids, d)
	}, func(b rawBlob, n nodeBlock) error {
		r.keepNodes(n)
		r.progress(Progress{PhaseNodes, b.end, end})
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
func (r *reader) keepNodes(n nodeBlock) {
	table, report := &r.data.nodes, &r.data.Report
	report.Notes.add(n.notes)
	for _, f := range n.found {
		switch {
		case f.lon == outside:
			continue
		case table.lon[f.index] != outside:
			report.Dropped["node: appears twice"]++
			continue
		}
		table.lon[f.index], table.lat[f.index] = f.lon, f.lat
		switch {
		case f.blocked != 0:
			report.Barriers++
			r.data.Barriers = append(r.data.Barriers, network.Barrier{Node: table.ids[f.index], Blocked: f.blocked})
		case f.barrier:
			report.Dropped["barrier: stops nobody"]++
		}
	}
}

// locate finds those of the ids that a blob holds. Nodes mostly come in
// order, so the search goes on from the last hit in steps that double.
func locate(c content, ids []int64, d *decoder) (nodeBlock, error) {
	out := nodeBlock{found: d.found[:0], notes: Counts{}}
	at := 0
	err := c.each(&objects{node: func(id int64, lon, lat int32, t tags) {
		if at = seek(ids, at, id); at == len(ids) || ids[at] != id {
			return
		}
		n := located{index: at, lon: lon, lat: lat}
		if n.barrier = t.get(keyBarrier) != ""; n.barrier {
			n.blocked = blockedBy(t, out.notes)
		}
		out.found = append(out.found, n)
	}})
	d.found = out.found
	out.found = slices.Clone(out.found)
	return out, err
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
