package analysis

import (
	"context"
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"github.com/paulmach/orb/geo"

	"quanyu/spatial"
)

// The kinds of group.
const (
	byCluster  = "city-cluster"
	byProvince = "province"
)

// cityGroup is a city cluster or a province with those of the cities that lie
// in it.
type cityGroup struct {
	id             string
	nameZH, nameEN any
	tier           any      // of a cluster
	codes          []string // of the divisions that it is made of
	members        []int    // indexes of cities, ascending
	centres        []int    // indexes of the cities that are its centres, the most populous first
}

// groupCities puts the cities into city clusters where any is loaded that has
// a member among them, else into provinces.
func (r *citiesRun) groupCities(ctx context.Context, in Inputs) error {
	clusters, err := readClusters(ctx, in, r.today())
	if err != nil {
		return fmt.Errorf("reading city clusters: %w", err)
	}
	for _, f := range clusters.Features {
		codes, _ := f.Properties["member_adcodes"].([]string)
		g := cityGroup{id: f.ID, nameZH: f.Properties["name_zh"], nameEN: f.Properties["name_en"], tier: f.Properties["tier"], codes: codes}
		set := setOf(codes)
		for i, city := range r.cities.Features {
			if code, ok := city.Properties["adcode"].(string); ok && r.structure.country.cityIn(code, set) {
				g.members = append(g.members, i)
			}
		}
		if len(g.members) > 0 {
			g.centres = r.centresOf(f, g.members)
			r.groups = append(r.groups, g)
		}
	}
	if r.kind = byCluster; len(r.groups) > 0 {
		r.cite(clusters.Datasets)
		return nil
	}
	r.kind = byProvince
	return r.groupByProvince(ctx, in)
}

func readClusters(ctx context.Context, in Inputs, asOf time.Time) (spatial.FeatureSet, error) {
	c, _ := spatial.CollectionByID("city-clusters")
	return in.Features(ctx, spatial.FeatureQuery{Collection: c, AsOf: asOf, Limit: maxRows, Properties: []string{"name_zh", "name_en", "tier", "centre_adcodes", "member_adcodes"}})
}

// groupByProvince makes a group of each province, in the order of codes. Its
// centre is the city nearest to the province's own seat.
func (r *citiesRun) groupByProvince(ctx context.Context, in Inputs) error {
	provinces, err := readProvinces(ctx, in, r.today())
	if err != nil {
		return fmt.Errorf("reading provinces: %w", err)
	}
	r.cite(provinces.Datasets)
	names, members, codes := byAdcode(provinces.Features), map[string][]int{}, []any{}
	for i, f := range r.cities.Features {
		code := provinceOf(f)
		if code == "" {
			continue
		}
		if members[code] == nil {
			codes = append(codes, code)
		}
		members[code] = append(members[code], i)
	}
	if len(codes) == 0 {
		return nil
	}
	seats, _ := spatial.CollectionByID("seats")
	found, err := featuresNamed(ctx, in, r.today(), seats, "adcode", codes)
	if err != nil {
		return fmt.Errorf("reading seats of provinces: %w", err)
	}
	r.cite(found.Datasets)
	capitals := byAdcode(found.Features)
	slices.SortFunc(codes, func(a, b any) int { return strings.Compare(a.(string), b.(string)) })
	for _, code := range codes {
		code := code.(string)
		g := cityGroup{id: code, nameZH: names[code].Properties["name_zh"], nameEN: names[code].Properties["name_en"], codes: []string{code}, members: members[code]}
		if at := r.nearestCity(g.members, spotOf(capitals[code])); at >= 0 {
			g.centres = []int{at}
		}
		r.groups = append(r.groups, g)
	}
	return nil
}

// centresOf are the cities of a cluster that its plan names as central, the
// most populous first; where it names none, the city with the most residents.
func (r *citiesRun) centresOf(cluster spatial.Feature, members []int) []int {
	codes, _ := cluster.Properties["centre_adcodes"].([]string)
	central, left := []int{}, []int{}
	for _, i := range members {
		if code, ok := r.cities.Features[i].Properties["adcode"].(string); ok && slices.Contains(codes, code) {
			left = append(left, i)
		}
	}
	if len(left) == 0 {
		if best := r.mostPopulous(members); best >= 0 {
			return []int{best}
		}
		return nil
	}
	for best := r.mostPopulous(left); best >= 0; best = r.mostPopulous(left) {
		central = append(central, best)
		left = slices.DeleteFunc(left, func(i int) bool { return i == best })
	}
	return append(central, left...)
}

// mostPopulous is the city with the most residents, -1 where none has any; of
// equals the first.
func (r *citiesRun) mostPopulous(members []int) int {
	best, most := -1, math.Inf(-1)
	for _, i := range members {
		if v, ok := asFloat(r.cities.Features[i].Properties["resident_population"]); ok && v > most {
			best, most = i, v
		}
	}
	return best
}

// nearestCity is the city nearest to a spot as the crow flies, -1 where none
// has a position; of equals the first.
func (r *citiesRun) nearestCity(members []int, to spot) int {
	best, least := -1, math.Inf(1)
	for _, i := range members {
		p := pointOf(r.cities.Features[i])
		if p == nil || !to.Placed {
			continue
		}
		if d := geo.DistanceHaversine(*p, to.Point); d < least {
			best, least = i, d
		}
	}
	return best
}
