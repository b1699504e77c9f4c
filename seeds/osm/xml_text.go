package osm

import (
	"bufio"
	"bytes"
	"compress/bzip2"
	"errors"
	"fmt"
	"io"
	"slices"

	"github.com/klauspost/compress/gzip"
)

const (
	// chunkSize is the length from which a piece of text is decoded by itself.
	chunkSize = 1 << 20
	// maxChunk bounds what may lie between the starts of two objects. The
	// largest relations have 32,000 members, some 2 MB of text.
	maxChunk = 16 << 20
	// maxRatio bounds how much longer the text may be than the packed file:
	// maps become 8 to 30 times as long, a file made to hurt a thousand times
	// and more. The first megabytes are free.
	maxRatio  = 200
	freeBytes = 64 << 20
)

// xmlText reads the unpacked text of a file and cuts it into pieces between
// objects. Where it cuts depends on the text alone.
type xmlText struct {
	in    io.Reader
	file  *counter
	buf   []byte // text read and not given out yet
	at    int64  // offset of buf in the text
	clean int    // up to here buf has no comment
	ended bool   // in is at its end
	done  bool   // the last piece was given out
}

// counter counts the bytes that a reader gave.
type counter struct {
	io.Reader
	n int64
}

func (c *counter) Read(b []byte) (int, error) {
	n, err := c.Reader.Read(b)
	c.n += int64(n)
	return n, err
}

func newXMLText(file io.Reader, p packing) (*xmlText, error) {
	t := &xmlText{file: &counter{Reader: file}}
	packed := bufio.NewReaderSize(t.file, 1<<18)
	t.in = packed
	switch p {
	case gzipped:
		unzip, err := gzip.NewReader(packed)
		if err != nil {
			return nil, t.fault(err)
		}
		t.in = unzip
	case bzipped:
		t.in = bzip2.NewReader(packed)
	}
	return t, nil
}

func (t *xmlText) fault(err error) error {
	if errors.Is(err, io.ErrUnexpectedEOF) {
		return fmt.Errorf("byte %d: the file ends inside its packed text; it is truncated", t.file.n)
	}
	return fmt.Errorf("byte %d: %w", t.file.n, err)
}

// fill reads until buf has at least n bytes or the text ends.
func (t *xmlText) fill(n int) error {
	t.buf = slices.Grow(t.buf, max(0, n-len(t.buf)))
	for len(t.buf) < n && !t.ended {
		have := len(t.buf)
		read, err := t.in.Read(t.buf[have:n])
		t.buf = t.buf[:have+read]
		if t.ended = err == io.EOF; err != nil && !t.ended {
			return t.fault(err)
		}
		if text := t.at + int64(len(t.buf)); text > freeBytes && text > maxRatio*t.file.n {
			return fmt.Errorf("byte %d: unpacks to more than %d times its length, which no map does", t.file.n, maxRatio)
		}
	}
	return t.blank()
}

// blank overwrites comments with spaces, so that what looks like a tag is one.
func (t *xmlText) blank() error {
	for {
		n := bytes.Index(t.buf[t.clean:], []byte("<!"))
		if n < 0 {
			t.clean = len(t.buf)
			if bytes.HasSuffix(t.buf, []byte("<")) {
				t.clean-- // perhaps the first half
			}
			return nil
		}
		t.clean += n
		rest := t.buf[t.clean:]
		if !bytes.HasPrefix([]byte("<!--"), rest[:min(4, len(rest))]) {
			return fmt.Errorf("byte %d: %w", t.at+int64(t.clean), errTagOther)
		}
		end := -1
		if len(rest) > 4 {
			end = bytes.Index(rest[4:], []byte("-->"))
		}
		if end < 0 {
			return nil // it ends in what is not read yet
		}
		for i := range rest[:4+end+3] {
			rest[i] = ' '
		}
		t.clean += 4 + end + 3
	}
}

// next gives the next piece of the text, whole objects, and io.EOF after the
// last one.
func (t *xmlText) next() (rawBlob, error) {
	if t.done {
		return rawBlob{}, io.EOF
	}
	for n := chunkSize; n <= maxChunk; n *= 2 {
		if err := t.fill(n); err != nil {
			return rawBlob{}, err
		}
		if t.ended {
			return t.last()
		}
		if cut := t.cut(); cut > 0 {
			return t.take(cut), nil
		}
	}
	return rawBlob{}, fmt.Errorf("byte %d: %d bytes of text without the start of an object", t.at, maxChunk)
}

// cut is where the last object in the buffer starts, unless it is the first.
// Within tags XML has no "<", so what starts like an object is one.
func (t *xmlText) cut() int {
	for i := t.clean; i > 0; {
		i = bytes.LastIndexByte(t.buf[:i], '<')
		if i <= 0 {
			break
		}
		start := t.buf[i+1 : min(i+10, len(t.buf))]
		space := bytes.IndexAny(start, " \t\r\n")
		if _, object := xmlKinds[string(start[:max(0, space)])]; object {
			return i
		}
	}
	return 0
}

// take gives the first n bytes out.
func (t *xmlText) take(n int) rawBlob {
	b := rawBlob{offset: t.at, end: t.file.n, text: string(t.buf[:n])}
	t.buf = t.buf[:copy(t.buf, t.buf[n:])]
	t.at += int64(n)
	t.clean = max(0, t.clean-n)
	return b
}

// last gives the rest of the text, up to the end of the root element.
func (t *xmlText) last() (rawBlob, error) {
	text, whole := bytes.CutSuffix(bytes.TrimRight(t.buf, " \t\r\n"), []byte("</osm>"))
	if !whole || t.clean < len(t.buf) {
		return rawBlob{}, fmt.Errorf("byte %d: the text does not end with </osm>; it is truncated", t.at+int64(len(t.buf)))
	}
	t.done = true
	return t.take(len(text)), nil
}
