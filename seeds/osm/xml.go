package osm

import (
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"

	"github.com/paulmach/orb"
)

// xmlFile is a file in XML form (https://wiki.openstreetmap.org/wiki/OSM_XML).
type xmlFile struct {
	file    io.ReaderAt
	size    int64
	packing packing
}

func (x *xmlFile) whole(hash io.Writer) (Header, func() (rawBlob, error), error) {
	file := io.TeeReader(io.NewSectionReader(x.file, 0, x.size), hash)
	text, err := newXMLText(file, x.packing)
	if err != nil {
		return Header{}, nil, err
	}
	header, err := text.header()
	return header, func() (rawBlob, error) {
		b, err := text.next()
		if errors.Is(err, io.EOF) {
			// What follows the packed text, if anything, belongs to the hash.
			if _, err := io.Copy(io.Discard, file); err != nil {
				return b, err
			}
		}
		return b, err
	}, err
}

func (x *xmlFile) only(at []extent) func() (rawBlob, error) {
	text, err := newXMLText(io.NewSectionReader(x.file, 0, x.size), x.packing)
	if err == nil {
		_, err = text.header()
	}
	return func() (rawBlob, error) {
		for err == nil && len(at) > 0 {
			var b rawBlob
			if b, err = text.next(); err == nil && b.offset == at[0].offset {
				at = at[1:]
				return b, nil
			}
		}
		switch {
		case len(at) == 0:
			return rawBlob{}, io.EOF
		case errors.Is(err, io.EOF):
			return rawBlob{}, errors.New("byte 0: the file has changed while it was read")
		}
		return rawBlob{}, err
	}
}

func (x *xmlFile) open(_ *decoder, b rawBlob) (content, error) { return xmlObjects(b.text), nil }

// header reads up to the first object.
func (t *xmlText) header() (Header, error) {
	if err := t.fill(chunkSize); err != nil {
		return Header{}, err
	}
	s := xmlScanner{text: string(t.buf[:t.clean])}
	h, err := s.header()
	if err != nil {
		return h, fmt.Errorf("byte 0: %w", err)
	}
	t.take(s.at)
	return h, nil
}

// header reads the declaration, the root's tag and what stands before the
// first object, and leaves the cursor there.
func (s *xmlScanner) header() (Header, error) {
	var h Header
	s.at = len(s.text) - len(strings.TrimPrefix(s.text, "\xef\xbb\xbf"))
	if s.spaces(); strings.HasPrefix(s.text[s.at:], "<?xml") {
		declaration, _, closed := strings.Cut(s.text[s.at:], "?>")
		if !closed || !isUTF8(declaration) {
			return h, fmt.Errorf("XML: a declaration %.60q; OSM XML is UTF-8", declaration)
		}
		s.at += len(declaration) + 2
	}
	if found, err := s.next(); err != nil || !found {
		return h, errors.Join(err, errNoOSM)
	}
	if s.name == "osmChange" {
		return h, errors.New("XML: a file of changes; only whole extracts are read")
	}
	if s.name != "osm" || s.closing || s.single {
		return h, errNoOSM
	}
	if v := s.attrs.get("version"); v != "0.6" {
		return h, fmt.Errorf("XML: version %.20q of the format; 0.6 is read", v)
	}
	h.WritingProgram = strings.Clone(s.attrs.get("generator"))
	h.Replication = parseTime(s.attrs.first("osmosis_replication_timestamp", "timestamp"))
	return h, s.beforeObjects(&h)
}

var errNoOSM = errors.New("XML: no element osm with objects in it; this is no OSM XML file")

// isUTF8 tells whether an XML declaration is of that encoding, which is usual
// where none is named.
func isUTF8(declaration string) bool {
	declaration = strings.ToLower(declaration)
	return !strings.Contains(declaration, "encoding") || strings.Contains(declaration, "utf-8") || strings.Contains(declaration, "us-ascii")
}

func (s *xmlScanner) beforeObjects(h *Header) error {
	for {
		before := s.at
		found, err := s.next()
		if _, object := xmlKinds[s.name]; err != nil || !found || s.closing || object {
			s.at = before
			return err
		}
		switch s.name {
		case "bounds":
			h.BBox = parseBounds(s.attrs)
		case "meta": // as the Overpass API writes it
			h.Replication = parseTime(s.attrs.get("osm_base"))
		case "remark":
			return errRemark
		}
		if err := s.skip(); err != nil {
			return err
		}
	}
}

func parseTime(text string) *time.Time {
	t, err := time.Parse(time.RFC3339, text)
	if err != nil {
		return nil
	}
	t = t.UTC()
	return &t
}

// parseBounds reads the box that a file was cut from; nil when it is not whole.
func parseBounds(t tags) *orb.Bound {
	var v [4]float64
	for i, key := range []string{"minlon", "minlat", "maxlon", "maxlat"} {
		var err error
		if v[i], err = strconv.ParseFloat(t.get(key), 64); err != nil || !(v[i] >= -180 && v[i] <= 180) {
			return nil
		}
	}
	return &orb.Bound{Min: orb.Point{v[0], v[1]}, Max: orb.Point{v[2], v[3]}}
}
