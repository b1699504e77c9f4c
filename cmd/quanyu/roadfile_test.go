package main

import (
	"encoding/binary"
	"os"
	"testing"
)

// writeTown writes a road file in the OSM PBF format: n x n junctions about
// 500 m apart around 104 E 30 N, streets along both axes of the given class.
func writeTown(t *testing.T, path string, n int, highway string) {
	t.Helper()
	var nodes, ways []byte
	for y := range n {
		for x := range n {
			node := number(1, zigzag(int64(y*n+x+1)))
			node = append(node, number(8, zigzag(300_000_000+int64(y)*50_000))...)
			node = append(node, number(9, zigzag(1_040_000_000+int64(x)*50_000))...)
			nodes = append(nodes, chunk(1, node)...)
		}
	}
	for k := range n {
		row, column := make([]int64, n), make([]int64, n)
		for i := range n {
			row[i], column[i] = int64(k*n+i+1), int64(i*n+k+1)
		}
		ways = append(ways, chunk(3, way(int64(2*k+1), row))...)
		ways = append(ways, chunk(3, way(int64(2*k+2), column))...)
	}
	strings := append(append(chunk(1, nil), chunk(1, []byte("highway"))...), chunk(1, []byte(highway))...)
	table := chunk(1, strings)
	file := fileBlock("OSMHeader", chunk(4, []byte("OsmSchema-V0.6")))
	file = append(file, fileBlock("OSMData", append(append([]byte{}, table...), chunk(2, nodes)...))...)
	file = append(file, fileBlock("OSMData", append(append([]byte{}, table...), chunk(2, ways)...))...)
	if err := os.WriteFile(path, file, 0o644); err != nil {
		t.Fatal(err)
	}
}

// way has the one tag that stands at places 1 and 2 of the string table.
func way(id int64, refs []int64) []byte {
	var packed []byte
	last := int64(0)
	for _, ref := range refs {
		packed = binary.AppendUvarint(packed, zigzag(ref-last))
		last = ref
	}
	b := number(1, uint64(id))
	b = append(b, chunk(2, []byte{1})...)
	b = append(b, chunk(3, []byte{2})...)
	return append(b, chunk(8, packed)...)
}

func fileBlock(kind string, content []byte) []byte {
	blob := chunk(1, content)
	head := append(chunk(1, []byte(kind)), number(3, uint64(len(blob)))...)
	b := binary.BigEndian.AppendUint32(nil, uint32(len(head)))
	return append(append(b, head...), blob...)
}

func number(field int, v uint64) []byte {
	return binary.AppendUvarint(binary.AppendUvarint(nil, uint64(field<<3)), v)
}

func chunk(field int, content []byte) []byte {
	b := binary.AppendUvarint(binary.AppendUvarint(nil, uint64(field<<3|2)), uint64(len(content)))
	return append(b, content...)
}

func zigzag(v int64) uint64 { return uint64(v<<1) ^ uint64(v>>63) }
