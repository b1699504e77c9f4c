package analysis

import "quanyu/spatial/settlement"

// structureShown tells how a set of cities is ordered by size. What too few
// cities allow no figure of is null.
type structureShown struct {
	Cities       int      `json:"cities"` // with a known size
	Exponent     *float64 `json:"rank_size_exponent"`
	StdErr       *float64 `json:"rank_size_std_err"`
	R2           *float64 `json:"rank_size_r2"`
	TwoCity      *float64 `json:"primacy_two_city"`
	FourCity     *float64 `json:"primacy_four_city"`
	FirstShare   *float64 `json:"first_city_share"`
	Slope        *float64 `json:"polycentricity_slope"`
	Evenness     *float64 `json:"polycentricity_evenness"`
	OutsideFirst *float64 `json:"outside_first_share"`
}

func structureOf(sizes []float64) structureShown {
	p, q := settlement.PrimacyOf(sizes), settlement.PolycentricityOf(sizes)
	s := structureShown{Cities: len(sizes), TwoCity: p.TwoCity, FourCity: p.FourCity, FirstShare: p.Share, Slope: q.Slope, Evenness: q.Evenness, OutsideFirst: q.OutsideFirst}
	if fit := settlement.FitRankSize(sizes); fit != nil {
		s.Exponent, s.StdErr, s.R2 = &fit.Exponent, &fit.StdErr, &fit.R2
	}
	return s
}

func structureSchema() Schema {
	figure := func(text string) Schema { return Schema{"type": "number", "nullable": true, "description": text} }
	return Schema{
		"cities":                  Schema{"type": "integer", "minimum": 0, "description": "Cities of known size, which the other figures rest on."},
		"rank_size_exponent":      figure("b of ln(rank - 1/2) = a - b ln(size) by least squares (Gabaix and Ibragimov 2011); 1 is Zipf's law. Null for fewer than three cities."),
		"rank_size_std_err":       figure("Standard error of b: b sqrt(2/n)."),
		"rank_size_r2":            figure("Share of the variance that the line explains."),
		"primacy_two_city":        figure("First city / second (Jefferson 1939)."),
		"primacy_four_city":       figure("First city / next three together (Davis 1969)."),
		"first_city_share":        figure("First city / all."),
		"polycentricity_slope":    figure("Mean slope of ln(size) over ln(rank) through the two, three and four largest cities, without sign (Meijers and Burger 2010): the flatter, the more polycentric. Null for fewer than four."),
		"polycentricity_evenness": figure("1 - s/smax of sizes, ordinary polycentricity of Green 2007: 0 is one head, 1 is all equal."),
		"outside_first_share":     figure("1 - first_city_share."),
	}
}
