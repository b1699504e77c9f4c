package analysis

import (
	"quanyu/spatial"
	"quanyu/spatial/coverage"
)

// coverageMetric is the output metric. Shares are fractions, null without
// demand; those with weight, null without a weight too.
type coverageMetric struct {
	Numerator           int                    `json:"numerator"`
	Denominator         int                    `json:"denominator"`
	Share               *float64               `json:"share"`
	WeightedShare       *float64               `json:"weighted_share"`
	Low                 *float64               `json:"low"`
	Base                *float64               `json:"base"`
	High                *float64               `json:"high"`
	Target              *targetShown           `json:"target"`
	Verdict             *coverage.Verdict      `json:"verdict"`
	WeightedNumerator   *float64               `json:"weighted_numerator"`
	WeightedDenominator *float64               `json:"weighted_denominator"`
	WeightMissing       *int                   `json:"weight_missing"`
	WithoutPosition     int                    `json:"without_position"` // of the denominator; in state not-snapped
	States              map[coverage.State]int `json:"states"`
	Band                []bandShown            `json:"band"`
}

// bandShown is the answer at one speed factor.
type bandShown struct {
	Factor        float64  `json:"factor"`
	Numerator     int      `json:"numerator"`
	Share         *float64 `json:"share"`
	WeightedShare *float64 `json:"weighted_share"`
}

// provinceShown is a row of the output breakdown; the row of demand without a
// province has null codes. province and adcode are the same code, the first
// named as in the evidence, the second as in the divisions.
type provinceShown struct {
	Province            *string  `json:"province"`
	Adcode              *string  `json:"adcode"`
	NameZH              any      `json:"name_zh"`
	NameEN              any      `json:"name_en"`
	Numerator           int      `json:"numerator"`
	Denominator         int      `json:"denominator"`
	Share               *float64 `json:"share"`
	WeightedShare       *float64 `json:"weighted_share"`
	Low                 *float64 `json:"low"`
	High                *float64 `json:"high"`
	WeightedNumerator   *float64 `json:"weighted_numerator"`
	WeightedDenominator *float64 `json:"weighted_denominator"`
	WeightMissing       *int     `json:"weight_missing"`
}

// result puts the outputs together, in the order of the Spec.
func (r *coverageRun) result() Result {
	return Result{Outputs: []Output{
		{"metric", r.metric(), mediaJSON},
		{"breakdown", r.breakdown(), mediaJSON},
		{"evidence", r.evidence(), mediaGeoJSON},
		{"provenance", r.provenance(), mediaJSON},
	}}
}

func (r *coverageRun) metric() coverageMetric {
	t, base, last := r.found.Total, r.found.Base, len(r.found.Factors)-1
	m := coverageMetric{
		Numerator: t.Covered[base], Denominator: t.Demand,
		Share: known(t.Share(base)), Low: known(t.Share(0)), Base: known(t.Share(base)), High: known(t.Share(last)),
		WithoutPosition: len(unplaced(r.demand.Features)), States: map[coverage.State]int{},
	}
	for _, s := range []coverage.State{coverage.Covered, coverage.Beyond, coverage.Unreachable, coverage.NotSnapped} {
		m.States[s] = r.found.States[s]
	}
	for i, f := range r.found.Factors {
		m.Band = append(m.Band, bandShown{f, t.Covered[i], known(t.Share(i)), r.weighted(t, i)})
	}
	m.WeightedShare = r.weighted(t, base)
	m.WeightedNumerator, m.WeightedDenominator, m.WeightMissing = r.weights(t)
	if r.target != nil {
		m.Target = &r.target.shown
		if verdict, ok := r.target.Judge(t); ok {
			m.Verdict = &verdict
		}
	}
	return m
}

func (r *coverageRun) breakdown() []provinceShown {
	rows := make([]provinceShown, len(r.found.Provinces))
	base, last := r.found.Base, len(r.found.Factors)-1
	for i, p := range r.found.Provinces {
		rows[i] = provinceShown{
			Province: orNull(p.Code), Adcode: orNull(p.Code),
			NameZH: r.provinces[p.Code].Properties["name_zh"], NameEN: r.provinces[p.Code].Properties["name_en"],
			Numerator: p.Covered[base], Denominator: p.Demand, Share: known(p.Share(base)),
			WeightedShare: r.weighted(p.Tally, base), Low: known(p.Share(0)), High: known(p.Share(last)),
		}
		rows[i].WeightedNumerator, rows[i].WeightedDenominator, rows[i].WeightMissing = r.weights(p.Tally)
	}
	return rows
}

// evidence gives each demand point with what was found for it, ordered by id.
func (r *coverageRun) evidence() spatial.FeatureCollection {
	features := make([]spatial.Feature, len(r.demand.Features))
	for i, f := range r.demand.Features {
		found := r.found.Findings[i]
		p := map[string]any{
			"name_zh": f.Properties["name_zh"], "name_en": f.Properties["name_en"], "adcode": f.Properties["adcode"],
			"province": nil, "state": string(found.State), "covered": found.State == coverage.Covered,
			"minutes": nil, "margin_minutes": nil, "facility": nil, "facility_name_zh": nil, "facility_name_en": nil,
			"distance_km": nil, "snap_m": nil,
		}
		if r.in.weight != "" {
			p["weight"] = f.Properties[r.in.weight]
		}
		if code := provinceOf(f); code != "" {
			p["province"] = code
		}
		if found.Snap != nil {
			p["snap_m"] = float64(*found.Snap)
		}
		if found.Reached {
			facility := r.facilities.Features[found.Facility]
			p["minutes"], p["margin_minutes"] = found.Minutes, found.Margin
			p["facility"], p["distance_km"] = facility.ID, found.Distance.Kilometers()
			p["facility_name_zh"], p["facility_name_en"] = facility.Properties["name_zh"], facility.Properties["name_en"]
		}
		features[i] = spatial.Feature{ID: f.ID, Geometry: f.Geometry, Properties: p}
	}
	return spatial.FeatureCollection{Features: features}
}

// weighted is null when no weight was asked for.
func (r *coverageRun) weighted(t coverage.Tally, factor int) *float64 {
	if r.in.weight == "" {
		return nil
	}
	return known(t.WeightedShare(factor))
}

func (r *coverageRun) weights(t coverage.Tally) (numerator, denominator *float64, missing *int) {
	if r.in.weight == "" {
		return nil, nil, nil
	}
	return &t.CoveredWeight[r.found.Base], &t.Weight, &t.WeightMissing
}

// known is nil for a figure that does not exist.
func known(v float64, ok bool) *float64 {
	if !ok {
		return nil
	}
	return &v
}
