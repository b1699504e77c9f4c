package network

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"quanyu/spatial"
)

func encoded(t testing.TB, g *Graph) []byte {
	t.Helper()
	b, err := g.Encode()
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// sealed puts the checksum of the rest on the end, as one who damages a file
// on purpose would.
func sealed(body []byte) []byte {
	sum := sha256.Sum256(body)
	return append(bytes.Clone(body), sum[:]...)
}

func TestDecodeGivesBackTheGraph(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		ways, places := drawWays(t)
		g, _, err := Build(Source{Ways: ways}, nodes(places))
		if err != nil {
			t.Fatal(err)
		}
		b, err := g.Encode()
		if err != nil {
			t.Fatal(err)
		}
		back, err := Decode(b)
		if err != nil {
			t.Fatal(err)
		}
		if !reflect.DeepEqual(g, back) {
			t.Fatal("the graph came back changed")
		}
		again, err := back.Encode()
		if err != nil || !bytes.Equal(b, again) {
			t.Fatalf("encoded again it has other bytes (%v)", err)
		}
	})
}

func TestVersionIsThatOfTheContent(t *testing.T) {
	version := func(ways ...Way) string {
		g, _ := build(t, ways, inRow(4))
		n, err := New("x", KindImported, g, spatial.DatasetVersion{})
		if err != nil {
			t.Fatal(err)
		}
		return n.Version
	}
	if a, b := version(bothWays(1, 0, 1)), version(bothWays(2, 0, 1)); a != b || len(a) != 64 {
		t.Errorf("equal roads have versions %q and %q", a, b)
	}
	if version(bothWays(1, 0, 1)) == version(bothWays(1, 0, 2)) {
		t.Error("different roads have one version")
	}
}

func TestDecodeRefusesWhatIsDamaged(t *testing.T) {
	source := Source{Ways: city{size: 3}.ways(), Restrictions: []Restriction{{ID: 1, Path: []int64{3, 4, 5}, Modes: Car}}}
	g, _, err := Build(source, nodes(city{size: 3}.places()))
	if err != nil {
		t.Fatal(err)
	}
	for v := range g.vertices {
		g.ranks = append(g.ranks, uint32(len(g.vertices)-1-v))
	}
	good := encoded(t, g)
	body := good[:len(good)-sha256.Size]
	change := func(at int, v byte) []byte {
		b := bytes.Clone(body)
		b[at] = v
		return sealed(b)
	}
	n := g.counts()
	part := func(i int) int { // where a part begins
		at := artifactHeader
		for _, size := range n.sizes()[:i] {
			at += padded(size)
		}
		return at
	}
	runs, from, shapeStart, splits, twins, ranks, forward := part(2), part(3), part(5), part(7), part(8), part(10), part(11)
	for name, c := range map[string]struct {
		data []byte
		want string
	}{
		"empty":                     {nil, "not an encoded road graph"},
		"something else":            {[]byte(strings.Repeat("<html>", 50)), "not an encoded road graph"},
		"of another version":        {change(7, 9), "of form 9"},
		"cut short":                 {good[:len(good)-1], "damaged"},
		"one byte too long":         {append(bytes.Clone(good), 0), "damaged"},
		"one bit turned":            {append(append(bytes.Clone(body[:40]), body[40]^1), good[41:]...), "checksum"},
		"a vertex off the earth":    {change(artifactHeader+3, 0x7f), "outside the world"},
		"an end that is not there":  {change(from, 200), "vertex that is not there"},
		"unknown modes":             {change(forward, 0x80), "modes that are not known"},
		"offsets that fall":         {change(shapeStart+4, 200), "no shape"},
		"offsets that begin late":   {change(shapeStart, 1), "begin at 0"},
		"an unknown class":          {change(runs+6, 200), "class or surface that is not known"},
		"copies that are not there": {change(splits+4, 250), "overlap others or are not there"},
		"a copy elsewhere":          {change(splits, body[splits]+1), "lies elsewhere"},
		"a twin drawn otherwise":    {change(twins+12, 0), "twin"},
		"a rank twice":              {change(ranks, body[ranks+4]), "each once"},
		"something in a gap":        {change(artifactHeader-1, 1), "between its parts"},
	} {
		back, err := Decode(c.data)
		if err == nil || back != nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want %q", name, err, c.want)
		}
	}
}

