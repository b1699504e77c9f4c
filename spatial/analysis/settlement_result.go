package analysis

import (
	"fmt"
	"slices"

	"quanyu/spatial"
	"quanyu/spatial/settlement"
)

// classCount is a row of the output counts. The last has no class: the cities
// whose residents are not known.
type classCount struct {
	Class          *string  `json:"class"`
	TitleZH        *string  `json:"title_zh"`
	From           *int64   `json:"from"` // residents, the number itself included
	Cities         int      `json:"cities"`
	Residents      int64    `json:"residents"`
	ShareCities    *float64 `json:"share_of_cities"`
	ShareResidents *float64 `json:"share_of_residents"`
	Policy         *string  `json:"settlement_policy"` // of the national plan
}

// policyShown is a row of the output policies: a step of a plan and how many
// cities it is for.
type policyShown struct {
	Plan    string  `json:"plan"`
	Article int     `json:"article"`
	Limit   *string `json:"limit"` // null for cities of which it cannot be told
	Cities  int     `json:"cities"`
	Quote   *string `json:"quote_zh"`
}

// changeShown is a row of the output changes.
type changeShown struct {
	City            string `json:"city"`
	Adcode          string `json:"adcode"`
	NameZH          any    `json:"name_zh"`
	FromYear        int    `json:"from_year"`
	ToYear          int    `json:"to_year"`
	From            string `json:"from"`
	To              string `json:"to"`
	Grew            bool   `json:"grew"`
	ResidentsBefore int64  `json:"residents_before"`
	ResidentsAfter  int64  `json:"residents_after"`
	PolicyBefore    string `json:"settlement_policy_before"` // of the national plan
	PolicyAfter     string `json:"settlement_policy_after"`
}

// nationalPlan is the plan whose policy every city has.
const nationalPlan = "national-14fyp"

// result puts the outputs together, in the order of the Spec.
func (r *classesRun) result() Result {
	checks := r.checks()
	return Result{Outputs: []Output{
		{"metric", r.metric(checks), mediaJSON},
		{"counts", r.counts(), mediaJSON},
		{"cities", r.features(), mediaGeoJSON},
		{"policies", r.policies(), mediaJSON},
		{"changes", r.changes(), mediaJSON},
		{"structure", structureOf(r.sizes()), mediaJSON},
		{"checks", checks, mediaJSON},
		{"provenance", r.provenance(), mediaJSON},
	}}
}

func (r *classesRun) counts() []classCount {
	rows, total := []classCount{}, int64(0)
	for _, b := range settlement.Brackets() {
		class, policy := string(b.Class), policyName(nationalPlan, "", b.Class)
		rows = append(rows, classCount{Class: &class, TitleZH: &b.TitleZH, From: &b.From, Policy: policy})
	}
	rows = append(rows, classCount{})
	for _, c := range r.cities {
		at := len(rows) - 1
		if size := c.class().Size(); size >= 0 {
			at = size
			rows[at].Residents += *c.residents
			total += *c.residents
		}
		rows[at].Cities++
	}
	for i := range rows {
		rows[i].ShareCities = ratio(float64(rows[i].Cities), float64(len(r.cities)))
		if rows[i].Class != nil {
			rows[i].ShareResidents = ratio(float64(rows[i].Residents), float64(total))
		}
	}
	return rows
}

// ratio is nil for a part of nothing.
func ratio(part, whole float64) *float64 {
	if whole == 0 {
		return nil
	}
	v := part / whole
	return &v
}

// policyName is the limit that a plan sets for a city; nil where it cannot be
// told, or the plan does not cover the city.
func policyName(plan, adcode string, class settlement.Class) *string {
	p, known, _ := settlement.PolicyOf(plan, adcode, class)
	if !known {
		return nil
	}
	limit := string(p.Limit)
	return &limit
}

// features gives every city, by id, with its class and what hangs on it.
func (r *classesRun) features() spatial.FeatureCollection {
	list := spatial.FeatureCollection{}
	for _, c := range r.cities {
		list.Features = append(list.Features, c.show())
	}
	return list
}

