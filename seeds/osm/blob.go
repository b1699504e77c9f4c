package osm

import (
	"bufio"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
)

// Limits that the format sets: "the length of the BlobHeader must be less than
// 64 KiB", "the uncompressed length of a Blob must be less than 32 MiB".
const (
	maxBlobHeader = 64 << 10
	maxBlob       = 32 << 20
)

// rawBlob is one blob as it lies in the file.
type rawBlob struct {
	kind   string // "OSMHeader", "OSMData" or another, to be passed over
	offset int64  // of its first byte: in the file, in the unpacked text if XML
	end    int64  // how far into the file the reader is behind it
	data   []byte // of PBF: the Blob message, still compressed
	text   string // of XML: whole objects
}

// blobReader reads the frames of a file one after the other.
type blobReader struct {
	in *bufio.Reader
	at int64
}

// newBlobReader reads frames from r, whose first byte is the file's byte offset.
func newBlobReader(r io.Reader, offset int64, buffer int) *blobReader {
	return &blobReader{in: bufio.NewReaderSize(r, buffer), at: offset}
}

// next gives the next blob, or io.EOF where the file ends between two blobs.
func (r *blobReader) next() (rawBlob, error) {
	blob := rawBlob{offset: r.at}
	var length [4]byte
	if _, err := io.ReadFull(r.in, length[:]); err != nil {
		if err == io.EOF {
			return blob, io.EOF
		}
		return blob, r.cut(blob, err)
	}
	n := binary.BigEndian.Uint32(length[:])
	if n == 0 || n > maxBlobHeader {
		return blob, fmt.Errorf("byte %d: a blob header of %d bytes; the format allows 1 to %d, so this is no OSM PBF file or it is damaged", blob.offset, n, maxBlobHeader)
	}
	header := make([]byte, n)
	if _, err := io.ReadFull(r.in, header); err != nil {
		return blob, r.cut(blob, err)
	}
	kind, size, err := parseBlobHeader(header)
	if err != nil {
		return blob, fmt.Errorf("byte %d: %w", blob.offset, err)
	}
	blob.kind = kind
	blob.data = make([]byte, size)
	if _, err := io.ReadFull(r.in, blob.data); err != nil {
		return blob, r.cut(blob, err)
	}
	r.at += 4 + int64(n) + int64(size)
	blob.end = r.at
	return blob, nil
}

func (r *blobReader) cut(b rawBlob, err error) error {
	if err == io.EOF || err == io.ErrUnexpectedEOF {
		return fmt.Errorf("byte %d: the file ends inside the blob that starts here; it is truncated", b.offset)
	}
	return fmt.Errorf("byte %d: %w", b.offset, err)
}

func parseBlobHeader(b []byte) (kind string, size int, err error) {
	c := cursor{data: b}
	length := int64(-1)
	for field, ok := c.next(); ok; field, ok = c.next() {
		switch field {
		case 1:
			kind = string(c.bytes())
		case 3:
			length = int64(c.varint())
		default:
			c.skip()
		}
	}
	switch {
	case c.err != nil:
		return "", 0, c.within("blob header")
	case kind == "" || length < 0:
		return "", 0, errors.New("blob header: type or size is missing")
	case length > maxBlob:
		return "", 0, fmt.Errorf("blob header: a blob of %d bytes; the format allows %d", length, maxBlob)
	}
	return kind, int(length), nil
}
