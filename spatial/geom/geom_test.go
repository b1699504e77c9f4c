package geom_test

import (
	"bytes"
	"math"
	"testing"

	"github.com/paulmach/orb"
	gogeom "github.com/twpayne/go-geom"
	"github.com/twpayne/go-geom/encoding/ewkb"
	"pgregory.net/rapid"

	"quanyu/spatial/geom"
)

func ring(x float64) orb.Ring { return orb.Ring{{x, 0}, {x + 4, 0}, {x + 4, 4}, {x, 0}} }

var samples = map[string]orb.Geometry{
	"point":              orb.Point{104.0632, 30.66},
	"line":               orb.LineString{{1, 2}, {3, 4}, {-5, 6.5}},
	"empty line":         orb.LineString{},
	"polygon":            orb.Polygon{ring(0), {{1, .5}, {2, .5}, {2, 1}, {1, .5}}},
	"empty polygon":      orb.Polygon{},
	"multipoint":         orb.MultiPoint{{1, 2}, {3, 4}},
	"multiline":          orb.MultiLineString{{{1, 2}, {3, 4}}, {}, {{5, 6}, {7, 8}}},
	"multipolygon":       orb.MultiPolygon{{ring(0)}, {}, {ring(10), ring(11)}},
	"empty multipolygon": orb.MultiPolygon{},
	"collection":         orb.Collection{orb.Point{1, 2}, orb.LineString{{1, 2}, {3, 4}}, orb.Collection{orb.Point{5, 6}}},
}

func TestEWKBIsThatOfGoGeom(t *testing.T) {
	for name, want := range samples {
		t.Run(name, func(t *testing.T) {
			checkBothWays(t, want, 4326)
		})
	}
}

func TestAnyGeometrySurvives(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		checkBothWays(t, drawGeometry(t, 3), rapid.SampledFrom([]int{0, 4326, 3857, 4513}).Draw(t, "srid"))
	})
}

type failer interface{ Fatalf(string, ...any) }

// checkBothWays takes a geometry through EWKB and go-geom, with go-geom's own
// encoding as the judge of ours.
func checkBothWays(t failer, want orb.Geometry, srid int) {
	encoded, err := geom.EncodeEWKB(want, srid)
	if err != nil {
		t.Fatalf("encode: %v", err)
	}
	got, gotSRID, err := geom.DecodeEWKB(encoded)
	if err != nil || gotSRID != srid || !orb.Equal(got, want) {
		t.Fatalf("EWKB gave %v, SRID %d, %v; want %v", got, gotSRID, err, want)
	}
	theirs, err := ewkb.Unmarshal(encoded)
	if err != nil || theirs.SRID() != srid {
		t.Fatalf("go-geom cannot read ours: %v", err)
	}
	back, err := geom.FromGeom(theirs)
	if err != nil || !orb.Equal(back, want) {
		t.Fatalf("go-geom read %v, %v; want %v", back, err, want)
	}
	made, err := geom.ToGeom(want, srid)
	if err != nil {
		t.Fatalf("to go-geom: %v", err)
	}
	for _, order := range []byte{0, 1} {
		bytesOf := encodeAs(t, made, order)
		if decoded, _, err := geom.DecodeEWKB(bytesOf); err != nil || !orb.Equal(decoded, want) {
			t.Fatalf("from go-geom's bytes, order %d: %v, %v", order, decoded, err)
		}
		if _, nested := want.(orb.Collection); order == 1 && !nested && !bytes.Equal(bytesOf, encoded) && srid == 0 {
			t.Fatalf("the bytes differ: % x and % x", bytesOf, encoded)
		}
	}
}

func encodeAs(t failer, g gogeom.T, order byte) []byte {
	var b []byte
	var err error
	if order == 0 {
		b, err = ewkb.Marshal(g, ewkb.XDR)
	} else {
		b, err = ewkb.Marshal(g, ewkb.NDR)
	}
	if err != nil {
		t.Fatalf("go-geom: %v", err)
	}
	return b
}

func drawGeometry(t *rapid.T, depth int) orb.Geometry {
	number := rapid.Float64Range(-180, 180)
	point := rapid.Custom(func(t *rapid.T) orb.Point { return orb.Point{number.Draw(t, "x"), number.Draw(t, "y")} })
	line := rapid.Custom(func(t *rapid.T) orb.LineString { return rapid.SliceOfN(point, 0, 5).Draw(t, "points") })
	polygon := rapid.Custom(func(t *rapid.T) orb.Polygon {
		var p orb.Polygon
		for _, l := range rapid.SliceOfN(line, 0, 3).Draw(t, "rings") {
			p = append(p, orb.Ring(l))
		}
		return p
	})
	switch rapid.IntRange(0, 5+min(depth, 1)).Draw(t, "kind") {
	case 0:
		return point.Draw(t, "point")
	case 1:
		return line.Draw(t, "line")
	case 2:
		return polygon.Draw(t, "polygon")
	case 3:
		return orb.MultiPoint(rapid.SliceOfN(point, 0, 4).Draw(t, "multipoint"))
	case 4:
		return orb.MultiLineString(rapid.SliceOfN(line, 0, 3).Draw(t, "multiline"))
	case 5:
		return orb.MultiPolygon(rapid.SliceOfN(polygon, 0, 3).Draw(t, "multipolygon"))
	}
	var c orb.Collection
	for range rapid.IntRange(0, 3).Draw(t, "members") {
		c = append(c, drawGeometry(t, depth-1))
	}
	return c
}

