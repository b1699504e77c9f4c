package analysis

import (
	"cmp"
	"math"
	"slices"
	"time"

	"quanyu/spatial/coverage"
	"quanyu/spatial/network"
	"quanyu/spatial/settlement"
)

// areaShown is a row of the output areas: a metropolitan area, its planned
// members and the members found.
type areaShown struct {
	Area       string   `json:"area"`
	Extent     string   `json:"extent"` // members, or core
	NameZH     any      `json:"name_zh"`
	NameEN     any      `json:"name_en"`
	Plan       any      `json:"plan"`
	Approved   *string  `json:"approved"`
	Centre     string   `json:"centre_adcode"`
	State      string   `json:"state"`
	Planned    int      `json:"planned"` // divisions of the level
	Found      int      `json:"found"`
	Both       int      `json:"both"`
	Jaccard    *float64 `json:"jaccard"`
	FoundAll   int      `json:"found_with_stand_ins"` // with those that the seat above stands in for
	JaccardAll *float64 `json:"jaccard_with_stand_ins"`
	PlannedPop *float64 `json:"planned_population"`
	FoundPop   *float64 `json:"found_population"`

	Missing  []memberShown `json:"in_plan_not_in_reach"`
	Surplus  []memberShown `json:"in_reach_not_in_plan"`
	Unjudged []memberShown `json:"in_plan_not_judged"`
	Finer    []string      `json:"members_below_level"` // of the plan, which this level cannot tell of
	Strange  []string      `json:"members_unknown"`     // of the plan, which no division has the code of

	OtherProvinces []string `json:"found_in_other_provinces"`
	Contiguity     string   `json:"contiguity"` // known, or why not
	Contiguous     *bool    `json:"contiguous"`
	Detached       []string `json:"detached"` // members found that do not hang together with the nearest one
	Snap           any      `json:"snap"`

	Value   *float64          `json:"value"` // the target's, as in the metric
	Verdict *coverage.Verdict `json:"verdict"`
}

// memberShown is a division in a list of a row.
type memberShown struct {
	Adcode  string   `json:"adcode"`
	NameZH  any      `json:"name_zh"`
	Minutes *float64 `json:"minutes"` // of its own seat, without limit
	Over    *float64 `json:"over_minutes"`
	Share   *float64 `json:"share"`           // inside, by the measure
	StandIn *bool    `json:"stand_in_member"` // what the seat above, which stands in for its own, would make it
	Partial bool     `json:"partial"`         // the plan takes a part of it, which is not known
	Reason  *string  `json:"reason"`
}

// The states of a row of areas.
const (
	areaCompared   = "compared"
	areaNoCentre   = "centre-unknown" // no seat of its centre whose position is known
	areaNotSnapped = "not-snapped"
	areaNoMembers  = "no-members" // the plan's members are not loaded
)

func (a metroArea) row(e extent) areaShown {
	f := a.feature.Properties
	row := areaShown{Area: a.feature.ID, Extent: e.name, NameZH: f["name_zh"], NameEN: f["name_en"], Plan: f["plan"], Centre: a.centreCode, State: areaCompared,
		Missing: []memberShown{}, Surplus: []memberShown{}, Unjudged: []memberShown{}, Finer: []string{}, Strange: []string{}, OtherProvinces: []string{}, Detached: []string{}, Contiguity: "not-looked-at"}
	if day, ok := f["approved"].(time.Time); ok {
		text := day.Format(time.DateOnly)
		row.Approved = &text
	}
	return row
}

// without is the row of an area whose centre has no circle.
func (a metroArea) without(r *circleRun) areaShown {
	row := a.row(a.extents[0])
	row.State = areaNotSnapped
	if !a.centre.Placed {
		row.State = areaNoCentre
	}
	row.Snap = showSnap(r.router, r.snap)
	return row
}

// plannedOf lists the divisions of the level that an extent names: themselves,
// or a division above them. finer and strange are what it names besides.
func (r *circleRun) plannedOf(e extent, tree codeTree) (codes, finer, strange []string) {
	rank := levelRank(r.in.membership.Level)
	finer, strange = []string{}, []string{}
	for _, code := range e.codes {
		if d, known := tree[code]; !known {
			strange = append(strange, code)
		} else if levelRank(d.level) > rank {
			finer = append(finer, code)
		}
	}
	for _, m := range r.order {
		if slices.ContainsFunc(tree.above(m.code()), func(code string) bool { return slices.Contains(e.codes, code) }) {
			codes = append(codes, m.code())
		}
	}
	return codes, finer, strange
}

