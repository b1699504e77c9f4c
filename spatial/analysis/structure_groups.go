package analysis

import (
	"context"
	"fmt"
	"slices"

	"quanyu/spatial"
)

// groupStructure is a row of the output structure: a city cluster, or a
// province while no cluster is loaded.
type groupStructure struct {
	ID        string   `json:"id"`
	NameZH    any      `json:"name_zh"`
	NameEN    any      `json:"name_en"`
	Tier      any      `json:"tier"`
	Residents *float64 `json:"population"`
	Urban     *float64 `json:"urban_population"`
	UrbanPart *float64 `json:"urbanization"`
	Share     *float64 `json:"share_of_country"` // of the residents of all divisions
	AreaKm2   *float64 `json:"area_km2"`
	AreaKnown int      `json:"areas_known"` // of its divisions
	Divisions int      `json:"divisions"`   // that it is made of
	Density   *float64 `json:"people_per_km2"`
	Measure   string   `json:"size_measure"` // what sizes of cities are
	structureShown
	OnAxes   *float64       `json:"share_on_axes"` // of its residents
	Axes     []shareIn      `json:"axes"`
	Metros   []shareIn      `json:"metropolitan_areas"`
	Radiates map[string]int `json:"radiates"` // special places by kind whose nearest city is one of its, within the limit
}

// shareIn is an axis or a metropolitan area that a group shares divisions with.
type shareIn struct {
	ID        string   `json:"id"`
	NameZH    any      `json:"name_zh"`
	OfGroup   *float64 `json:"share_of_group"` // residents in both / residents of the group
	OfThis    *float64 `json:"share_of_this"`  // residents in both / residents of the axis or area
	Residents float64  `json:"population"`     // in both
}

// What the sizes of cities are.
const (
	byUrbanResidents = "urban_resident_population" // of the urban district, from the collection cities
	byResidents      = "resident_population"       // of the whole division
)

// structure is what a run reads for the structure of groups.
type structure struct {
	country    country
	urban      map[string]float64 // residents of urban districts by code
	axes       []spatial.Feature  // axes and belts; corridors are what they run on
	metros     []spatial.Feature
	specials   []special
	noSpecials []string // kinds that nothing is loaded of
}

// readStructure reads divisions, cities, axes, metropolitan areas and the
// special places that clusters are to pull along.
func (r *citiesRun) readStructure(ctx context.Context, in Inputs) error {
	divisions, err := r.readAll(ctx, in, "divisions", "adcode", "level", "parent_adcode", "resident_population", "urban_population", "area_km2")
	if err != nil {
		return err
	}
	cities, err := r.readAll(ctx, in, "cities", "adcode", byUrbanResidents)
	if err != nil {
		return err
	}
	s := structure{country: newCountryOf(divisions), urban: map[string]float64{}}
	for _, f := range cities {
		code, _ := f.Properties["adcode"].(string)
		if v, known := asFloat(f.Properties[byUrbanResidents]); known && code != "" {
			s.urban[code] = v
		}
	}
	if s.axes, err = r.readAll(ctx, in, "development-axes", "name_zh", "kind", "plan", "member_adcodes"); err != nil {
		return err
	}
	s.axes = slices.DeleteFunc(s.axes, func(f spatial.Feature) bool { return f.Properties["kind"] == "corridor" })
	if s.metros, err = r.readAll(ctx, in, metroCollection, "name_zh", "plan", "member_adcodes"); err != nil {
		return err
	}
	r.structure = s
	return r.readSpecials(ctx, in)
}

// readAll reads a whole collection; it is cited where it has anything.
func (r *citiesRun) readAll(ctx context.Context, in Inputs, collection string, properties ...string) ([]spatial.Feature, error) {
	c, _ := spatial.CollectionByID(collection)
	set, err := in.Features(ctx, spatial.FeatureQuery{Collection: c, AsOf: r.today(), Limit: maxPoints, Properties: properties})
	if err != nil {
		return nil, fmt.Errorf("reading %s: %w", collection, err)
	}
	if len(set.Features) > 0 {
		r.cite(set.Datasets)
	}
	return set.Features, nil
}

// structureRows describes every group.
func (r *citiesRun) structureRows() []groupStructure {
	s, rows := r.structure, make([]groupStructure, len(r.groups))
	whole := s.country.people()
	for i, g := range r.groups {
		set := setOf(g.codes)
		row := groupStructure{ID: g.id, NameZH: g.nameZH, NameEN: g.nameEN, Tier: g.tier, Residents: s.country.people(set), Urban: s.country.urban(set),
			Axes: r.sharesIn(g, s.axes), Metros: r.sharesIn(g, s.metros), Radiates: r.radiates(g.id)}
		row.AreaKm2, row.AreaKnown, row.Divisions = s.country.area(g.codes)
		row.UrbanPart, row.Share, row.Density = quotient(row.Urban, row.Residents), quotient(row.Residents, whole), quotient(row.Residents, row.AreaKm2)
		if len(s.axes) > 0 {
			row.OnAxes = quotient(orNone(s.country.people(set, memberSet(s.axes...))), row.Residents)
		}
		var sizes []float64
		sizes, row.Measure = r.sizesOf(g)
		row.structureShown = structureOf(sizes)
		rows[i] = row
	}
	return rows
}

// quotient is nil where either is not known, or the divisor is none.
func quotient(part, whole *float64) *float64 {
	if part == nil || whole == nil {
		return nil
	}
	return ratio(*part, *whole)
}

// orNone is 0 for no residents at all.
func orNone(v *float64) *float64 {
	if v == nil {
		return new(float64)
	}
	return v
}

// memberSet joins the members of features.
func memberSet(list ...spatial.Feature) map[string]bool {
	set := map[string]bool{}
	for _, f := range list {
		codes, _ := f.Properties["member_adcodes"].([]string)
		for _, code := range codes {
			set[code] = true
		}
	}
	return set
}

// sharesIn lists the features that share residents with a group.
func (r *citiesRun) sharesIn(g cityGroup, list []spatial.Feature) []shareIn {
	rows, set := []shareIn{}, setOf(g.codes)
	for _, f := range list {
		own := memberSet(f)
		both := r.structure.country.people(set, own)
		if both == nil || *both == 0 {
			continue
		}
		rows = append(rows, shareIn{f.ID, f.Properties["name_zh"], quotient(both, r.structure.country.people(set)), quotient(both, r.structure.country.people(own)), *both})
	}
	return rows
}

// sizesOf are the sizes of the cities of a group: of their urban districts
// where that is known of at least half of them (prefectures that are no cities
// have none), else residents of the whole division.
func (r *citiesRun) sizesOf(g cityGroup) (sizes []float64, measure string) {
	var urban, residents []float64
	for _, i := range g.members {
		f := r.cities.Features[i]
		code, _ := f.Properties["adcode"].(string)
		if v, known := r.structure.urban[code]; known {
			urban = append(urban, v)
		}
		if v, known := asFloat(r.structure.country.byCode[code].Properties[byResidents]); known {
			residents = append(residents, v)
		}
	}
	if 2*len(urban) >= len(g.members) {
		return urban, byUrbanResidents
	}
	return residents, byResidents
}
