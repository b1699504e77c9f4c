package osm

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"slices"

	"github.com/klauspost/compress/zlib"
	"github.com/klauspost/compress/zstd"
	"github.com/pierrec/lz4/v4"
)

// inflater undoes the compression of blobs; one for each goroutine.
type inflater struct {
	zlib io.ReadCloser
	zstd *zstd.Decoder
	out  []byte // reused from blob to blob
}

// inflate gives the content of a Blob message. It stays valid until the next call.
func (f *inflater) inflate(data []byte) ([]byte, error) {
	c := cursor{data: data}
	size, packed, form := int64(-1), []byte(nil), 0
	for field, ok := c.next(); ok; field, ok = c.next() {
		switch field {
		case 2:
			size = int64(c.varint())
		case 1, 3, 4, 5, 6, 7:
			packed, form = c.bytes(), field
		default:
			c.skip()
		}
	}
	if c.err != nil {
		return nil, c.within("blob")
	}
	if size > maxBlob || size < -1 {
		return nil, fmt.Errorf("blob: says it unpacks to %d bytes; the format allows %d", size, maxBlob)
	}
	var err error
	switch form {
	case 1:
		return packed, nil
	case 3:
		err = f.unzlib(packed)
	case 6:
		err = f.unlz4(packed, size)
	case 7:
		err = f.unzstd(packed)
	case 4, 5:
		name := map[int]string{4: "lzma", 5: "bzip2"}[form]
		return nil, fmt.Errorf("blob: compressed with %s, which is not read here; zlib, lz4, zstd and none are (osmium cat -o out.osm.pbf rewrites a file with zlib)", name)
	default:
		return nil, errors.New("blob: holds no data")
	}
	if err != nil {
		return nil, err
	}
	if size >= 0 && int64(len(f.out)) != size {
		return nil, fmt.Errorf("blob: unpacks to %d bytes where it says %d", len(f.out), size)
	}
	return f.out, nil
}

func (f *inflater) unzlib(packed []byte) error {
	in := bytes.NewReader(packed)
	var err error
	if f.zlib == nil {
		f.zlib, err = zlib.NewReader(in)
	} else {
		err = f.zlib.(zlib.Resetter).Reset(in, nil)
	}
	if err != nil {
		f.zlib = nil
		return fmt.Errorf("blob: zlib: %w", err)
	}
	buffer := bytes.NewBuffer(f.out[:0])
	if _, err := buffer.ReadFrom(io.LimitReader(f.zlib, maxBlob+1)); err != nil {
		return fmt.Errorf("blob: zlib: %w", err)
	}
	if buffer.Len() > maxBlob {
		return fmt.Errorf("blob: unpacks to more than %d bytes, which the format does not allow", maxBlob)
	}
	f.out = buffer.Bytes()
	return nil
}

func (f *inflater) unzstd(packed []byte) error {
	var err error
	if f.zstd == nil {
		f.zstd, err = zstd.NewReader(nil, zstd.WithDecoderConcurrency(1), zstd.WithDecoderMaxMemory(maxBlob))
		if err != nil {
			return fmt.Errorf("blob: zstd: %w", err)
		}
	}
	if f.out, err = f.zstd.DecodeAll(packed, f.out[:0]); err != nil {
		return fmt.Errorf("blob: zstd: %w", err)
	}
	return nil
}

// unlz4 unpacks a bare LZ4 block, which does not say how long it becomes.
func (f *inflater) unlz4(packed []byte, size int64) error {
	if size < 0 {
		return errors.New("blob: lz4 without the unpacked size")
	}
	f.out = slices.Grow(f.out[:0], int(size))[:size]
	n, err := lz4.UncompressBlock(packed, f.out)
	if err != nil {
		return fmt.Errorf("blob: lz4: %w", err)
	}
	f.out = f.out[:n]
	return nil
}

func (f *inflater) close() {
	if f.zstd != nil {
		f.zstd.Close()
	}
}
