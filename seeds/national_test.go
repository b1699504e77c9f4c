package seeds_test

import (
	"context"
	"math"
	"testing"
	"time"

	"github.com/paulmach/orb"

	"quanyu/seeds"
	"quanyu/spatial/coverage"
	"quanyu/spatial/network"
)

// The product's first figure, from the shipped facts and network alone: the
// share of prefecture seats within 60 minutes of a transport airport at the
// end of 2020 lies within the published magnitude (about three quarters), and
// every seat's minutes are those of a plain search over the rows of the roads
// collection, which knows nothing of graphs, snapping or queues.
func TestNationalAirportCoverageOf2020(t *testing.T) {
	condensed, _, err := seeds.CondensedNetwork()
	if err != nil {
		t.Fatal(err)
	}
	car, _ := network.DefaultProfile("car")
	router, err := network.NewRouter(condensed, car)
	if err != nil {
		t.Fatal(err)
	}
	seatsAt, airportsAt := nationalPoints(t)
	request := coverage.Request{Minutes: 60, Direction: coverage.To, Factors: coverage.DefaultFactors()}
	for _, p := range seatsAt {
		request.Demand = append(request.Demand, coverage.Demand{ID: "seat", Point: &p})
	}
	for _, p := range airportsAt {
		request.Facilities = append(request.Facilities, coverage.Facility{ID: "airport", Point: &p})
	}
	result, err := coverage.Compute(context.Background(), request, router)
	if err != nil {
		t.Fatal(err)
	}
	to := plainSeconds(router, airportsAt)
	covered := 0
	for i, f := range result.Findings {
		want := math.Inf(1)
		if seconds, reached := to[seatsAt[i]]; reached {
			want = seconds / 60
		}
		if f.Reached != !math.IsInf(want, 1) || f.Reached && math.Abs(f.Minutes-want) > 1e-9 {
			t.Errorf("seat at %v: %v minutes (%s), the plain search says %v", seatsAt[i], f.Minutes, f.State, want)
		}
		if want <= 60 {
			covered++
		}
	}
	share := float64(covered) / float64(len(seatsAt))
	if len(seatsAt) != 337 || covered != result.States[coverage.Covered] || share < 0.65 || share > 0.85 {
		t.Errorf("%d seats, %d covered (%d by the process): %.3f", len(seatsAt), covered, result.States[coverage.Covered], share)
	}
}

// nationalPoints are the prefecture seats, and the transport airports open at
// the end of 2020.
func nationalPoints(t *testing.T) (seatsAt, airportsAt []orb.Point) {
	t.Helper()
	facts, err := seeds.Facts()
	if err != nil {
		t.Fatal(err)
	}
	end := time.Date(2020, 12, 31, 0, 0, 0, 0, time.UTC)
	for _, table := range facts.Tables {
		for _, r := range table.Records {
			p, placed := r.Geometry.(orb.Point)
			opened, dated := r.Properties["opened"].(time.Time)
			closed, gone := r.Properties["closed"].(time.Time)
			switch {
			case !placed:
			case table.Collection.ID == "seats" && r.Properties["level"] == "prefecture":
				seatsAt = append(seatsAt, p)
			case table.Collection.ID == "airports" && r.Properties["kind"] == "transport" &&
				(!dated || !opened.After(end)) && (!gone || closed.After(end)):
				airportsAt = append(airportsAt, p)
			}
		}
	}
	return seatsAt, airportsAt
}

// plainSeconds relaxes the published rows until nothing changes: the seconds
// from every place on the network to the nearest start.
func plainSeconds(router *network.Router, starts []orb.Point) map[orb.Point]float64 {
	type row struct {
		from, to          orb.Point
		forward, backward any
	}
	var rows []row
	to := map[orb.Point]float64{}
	onNetwork := map[orb.Point]bool{}
	for road := range router.Roads() {
		line := road.Geometry.(orb.LineString)
		r := row{line[0], line[len(line)-1], road.Properties["seconds_forward"], road.Properties["seconds_backward"]}
		rows = append(rows, r)
		onNetwork[r.from], onNetwork[r.to] = true, true
	}
	for _, p := range starts {
		if onNetwork[p] {
			to[p] = 0
		}
	}
	better := func(at, via orb.Point, seconds any) bool {
		step, open := seconds.(float64)
		beyond, reached := to[via]
		if !open || !reached {
			return false
		}
		// Whole milliseconds: sums in floating point are brought back to them.
		sum := math.Round((beyond+step)*1000) / 1000
		if known, reached := to[at]; reached && known <= sum {
			return false
		}
		to[at] = sum
		return true
	}
	for changed := true; changed; {
		changed = false
		for _, r := range rows {
			changed = better(r.from, r.to, r.forward) || changed
			changed = better(r.to, r.from, r.backward) || changed
		}
	}
	return to
}
