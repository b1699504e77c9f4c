package network

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"math"
)

// The encoded form of a graph, all numbers little-endian. Every part but the
// last two begins at a multiple of eight bytes, filled up with zeros, so that
// a mapped file is used as it lies, without being read into the heap.
//
//	8 bytes   magic; its last byte is the version of this form
//	8 x u32   numbers of vertices, edges, shape points, runs, splits, twins,
//	          ranks (as many as vertices, or none), 0
//	vertices  i32 longitude, i32 latitude of each, in 1e-7 degrees
//	shapes    likewise
//	runs      u32 centimetres, u16 posted limit in 0.01 km/h, u8 class, u8 surface
//	edges     u32 from of each; u32 to; u32 shape offsets, one more than edges;
//	          u32 run offsets, likewise
//	splits    u32 vertex, u32 copies
//	twins     u32 origin, u32 edge
//	rows      f32 west, south, east, north of every 16 edges
//	ranks     u32 of each vertex: its place in the nested dissection order
//	modes     u8 forward of each edge; u8 backward
//	32 bytes  SHA-256 of all before
const artifactMagic = "QYGRAPH\x03"

const artifactHeader = len(artifactMagic) + 8*4

// artifactCounts are the numbers in the header.
type artifactCounts struct{ vertices, edges, shapes, runs, splits, twins, ranks int }

func (n artifactCounts) rows() int { return (n.edges + rowSize - 1) / rowSize }

// sizes are the bytes of the parts, in their order.
func (n artifactCounts) sizes() []int {
	return []int{
		8 * n.vertices, 8 * n.shapes, 8 * n.runs,
		4 * n.edges, 4 * n.edges, 4 * (n.edges + 1), 4 * (n.edges + 1),
		8 * n.splits, 8 * n.twins, 16 * n.rows(), 4 * n.ranks, n.edges, n.edges,
	}
}

func (n artifactCounts) total() int {
	sum := artifactHeader + sha256.Size
	for _, size := range n.sizes() {
		sum += padded(size)
	}
	return sum
}

func padded(size int) int { return (size + 7) &^ 7 }

func (g *Graph) counts() artifactCounts {
	return artifactCounts{len(g.vertices), len(g.from), len(g.shapes), len(g.runs), len(g.splits), len(g.twins), len(g.ranks)}
}

// Encode writes the graph. Equal graphs give equal bytes.
func (g *Graph) Encode() ([]byte, error) {
	n := g.counts()
	for _, v := range []int{n.vertices, n.edges, n.shapes, n.runs} {
		if uint64(v) >= math.MaxUint32 {
			return nil, fmt.Errorf("a graph with %d parts is too large to encode", v)
		}
	}
	if !littleEndian() {
		return nil, errByteOrder
	}
	b := make([]byte, 0, n.total())
	b = append(b, artifactMagic...)
	for _, v := range []int{n.vertices, n.edges, n.shapes, n.runs, n.splits, n.twins, n.ranks, 0} {
		b = binary.LittleEndian.AppendUint32(b, uint32(v))
	}
	for _, part := range [][]byte{
		bytesOf(g.vertices), bytesOf(g.shapes), bytesOf(g.runs), bytesOf(g.from), bytesOf(g.to), bytesOf(g.shapeStart), bytesOf(g.runStart),
		bytesOf(g.splits), bytesOf(g.twins), bytesOf(g.rows.boxes[:n.rows()]), bytesOf(g.ranks), bytesOf(g.forward), bytesOf(g.backward),
	} {
		b = append(b, part...)
		b = append(b, make([]byte, padded(len(part))-len(part))...)
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

// Decode takes an encoded graph and checks all of it. The graph uses the bytes
// where they lie, so they must not change any more; nothing is allocated in
// proportion to what they only claim.
func Decode(data []byte) (*Graph, error) {
	if len(data) < artifactHeader+sha256.Size || !bytes.HasPrefix(data, []byte(artifactMagic[:7])) {
		return nil, fmt.Errorf("these %d bytes are not an encoded road graph", len(data))
	}
	if data[7] != artifactMagic[7] {
		return nil, fmt.Errorf("the road graph is of form %d, this program reads form %d: import the road file again", data[7], artifactMagic[7])
	}
	if !littleEndian() {
		return nil, errByteOrder
	}
	n := readCounts(data)
	if want := n.total(); want != len(data) {
		return nil, fmt.Errorf("the road graph is damaged: %d bytes where its header asks for %d", len(data), want)
	}
	body, sum := data[:len(data)-sha256.Size], data[len(data)-sha256.Size:]
	if actual := sha256.Sum256(body); !bytes.Equal(actual[:], sum) {
		return nil, fmt.Errorf("the road graph is damaged: its checksum does not match")
	}
	if !n.filledWithZeros(data) {
		return nil, fmt.Errorf("the road graph is damaged: there is something between its parts")
	}
	g := n.lay(aligned(data))
	if err := g.finish(); err != nil {
		return nil, fmt.Errorf("the road graph is damaged: %w", err)
	}
	return g, nil
}

func readCounts(data []byte) artifactCounts {
	at := func(i int) int { return int(binary.LittleEndian.Uint32(data[len(artifactMagic)+4*i:])) }
	return artifactCounts{at(0), at(1), at(2), at(3), at(4), at(5), at(6)}
}

// filledWithZeros checks what lies between the parts, so that equal graphs
// have equal bytes.
func (n artifactCounts) filledWithZeros(data []byte) bool {
	at, zeros := artifactHeader, make([]byte, 8)
	if !bytes.Equal(data[at-4:at], zeros[:4]) {
		return false
	}
	for _, size := range n.sizes() {
		if gap := padded(size) - size; !bytes.Equal(data[at+size:at+size+gap], zeros[:gap]) {
			return false
		}
		at += padded(size)
	}
	return true
}

// lay puts a graph's arrays over bytes of the right length.
func (n artifactCounts) lay(data []byte) *Graph {
	parts := make([][]byte, 0, 13)
	at := artifactHeader
	for _, size := range n.sizes() {
		parts = append(parts, data[at:at+size:at+size])
		at += padded(size)
	}
	g := &Graph{
		vertices: arrayOver[coordinate](parts[0]), shapes: arrayOver[coordinate](parts[1]), runs: arrayOver[Run](parts[2]),
		from: arrayOver[uint32](parts[3]), to: arrayOver[uint32](parts[4]),
		shapeStart: arrayOver[uint32](parts[5]), runStart: arrayOver[uint32](parts[6]),
		splits: arrayOver[split](parts[7]), twins: arrayOver[twin](parts[8]), ranks: arrayOver[uint32](parts[10]),
		forward: arrayOver[Modes](parts[11]), backward: arrayOver[Modes](parts[12]),
	}
	g.rows = packBoxes(append([]box(nil), arrayOver[box](parts[9])...))
	return g
}