// compareArea makes the row of one extent of an area.
func (r *circleRun) compareArea(a metroArea, e extent, tree codeTree) areaShown {
	row := a.row(e)
	row.Snap = showSnap(r.router, r.snap)
	planned, found, all := []string{}, map[string]*bool{}, map[string]*bool{}
	planned, row.Finer, row.Strange = r.plannedOf(e, tree)
	byCode := map[string]*member{}
	for _, m := range r.order {
		byCode[m.code()], found[m.code()], all[m.code()] = m, m.judged(r.in.membership.Measure), m.belongs
	}
	c, withStandIns := settlement.Compare(planned, found), settlement.Compare(planned, all)
	if len(planned) == 0 {
		row.State = areaNoMembers
	} else {
		row.Jaccard, row.JaccardAll = c.Jaccard, withStandIns.Jaccard
	}
	row.FoundAll = len(withStandIns.Both) + len(withStandIns.Surplus)
	row.Planned, row.Both, row.Found = len(planned), len(c.Both), len(c.Both)+len(c.Surplus)
	row.PlannedPop, row.FoundPop = populationOf(planned, byCode), populationOf(slices.Concat(c.Both, c.Surplus), byCode)
	for _, list := range []struct {
		codes []string
		shown *[]memberShown
	}{{c.Missing, &row.Missing}, {c.Surplus, &row.Surplus}, {c.Unjudged, &row.Unjudged}} {
		for _, code := range list.codes {
			shown := r.showMember(byCode[code])
			shown.Partial = slices.ContainsFunc(tree.above(code), func(above string) bool { return slices.Contains(a.partial, above) })
			*list.shown = append(*list.shown, shown)
		}
		slices.SortStableFunc(*list.shown, func(a, b memberShown) int { return cmp.Compare(orFar(b.Minutes), orFar(a.Minutes)) })
	}
	r.judgeArea(&row, planned, byCode)
	r.hold(&row, slices.Concat(c.Both, c.Surplus), byCode)
	return row
}

// judged says whether a division belongs; nil where that rests on a stand-in,
// as it is not known whether a seat of unknown position is in reach.
func (m member) judged(measure string) *bool {
	if m.standIn && measure == byPopulation {
		return nil
	}
	return m.belongs
}

// orFar puts those without minutes beyond all others.
func orFar(minutes *float64) float64 {
	if minutes == nil {
		return math.Inf(1)
	}
	return *minutes
}

func (r *circleRun) showMember(m *member) memberShown {
	s := memberShown{Adcode: m.code(), NameZH: m.feature.Properties["name_zh"], Minutes: r.farMinutes(m), Share: m.share(r.in.membership.Measure)}
	if s.Minutes != nil {
		over := *s.Minutes - r.limit()
		s.Over = &over
		return s
	}
	reason := "no way leads to its seat, or it is far from any road"
	switch {
	case m.standIn:
		s.StandIn = m.belongs
		reason = "the position of its seat is not known"
	case m.seat == nil:
		reason = "no seat near the network is known"
	}
	s.Reason = &reason
	return s
}

// populationOf adds up residents; nil where none are known.
func populationOf(codes []string, byCode map[string]*member) *float64 {
	sum, known := 0.0, false
	for _, code := range codes {
		if m := byCode[code]; m.known {
			sum, known = sum+m.all, true
		}
	}
	if !known {
		return nil
	}
	return &sum
}

// hold tells whether the members found hang together, and which lie in another
// province than the centre.
func (r *circleRun) hold(row *areaShown, codes []string, byCode map[string]*member) {
	slices.SortFunc(codes, func(a, b string) int {
		return cmp.Or(cmp.Compare(orFar(r.farMinutes(byCode[a])), orFar(r.farMinutes(byCode[b]))), cmp.Compare(a, b))
	})
	home := provinceOf(r.centreFeature())
	for _, code := range codes {
		if home != "" && provinceOf(byCode[code].feature) != home {
			row.OtherProvinces = append(row.OtherProvinces, code)
		}
	}
	slices.Sort(row.OtherProvinces)
	borders, all := newBorders(codes, byCode)
	switch {
	case len(codes) == 0:
		row.Contiguity = "no-members"
		return
	case !all:
		row.Contiguity = "no-polygons"
		return
	}
	pieces := settlement.Pieces(codes, borders.touch)
	one := len(pieces) == 1
	row.Contiguity, row.Contiguous = "known", &one
	for _, piece := range pieces[1:] {
		row.Detached = append(row.Detached, piece...)
	}
	slices.Sort(row.Detached)
}

// swingShown is a row of the output sensitivity.
type swingShown struct {
	Area      *string  `json:"area"` // null for a centre of no area
	Extent    *string  `json:"extent"`
	Threshold float64  `json:"threshold"`
	Factor    float64  `json:"speed_factor"`
	Members   int      `json:"members"`
	Jaccard   *float64 `json:"jaccard"`
}

// weighed is a division with its residents inside at each speed factor.
type weighed struct {
	all    float64
	known  bool
	inside []float64
}

// weigh counts the residents of the divisions of the level inside the largest
// limit, at each speed factor.
func (r *circleRun) weigh(band []network.Weight) map[string]*weighed {
	byID := map[string]*weighed{}
	for _, m := range r.order {
		byID[m.feature.ID] = &weighed{inside: make([]float64, len(band))}
	}
	for _, d := range r.people.finest {
		for _, id := range d.ancestry {
			w := byID[id]
			if w == nil {
				continue
			}
			w.all, w.known = w.all+d.people, true
			if d.seat == nil {
				continue
			}
			far, reached := r.far[d.seat]
			for i, limit := range band {
				if reached && far <= limit {
					w.inside[i] += d.people
				}
			}
		}
	}
	return byID
}
