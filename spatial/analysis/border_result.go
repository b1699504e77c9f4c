package analysis

import (
	"fmt"
	"slices"

	"quanyu/spatial"
	"quanyu/spatial/settlement"
)

// borderMetric is the output metric: how many links are in which state.
type borderMetric struct {
	Places int            `json:"places"`
	Tiers  map[string]int `json:"tiers"`
	Judged int            `json:"judged"` // links that are sound, weak or broken
	Sound  int            `json:"sound"`
	Share  *float64       `json:"share"` // sound / judged
	judgedShown
}

// kindCount is a row of the output kinds: the links of one kind, by state.
type kindCount struct {
	Kind    string   `json:"kind"`
	Sound   int      `json:"sound"`
	Weak    int      `json:"weak"`
	Broken  int      `json:"broken"`
	Unknown int      `json:"unknown"`
	NoData  int      `json:"no_data"`
	NotDue  int      `json:"not_due"`
	Share   *float64 `json:"share"` // sound / those judged
}

// linkShown is a row of the outputs links and broken.
type linkShown struct {
	Place      string   `json:"place"`
	PlaceZH    any      `json:"place_name_zh"`
	Tier       string   `json:"tier"`
	Kind       string   `json:"kind"`
	State      string   `json:"state"`
	Minutes    *float64 `json:"minutes"`
	Excess     *float64 `json:"excess_minutes"` // over the limit
	Target     *string  `json:"target"`
	TargetZH   any      `json:"target_name_zh"`
	Collection string   `json:"target_collection"`
	Kilometers *float64 `json:"distance_km"` // along the way
	Reason     *string  `json:"reason"`      // why there is no way, or why it is not judged
}

// linkStates lists the states of links.
var linkStates = []string{string(settlement.Sound), string(settlement.Weak), string(settlement.Broken), string(settlement.UnknownLink), string(settlement.NoData), string(settlement.NotDue)}

// result puts the outputs together, in the order of the Spec.
func (r *borderRun) result() Result {
	rows, byKey, all := []linkShown{}, map[[2]string]linkShown{}, []settlement.Link{}
	for i, p := range r.places {
		for _, l := range r.links[i] {
			row := l.show(p)
			rows = append(rows, row)
			byKey[[2]string{l.Place, l.Kind}] = row
			all = append(all, l.Link)
		}
	}
	broken := []linkShown{}
	for _, l := range settlement.Worst(all) {
		broken = append(broken, byKey[[2]string{l.Place, l.Kind}])
	}
	kinds := countKinds(all)
	return Result{Outputs: []Output{
		{"metric", r.metric(kinds), mediaJSON},
		{"kinds", kinds, mediaJSON},
		{"places", r.features(), mediaGeoJSON},
		{"links", rows, mediaJSON},
		{"broken", broken, mediaJSON},
		{"provenance", r.provenance(), mediaJSON},
	}}
}

func (l borderLink) show(p borderPlace) linkShown {
	row := linkShown{Place: l.Place, PlaceZH: p.feature.Properties["name_zh"], Tier: string(p.tier), Kind: l.Kind, State: string(l.State),
		Minutes: l.Minutes, Excess: l.Excess, Collection: l.collection, Reason: orNull(l.reason)}
	if l.target != nil {
		row.Target, row.TargetZH = &l.target.ID, l.target.Properties["name_zh"]
	}
	if l.meters != nil {
		km := l.meters.Kilometers()
		row.Kilometers = &km
	}
	return row
}

func (r *borderRun) metric(kinds []kindCount) borderMetric {
	m := borderMetric{Places: len(r.places), Tiers: map[string]int{}}
	for _, p := range r.places {
		m.Tiers[string(p.tier)]++
	}
	for _, k := range kinds {
		m.Sound += k.Sound
		m.Judged += k.Sound + k.Weak + k.Broken
	}
	m.Share = ratio(float64(m.Sound), float64(m.Judged))
	m.judgedShown = r.judgeRoles()
	return m
}

func countKinds(links []settlement.Link) []kindCount {
	rows := make([]kindCount, len(linkKinds))
	for i, kind := range linkKinds {
		k := &rows[i]
		k.Kind = kind
		states := map[settlement.LinkState]*int{settlement.Sound: &k.Sound, settlement.Weak: &k.Weak, settlement.Broken: &k.Broken,
			settlement.UnknownLink: &k.Unknown, settlement.NoData: &k.NoData, settlement.NotDue: &k.NotDue}
		for _, l := range links {
			if l.Kind == kind {
				*states[l.State]++
			}
		}
		k.Share = ratio(float64(k.Sound), float64(k.Sound+k.Weak+k.Broken))
	}
	return rows
}