func TestZAndMAreDropped(t *testing.T) {
	for _, g := range []gogeom.T{
		gogeom.NewLineStringFlat(gogeom.XYZ, []float64{1, 2, 9, 3, 4, 9}).SetSRID(4326),
		gogeom.NewLineStringFlat(gogeom.XYM, []float64{1, 2, 9, 3, 4, 9}).SetSRID(4326),
		gogeom.NewLineStringFlat(gogeom.XYZM, []float64{1, 2, 9, 8, 3, 4, 9, 8}).SetSRID(4326),
	} {
		b, err := ewkb.Marshal(g, ewkb.NDR)
		if err != nil {
			t.Fatal(err)
		}
		want := orb.LineString{{1, 2}, {3, 4}}
		if got, srid, err := geom.DecodeEWKB(b); err != nil || srid != 4326 || !orb.Equal(got, want) {
			t.Errorf("%v gave %v, %v", g.Layout(), got, err)
		}
		if got, err := geom.FromGeom(g); err != nil || !orb.Equal(got, want) {
			t.Errorf("%v gave %v, %v", g.Layout(), got, err)
		}
	}
}

func TestNothingIsNil(t *testing.T) {
	if b, err := geom.EncodeEWKB(nil, 4326); b != nil || err != nil {
		t.Errorf("nil gave % x, %v", b, err)
	}
	if g, _, err := geom.DecodeEWKB(nil); g != nil || err != nil {
		t.Errorf("nil gave %v, %v", g, err)
	}
	empty, _ := ewkb.Marshal(gogeom.NewPointEmpty(gogeom.XY), ewkb.NDR)
	if g, _, err := geom.DecodeEWKB(empty); g != nil || err != nil {
		t.Errorf("an empty point gave %v, %v", g, err)
	}
	if _, err := geom.ToGeom(nil, 0); err == nil {
		t.Error("nil has a go-geom form")
	}
}

func TestDamagedEWKBIsRefused(t *testing.T) {
	for name, g := range samples {
		whole, err := geom.EncodeEWKB(g, 4326)
		if err != nil {
			t.Fatal(err)
		}
		for n := range len(whole) {
			if got, _, err := geom.DecodeEWKB(whole[:n:n]); err == nil {
				t.Errorf("%s cut to %d bytes gave %v", name, n, got)
			}
		}
		if _, _, err := geom.DecodeEWKB(append(whole, 0)); err == nil {
			t.Errorf("%s with a byte too many was read", name)
		}
	}
	huge := []byte{1, 2, 0, 0, 0, 0xff, 0xff, 0xff, 0xff}
	nested := bytes.Repeat([]byte{1, 7, 0, 0, 0, 1, 0, 0, 0}, 1000)
	for _, bad := range [][]byte{{}, {2, 1, 0, 0, 0}, {1, 99, 0, 0, 0}, huge, nested} {
		if got, _, err := geom.DecodeEWKB(bad); err == nil {
			t.Errorf("% x gave %v", bad[:min(len(bad), 9)], got)
		}
	}
}

// FuzzDecodeEWKB: whatever is read is written again as the same geometry.
func FuzzDecodeEWKB(f *testing.F) {
	for _, g := range samples {
		b, err := geom.EncodeEWKB(g, 4326)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(b)
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		g, srid, err := geom.DecodeEWKB(b)
		if err != nil || g == nil {
			return
		}
		again, err := geom.EncodeEWKB(g, srid)
		if err != nil {
			t.Fatalf("%v was read but cannot be written: %v", g, err)
		}
		g2, srid2, err := geom.DecodeEWKB(again)
		if err != nil || srid2 != srid {
			t.Fatalf("%v, written and read: %v, SRID %d instead of %d", g, err, srid2, srid)
		}
		twice, _ := geom.EncodeEWKB(g2, srid2)
		if !bytes.Equal(again, twice) {
			t.Fatalf("% x and % x", again, twice)
		}
		viaGeom, err := geom.ToGeom(g, srid)
		if err != nil {
			return // go-geom refuses collections of mixed empties
		}
		if back, err := geom.FromGeom(viaGeom); err != nil || (!hasNaN(again) && !orb.Equal(back, g)) {
			t.Fatalf("through go-geom %v became %v, %v", g, back, err)
		}
	})
}

// hasNaN: a coordinate that is no number equals nothing, itself included, so
// equality of such geometries says nothing. Looked for at every offset, which
// errs on the side of skipping.
func hasNaN(b []byte) bool {
	for i := 0; i+8 <= len(b); i++ {
		var bits uint64
		for j := 7; j >= 0; j-- {
			bits = bits<<8 | uint64(b[i+j])
		}
		if math.IsNaN(math.Float64frombits(bits)) {
			return true
		}
	}
	return false
}
