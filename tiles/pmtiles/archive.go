package pmtiles

import (
	"errors"
	"fmt"
	"io"
	"sort"
)

// maxDepth bounds how many directories lead to a tile; two are enough for
// archives written here.
const maxDepth = 4

// maxMetadata bounds the metadata when unpacked, in bytes.
const maxMetadata = 16 << 20

// Archive reads an archive that is there as a whole. It trusts nothing that the
// file says: damaged ones give errors.
type Archive struct {
	Header
	file io.ReaderAt
	root []Entry
}

// Open reads the header and root directory of an archive of size bytes.
func Open(file io.ReaderAt, size int64) (*Archive, error) {
	head := make([]byte, headerSize)
	if _, err := file.ReadAt(head, 0); err != nil && !errors.Is(err, io.EOF) {
		return nil, fmt.Errorf("pmtiles: %w", err)
	}
	h, err := decodeHeader(head, size)
	if err != nil {
		return nil, fmt.Errorf("pmtiles: %w", err)
	}
	if h.Root.Offset+h.Root.Length > rootReach {
		return nil, errors.New("pmtiles: the root directory is not within the first 16,384 bytes")
	}
	a := &Archive{Header: h, file: file}
	a.root, err = a.directory(h.Root)
	return a, err
}

func (a *Archive) directory(s Section) ([]Entry, error) {
	packed, err := a.read(s)
	if err != nil {
		return nil, err
	}
	entries, err := decodeDirectory(packed)
	if err != nil {
		return nil, fmt.Errorf("pmtiles: %w", err)
	}
	return entries, nil
}

func (a *Archive) read(s Section) ([]byte, error) {
	b := make([]byte, s.Length)
	if _, err := a.file.ReadAt(b, int64(s.Offset)); err != nil {
		return nil, fmt.Errorf("pmtiles: %w", err)
	}
	return b, nil
}

// within places an entry in the archive, and refuses one that points out of
// its section.
func (e Entry) within(s Section) (Section, error) {
	if e.Offset > s.Length || uint64(e.Length) > s.Length-e.Offset {
		return Section{}, fmt.Errorf("pmtiles: an entry points %d bytes into a section of %d", e.Offset, s.Length)
	}
	return Section{s.Offset + e.Offset, uint64(e.Length)}, nil
}

// JSON gives the metadata, a JSON object.
func (a *Archive) JSON() ([]byte, error) {
	packed, err := a.read(a.Metadata)
	if err != nil {
		return nil, err
	}
	return unpack(packed, maxMetadata)
}

// Tile gives a tile as it is stored, compressed; nil when the archive has none.
func (a *Archive) Tile(id uint64) ([]byte, error) {
	entries := a.root
	for range maxDepth {
		i := sort.Search(len(entries), func(i int) bool { return entries[i].ID > id }) - 1
		if i < 0 {
			return nil, nil
		}
		e := entries[i]
		if e.Run > 0 {
			if id >= e.ID+uint64(e.Run) {
				return nil, nil
			}
			at, err := e.within(a.Data)
			if err != nil {
				return nil, err
			}
			return a.read(at)
		}
		at, err := e.within(a.Leaves)
		if err != nil {
			return nil, err
		}
		if entries, err = a.directory(at); err != nil {
			return nil, err
		}
	}
	return nil, errors.New("pmtiles: directories are nested too deep")
}

// Entries calls visit for every run of tiles, in the order of their ids.
func (a *Archive) Entries(visit func(Entry) error) error {
	budget := a.Leaves.Length // a directory has at least a byte of its own
	return a.walk(a.root, 1, &budget, visit)
}

func (a *Archive) walk(entries []Entry, depth int, budget *uint64, visit func(Entry) error) error {
	for _, e := range entries {
		if e.Run > 0 {
			if err := visit(e); err != nil {
				return err
			}
			continue
		}
		at, err := e.within(a.Leaves)
		if err != nil {
			return err
		}
		if depth == maxDepth || *budget == 0 {
			return errors.New("pmtiles: directories are nested too deep, or read twice")
		}
		*budget--
		leaf, err := a.directory(at)
		if err != nil {
			return err
		}
		if err := a.walk(leaf, depth+1, budget, visit); err != nil {
			return err
		}
	}
	return nil
}

// Verify reads every directory and holds it against the header: counts, order
// of the ids, and that tiles lie in the order of their ids, each body once.
func (a *Archive) Verify() error {
	var tiles, entries, contents, next, end uint64
	err := a.Entries(func(e Entry) error {
		if _, err := e.within(a.Data); err != nil {
			return err
		}
		if e.ID < next {
			return fmt.Errorf("pmtiles: tile %d comes after %d", e.ID, next-1)
		}
		if e.Offset > end {
			return fmt.Errorf("pmtiles: the data has a gap before tile %d", e.ID)
		}
		if e.Offset == end {
			end += uint64(e.Length)
			contents++
		}
		next = e.ID + uint64(e.Run)
		tiles, entries = tiles+uint64(e.Run), entries+1
		return nil
	})
	if err == nil && (tiles != a.AddressedTiles || entries != a.Header.Entries || contents != a.Contents || end != a.Data.Length || !a.clustered) {
		err = fmt.Errorf("pmtiles: the directories have %d tiles, %d entries and %d contents in %d bytes, the header says %d, %d, %d and %d",
			tiles, entries, contents, end, a.AddressedTiles, a.Header.Entries, a.Contents, a.Data.Length)
	}
	return err
}
