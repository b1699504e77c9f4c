package pmtiles

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"

	"github.com/klauspost/compress/gzip"
)

// Entry places tiles, or with Run 0 a leaf directory, in the archive. Offset
// counts from the start of the section that it points into.
type Entry struct {
	ID     uint64 // of the first tile
	Offset uint64
	Length uint32 // bytes; never 0
	Run    uint32 // tiles with following ids that are the same
}

// maxDirectory bounds a directory when unpacked, in bytes; the largest that is
// written here has less than a hundredth of it.
const maxDirectory = 64 << 20

// encodeDirectory writes entries column by column as the specification says:
// differences of ids, runs, lengths, and offsets, where 0 stands for "right
// after the entry before".
func encodeDirectory(entries []Entry) ([]byte, error) {
	plain := binary.AppendUvarint(nil, uint64(len(entries)))
	last := uint64(0)
	for _, e := range entries {
		plain = binary.AppendUvarint(plain, e.ID-last)
		last = e.ID
	}
	for _, e := range entries {
		plain = binary.AppendUvarint(plain, uint64(e.Run))
	}
	for _, e := range entries {
		plain = binary.AppendUvarint(plain, uint64(e.Length))
	}
	for i, e := range entries {
		if i > 0 && e.Offset == entries[i-1].Offset+uint64(entries[i-1].Length) {
			plain = append(plain, 0)
		} else {
			plain = binary.AppendUvarint(plain, e.Offset+1)
		}
	}
	return pack(plain)
}

// decodeDirectory reads a directory and refuses one that the specification
// does not allow: empty, out of order, with overlapping runs or empty tiles.
func decodeDirectory(packed []byte) ([]Entry, error) {
	plain, err := unpack(packed, maxDirectory)
	if err != nil {
		return nil, fmt.Errorf("directory: %w", err)
	}
	c := &columns{rest: plain}
	count := c.next(maxDirectory)
	if c.err != nil || count == 0 || count > uint64(len(plain)) { // an entry takes four bytes or more
		return nil, errors.New("directory: it has no entries, or fewer than it says")
	}
	entries := make([]Entry, count)
	for i := range entries {
		entries[i].ID = c.next(maxID)
		if i > 0 {
			entries[i].ID += entries[i-1].ID
		}
	}
	for i := range entries {
		entries[i].Run = uint32(c.next(1<<32 - 1))
	}
	for i := range entries {
		entries[i].Length = uint32(c.next(1<<32 - 1))
	}
	for i := range entries {
		at := c.next(1 << 62)
		switch {
		case at > 0:
			entries[i].Offset = at - 1
		case i > 0:
			entries[i].Offset = entries[i-1].Offset + uint64(entries[i-1].Length)
		default:
			return nil, errors.New("directory: its first offset follows nothing")
		}
	}
	if c.err != nil {
		return nil, c.err
	}
	if len(c.rest) > 0 {
		return nil, fmt.Errorf("directory: %d bytes too many", len(c.rest))
	}
	return entries, checkEntries(entries)
}

// maxID is above every id, so that sums of a directory's ids stay in 64 bits.
const maxID = 1 << 62

func checkEntries(entries []Entry) error {
	for i, e := range entries {
		end := e.ID + max(1, uint64(e.Run))
		switch {
		case e.Length == 0:
			return fmt.Errorf("directory: entry %d is empty", i)
		case e.ID > maxID || end > maxID:
			return fmt.Errorf("directory: entry %d is beyond the last zoom", i)
		case i+1 < len(entries) && entries[i+1].ID < end:
			return fmt.Errorf("directory: entry %d comes before the end of the one before it", i+1)
		}
	}
	return nil
}

// columns reads numbers and keeps the first fault.
type columns struct {
	rest []byte
	err  error
}

func (c *columns) next(most uint64) uint64 {
	if c.err != nil {
		return 0
	}
	v, n := binary.Uvarint(c.rest)
	if n <= 0 || v > most {
		c.err = errors.New("directory: a number is cut off or too large")
		return 0
	}
	c.rest = c.rest[n:]
	return v
}

func pack(plain []byte) ([]byte, error) {
	var out bytes.Buffer
	w, err := gzip.NewWriterLevel(&out, gzip.BestCompression)
	if err != nil {
		return nil, err
	}
	if _, err := w.Write(plain); err != nil {
		return nil, err
	}
	if err := w.Close(); err != nil {
		return nil, err
	}
	return out.Bytes(), nil
}

func unpack(packed []byte, most int) ([]byte, error) {
	r, err := gzip.NewReader(bytes.NewReader(packed))
	if err != nil {
		return nil, err
	}
	plain, err := io.ReadAll(io.LimitReader(r, int64(most)+1))
	if err == nil && len(plain) > most {
		err = fmt.Errorf("more than %d bytes", most)
	}
	return plain, err
}
