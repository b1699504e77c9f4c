package analysis

import (
	"quanyu/spatial"
	"quanyu/spatial/network"
	"quanyu/spatial/settlement"
)

// member is a division that the largest limit touches.
type member struct {
	feature     spatial.Feature
	all, inside float64  // residents
	known       bool     // any count of its residents
	areaShare   *float64 // nil without polygons
	seat        *townPlace
	standIn     bool
	belongs     *bool // nil where the measure is not known
}

// settle counts residents and finds the members, once the times are known.
func (r *circleRun) settle() {
	r.people = newCensus(r.divisions, r.positioned, r.places)
	largest := r.circles[len(r.circles)-1]
	byID, order := map[string]*member{}, []*member{}
	for _, f := range r.divisions {
		if f.Properties["level"] == r.in.membership.Level {
			m := &member{feature: f}
			byID[f.ID], order = m, append(order, m)
		}
	}
	for _, d := range r.people.finest {
		for k, id := range d.ancestry {
			m := byID[id]
			if m == nil {
				continue
			}
			m.known, m.all = true, m.all+d.people
			if d.within(largest.limit) {
				m.inside += d.people
			}
			if k == 0 {
				m.seat, m.standIn = d.seat, d.standIn
			}
		}
	}
	r.ownSeats(order)
	areas := newAreaShares(largest.area.Polygon, r.in.detail)
	for _, m := range order {
		if !r.indicative() {
			m.areaShare = areas.of(m.feature.Geometry)
		}
		m.judge(r.in.membership)
		r.order = append(r.order, m)
		if m.inside > 0 || m.areaShare != nil && *m.areaShare > 0 || m.seat != nil && m.seat.weight != network.Never {
			r.members = append(r.members, *m)
		}
	}
}

// ownSeats gives every division that is not finest its own seat.
func (r *circleRun) ownSeats(list []*member) {
	seats := map[any]*townPlace{}
	for i, p := range r.places {
		if p.collection == "seats" {
			seats[p.feature.Properties["adcode"]] = &r.places[i]
		}
	}
	for _, m := range list {
		if code := m.code(); code != "" && m.seat == nil {
			m.seat = seats[code]
		}
	}
}

// judge applies the rule of membership.
func (m *member) judge(rule membership) {
	m.belongs = settlement.Belongs(m.share(rule.Measure), rule.Threshold)
}

// share is the part of the division inside, by a measure.
func (m member) share(measure string) *float64 {
	if measure == byArea {
		return m.areaShare
	}
	return m.populationShare()
}

func (m member) code() string {
	code, _ := m.feature.Properties["adcode"].(string)
	return code
}

// populationShare is the part of the residents inside; nil where their number
// is not known or none.
func (m member) populationShare() *float64 {
	if !m.known || m.all <= 0 {
		return nil
	}
	v := m.inside / m.all
	return &v
}

func (m member) show() spatial.Feature {
	f := m.feature.Properties
	p := map[string]any{"adcode": f["adcode"], "name_zh": f["name_zh"], "name_en": f["name_en"], "level": f["level"], "parent_adcode": f["parent_adcode"],
		"resident_population": f["resident_population"], "population_share": anyOf(m.populationShare()), "area_share": anyOf(m.areaShare),
		"minutes": nil, "member": nil, "seat": nil, "stand_in": m.standIn}
	if m.seat != nil {
		p["seat"] = m.seat.feature.ID
		if m.seat.weight != network.Never && !m.standIn { // how far a place of unknown position is, nobody knows
			p["minutes"] = minutesOf(m.seat.weight)
		}
	}
	if m.belongs != nil {
		p["member"] = *m.belongs
	}
	return spatial.Feature{ID: m.feature.ID, Geometry: m.feature.Geometry, Properties: p}
}

// anyOf is nil for no value.
func anyOf(v *float64) any {
	if v == nil {
		return nil
	}
	return *v
}
