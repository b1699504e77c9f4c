package analysis

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"quanyu/spatial"
	"quanyu/spatial/settlement"
)

// classesProcess tells the size class of cities, what follows from it and how
// it changed.
type classesProcess struct{ *shared }

// Run reads the inputs, the cities and what is known of their residents over
// the years.
func (p *classesProcess) Run(ctx context.Context, members map[string]json.RawMessage, in Inputs) (Result, error) {
	run := classesRun{shared: p.shared}
	var faults []error
	run.in = readClasses(members, p.today(), &faults)
	if err := spatial.JoinFaults(faults...); err != nil {
		return Result{}, err
	}
	if err := run.read(ctx, in); err != nil {
		return Result{}, err
	}
	return run.result(), nil
}

// classesRun is one run: what was asked and what was read.
type classesRun struct {
	*shared
	in       classesInputs
	cities   []city // those that pass the filter
	all      []city // every city, which a plan's own counts are checked by
	datasets []spatial.DatasetVersion
	target   *chosenTarget // nil for none
}

// city is a city with what is known of its residents up to the date asked.
type city struct {
	feature   spatial.Feature
	adcode    string
	series    []settlement.Count // dated counts
	residents *int64             // the latest count
	year      *int               // of residents; nil where it is not known
	later     *int               // year of a count that is later than the date asked, where no other is known
}

func (c city) class() settlement.Class { return settlement.ClassOf(c.residents) }

// residentsIndicator is the indicator whose observations give the residents of
// urban districts (城区常住人口) year by year.
const residentsIndicator = "urban-resident-population"

// read fetches the target, the cities and the observations.
func (r *classesRun) read(ctx context.Context, in Inputs) error {
	if r.in.target != "" {
		target, datasets, err := readTarget(ctx, in, r.in.target, r.in.asOf, judgesClasses())
		if err != nil {
			return err
		}
		r.target, r.datasets = target, datasets
	}
	counts, err := r.readCounts(ctx, in)
	if err != nil {
		return err
	}
	if r.cities, err = r.readCities(ctx, in, r.in.cities.filter, counts); err != nil {
		return err
	}
	if r.all = r.cities; r.in.cities.filter != nil {
		r.all, err = r.readCities(ctx, in, nil, counts)
	}
	return err
}

func (r *classesRun) readCities(ctx context.Context, in Inputs, e spatial.Expr, counts map[string][]settlement.Count) ([]city, error) {
	set, err := in.Features(ctx, spatial.FeatureQuery{Collection: r.in.cities.collection, Filter: e, AsOf: r.in.asOf, Limit: maxRows,
		Properties: []string{"name_zh", "name_en", "adcode", "province_adcode", "level", "urban_resident_population", "urban_resident_population_year", "size_class", "settlement_policy"}})
	if err != nil {
		return nil, fmt.Errorf("reading cities: %w", err)
	}
	r.datasets = append(r.datasets, set.Datasets...)
	cities := make([]city, len(set.Features))
	for i, f := range set.Features {
		cities[i] = newCity(f, counts, r.in.asOf.Year())
	}
	return cities, nil
}

// newCity puts the counts of a city together: its own row's, and the
// observations, which hold for a year where both have one.
func newCity(f spatial.Feature, counts map[string][]settlement.Count, until int) city {
	c := city{feature: f}
	c.adcode, _ = f.Properties["adcode"].(string)
	c.series = append(c.series, counts[c.adcode]...)
	own, known := asFloat(f.Properties["urban_resident_population"])
	year, dated := asFloat(f.Properties["urban_resident_population_year"])
	if known && dated && int(year) > until {
		later := int(year)
		c.later, known = &later, false
	}
	if known && dated {
		c.series = append(c.series, settlement.Count{Year: int(year), Residents: int64(own)})
	}
	for i, count := range c.series {
		if c.year == nil || count.Year > *c.year {
			c.year, c.residents = &c.series[i].Year, &c.series[i].Residents
		}
	}
	if known && !dated && c.residents == nil {
		residents := int64(own)
		c.residents = &residents
	}
	if c.residents != nil {
		c.later = nil
	}
	return c
}

// readCounts gives the observed residents of urban districts by code, up to
// the year asked.
func (r *classesRun) readCounts(ctx context.Context, in Inputs) (map[string][]settlement.Count, error) {
	values, datasets, err := readObservations(ctx, in, residentsIndicator, r.in.asOf)
	r.datasets = append(r.datasets, datasets...)
	counts := map[string][]settlement.Count{}
	for code, list := range values {
		for _, v := range list {
			counts[code] = append(counts[code], settlement.Count{Year: v.year, Residents: int64(v.value)})
		}
	}
	return counts, err
}

// observed is a value of an indicator.
type observed struct {
	year  int
	value float64
}

// readObservations gives the values of an indicator by division, up to the
// year of a date and as they were held true on it; of two for one division and
// year the first by id.
func readObservations(ctx context.Context, in Inputs, indicator string, asOf time.Time) (map[string][]observed, []spatial.DatasetVersion, error) {
	c, _ := spatial.CollectionByID("observations")
	named, _ := c.Property("indicator")
	set, err := in.Features(ctx, spatial.FeatureQuery{Collection: c, AsOf: asOf, Limit: maxPoints,
		Filter:     spatial.Compare{Op: spatial.Equal, Property: named, Value: indicator},
		Properties: []string{"adcode", "year", "value"}})
	if err != nil {
		return nil, nil, fmt.Errorf("reading observations of %s: %w", indicator, err)
	}
	type key struct {
		code string
		year int
	}
	values, seen := map[string][]observed{}, map[key]bool{}
	for _, f := range set.Features {
		code, _ := f.Properties["adcode"].(string)
		year, dated := asFloat(f.Properties["year"])
		value, known := asFloat(f.Properties["value"])
		at := key{code, int(year)}
		if code == "" || !dated || !known || at.year > asOf.Year() || seen[at] {
			continue
		}
		seen[at] = true
		values[code] = append(values[code], observed{at.year, value})
	}
	return values, set.Datasets, nil
}
