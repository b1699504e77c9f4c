package analysis

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"

	"quanyu/spatial"
	"quanyu/spatial/network"
	"quanyu/spatial/settlement"
)

// borderProcess follows the chain of places along the border: from each to
// those that it depends on.
type borderProcess struct{ *shared }

// Run reads the places, then searches once for each kind of link, and once for
// each place to the seats.
func (p *borderProcess) Run(ctx context.Context, members map[string]json.RawMessage, in Inputs) (Result, error) {
	run := borderRun{shared: p.shared}
	if err := run.read(ctx, members, in); err != nil {
		return Result{}, err
	}
	n, seats, ends := len(run.places), len(run.seats), 0
	for _, kind := range linkKinds {
		ends += len(run.ends[kind])
	}
	vertices := run.network.Graph.NumVertices()
	cost := matrixCost(run.network.Graph, n, seats) + timeCost*n*seats + len(linkKinds)*vertices + pointCost*ends
	says := fmt.Sprintf("(%d places + %d kinds of link) x %d road vertices, %d a point, %d for each of %d x %d times", n, len(linkKinds), vertices, pointCost, timeCost, n, seats)
	if err := p.afford(ctx, cost, says); err != nil {
		return Result{}, err
	}
	var err error
	if run.router, err = p.router(ctx, &run.journey); err != nil {
		return Result{}, err
	}
	if err := run.search(ctx); err != nil {
		return Result{}, err
	}
	return run.result(), nil
}

// borderRun is one run: what was asked, what was read, what was found.
type borderRun struct {
	*shared
	journey
	in     borderInputs
	places []borderPlace                // those that pass the filter, by id
	all    []borderPlace                // every border place
	ends   map[string][]spatial.Feature // what nearest links lead to, by kind of link
	seats  []spatial.Feature            // of the counties and prefectures of places
	target *chosenTarget                // nil for none

	router *network.Router
	snaps  []network.Snap // of places
	links  [][]borderLink // by place, then kind
}

// The kinds of link, in the order in which they are shown.
const (
	toPort       = "port"
	toCounty     = "county-seat"
	toPrefecture = "prefecture-seat"
	toAirport    = "airport"
	toHospital   = "hospital"
	toRail       = "rail"
)

var linkKinds = []string{toPort, toCounty, toPrefecture, toAirport, toHospital, toRail}

// borderPlace is a place of the chain with the divisions that it lies in.
type borderPlace struct {
	feature    spatial.Feature
	tier       settlement.Tier
	county     string // code of its county, "" where not known or where it is a prefecture's
	prefecture string // code of its prefecture, "" where there is none or it is not known
}

// borderLink is a link with where it leads.
type borderLink struct {
	settlement.Link
	target     *spatial.Feature // nil for none
	collection string           // of the target
	meters     *spatial.Meters  // along the way, of the nearest kinds
	reason     string           // why it is not judged
}

// search ties everything to the road and finds every link.
func (r *borderRun) search(ctx context.Context) error {
	features := make([]spatial.Feature, len(r.places))
	for i, p := range r.places {
		features[i] = p.feature
	}
	r.snaps, r.links = r.snapFeatures(features), make([][]borderLink, len(r.places))
	for i := range r.links {
		r.links[i] = make([]borderLink, len(linkKinds))
	}
	for k, kind := range linkKinds {
		if kind == toCounty || kind == toPrefecture {
			continue
		}
		if err := r.searchNearest(ctx, k, kind); err != nil {
			return err
		}
	}
	return r.searchSeats(ctx)
}

func (r *borderRun) snapFeatures(list []spatial.Feature) []network.Snap {
	spots := make([]spot, len(list))
	for i, f := range list {
		spots[i] = spotOf(f)
	}
	return snapSpots(r.router, spots)
}

// searchNearest finds from every place the nearest of one kind of end.
func (r *borderRun) searchNearest(ctx context.Context, k int, kind string) error {
	ends := r.ends[kind]
	reaches, err := r.router.Nearest(ctx, r.snapFeatures(ends), r.snaps, true, network.NoLimit)
	if err != nil {
		return err
	}
	for i, reach := range reaches {
		l := borderLink{Link: settlement.Link{Place: r.places[i].feature.ID, Kind: kind}, collection: endCollections[kind]}
		switch {
		case kind == toPort && r.places[i].tier == settlement.PortTier:
			l.State = settlement.NotDue
		case len(ends) == 0:
			l.State, l.reason = settlement.NoData, "no "+endNames[kind]+" is loaded"
		case pointOf(r.places[i].feature) == nil:
			l.State, l.reason = settlement.UnknownLink, "the position of the place is not known"
		case reach.State == network.Reached:
			meters := reach.Distance
			l.target, l.meters = &ends[reach.Source], &meters
			r.judge(&l, reach.Weight, reach.State)
		default:
			r.judge(&l, reach.Weight, reach.State)
		}
		r.links[i][k] = l
	}
	return nil
}

// judge fills in the state of a link that was searched for.
func (r *borderRun) judge(l *borderLink, w network.Weight, state network.ReachState) {
	if state == network.Reached {
		minutes := minutesOf(w)
		l.Minutes = &minutes
	} else {
		l.reason = string(state)
	}
	l.State, l.Excess = settlement.Judge(l.Minutes, r.in.minutes)
}

// searchSeats finds the way from every place to the seats of its own county
// and prefecture.
func (r *borderRun) searchSeats(ctx context.Context) error {
	snaps := r.snapFeatures(r.seats)
	times, err := r.router.Matrix(withSearches(ctx), r.snaps, snaps, network.NoLimit)
	if err != nil {
		return err
	}
	for i, p := range r.places {
		for k, kind := range linkKinds {
			switch kind {
			case toCounty:
				r.links[i][k] = r.seatLink(p, kind, p.county, times, i)
			case toPrefecture:
				r.links[i][k] = r.seatLink(p, kind, p.prefecture, times, i)
			}
		}
	}
	return nil
}

// seatLink is the link of a place to the seat of a division, by code.
func (r *borderRun) seatLink(p borderPlace, kind, code string, times *network.Matrix, row int) borderLink {
	l := borderLink{Link: settlement.Link{Place: p.feature.ID, Kind: kind, State: settlement.UnknownLink}, collection: "seats"}
	at := slices.IndexFunc(r.seats, func(f spatial.Feature) bool { return f.Properties["adcode"] == code })
	switch {
	case p.isSeat(kind):
		l.State = settlement.NotDue
	case code == "" && kind == toPrefecture && p.county != "":
		l.reason = "no prefecture is known above " + p.county
	case code == "":
		l.reason = "the county that the place lies in is not known"
	case at < 0:
		l.reason = "no seat of " + code + " is loaded"
	case pointOf(p.feature) == nil:
		l.reason = "the position of the place is not known"
	case pointOf(r.seats[at]) == nil:
		l.target, l.reason = &r.seats[at], "the position of the seat is not known"
	default:
		l.target = &r.seats[at]
		w, state := times.At(row, at)
		r.judge(&l, w, state)
	}
	return l
}

// isSeat says whether a place is itself the seat that a link leads to: a
// county is its own, and a prefecture that of its county as well.
func (p borderPlace) isSeat(kind string) bool {
	switch p.tier {
	case settlement.PrefectureTier:
		return true
	case settlement.CountyTier:
		return kind == toCounty
	}
	return false
}
