package analysis

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"quanyu/spatial"
	"quanyu/spatial/coverage"
	"quanyu/spatial/filter"
	"quanyu/spatial/settlement"
)

// borderInputs are the inputs of border-chain, read and sound.
type borderInputs struct {
	places  featureSet
	minutes float64
	asOf    time.Time
	target  string // "" for none
}

var borderNames = []string{"filter", "minutes", "as_of", "target", "mode", "profile", "network", "scenario"}

// defaultLinkMinutes is the hour that article 22 of the national plan allows to
// an airport; the plans give no limit for the other links.
const defaultLinkMinutes = 60.0

// readBorder reads the inputs strictly; every fault is kept in faults.
func readBorder(members map[string]json.RawMessage, today time.Time, faults *[]error) (borderInputs, journey) {
	o := object{at: "/inputs", members: members, faults: faults}
	o.only(borderNames...)
	in := borderInputs{places: readSet(o, "filter", "border-places"), minutes: defaultLinkMinutes, asOf: o.date("as_of", today)}
	if _, given := o.raw("minutes"); given {
		in.minutes = o.number("minutes", span{low: 0, high: coverage.MaxMinutes, open: true})
	}
	in.target, _ = o.text("target")
	return in, readJourney(o)
}

// endCollections and endNames tell what the links that lead to the nearest of
// a kind lead to; endFilters which of them.
var (
	endCollections = map[string]string{toPort: "border-places", toAirport: "airports", toHospital: "facilities", toRail: "stations"}
	endFilters     = map[string]string{toPort: "tier = 'port'", toAirport: "kind = 'transport'", toHospital: "kind = 'hospital'", toRail: "kind = 'high-speed' OR kind = 'conventional'"}
	endNames       = map[string]string{toPort: "port", toAirport: "transport airport", toHospital: "hospital", toRail: "railway station"}
)

// read reads the inputs and everything that links may lead to.
func (r *borderRun) read(ctx context.Context, members map[string]json.RawMessage, in Inputs) error {
	var faults []error
	r.in, r.journey = readBorder(members, r.today(), &faults)
	faults = append(faults, r.lookUp(ctx, in, r.shared)...)
	if err := spatial.JoinFaults(faults...); err != nil {
		return err
	}
	if r.in.target != "" {
		target, datasets, err := readTarget(ctx, in, r.in.target, r.in.asOf, judgesBorder())
		if err != nil {
			return err
		}
		r.cite(datasets)
		r.target = target
	}
	if err := r.readPlaces(ctx, in); err != nil {
		return err
	}
	if err := r.readEnds(ctx, in); err != nil {
		return err
	}
	if err := r.readSeats(ctx, in); err != nil {
		return err
	}
	var lists [][]spatial.Feature
	for _, p := range r.places {
		lists = append(lists, []spatial.Feature{p.feature})
	}
	for _, kind := range linkKinds {
		lists = append(lists, r.ends[kind])
	}
	return r.choose(ctx, in, pointsOf(append(lists, r.seats)...))
}

// borderDistance is the property that a row may have for its distance to the
// land border.
const borderDistance = "border_distance_km"

// readPlaces reads the border places and finds the divisions that they lie in.
func (r *borderRun) readPlaces(ctx context.Context, in Inputs) error {
	tree, err := r.readTree(ctx, in)
	if err != nil {
		return err
	}
	read := func(e spatial.Expr) ([]borderPlace, error) {
		c := r.in.places.collection
		set, err := in.Features(ctx, spatial.FeatureQuery{Collection: c, Filter: e, AsOf: r.in.asOf, Limit: maxRows,
			Properties: existing(c, "name_zh", "name_en", "tier", "role", "kind", "neighbour", "adcode", "plan", "article", borderDistance, "mentions")})
		if err != nil {
			return nil, fmt.Errorf("reading border places: %w", err)
		}
		r.cite(set.Datasets)
		places := make([]borderPlace, len(set.Features))
		for i, f := range set.Features {
			places[i] = tree.place(f)
		}
		return places, nil
	}
	if r.places, err = read(r.in.places.filter); err != nil {
		return err
	}
	if r.all = r.places; r.in.places.filter != nil {
		r.all, err = read(nil)
	}
	return err
}

