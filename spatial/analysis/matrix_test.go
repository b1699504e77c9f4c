package analysis

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	"quanyu/spatial"
	"quanyu/spatial/network"
)

func newMatrixProcess() *matrixProcess { return &matrixProcess{newShared("e", clock)} }

const plainMatrix = `{"origins":{"collection":"seats","filter":"level = 'prefecture'"},"destinations":{"collection":"airports"}}`

// TestMatrixIsThePlainSearch compares every time with the oracle's.
func TestMatrixIsThePlainSearch(t *testing.T) {
	for _, kind := range []string{network.KindCondensed, network.KindImported} {
		in := newCountry(kind, t.Fatal)
		r := ask(t, newMatrixProcess(), in, plainMatrix, nil)
		truth := newOracle(t, in.network, "car")
		minutes, states := decoded[[][]*float64](t, r, "minutes"), decoded[[][]*string](t, r, "states")
		origins, destinations := decoded[[]endShown](t, r, "origins"), decoded[[]endShown](t, r, "destinations")
		times := 0
		for i, o := range origins {
			for j, d := range destinations {
				want := truth.between(byName(in, "seats", *o.ID).Geometry, byName(in, "airports", *d.ID).Geometry)
				switch got := minutes[i][j]; {
				case math.IsInf(want, 1):
					if got != nil || states[i][j] == nil || *states[i][j] != "not-snapped" {
						t.Errorf("%s to %s: %v, state %v", *o.ID, *d.ID, got, states[i][j])
					}
				case got == nil || *got != want/60_000 || states[i][j] != nil:
					t.Errorf("%s to %s: got %v, want %v", *o.ID, *d.ID, got, want/60_000)
				default:
					times++
				}
			}
		}
		if times != 9*3 || len(origins) != 10 || len(destinations) != 4 {
			t.Errorf("%d times of %d x %d", times, len(origins), len(destinations))
		}
	}
}

func byName(in *plain, table, id string) spatial.Feature {
	i := slices.IndexFunc(in.tables[table], func(f spatial.Feature) bool { return f.ID == id })
	if i < 0 {
		return spatial.Feature{}
	}
	return in.tables[table][i]
}

// TestCoverageIsTheLeastOfAMatrix holds two processes together, off vertices.
func TestCoverageIsTheLeastOfAMatrix(t *testing.T) {
	in := newCountry(network.KindImported, t.Fatal)
	for i := range in.tables["seats"] {
		if p := pointOf(in.tables["seats"][i]); p != nil {
			p[0] += 0.013 * float64(i%5)
			p[1] += 0.004 * float64(i%3)
			in.tables["seats"][i].Geometry = *p
		}
	}
	minutes := decoded[[][]*float64](t, ask(t, newMatrixProcess(), in, plainMatrix, nil), "minutes")
	evidence := decoded[features](t, run(t, newCoverage("e", clock), in, map[string]string{"as_of": `"2009-01-01"`, "facilities": `{"collection":"airports","filter":"id = 'AAA' OR id = 'CCC'"}`}), "evidence")
	compared := 0
	for i, f := range evidence.Features {
		want := math.Inf(1)
		for _, j := range []int{0, 2} {
			if minutes[i][j] != nil {
				want = min(want, *minutes[i][j])
			}
		}
		if got, ok := f.Properties["minutes"].(float64); ok != !math.IsInf(want, 1) || ok && got != want {
			t.Errorf("%s: coverage says %v, the matrix %v", f.ID, f.Properties["minutes"], want)
		} else if ok {
			compared++
		}
	}
	if compared < 8 {
		t.Errorf("only %d compared", compared)
	}
}

// TestPlacesInEveryForm names the same places in three ways.
func TestPlacesInEveryForm(t *testing.T) {
	in := newPlain(t.Fatal)
	at := crossing(4, 2)
	r := ask(t, newMatrixProcess(), in, plainMatrix, map[string]string{
		"origins": fmt.Sprintf(`{"points":[{"adcode":"514200"},{"feature":{"collection":"airports","id":"BBB"}},{"lon":%v,"lat":%v},{"lon":0,"lat":0}]}`, at[0], at[1])})
	minutes, origins := decoded[[][]*float64](t, r, "minutes"), decoded[[]endShown](t, r, "origins")
	for i := range 3 {
		if *minutes[i][0] != *minutes[0][0] || *minutes[i][1] != 0 || *origins[i].Snap.Vertex != *origins[0].Snap.Vertex || *origins[i].Point != [2]float64(at) {
			t.Errorf("place %d: %v, %+v", i, minutes[i], origins[i])
		}
	}
	if *origins[0].ID != "seat-514200" || *origins[1].ID != "BBB" || origins[2].ID != nil || origins[3].Snap.State != network.NotSnapped || minutes[3][0] != nil {
		t.Errorf("%+v", origins)
	}
	queries := 0
	for _, q := range in.queries {
		if strings.HasPrefix(fmt.Sprintf("%T", q.Filter), "spatial.In") {
			queries++
		}
	}
	if queries != 2 {
		t.Errorf("%d queries for places of two collections", queries)
	}
}

func TestMatrixFaults(t *testing.T) {
	point := func(faults []fault) []fault {
		for i := range faults {
			faults[i].value = `{"points":[{"lon":1,"lat":1},` + faults[i].value + `]}`
		}
		return faults
	}
	all := append(point(placeFaults("origins", "/inputs/origins/points/1")), journeyFaults...)
	checkFaults(t, newMatrixProcess(), plainMatrix, append(all, []fault{
		{"origins", "", "/inputs/origins", "is required"},
		{"origins", `5`, "/inputs/origins", "must be an object, not 5"},
		{"origins", `{}`, "/inputs/origins/collection", "is required"},
		{"origins", `{"points":[]}`, "/inputs/origins/points", "must be a list of 1 to 100000 values"},
		{"origins", `{"points":{"lon":1}}`, "/inputs/origins/points", "must be a list"},
		{"origins", `{"points":[{"lon":1,"lat":2}],"collection":"seats"}`, "/inputs/origins/collection", "there is no such member"},
		{"destinations", `{"collection":"seats","filter":"levl = 1"}`, "/inputs/destinations/filter", `"levl" is no property of seats`},
		{"destinations", `{"collection":"roads"}`, "/inputs/destinations/collection", "not among those allowed"},
	}...))
}

func TestRoadIDsAreThoseOfTheCollection(t *testing.T) {
	in := newCountry(network.KindImported, t.Fatal)
	truth, router := newOracle(t, in.network, "car"), routerOf(t, in)
	for e := range network.Edge(in.network.Graph.NumEdges()) {
		if got := router.RoadID(e); got != truth.roads[e].ID {
			t.Errorf("edge %d is %s, in the collection %s", e, got, truth.roads[e].ID)
		}
	}
}

func routerOf(t *testing.T, in *plain) *network.Router {
	t.Helper()
	p, _ := network.DefaultProfile("car")
	router, err := network.NewRouter(in.network, p)
	if err != nil {
		t.Fatal(err)
	}
	return router
}
