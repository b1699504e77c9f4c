package tiles

import (
	"bytes"
	"fmt"
	"strconv"

	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"
)

// Encoding is a content coding of HTTP.
type Encoding string

// The codings that tiles are kept in.
const (
	Identity Encoding = ""
	Gzip     Encoding = "gzip"
	Zstd     Encoding = "zstd"
)

// Encode compresses a body, once for all who read it from the cache, so a
// slower and tighter level pays.
func (e Encoding) Encode(raw []byte) ([]byte, error) {
	var out bytes.Buffer
	switch e {
	case Identity:
		return raw, nil
	case Gzip:
		w, err := gzip.NewWriterLevel(&out, gzip.DefaultCompression)
		if err != nil {
			return nil, err
		}
		if _, err := w.Write(raw); err != nil {
			return nil, err
		}
		if err := w.Close(); err != nil {
			return nil, err
		}
		return out.Bytes(), nil
	case Zstd:
		w, err := zstd.NewWriter(nil, zstd.WithEncoderConcurrency(1), zstd.WithEncoderLevel(zstd.SpeedDefault))
		if err != nil {
			return nil, err
		}
		defer w.Close()
		return w.EncodeAll(raw, nil), nil
	default:
		return nil, fmt.Errorf("tiles have no encoding %q", e)
	}
}

func itoa(n int) string { return strconv.Itoa(n) }