// features gives every place, by id, with the next tiers and its minutes.
func (r *borderRun) features() spatial.FeatureCollection {
	list := spatial.FeatureCollection{}
	for i, p := range r.places {
		f := p.feature.Properties
		q := map[string]any{"county_adcode": anyText(orNull(p.county)), "prefecture_adcode": anyText(orNull(p.prefecture)), "border_distance_km": f[borderDistance],
			"up": r.up(i), "down": r.down(p), "broken": 0, "weak": 0}
		for _, name := range []string{"name_zh", "name_en", "tier", "role", "kind", "neighbour", "plan", "article"} {
			q[name] = f[name]
		}
		for _, l := range r.links[i] {
			q["minutes_"+snake(l.Kind)] = anyOf(l.Minutes)
			switch l.State {
			case settlement.Broken:
				q["broken"] = q["broken"].(int) + 1
			case settlement.Weak:
				q["weak"] = q["weak"].(int) + 1
			}
		}
		list.Features = append(list.Features, spatial.Feature{ID: p.feature.ID, Geometry: p.feature.Geometry, Properties: q})
	}
	return list
}

// snake writes the kind of a link as part of a property's name.
func snake(kind string) string {
	switch kind {
	case toCounty:
		return "county_seat"
	case toPrefecture:
		return "prefecture_seat"
	}
	return kind
}

// up lists the ids of the places of the next tier above that a place hangs on:
// the border place of that tier in its own county or prefecture where there is
// one, else the seat; of ports the nearest.
func (r *borderRun) up(i int) []string {
	p, ids := r.places[i], []string{}
	for _, tier := range p.tier.Up() {
		switch tier {
		case settlement.PrefectureTier:
			ids = append(ids, r.holder(i, tier, toPrefecture, func(q borderPlace) bool { return q.prefecture == p.prefecture && p.prefecture != "" })...)
		case settlement.CountyTier:
			ids = append(ids, r.holder(i, tier, toCounty, func(q borderPlace) bool { return q.county == p.county && p.county != "" })...)
		case settlement.PortTier:
			ids = append(ids, r.targetOf(i, toPort)...)
		}
	}
	return ids
}

// holder lists the border places of a tier that hold a place, else the seat
// that its link leads to.
func (r *borderRun) holder(i int, tier settlement.Tier, kind string, holds func(borderPlace) bool) []string {
	ids := []string{}
	for _, q := range r.all {
		if q.tier == tier && holds(q) {
			ids = append(ids, q.feature.ID)
		}
	}
	if len(ids) > 0 {
		return ids
	}
	return r.targetOf(i, kind)
}

func (r *borderRun) targetOf(i int, kind string) []string {
	if l := r.links[i][slices.Index(linkKinds, kind)]; l.target != nil {
		return []string{l.target.ID}
	}
	return nil
}

// down lists the ids of the border places of the next tier below that lie in a
// place's own prefecture or county. Which towns hang on a port is told by the
// links of the towns.
func (r *borderRun) down(p borderPlace) []string {
	ids := []string{}
	for _, q := range r.all {
		if !slices.Contains(p.tier.Down(), q.tier) {
			continue
		}
		inside := p.county != "" && q.county == p.county
		if p.tier == settlement.PrefectureTier {
			inside = p.prefecture != "" && q.prefecture == p.prefecture
		}
		if inside {
			ids = append(ids, q.feature.ID)
		}
	}
	return ids
}

func (r *borderRun) provenance() spatial.Provenance {
	notes := []string{
		fmt.Sprintf("A link is sound where its way takes at most %v minutes, weak where it takes longer, broken where there is no way or an end is far from any road (the reason says which). The limit is a setting: the plans give one for airports only.", r.in.minutes),
		"Ways lead from the place to the seats of its own county and prefecture, and to the nearest port, airport, hospital and railway station. What is not known or not loaded is not judged.",
	}
	for _, kind := range linkKinds {
		if name := endNames[kind]; name != "" && len(r.ends[kind]) == 0 {
			notes = append(notes, fmt.Sprintf("No %s is loaded: its links are in state no-data.", name))
		}
	}
	far := 0
	for _, p := range r.places {
		if p.feature.Properties[borderDistance] == nil {
			far++
		}
	}
	if far > 0 {
		notes = append(notes, fmt.Sprintf("Places whose distance to the land border is not known: %d of %d.", far, len(r.places)))
	}
	return r.explain(r.shared, r.in.parameters(&r.journey), notes, r.target.notes(), r.scenario.facilityNote())
}
