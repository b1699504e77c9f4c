package analysis

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"quanyu/spatial"
	"quanyu/spatial/network"
)

// special is a place that clusters are to pull along: a border place, or the
// seat of a division of a special region.
type special struct {
	kind string
	spot spot
}

// borderKind are the border places. The other kinds are the zones of kind
// regionKind, by id: the special regions that the national plan, article 13,
// wants clusters to pull along. The plan names no members, so a region counts
// once its zone has some.
const (
	borderKind = "border"
	regionKind = "special-type-region"
)

// readSpecials reads the special places, by kind, then id.
func (r *citiesRun) readSpecials(ctx context.Context, in Inputs) error {
	places, err := r.readAll(ctx, in, "border-places", "name_zh", "name_en", "adcode")
	if err != nil {
		return err
	}
	for _, f := range places {
		r.structure.specials = append(r.structure.specials, special{borderKind, spotOf(f)})
	}
	c, _ := spatial.CollectionByID("zones")
	kind, _ := c.Property("kind")
	zones, err := in.Features(ctx, spatial.FeatureQuery{Collection: c, AsOf: r.today(), Limit: maxRows, Filter: spatial.Compare{Op: spatial.Equal, Property: kind, Value: regionKind},
		Properties: []string{"adcode", "member_adcodes"}})
	if err != nil {
		return fmt.Errorf("reading special regions: %w", err)
	}
	if len(zones.Features) > 0 {
		r.cite(zones.Datasets)
		if err := r.seatsOfZones(ctx, in, zones.Features); err != nil {
			return err
		}
	}
	if len(places) == 0 {
		r.structure.noSpecials = append(r.structure.noSpecials, borderKind)
	}
	if len(zones.Features) == 0 {
		r.structure.noSpecials = append(r.structure.noSpecials, regionKind)
	}
	for _, z := range zones.Features {
		if !slices.ContainsFunc(r.structure.specials, func(s special) bool { return s.kind == z.ID }) {
			r.structure.noSpecials = append(r.structure.noSpecials, z.ID)
		}
	}
	return nil
}

// seatsOfZones adds the seats of the divisions that zones name.
func (r *citiesRun) seatsOfZones(ctx context.Context, in Inputs, zones []spatial.Feature) error {
	var codes []any
	for _, code := range slices.Sorted(maps.Keys(zoneCodes(zones...))) {
		codes = append(codes, code)
	}
	if len(codes) == 0 {
		return nil
	}
	c, _ := spatial.CollectionByID("seats")
	seats, err := featuresNamed(ctx, in, r.today(), c, "adcode", codes)
	if err != nil {
		return fmt.Errorf("reading the seats of special regions: %w", err)
	}
	r.cite(seats.Datasets)
	for _, z := range zones {
		named := zoneCodes(z)
		for _, f := range seats.Features {
			if code, _ := f.Properties["adcode"].(string); named[code] {
				r.structure.specials = append(r.structure.specials, special{z.ID, spotOf(f)})
			}
		}
	}
	return nil
}

// zoneCodes are the divisions that zones name, one each or as members.
func zoneCodes(zones ...spatial.Feature) map[string]bool {
	set := memberSet(zones...)
	for _, f := range zones {
		if code, ok := f.Properties["adcode"].(string); ok && code != "" {
			set[code] = true
		}
	}
	return set
}

// radiationShown is a row of the output radiation: a special place and the
// city of any group that reaches it first.
type radiationShown struct {
	Kind    string   `json:"kind"`
	Place   string   `json:"place"`
	NameZH  any      `json:"name_zh"`
	State   string   `json:"state"`
	Within  bool     `json:"within"`
	Minutes *float64 `json:"minutes"`
	City    *string  `json:"city"`
	CityZH  any      `json:"city_name_zh"`
	Groups  []string `json:"groups"` // of the city
}

// radiate searches once, from all cities in groups to all special places.
func (r *citiesRun) radiate(ctx context.Context) error {
	of, sources, at := r.groupsOf(), []network.Snap{}, []int{}
	for i, groups := range of {
		if len(groups) > 0 {
			sources, at = append(sources, r.snaps[i]), append(at, i)
		}
	}
	spots := make([]spot, len(r.structure.specials))
	for i, s := range r.structure.specials {
		spots[i] = s.spot
	}
	reaches, err := r.router.Nearest(ctx, sources, snapSpots(r.router, spots), false, network.NoLimit)
	if err != nil {
		return err
	}
	r.radiation = []radiationShown{}
	for i, reach := range reaches {
		s := r.structure.specials[i]
		row := radiationShown{Kind: s.kind, Place: s.spot.ID, NameZH: s.spot.NameZH, State: string(reach.State), Groups: []string{}}
		if reach.State == network.Reached {
			city := at[reach.Source]
			minutes, _ := r.band.Minutes(reach.Weight)
			row.Minutes, row.Within = &minutes, r.band.Within(reach.Weight)
			row.State = map[bool]string{true: stateWithin, false: string(network.Beyond)}[row.Within]
			row.City, row.CityZH = &r.cities.Features[city].ID, r.cities.Features[city].Properties["name_zh"]
			for _, g := range of[city] {
				row.Groups = append(row.Groups, r.groups[g].id)
			}
		}
		r.radiation = append(r.radiation, row)
	}
	return nil
}

// radiates counts the special places that a group's city reaches first and
// within the limit, by kind; kinds without data are left out.
func (r *citiesRun) radiates(group string) map[string]int {
	counts := map[string]int{}
	for _, s := range r.structure.specials {
		counts[s.kind] = 0
	}
	for _, row := range r.radiation {
		if row.Within && slices.Contains(row.Groups, group) {
			counts[row.Kind]++
		}
	}
	return counts
}

// structureNotes tell what structure rests on, and what nothing is loaded of.
func (r *citiesRun) structureNotes() []string {
	notes := []string{"Structure: residents are those of the finest divisions with a count inside the group; sizes of cities are residents of urban districts where the collection cities has them for at least half of the group's, those without left out, else of whole divisions (size_measure). The share on axes and the overlap with metropolitan areas count whole divisions that these name."}
	var missing []string
	if len(r.structure.axes) == 0 {
		missing = append(missing, "development axes")
	}
	if len(r.structure.metros) == 0 {
		missing = append(missing, "metropolitan areas")
	}
	for _, kind := range r.structure.noSpecials {
		missing = append(missing, "special places of kind "+kind)
	}
	if len(missing) > 0 {
		notes = append(notes, "Nothing is loaded of, and nothing is said on: "+strings.Join(missing, ", ")+".")
	}
	return notes
}