func (c city) show() spatial.Feature {
	f := c.feature.Properties
	p := map[string]any{"adcode": f["adcode"], "name_zh": f["name_zh"], "name_en": f["name_en"], "province_adcode": f["province_adcode"], "level": f["level"],
		"urban_resident_population": nil, "year": nil, "size_class": nil, "stated_class": f["size_class"], "class_differs": nil,
		"class_above": nil, "missing_for_above": nil, "class_below": nil, "spare_over_below": nil,
		"settlement_policy": anyText(policyName(nationalPlan, c.adcode, c.class())), "province_plan": nil, "province_policy": nil, "changes": len(settlement.Changes(c.series)), "state": c.state()}
	if c.year != nil {
		p["year"] = *c.year
	}
	if class := c.class(); class != "" {
		p["urban_resident_population"], p["size_class"] = *c.residents, string(class)
		if stated, ok := f["size_class"].(string); ok {
			p["class_differs"] = stated != string(class)
		}
		around := settlement.BoundsOf(*c.residents)
		if around.Above != "" {
			p["class_above"], p["missing_for_above"] = string(around.Above), around.Missing
		}
		if around.Below != "" {
			p["class_below"], p["spare_over_below"] = string(around.Below), around.Spare
		}
	}
	for _, plan := range settlement.Plans() {
		if _, _, covered := settlement.PolicyOf(plan, c.adcode, c.class()); covered && plan != nationalPlan {
			p["province_plan"], p["province_policy"] = plan, anyText(policyName(plan, c.adcode, c.class()))
		}
	}
	return spatial.Feature{ID: c.feature.ID, Geometry: c.feature.Geometry, Properties: p}
}

// state says why a city has no class: the states of the property state.
func (c city) state() string {
	switch {
	case c.residents != nil:
		return "known"
	case c.later != nil:
		return "counted-later"
	}
	return "not-counted"
}

func anyText(v *string) any {
	if v == nil {
		return nil
	}
	return *v
}

// policies counts the cities of each step of each plan; those that a plan does
// not cover are in no row of it.
func (r *classesRun) policies() []policyShown {
	rows := []policyShown{}
	for _, plan := range settlement.Plans() {
		unknown := policyShown{Plan: plan}
		for _, step := range settlement.Policies() {
			if step.Plan != plan {
				continue
			}
			limit := string(step.Limit)
			row := policyShown{Plan: plan, Article: step.Article, Limit: &limit, Quote: &step.QuoteZH}
			for _, c := range r.cities {
				if p, known, _ := settlement.PolicyOf(plan, c.adcode, c.class()); known && p.QuoteZH == step.QuoteZH {
					row.Cities++
				}
			}
			unknown.Article = step.Article
			rows = append(rows, row)
		}
		for _, c := range r.cities {
			if _, known, covered := settlement.PolicyOf(plan, c.adcode, c.class()); covered && !known {
				unknown.Cities++
			}
		}
		rows = append(rows, unknown)
	}
	return rows
}

// changes lists the moves between classes, by city, then year.
func (r *classesRun) changes() []changeShown {
	rows := []changeShown{}
	for _, c := range r.cities {
		for _, m := range settlement.Changes(c.series) {
			before, _, _ := settlement.PolicyOf(nationalPlan, c.adcode, m.From)
			after, _, _ := settlement.PolicyOf(nationalPlan, c.adcode, m.To)
			rows = append(rows, changeShown{c.feature.ID, c.adcode, c.feature.Properties["name_zh"], m.Before.Year, m.After.Year, string(m.From), string(m.To), m.Grew(),
				m.Before.Residents, m.After.Residents, string(before.Limit), string(after.Limit)})
		}
	}
	return rows
}

// sizes are the residents of the cities, as far as they are known.
func (r *classesRun) sizes() []float64 {
	var sizes []float64
	for _, c := range r.cities {
		if c.residents != nil {
			sizes = append(sizes, float64(*c.residents))
		}
	}
	return sizes
}

func (r *classesRun) provenance() spatial.Provenance {
	notes := []string{"Classes are those of State Council notice 2014 No. 51 by permanent residents of the urban district (城区常住人口); a number at a bound belongs to the class above it. The count used is the latest one up to the year of as_of, from the city's row or from observations of " + residentsIndicator + "."}
	if len(r.all) == 0 {
		notes = append(notes, "The collection cities is empty on that day, so there is nothing to class.")
	}
	for state, says := range map[string]string{"not-counted": "Cities without any count, which have no class: %d.", "counted-later": "Cities whose only count is later than as_of, which have no class: %d."} {
		n := 0
		for _, c := range r.cities {
			if c.state() == state {
				n++
			}
		}
		if n > 0 {
			notes = append(notes, fmt.Sprintf(says, n))
		}
	}
	slices.Sort(notes[1:])
	several := 0
	for _, c := range r.cities {
		if len(c.series) > 1 {
			several++
		}
	}
	notes = append(notes, fmt.Sprintf("Changes can be told of cities with counts of several years: %d of %d.", several, len(r.cities)))
	notes = append(notes, r.target.notes()...)
	return spatial.Provenance{Engine: r.engine, Datasets: distinct(r.datasets), Parameters: r.in.parameters(), Notes: notes, ComputedAt: r.now().UTC()}
}
