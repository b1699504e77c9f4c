package pmtiles

import (
	"crypto/sha256"
	"fmt"
	"io"
	"math"
)

// leafEntries is the size of leaf directories at first; they grow until the
// root has room for all of them.
const leafEntries = 4096

// Writer gathers tiles and writes the archive when all are there, since what
// comes first in it, the directories, is known last. It needs memory for each
// distinct tile and each run of equal ones (about 100 bytes), not for bodies.
type Writer struct {
	spool    io.ReadWriteSeeker
	size     uint64
	entries  []Entry
	held     map[[sha256.Size]byte]Entry // where a body lies
	tiles    uint64
	nextID   uint64
	min, max int // zooms
}

// NewWriter begins an archive whose tiles are kept in spool until Finish: an
// empty file of the caller's, who removes it.
func NewWriter(spool io.ReadWriteSeeker) *Writer {
	return &Writer{spool: spool, held: map[[sha256.Size]byte]Entry{}, min: math.MaxInt}
}

// Add takes the next tile, in ascending order of ID: a Mapbox Vector Tile
// compressed with gzip. An empty body is no tile; an archive simply lacks it.
func (w *Writer) Add(id uint64, body []byte) error {
	if len(body) == 0 {
		return nil
	}
	z, _, _, ok := Tile(id)
	if id < w.nextID || !ok {
		return fmt.Errorf("pmtiles: tile %d cannot come after %d", id, w.nextID-1)
	}
	if len(body) > math.MaxUint32 {
		return fmt.Errorf("pmtiles: a tile of %d bytes", len(body))
	}
	sum := sha256.Sum256(body)
	at, known := w.held[sum]
	if !known {
		if _, err := w.spool.Write(body); err != nil {
			return fmt.Errorf("pmtiles: keeping a tile: %w", err)
		}
		at = Entry{Offset: w.size, Length: uint32(len(body))}
		w.held[sum] = at
		w.size += uint64(len(body))
	}
	w.place(id, at)
	w.nextID, w.tiles = id+1, w.tiles+1
	w.min, w.max = min(w.min, z), max(w.max, z)
	return nil
}

// place lengthens the last run or begins an entry.
func (w *Writer) place(id uint64, at Entry) {
	if n := len(w.entries); n > 0 {
		last := &w.entries[n-1]
		if last.Offset == at.Offset && last.ID+uint64(last.Run) == id && last.Run < math.MaxUint32 {
			last.Run++
			return
		}
	}
	w.entries = append(w.entries, Entry{ID: id, Offset: at.Offset, Length: at.Length, Run: 1})
}

// Finish writes the archive. metadata is a JSON object; of about, the bounds
// and the center are taken, zooms and counts being known. An archive without
// tiles is not allowed by the specification and is an error.
func (w *Writer) Finish(out io.Writer, metadata []byte, about Header) (Header, error) {
	if len(w.entries) == 0 {
		return about, fmt.Errorf("pmtiles: there is no tile to write")
	}
	root, leaves, err := directories(w.entries)
	if err != nil {
		return about, err
	}
	packed, err := pack(metadata)
	if err != nil {
		return about, err
	}
	h := about
	h.MinZoom, h.MaxZoom = w.min, w.max
	h.AddressedTiles, h.Entries, h.Contents = w.tiles, uint64(len(w.entries)), uint64(len(w.held))
	at := uint64(headerSize)
	for _, s := range []struct {
		section *Section
		length  uint64
	}{{&h.Root, uint64(len(root))}, {&h.Metadata, uint64(len(packed))}, {&h.Leaves, uint64(len(leaves))}, {&h.Data, w.size}} {
		*s.section = Section{at, s.length}
		at += s.length
	}
	for _, part := range [][]byte{h.encode(), root, packed, leaves} {
		if _, err := out.Write(part); err != nil {
			return h, fmt.Errorf("pmtiles: writing the archive: %w", err)
		}
	}
	if _, err := w.spool.Seek(0, io.SeekStart); err != nil {
		return h, fmt.Errorf("pmtiles: reading the tiles again: %w", err)
	}
	if _, err := io.CopyN(out, w.spool, int64(w.size)); err != nil {
		return h, fmt.Errorf("pmtiles: writing the tiles: %w", err)
	}
	return h, nil
}

// directories gives the root, and the leaves where the root cannot hold all
// entries itself.
func directories(entries []Entry) (root, leaves []byte, err error) {
	root, err = encodeDirectory(entries)
	if err != nil || len(root) <= maxRoot {
		return root, nil, err
	}
	for size := leafEntries; ; size *= 2 {
		var pointers []Entry
		leaves = nil
		for from := 0; from < len(entries); from += size {
			leaf, err := encodeDirectory(entries[from:min(from+size, len(entries))])
			if err != nil {
				return nil, nil, err
			}
			pointers = append(pointers, Entry{ID: entries[from].ID, Offset: uint64(len(leaves)), Length: uint32(len(leaf))})
			leaves = append(leaves, leaf...)
		}
		if root, err = encodeDirectory(pointers); err != nil || len(root) <= maxRoot {
			return root, leaves, err
		}
	}
}
