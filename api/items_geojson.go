package api

import (
	"net/http"
	"strconv"
	"sync"
	"time"

	"github.com/labstack/echo/v4"

	"quanyu/spatial"
)

// heldBytes is how much of a page is kept back before the answer begins. A
// page that ends within it can still fail cleanly and have all its headers;
// a larger one streams.
const heldBytes = 256 << 10

// flushBytes is the size of the pieces that a streamed page goes out in.
const flushBytes = 32 << 10

// writeFeatures streams the rows into a FeatureCollection without decoding
// them. head holds members that come first, each with a comma after it;
// members that are known only at the end stand at the end.
func (p *page) writeFeatures(media, head string, write func([]byte, spatial.ItemRow) []byte) error {
	out := &stream{c: p.c, media: media}
	defer out.borrow()()
	out.buffer = append(out.buffer, `{"type":"FeatureCollection",`+head+`"features":[`...)
	err := p.each(func(row spatial.ItemRow) error {
		if p.returned > 1 {
			out.buffer = append(out.buffer, ',')
		}
		out.buffer = write(out.buffer, row)
		return out.overflow()
	})
	if err != nil {
		return err
	}
	p.count()
	if !out.begun {
		p.numbers()
	}
	out.buffer = append(out.buffer, `],"numberReturned":`...)
	out.buffer = strconv.AppendInt(out.buffer, int64(p.returned), 10)
	if p.counted {
		out.buffer = append(out.buffer, `,"numberMatched":`...)
		out.buffer = strconv.AppendInt(out.buffer, p.matched, 10)
	}
	out.buffer = append(out.buffer, `,"timeStamp":"`...)
	out.buffer = append(out.buffer, p.server.cfg.Now().UTC().Format(time.RFC3339)...)
	out.buffer = append(out.buffer, `","links":`...)
	out.buffer = append(append(out.buffer, mustJSON(p.links())...), "}\n"...)
	return out.flush()
}

// appendFeature writes one feature; geometry and properties are JSON already.
func appendFeature(b []byte, row spatial.ItemRow, links []link) []byte {
	b = append(b, `{"type":"Feature","id":`...)
	b = appendText(b, row.Position.ID)
	b = append(b, `,"geometry":`...)
	if row.Geometry == nil {
		b = append(b, "null"...)
	} else {
		b = append(b, row.Geometry...)
	}
	b = append(b, `,"properties":`...)
	if row.Properties == nil {
		b = append(b, "{}"...)
	} else {
		b = append(b, row.Properties...)
	}
	if links != nil {
		b = append(b, `,"links":`...)
		b = append(b, mustJSON(links)...)
	}
	return append(b, '}')
}

// stream holds a body back until it is whole or too large to hold.
type stream struct {
	c      echo.Context
	media  string
	buffer []byte
	begun  bool
}

// pageBuffers are the buffers of pages that are done. Grown anew for each page they
// were a third of all that was allocated.
var pageBuffers = sync.Pool{New: func() any { return new([]byte) }}

// borrow takes a buffer; the function that it gives puts it back, unless a feature
// of more than that has made it large.
func (s *stream) borrow() (giveBack func()) {
	lent := pageBuffers.Get().(*[]byte)
	s.buffer = (*lent)[:0]
	return func() {
		if cap(s.buffer) <= 2*heldBytes {
			*lent = s.buffer
			pageBuffers.Put(lent)
		}
		s.buffer = nil
	}
}

// overflow lets go of what the buffer should no longer hold.
func (s *stream) overflow() error {
	if len(s.buffer) < flushBytes || (!s.begun && len(s.buffer) < heldBytes) {
		return nil
	}
	return s.flush()
}

// flush writes the buffer, and before it the headers.
func (s *stream) flush() error {
	if !s.begun {
		s.begun = true
		s.c.Response().Header().Set("Content-Type", s.media)
		s.c.Response().WriteHeader(http.StatusOK)
	}
	_, err := s.c.Response().Write(s.buffer)
	s.buffer = s.buffer[:0]
	return err
}
