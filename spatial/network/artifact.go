package network

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"math"
)

// The encoded form of a graph, all numbers little-endian:
//
//	8 bytes   magic
//	4 x u32   numbers of vertices, edges, shape points, runs
//	vertices  i32 longitude, i32 latitude of each, in 1e-7 degrees
//	edges     u32 from of each; u32 to; u8 forward modes; u8 backward modes;
//	          u32 shape offsets, one more than edges; u32 run offsets, likewise
//	shapes    i32 longitude, i32 latitude
//	runs      u32 centimetres, u16 posted limit in 0.01 km/h, u8 class, u8 surface
//	32 bytes  SHA-256 of all before
//
// The last byte of the magic is the version of this form.
const artifactMagic = "QYGRAPH\x02"

const artifactHeader = len(artifactMagic) + 4*4

// Encode writes the graph. Equal graphs give equal bytes.
func (g *Graph) Encode() ([]byte, error) {
	for _, n := range []int{len(g.vertices), len(g.from), len(g.shapes), len(g.runs)} {
		if uint64(n) > math.MaxUint32 {
			return nil, fmt.Errorf("a graph with %d parts is too large to encode", n)
		}
	}
	b := make([]byte, 0, artifactSize(len(g.vertices), len(g.from), len(g.shapes), len(g.runs)))
	b = append(b, artifactMagic...)
	u32 := func(values ...uint32) {
		for _, v := range values {
			b = binary.LittleEndian.AppendUint32(b, v)
		}
	}
	places := func(list []coordinate) {
		for _, c := range list {
			u32(uint32(c.lon), uint32(c.lat))
		}
	}
	u32(uint32(len(g.vertices)), uint32(len(g.from)), uint32(len(g.shapes)), uint32(len(g.runs)))
	places(g.vertices)
	u32(g.from...)
	u32(g.to...)
	for _, m := range g.forward {
		b = append(b, byte(m))
	}
	for _, m := range g.backward {
		b = append(b, byte(m))
	}
	u32(g.shapeStart...)
	u32(g.runStart...)
	places(g.shapes)
	for _, r := range g.runs {
		u32(r.Centimeters)
		b = binary.LittleEndian.AppendUint16(b, uint16(r.Posted))
		b = append(b, byte(r.Class), byte(r.Surface))
	}
	sum := sha256.Sum256(b)
	return append(b, sum[:]...), nil
}

// Hash identifies the graph's content: the SHA-256 at the end of its encoded
// form, in hex.
func (g *Graph) Hash() (string, error) {
	b, err := g.Encode()
	if err != nil {
		return "", err
	}
	return hex.EncodeToString(b[len(b)-sha256.Size:]), nil
}

func artifactSize(vertices, edges, shapes, runs int) int {
	return artifactHeader + 8*vertices + 10*edges + 8*(edges+1) + 8*shapes + 8*runs + sha256.Size
}

// Decode reads an encoded graph and checks all of it. It takes memory in
// proportion to the bytes given, whatever these claim.
func Decode(data []byte) (*Graph, error) {
	if len(data) < artifactHeader+sha256.Size || !bytes.HasPrefix(data, []byte(artifactMagic[:7])) {
		return nil, fmt.Errorf("these %d bytes are not an encoded road graph", len(data))
	}
	if data[7] != artifactMagic[7] {
		return nil, fmt.Errorf("the road graph is of form %d, this program reads form %d: import the road file again", data[7], artifactMagic[7])
	}
	r := arrays{data[len(artifactMagic):]}
	vertices, edges, shapes, runs := int(r.u32()), int(r.u32()), int(r.u32()), int(r.u32())
	if want := artifactSize(vertices, edges, shapes, runs); want != len(data) {
		return nil, fmt.Errorf("the road graph is damaged: %d bytes where its header asks for %d", len(data), want)
	}
	body, sum := data[:len(data)-sha256.Size], data[len(data)-sha256.Size:]
	if actual := sha256.Sum256(body); !bytes.Equal(actual[:], sum) {
		return nil, fmt.Errorf("the road graph is damaged: its checksum does not match")
	}
	g := &Graph{vertices: r.places(vertices), from: r.u32s(edges), to: r.u32s(edges)}
	g.forward, g.backward = r.modes(edges), r.modes(edges)
	g.shapeStart, g.runStart = r.u32s(edges+1), r.u32s(edges+1)
	g.shapes = r.places(shapes)
	g.runs = make([]Run, runs)
	for i := range g.runs {
		g.runs[i] = Run{r.u32(), Speed(r.u16()), Class(r.u8()), Surface(r.u8())}
	}
	if err := g.finish(); err != nil {
		return nil, fmt.Errorf("the road graph is damaged: %w", err)
	}
	return g, nil
}

// arrays reads numbers off the front of bytes whose length has been checked.
type arrays struct{ left []byte }

func (r *arrays) u8() byte {
	v := r.left[0]
	r.left = r.left[1:]
	return v
}

func (r *arrays) u16() uint16 {
	v := binary.LittleEndian.Uint16(r.left)
	r.left = r.left[2:]
	return v
}

func (r *arrays) u32() uint32 {
	v := binary.LittleEndian.Uint32(r.left)
	r.left = r.left[4:]
	return v
}

func (r *arrays) u32s(n int) []uint32 {
	list := make([]uint32, n)
	for i := range list {
		list[i] = r.u32()
	}
	return list
}

func (r *arrays) places(n int) []coordinate {
	list := make([]coordinate, n)
	for i := range list {
		list[i] = coordinate{int32(r.u32()), int32(r.u32())}
	}
	return list
}

func (r *arrays) modes(n int) []Modes {
	list := make([]Modes, n)
	for i := range list {
		list[i] = Modes(r.u8())
	}
	return list
}
