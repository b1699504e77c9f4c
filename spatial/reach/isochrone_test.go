package reach_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/paulmach/orb"

	"quanyu/spatial"
	"quanyu/spatial/network"
	"quanyu/spatial/network/synthetic"
	"quanyu/spatial/reach"
)

// isochroneMinutes are the limits that the proof asks for.
var isochroneMinutes = []int{5, 15, 30, 60}

// sampleMeters is how far apart places on roads are that are asked about.
const sampleMeters = 20

// thinMeters is the tolerance that commute-circle thins areas with.
const thinMeters = 0.5

// TestIsochronesOfExtractsAreRight draws what cars reach on real maps, thins
// the limits together as commute-circle does, and asks about every place on a road: those that are reached must be inside, and none
// inside may be farther than the detail from a road that is reached. PostGIS
// judges rings, areas, nesting and likeness to its own buffer. The log is the
// table of docs/accuracy.md.
func TestIsochronesOfExtractsAreRight(t *testing.T) {
	j := newJudge(t)
	for _, name := range []string{"heidelberg", "liechtenstein", "oslo-east", "columbus-nondense", "reisterstown-via-restriction", "monaco", "andorra", "fiji-ferry", "melbourne-restrictions"} {
		t.Run(name, func(t *testing.T) {
			checkIsochrones(judge{t, j.conn}, extractNetwork(t, name))
		})
	}
}

// TestIsochronesOfAGeneratedMapAreRight is the twin that needs no data.
func TestIsochronesOfAGeneratedMapAreRight(t *testing.T) {
	m, err := synthetic.Generate(5, 2500)
	if err != nil {
		t.Fatal(err)
	}
	g, _, err := network.Build(m.Source, m.Coordinate)
	if err != nil {
		t.Fatal(err)
	}
	n, err := network.New("generated", network.KindImported, g, spatial.DatasetVersion{})
	if err != nil {
		t.Fatal(err)
	}
	checkIsochrones(newJudge(t), n)
}

// isochrone is one limit's outcome.
type isochrone struct {
	area              reach.Area
	parts             []reach.Part
	reached           map[network.Edge][]network.Stretch
	within, others    int // samples
	falseOut, falseIn int
	farthest          float64 // from a reached road, of samples inside
}

func checkIsochrones(j judge, n *network.Network) {
	profile, _ := network.DefaultProfile("car")
	r, err := network.NewRouter(n, profile)
	if err != nil {
		j.t.Fatal(err)
	}
	from := centreOf(r)
	f, err := r.Reach(j.t.Context(), []network.Snap{from}, false, 60*60_000)
	if err != nil {
		j.t.Fatal(err)
	}
	defer f.Close()
	var isochrones []isochrone
	var full []reach.Area
	for _, minutes := range isochroneMinutes {
		iso := drawIsochrone(j.t, r, f, network.Weight(minutes*60_000))
		isochrones, full = append(isochrones, iso), append(full, iso.area)
	}
	thin, err := reach.Thin(j.t.Context(), full, thinMeters)
	if err != nil {
		j.t.Fatal(err)
	}
	var inner orb.MultiPolygon
	for i, minutes := range isochroneMinutes {
		iso := isochrones[i]
		iso.area = thin[i]
		iso.ask(r)
		j.valid(iso.area.Polygon)
		j.area(iso.area)
		if inner != nil {
			j.covers(fmt.Sprintf("the isochrone before %d minutes", minutes), iso.area.Polygon, inner)
		}
		inner = iso.area.Polygon
		iou := j.likeness(iso.area.Polygon, iso.parts, 100)
		j.t.Logf("| %s | %d | %d | %.1f | %d | %d | %d + %d | %d | %d | %.1f | %.4f |", n.Name, minutes, len(iso.parts), iso.area.SquareMeters/1e6,
			vertices(full[i]), vertices(iso.area), iso.within, iso.others, iso.falseOut, iso.falseIn, iso.farthest, iou)
		if iso.falseOut > 0 || iou < 0.98 {
			j.t.Errorf("%d minutes: %d reached places outside, IoU %v", minutes, iso.falseOut, iou)
		}
		// The tip of a wedge between two roads may stick out by part of a grid
		// step: see the package.
		if iso.farthest > 101 || iso.falseIn*100_000 > iso.others+100_000 {
			j.t.Errorf("%d minutes: %d places inside are farther than the detail from any reached road, the farthest %.1f m", minutes, iso.falseIn, iso.farthest)
		}
	}
}

// centreOf is a junction of the largest component near the middle of the map.
func centreOf(r *network.Router) network.Snap {
	g := r.Network().Graph
	random := rand.New(rand.NewPCG(1, 1))
	best, size := network.Snap{}, uint32(0)
	for range 50 {
		s := r.Snap(g.Point(network.Vertex(g.NumVertices()/2 + random.IntN(g.NumVertices()/4))))
		if s.State == network.Snapped && s.Component > size {
			best, size = s, s.Component
		}
	}
	return best
}

func drawIsochrone(t *testing.T, r *network.Router, f *network.Field, limit network.Weight) isochrone {
	t.Helper()
	iso := isochrone{reached: map[network.Edge][]network.Stretch{}}
	f.Stretches(limit, func(s network.Stretch) {
		iso.parts = append(iso.parts, r.Line(s, nil))
		iso.reached[s.Edge] = append(iso.reached[s.Edge], s)
	})
	var err error
	if iso.area, err = reach.Outline(t.Context(), slices.Values(iso.parts), 100); err != nil {
		t.Fatal(err)
	}
	return iso
}

// ask counts the places on roads, by whether they are reached and inside.
func (iso *isochrone) ask(r *network.Router) {
	find, ruler := newFinder(iso.area.Polygon), newRuler(iso.parts)
	g := r.Network().Graph
	for e := range network.Edge(g.NumEdges()) {
		if forward, backward := r.RoadWeights(e); g.Origin(e) != e || forward == network.Never && backward == network.Never {
			continue
		}
		for at := spatial.Meters(0); at <= g.Length(e); at += sampleMeters {
			p := r.Line(network.Stretch{Edge: e, From: at, To: at}, nil)[0]
			inside := find.contains(p)
			if slices.ContainsFunc(iso.reached[e], func(s network.Stretch) bool { return s.From <= at && at <= s.To }) {
				iso.within++
				if !inside {
					iso.falseOut++
				}
				continue
			}
			iso.others++
			if inside {
				d := ruler.distance(p, 200)
				iso.farthest = max(iso.farthest, d)
				if d > 100 {
					iso.falseIn++
				}
			}
		}
	}
}
