package osm

import (
	"errors"
	"fmt"
	"io"
)

// pbfFile is a file in PBF form.
type pbfFile struct {
	file io.ReaderAt
	size int64
}

func (p *pbfFile) whole(hash io.Writer) (Header, func() (rawBlob, error), error) {
	blobs := newBlobReader(io.TeeReader(io.NewSectionReader(p.file, 0, p.size), hash), 0, 1<<20)
	first, err := blobs.next()
	if errors.Is(err, io.EOF) {
		err = errors.New("byte 0: the file is empty")
	}
	if err != nil {
		return Header{}, nil, err
	}
	header, err := readHeader(first)
	if err != nil {
		return header, nil, fmt.Errorf("byte 0: %w", err)
	}
	return header, dataBlobs(blobs.next), nil
}

func readHeader(b rawBlob) (Header, error) {
	if b.kind != "OSMHeader" {
		return Header{}, fmt.Errorf("the first blob is a %q, not an OSMHeader; this is no OSM PBF file", b.kind)
	}
	var f inflater
	defer f.close()
	data, err := f.inflate(b.data)
	if err != nil {
		return Header{}, err
	}
	return parseHeader(data)
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

func (p *pbfFile) only(at []extent) func() (rawBlob, error) {
	return func() (rawBlob, error) {
		if len(at) == 0 {
			return rawBlob{}, io.EOF
		}
		offset := at[0].offset
		at = at[1:]
		return newBlobReader(io.NewSectionReader(p.file, offset, p.size-offset), offset, 64<<10).next()
	}
}

func (p *pbfFile) open(d *decoder, b rawBlob) (content, error) {
	data, err := d.inflater.inflate(b.data)
	if err != nil {
		return nil, err
	}
	if err := parseBlock(data, &d.block); err != nil {
		return nil, err
	}
	return &d.block, nil
}