// TestDecodeBelievesNoCounts: a header that claims thousands of millions of
// everything is refused before anything is allocated.
func TestDecodeBelievesNoCounts(t *testing.T) {
	header := []byte(artifactMagic)
	for range 8 {
		header = binary.LittleEndian.AppendUint32(header, 1<<32-1)
	}
	data := sealed(append(header, make([]byte, 1000)...))
	if n := testing.AllocsPerRun(10, func() {
		if _, err := Decode(data); err == nil {
			t.Fatal("decoded")
		}
	}); n > 20 {
		t.Errorf("%v allocations", n)
	}
}

// FuzzDecode: whatever the bytes, Decode returns; what it accepts encodes to
// the same bytes and can be routed on.
func FuzzDecode(f *testing.F) {
	small, _ := build(f, city{size: 3, oneWay: true}.ways(), city{size: 3}.places())
	ring, _ := build(f, []Way{bothWays(1, 0, 1, 2, 0)}, inRow(3))
	restricted, _, err := Build(Source{Ways: city{size: 3}.ways(), Restrictions: []Restriction{{ID: 1, Path: []int64{3, 4, 5}, Modes: Car, Only: true}}}, nodes(city{size: 3}.places()))
	if err != nil {
		f.Fatal(err)
	}
	for _, g := range []*Graph{small, ring, restricted} {
		b := encoded(f, g)
		f.Add(b[:len(b)-sha256.Size])
	}
	f.Add([]byte(artifactMagic))
	f.Fuzz(func(t *testing.T, body []byte) {
		_, _ = Decode(body) // must not panic either; its checksum is seldom right
		data := sealed(body)
		g, err := Decode(data)
		if err != nil {
			return
		}
		if again := encoded(t, g); !bytes.Equal(again, data) {
			t.Fatal("encoded again it has other bytes")
		}
		n, err := New("fuzz", KindImported, g, spatial.DatasetVersion{})
		if err != nil {
			t.Fatal(err)
		}
		r, err := NewRouter(n, evenProfile())
		if err != nil {
			return
		}
		s := r.Snap(g.Point(0))
		nearestOf(t, r, []Snap{s}, []Snap{s}, false, NoLimit)
		for range r.Roads() {
		}
	})
}

// TestOpenMapsWhatEncodeWrote: a graph used as it lies in a file is the graph,
// also after the file is removed; a damaged file is refused by name.
func TestOpenMapsWhatEncodeWrote(t *testing.T) {
	g, _ := build(t, city{size: 5}.ways(), city{size: 5}.places())
	good := encoded(t, g)
	path := filepath.Join(t.TempDir(), "city.graph")
	if err := os.WriteFile(path, good, 0o600); err != nil {
		t.Fatal(err)
	}
	back, err := Open(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Remove(path); err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(encoded(t, back), good) {
		t.Error("the graph came back changed")
	}
	for name, data := range map[string][]byte{"damaged": append(bytes.Clone(good[:100]), good[99:]...), "empty": nil} {
		path := filepath.Join(t.TempDir(), name)
		if err := os.WriteFile(path, data, 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := Open(path); err == nil || !strings.Contains(err.Error(), path) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := Open(filepath.Join(t.TempDir(), "absent")); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("absent: %v", err)
	}
}

// TestDecodeNeedsNoAlignment: bytes at an odd address are copied first.
func TestDecodeNeedsNoAlignment(t *testing.T) {
	g, _ := build(t, city{size: 3}.ways(), city{size: 3}.places())
	good := encoded(t, g)
	for shift := range 8 {
		data := append(make([]byte, shift, shift+len(good)), good...)[shift:]
		back, err := Decode(data)
		if err != nil || !bytes.Equal(encoded(t, back), good) {
			t.Errorf("shifted by %d: %v", shift, err)
		}
	}
}
