package osm

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"slices"

	"quanyu/spatial/network"
)

// wayBlock is what the first pass takes out of one blob.
type wayBlock struct {
	ways                    []network.Way
	implied                 []int // indexes in ways of those one way by implication only
	oneWayTags              int64 // roads with any tag about one-way traffic
	nodes, waySeen, relSeen int64
	dropped, notes          Counts
	span                    span
}

func (r *reader) readWays(ctx context.Context) error {
	hash := sha256.New()
	blobs := newBlobReader(io.TeeReader(io.NewSectionReader(r.file, 0, r.size), hash), 0, 1<<20)
	first, err := blobs.next()
	if err != nil {
		if err == io.EOF {
			return fmt.Errorf("byte 0: the file is empty")
		}
		return err
	}
	if err := r.readHeader(first); err != nil {
		return fmt.Errorf("byte 0: %w", err)
	}
	err = inOrder(ctx, dataBlobs(blobs.next), func(d *decoder, b rawBlob) (wayBlock, error) {
		block, err := d.open(b)
		if err != nil {
			return wayBlock{}, err
		}
		return block.roads(r.opts)
	}, r.useWays)
	if err != nil {
		return err
	}
	r.data.SHA256 = hex.EncodeToString(hash.Sum(nil))
	r.finishWays()
	return nil
}

func (r *reader) readHeader(b rawBlob) error {
	if b.kind != "OSMHeader" {
		return fmt.Errorf("the first blob is a %q, not an OSMHeader; this is no OSM PBF file", b.kind)
	}
	var f inflater
	defer f.close()
	data, err := f.inflate(b.data)
	if err != nil {
		return err
	}
	r.data.Report.Header, err = parseHeader(data)
	return err
}

// dataBlobs leaves out blobs of other kinds, as the format asks of readers.
func dataBlobs(next func() (rawBlob, error)) func() (rawBlob, error) {
	return func() (rawBlob, error) {
		for {
			b, err := next()
			if err != nil || b.kind == "OSMData" {
				return b, err
			}
		}
	}
}

func (r *reader) useWays(b rawBlob, w wayBlock) error {
	report := &r.data.Report
	for _, i := range w.implied {
		r.implied = append(r.implied, len(r.data.Ways)+i)
	}
	r.oneWays += w.oneWayTags
	r.data.Ways = append(r.data.Ways, w.ways...)
	report.Nodes += w.nodes
	report.Ways += w.waySeen
	report.Relations += w.relSeen
	report.Dropped.add(w.dropped)
	report.Notes.add(w.notes)
	if w.nodes > 0 {
		r.nodeAt = append(r.nodeAt, b.offset)
	}
	r.order.see(b.offset, w.span)
	r.progress(Progress{PhaseWays, b.end, r.size})
	return nil
}

// finishWays removes a way's second appearances, which a file in order cannot
// have, and lists the nodes to look for.
func (r *reader) finishWays() {
	report := &r.data.Report
	r.settleImplied()
	if r.order.broken != "" {
		report.Order = r.order.broken
		seen := make(map[int64]bool, len(r.data.Ways))
		before := len(r.data.Ways)
		r.data.Ways = slices.DeleteFunc(r.data.Ways, func(w network.Way) bool {
			again := seen[w.ID]
			seen[w.ID] = true
			return again
		})
		if n := before - len(r.data.Ways); n > 0 {
			report.Dropped["way: appears twice"] += int64(n)
		}
	}
	report.Roads = len(r.data.Ways)
	r.data.nodes = newNodeTable(r.data.Ways)
	report.RoadNodes = len(r.data.nodes.ids)
}