// codeTree tells the level and the parent of a division by its code; of
// several rows with one code, the finest.
type codeTree map[string]struct{ level, parent string }

func (r *borderRun) readTree(ctx context.Context, in Inputs) (codeTree, error) {
	c, _ := spatial.CollectionByID("divisions")
	set, err := in.Features(ctx, spatial.FeatureQuery{Collection: c, AsOf: r.in.asOf, Limit: maxPoints, Properties: []string{"adcode", "level", "parent_adcode"}})
	if err != nil {
		return nil, fmt.Errorf("reading divisions: %w", err)
	}
	r.cite(set.Datasets)
	return newCodeTree(set.Features), nil
}

func newCodeTree(divisions []spatial.Feature) codeTree {
	tree := codeTree{}
	for _, f := range divisions {
		code, _ := f.Properties["adcode"].(string)
		level, _ := f.Properties["level"].(string)
		parent, _ := f.Properties["parent_adcode"].(string)
		if old, twice := tree[code]; code != "" && (!twice || levelRank(level) > levelRank(old.level)) {
			tree[code] = struct{ level, parent string }{level, parent}
		}
	}
	return tree
}

// above lists a code and those of the divisions above it, the finest first.
func (t codeTree) above(code string) []string {
	var codes []string
	for d, known := t[code]; known && !slices.Contains(codes, code); d, known = t[code] {
		codes = append(codes, code)
		code = d.parent
	}
	return codes
}

// place finds the county and the prefecture of a border place.
func (t codeTree) place(f spatial.Feature) borderPlace {
	p := borderPlace{feature: f}
	tier, _ := f.Properties["tier"].(string)
	p.tier = settlement.Tier(tier)
	code, _ := f.Properties["adcode"].(string)
	if t[code].level == "county" {
		p.county = code
	}
	for _, above := range t.above(code) {
		if t[above].level == "prefecture" {
			p.prefecture = above
			break
		}
	}
	return p
}

// readEnds reads what nearest links may lead to, open on the day.
func (r *borderRun) readEnds(ctx context.Context, in Inputs) error {
	r.ends = map[string][]spatial.Feature{}
	for _, kind := range linkKinds {
		if endCollections[kind] == "" {
			continue
		}
		c, _ := spatial.CollectionByID(endCollections[kind])
		e, err := filter.Parse(endFilters[kind], c)
		if err != nil {
			return fmt.Errorf("the filter of %s: %w", kind, err)
		}
		set, err := readPointsOf(ctx, in, pointSet{collection: c, filter: e}, r.in.asOf, true, "name_zh", "name_en")
		if err != nil {
			return fmt.Errorf("reading %s: %w", c.ID, err)
		}
		r.cite(set.Datasets)
		r.ends[kind] = set.Features
	}
	return nil
}

// readSeats reads the seats of the counties and prefectures of the places.
func (r *borderRun) readSeats(ctx context.Context, in Inputs) error {
	var codes []any
	seen := map[string]bool{"": true}
	for _, p := range r.places {
		for _, code := range []string{p.county, p.prefecture} {
			if !seen[code] {
				seen[code] = true
				codes = append(codes, code)
			}
		}
	}
	if len(codes) == 0 {
		return nil
	}
	c, _ := spatial.CollectionByID("seats")
	set, err := featuresNamed(ctx, in, r.in.asOf, c, "adcode", codes)
	if err != nil {
		return fmt.Errorf("reading seats: %w", err)
	}
	r.cite(set.Datasets)
	r.seats = set.Features
	return nil
}

// borderParameters repeats every input with its default filled in.
type borderParameters struct {
	Filter  any     `json:"filter"`
	Minutes float64 `json:"minutes"`
	AsOf    string  `json:"as_of"`
	Target  *string `json:"target"`
	journeyShown
}

func (in borderInputs) parameters(j *journey) borderParameters {
	return borderParameters{in.places.shown, in.minutes, in.asOf.Format(time.DateOnly), orNull(in.target), j.shown()}
}
