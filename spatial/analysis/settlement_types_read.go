package analysis

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"quanyu/spatial"
	"quanyu/spatial/coverage"
	"quanyu/spatial/settlement"
)

// typesInputs are the inputs of settlement-types, read and sound.
type typesInputs struct {
	divisions featureSet
	minutes   float64
	loss      float64
	years     int
	asOf      time.Time
}

var typesNames = []string{"filter", "minutes", "loss", "years", "as_of", "mode", "profile", "network", "scenario"}

const (
	defaultTypes = "level = 'county' AND division_type IN ('county', 'county-city', 'autonomous-county', 'banner', 'autonomous-banner', 'forest-district', 'special-district') OR level = 'township'"
	defaultLoss  = 0.1
	defaultYears = 10
)

// readTypes reads the inputs strictly; every fault is kept in faults.
func readTypes(members map[string]json.RawMessage, today time.Time, faults *[]error) (typesInputs, journey) {
	o := object{at: "/inputs", members: members, faults: faults}
	o.only(typesNames...)
	in := typesInputs{divisions: readSet(o, "filter", "divisions"), minutes: settlement.DefaultCountyRule().Minutes, loss: defaultLoss, years: defaultYears, asOf: o.date("as_of", today)}
	if in.divisions.shown == nil {
		byDefault, _ := json.Marshal(defaultTypes)
		in.divisions = readSet(object{at: o.at, faults: faults, members: map[string]json.RawMessage{"filter": byDefault}}, "filter", "divisions")
	}
	if _, given := o.raw("minutes"); given {
		in.minutes = o.number("minutes", span{low: 0, high: coverage.MaxMinutes, open: true})
	}
	if _, given := o.raw("loss"); given {
		in.loss = o.number("loss", span{low: 0, high: 1})
	}
	if _, given := o.raw("years"); given {
		years := o.number("years", span{low: 1, high: 50})
		if in.years = int(years); float64(in.years) != years {
			o.fault("years", "must be a whole number", nil)
		}
	}
	return in, readJourney(o)
}

// peopleIndicator is the indicator whose observations give the permanent
// residents of divisions year by year.
const peopleIndicator = "resident-population"

// read reads the inputs, the divisions with their seats and counts, the large
// cities and the lists.
func (r *typesRun) read(ctx context.Context, members map[string]json.RawMessage, in Inputs) error {
	var faults []error
	r.in, r.journey = readTypes(members, r.today(), &faults)
	faults = append(faults, r.lookUp(ctx, in, r.shared)...)
	if err := spatial.JoinFaults(faults...); err != nil {
		return err
	}
	if err := r.readPlaces(ctx, in); err != nil {
		return err
	}
	if err := r.readLarge(ctx, in); err != nil {
		return err
	}
	if err := r.readLists(ctx, in); err != nil {
		return err
	}
	var seats []spatial.Feature
	for _, t := range r.places {
		if t.seat != nil {
			seats = append(seats, *t.seat)
		}
	}
	return r.choose(ctx, in, pointsOf(seats, r.large))
}

// all reads the features of a collection that pass a filter.
func (r *typesRun) all(ctx context.Context, in Inputs, set featureSet, properties ...string) ([]spatial.Feature, error) {
	found, err := in.Features(ctx, spatial.FeatureQuery{Collection: set.collection, Filter: set.filter, AsOf: r.in.asOf, Limit: maxPoints, Properties: properties})
	if err != nil {
		return nil, fmt.Errorf("reading %s: %w", set.collection.ID, err)
	}
	if len(found.Features) > 0 {
		r.cite(found.Datasets)
	}
	return found.Features, nil
}

func (r *typesRun) readPlaces(ctx context.Context, in Inputs) error {
	divisions, err := r.all(ctx, in, r.in.divisions, "name_zh", "name_en", "adcode", "level", "division_type", "parent_adcode", "resident_population", "resident_population_year")
	if err != nil {
		return err
	}
	c, _ := spatial.CollectionByID("seats")
	seats, err := r.all(ctx, in, featureSet{collection: c}, "adcode")
	if err != nil {
		return err
	}
	seatOf := byAdcode(seats)
	counts, datasets, err := readObservations(ctx, in, peopleIndicator, r.in.asOf)
	if err != nil {
		return err
	}
	if len(counts) > 0 {
		r.cite(datasets)
	}
	for _, f := range divisions {
		t := typedPlace{division: f, town: f.Properties["level"] == "township"}
		t.code, _ = f.Properties["adcode"].(string)
		if seat, ok := seatOf[t.code]; ok && t.code != "" {
			t.seat = &seat
		}
		t.series = slices.Clone(counts[t.code])
		people, known := asFloat(f.Properties["resident_population"])
		year, dated := asFloat(f.Properties["resident_population_year"])
		seen := slices.ContainsFunc(t.series, func(o observed) bool { return o.year == int(year) })
		if known && dated && !seen && int(year) <= r.in.asOf.Year() {
			t.series = append(t.series, observed{int(year), people})
		}
		r.places = append(r.places, t)
	}
	return nil
}

// readLarge reads the large cities: those of class large-ii and above.
func (r *typesRun) readLarge(ctx context.Context, in Inputs) error {
	c, _ := spatial.CollectionByID("cities")
	cities, err := r.all(ctx, in, featureSet{collection: c}, "name_zh", "name_en", "adcode", "urban_resident_population")
	if err != nil {
		return err
	}
	r.isLarge = map[string]bool{}
	for _, f := range cities {
		people, known := asFloat(f.Properties["urban_resident_population"])
		residents := int64(people)
		if class := settlement.ClassOf(&residents); known && class.Size() <= settlement.LargeII.Size() {
			r.large = append(r.large, f)
			if code, ok := f.Properties["adcode"].(string); ok {
				r.isLarge[code] = true
			}
		}
	}
	return nil
}

// typesParameters repeats every input with its default filled in.
type typesParameters struct {
	Filter  any     `json:"filter"`
	Minutes float64 `json:"minutes"`
	Loss    float64 `json:"loss"`
	Years   int     `json:"years"`
	AsOf    string  `json:"as_of"`
	journeyShown
}

func (in typesInputs) parameters(j *journey) typesParameters {
	return typesParameters{in.divisions.shown, in.minutes, in.loss, in.years, in.asOf.Format(time.DateOnly), j.shown()}
}
