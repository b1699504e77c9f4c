package pmtiles

import (
	"encoding/binary"
	"errors"
	"fmt"
	"math"
)

// headerSize is fixed; header and root directory together stay within
// rootReach, so that a client gets both with its first request.
const (
	headerSize = 127
	rootReach  = 16384
	maxRoot    = rootReach - headerSize - 1 // "under 16,384 bytes"
)

// The values of the header's fields that are written here.
const (
	compressionGzip = 2
	typeMVT         = 1
)

const magic = "PMTiles\x03"

// Section is a span of the archive in bytes.
type Section struct{ Offset, Length uint64 }

// Header is what the first bytes of an archive say. Bounds and center are in
// degrees, longitude first, exact to 1e-7.
type Header struct {
	Root, Metadata, Leaves, Data          Section
	AddressedTiles, Entries, Contents     uint64
	MinZoom, MaxZoom, CenterZoom          int
	MinLon, MinLat, MaxLon, MaxLat        float64
	CenterLon, CenterLat                  float64
	clustered                             bool
	internal, tileCompression, tileFormat byte
}

func (h Header) encode() []byte {
	b := make([]byte, 0, headerSize)
	b = append(b, magic...)
	for _, s := range []Section{h.Root, h.Metadata, h.Leaves, h.Data} {
		b = binary.LittleEndian.AppendUint64(b, s.Offset)
		b = binary.LittleEndian.AppendUint64(b, s.Length)
	}
	for _, n := range []uint64{h.AddressedTiles, h.Entries, h.Contents} {
		b = binary.LittleEndian.AppendUint64(b, n)
	}
	b = append(b, 1, compressionGzip, compressionGzip, typeMVT, byte(h.MinZoom), byte(h.MaxZoom))
	for _, degrees := range []float64{h.MinLon, h.MinLat, h.MaxLon, h.MaxLat} {
		b = appendDegrees(b, degrees)
	}
	b = append(b, byte(h.CenterZoom))
	return appendDegrees(appendDegrees(b, h.CenterLon), h.CenterLat)
}

func appendDegrees(b []byte, degrees float64) []byte {
	return binary.LittleEndian.AppendUint32(b, uint32(int32(math.Round(degrees*1e7))))
}

// decodeHeader reads the header of an archive of the given size and checks
// that its sections lie within it.
func decodeHeader(b []byte, size int64) (Header, error) {
	if len(b) < headerSize || string(b[:len(magic)]) != magic {
		return Header{}, errors.New("header: this is no PMTiles archive of version 3")
	}
	u64 := func(at int) uint64 { return binary.LittleEndian.Uint64(b[at:]) }
	degrees := func(at int) float64 { return float64(int32(binary.LittleEndian.Uint32(b[at:]))) / 1e7 }
	h := Header{
		Root: Section{u64(8), u64(16)}, Metadata: Section{u64(24), u64(32)}, Leaves: Section{u64(40), u64(48)}, Data: Section{u64(56), u64(64)},
		AddressedTiles: u64(72), Entries: u64(80), Contents: u64(88),
		clustered: b[96] == 1, internal: b[97], tileCompression: b[98], tileFormat: b[99],
		MinZoom: int(b[100]), MaxZoom: int(b[101]), CenterZoom: int(b[118]),
		MinLon: degrees(102), MinLat: degrees(106), MaxLon: degrees(110), MaxLat: degrees(114), CenterLon: degrees(119), CenterLat: degrees(123),
	}
	for _, s := range []Section{h.Root, h.Metadata, h.Leaves, h.Data} {
		if s.Offset > uint64(size) || s.Length > uint64(size)-s.Offset {
			return h, fmt.Errorf("header: a section of %d bytes at %d lies outside of the %d bytes there are", s.Length, s.Offset, size)
		}
	}
	if h.internal != compressionGzip || h.tileCompression != compressionGzip || h.tileFormat != typeMVT {
		return h, errors.New("header: only gzip and Mapbox Vector Tiles are read here")
	}
	return h, nil
}
