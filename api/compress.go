package api

import (
	"io"
	"net/http"
	"strings"
	"sync"

	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"
	"github.com/labstack/echo/v4"

	"quanyu/tiles"
)

// compress encodes bodies as they are written, where the client accepts it
// and the body is text that has no coding yet. When the handler fails after
// its first byte the encoder is left unfinished, so that the aborted body
// cannot pass for a whole one.
func (s *server) compress(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		encoding := encodingFor(c.Request())
		if encoding == tiles.Identity || c.Request().Method == http.MethodHead {
			return s.settle(c, next)
		}
		plain := c.Response().Writer
		w := &compressor{ResponseWriter: plain, encoding: encoding}
		c.Response().Writer = w
		err := s.settle(c, next)
		if err == nil {
			err = w.finish()
		}
		c.Response().Writer = plain
		return err
	}
}

// settle answers errors here, inside the compressor, so that problems go
// through it as well.
func (s *server) settle(c echo.Context, next echo.HandlerFunc) error {
	if err := next(c); err != nil {
		s.fail(c, err)
	}
	return nil
}

// encoder is what gzip and zstd writers have in common.
type encoder interface {
	io.WriteCloser
	Reset(io.Writer)
}

type compressor struct {
	http.ResponseWriter
	encoding tiles.Encoding
	encoder  encoder
	decided  bool
}

// WriteHeader decides, from the headers that the handler set, whether the
// body is worth encoding.
func (w *compressor) WriteHeader(status int) {
	h := w.Header()
	w.decided = true
	if bodyAllowed(status) && h.Get("Content-Encoding") == "" && compressible(h.Get("Content-Type")) {
		h.Set("Content-Encoding", string(w.encoding))
		h.Del("Content-Length")
		w.encoder = borrowEncoder(w.encoding)
		w.encoder.Reset(w.ResponseWriter)
	}
	w.ResponseWriter.WriteHeader(status)
}

func (w *compressor) Write(b []byte) (int, error) {
	if !w.decided {
		w.WriteHeader(http.StatusOK)
	}
	if w.encoder == nil {
		return w.ResponseWriter.Write(b)
	}
	return w.encoder.Write(b)
}

// Unwrap lets http.ResponseController reach the connection.
func (w *compressor) Unwrap() http.ResponseWriter { return w.ResponseWriter }

func (w *compressor) finish() error {
	if w.encoder == nil {
		return nil
	}
	err := w.encoder.Close()
	returnEncoder(w.encoding, w.encoder)
	w.encoder = nil
	return err
}

func bodyAllowed(status int) bool {
	return status >= 200 && status != http.StatusNoContent && status != http.StatusNotModified
}

func compressible(media string) bool {
	media, _, _ = strings.Cut(media, ";")
	return strings.HasPrefix(media, "text/") || strings.HasSuffix(media, "json") || strings.HasSuffix(media, "javascript") || strings.HasSuffix(media, "xml")
}

// Encoders are costly to make (zstd holds a window of megabytes), so they are
// used again.
var (
	gzipPool = sync.Pool{New: func() any { return gzip.NewWriter(io.Discard) }}
	zstdPool = sync.Pool{New: func() any {
		w, err := zstd.NewWriter(io.Discard, zstd.WithEncoderConcurrency(1), zstd.WithEncoderLevel(zstd.SpeedFastest), zstd.WithWindowSize(1<<20))
		if err != nil {
			panic(err) // the options are constants
		}
		return w
	}}
)

func borrowEncoder(e tiles.Encoding) encoder {
	if e == tiles.Zstd {
		return zstdPool.Get().(encoder)
	}
	return gzipPool.Get().(encoder)
}

func returnEncoder(e tiles.Encoding, w encoder) {
	w.Reset(io.Discard)
	if e == tiles.Zstd {
		zstdPool.Put(w)
		return
	}
	gzipPool.Put(w)
}
