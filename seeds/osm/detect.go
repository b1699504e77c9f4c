package osm

import (
	"bytes"
	"errors"
	"fmt"
	"io"
)

// Packing is how the text of an XML file is packed.
type packing string

const (
	unpacked packing = ""
	gzipped  packing = "gzip"
	bzipped  packing = "bzip2"
)

// refused are the forms that are known by their first bytes and not read.
var refused = []struct{ start, name string }{
	{"\xfd7zXZ", "an xz file; unpack it first"},
	{"\x28\xb5\x2f\xfd", "a zstd file; unpack it first"},
	{"PK\x03\x04", "a zip archive; unpack it first"},
	{"7z\xbc\xaf", "a 7z archive; unpack it first"},
	{"\xff\xe0", "an o5m file; osmium cat or osmconvert rewrites it as PBF"},
	{"\xfe\xff", "text in UTF-16; OSM XML is UTF-8"},
	{"\xff\xfe", "text in UTF-16; OSM XML is UTF-8"},
}

// detect tells a file's form by its first bytes; its name says nothing.
func detect(file io.ReaderAt, size int64) (form, error) {
	start := make([]byte, min(size, 64))
	if _, err := file.ReadAt(start, 0); err != nil && !errors.Is(err, io.EOF) {
		return nil, err
	}
	if len(start) == 0 {
		return nil, errors.New("byte 0: the file is empty")
	}
	for _, r := range refused {
		if bytes.HasPrefix(start, []byte(r.start)) {
			return nil, fmt.Errorf("byte 0: this is %s", r.name)
		}
	}
	xml := func(p packing) (form, error) { return &xmlFile{file: file, size: size, packing: p}, nil }
	switch {
	case bytes.HasPrefix(start, []byte("\x1f\x8b")):
		return xml(gzipped)
	case bytes.HasPrefix(start, []byte("BZh")):
		return xml(bzipped)
	case looksLikeXML(start):
		return xml(unpacked)
	}
	return &pbfFile{file: file, size: size}, nil
}

// looksLikeXML tells whether the first sign of a text is a tag.
func looksLikeXML(start []byte) bool {
	start = bytes.TrimLeft(bytes.TrimPrefix(start, []byte("\xef\xbb\xbf")), " \t\r\n")
	return len(start) > 0 && start[0] == '<'
}
