package main

import (
	"strings"
	"testing"
)

func TestFiguresBecomeRows(t *testing.T) {
	const in = `goos: linux
pkg: quanyu/spatial/network
cpu: some
BenchmarkSearch-2   	      56	  19883451 ns/op	       220.9 ns/vertex	       3 B/op	       0 allocs/op
BenchmarkSnap       	   55000	     21500 ns/op
--- FAIL: BenchmarkBroken
PASS
ok  	quanyu/spatial/network	4.2s
`
	var out, other strings.Builder
	if err := convert(strings.NewReader(in), &out, &other); err != nil {
		t.Fatal(err)
	}
	const want = `| package | benchmark | time | more |
|---|---|---|---|
| spatial/network | Search | 19.88 ms | 220.9 ns/vertex, 3 B/op, 0 allocs/op |
| spatial/network | Snap | 21.50 µs |  |
`
	if out.String() != want {
		t.Errorf("got\n%s", &out)
	}
	if other.String() != "--- FAIL: BenchmarkBroken\n" {
		t.Errorf("set aside: %q", &other)
	}
}
