package analysis

import (
	"math"

	"github.com/paulmach/orb"

	"quanyu/spatial"
)

// borders tells which divisions touch.
type borders map[[2]string]int // vertices shared, by codes

// newBorders counts the vertices that borders share, to 6 decimals (0.1 m),
// which is what neighbours of one coverage have in common. all is false where a
// division has no polygon.
func newBorders(codes []string, byCode map[string]*member) (b borders, all bool) {
	at, b := map[orb.Point][]string{}, borders{}
	for _, code := range codes {
		m, ok := byCode[code].feature.Geometry.(orb.MultiPolygon)
		if !ok || len(m) == 0 {
			return nil, false
		}
		for p := range verticesOf(m) {
			for _, other := range at[p] {
				b[[2]string{code, other}]++
				b[[2]string{other, code}]++
			}
			at[p] = append(at[p], code)
		}
	}
	return b, true
}

func verticesOf(m orb.MultiPolygon) map[orb.Point]bool {
	all := map[orb.Point]bool{}
	for _, polygon := range m {
		for _, ring := range polygon {
			for _, p := range ring {
				all[orb.Point{math.Round(p[0]*1e6) / 1e6, math.Round(p[1]*1e6) / 1e6}] = true
			}
		}
	}
	return all
}

// touch says whether two divisions share a stretch of border; one corner alone
// is none.
func (b borders) touch(x, y string) bool { return b[[2]string{x, y}] >= 2 }

// centreFeature is the centre with its code, for the province that it lies in.
func (r *circleRun) centreFeature() spatial.Feature {
	return spatial.Feature{ID: r.centre.ID, Properties: map[string]any{"adcode": r.centre.Adcode}}
}
