package analysis

import (
	"context"
	"fmt"

	"github.com/paulmach/orb"

	"quanyu/spatial"
	"quanyu/spatial/coverage"
	"quanyu/spatial/network"
)

const metroCollection = "metropolitan-areas"

// metroArea is a metropolitan area of a plan.
type metroArea struct {
	feature    spatial.Feature
	centreCode string
	centre     spot // not placed where the position of its seat is not known
	extents    []extent
	partial    []string // codes of members that belong in part only
}

// extent is what a plan takes an area to be: all its members, or the core that
// some plans draw within them.
type extent struct {
	name  string
	codes []string
}

// The names of extents.
const (
	extentMembers = "members"
	extentCore    = "core"
)

func newMetroArea(f spatial.Feature) metroArea {
	a := metroArea{feature: f}
	a.centreCode, _ = f.Properties["centre_adcode"].(string)
	a.partial, _ = f.Properties["partial_adcodes"].([]string)
	members, _ := f.Properties["member_adcodes"].([]string)
	a.extents = []extent{{extentMembers, members}}
	if core, _ := f.Properties["core_adcodes"].([]string); len(core) > 0 {
		a.extents = append(a.extents, extent{extentCore, core})
	}
	return a
}

// readMetroAreas reads metropolitan areas, by id.
func (r *circleRun) readMetroAreas(ctx context.Context, in Inputs, e spatial.Expr) error {
	c, _ := spatial.CollectionByID(metroCollection)
	set, err := in.Features(ctx, spatial.FeatureQuery{Collection: c, Filter: e, AsOf: r.today(), Limit: maxRows,
		Properties: existing(c, "name_zh", "name_en", "plan", "centre_adcode", "approved", "member_adcodes", "core_adcodes", "partial_adcodes")})
	if err != nil {
		return fmt.Errorf("reading metropolitan areas: %w", err)
	}
	if len(set.Features) > 0 {
		r.cite(set.Datasets)
	}
	for _, f := range set.Features {
		r.areas = append(r.areas, newMetroArea(f))
	}
	return nil
}

// areasOfCentre finds the areas around the one centre that was asked for.
func (r *circleRun) areasOfCentre(ctx context.Context, in Inputs) error {
	code, ok := r.centre.Adcode.(string)
	if !ok || code == "" {
		return nil
	}
	c, _ := spatial.CollectionByID(metroCollection)
	centre, _ := c.Property("centre_adcode")
	return r.readMetroAreas(ctx, in, spatial.Compare{Op: spatial.Equal, Property: centre, Value: code})
}

// prepareAreas finds the areas and the seats of their centres, and a network
// for all of them.
func (r *circleRun) prepareAreas(ctx context.Context, in Inputs) error {
	if err := r.readMetroAreas(ctx, in, r.in.areas.filter); err != nil {
		return err
	}
	var codes []any
	for _, a := range r.areas {
		if a.centreCode != "" {
			codes = append(codes, a.centreCode)
		}
	}
	var points []orb.Point
	if len(codes) > 0 {
		c, _ := spatial.CollectionByID("seats")
		set, err := featuresNamed(ctx, in, r.today(), c, "adcode", codes)
		if err != nil {
			return fmt.Errorf("reading the seats of centres: %w", err)
		}
		r.cite(set.Datasets)
		seats := byAdcode(set.Features)
		for i, a := range r.areas {
			r.areas[i].centre = spotOf(seats[a.centreCode])
		}
		points = pointsOf(set.Features)
	}
	return r.choose(ctx, in, points)
}

// compare holds the members found against those of the plans, and looks how
// much hangs on threshold and speeds. Seats beyond the largest limit are
// searched for once more, without limit, to tell how far beyond they are.
func (r *circleRun) compare(ctx context.Context) error {
	if err := r.searchFar(ctx); err != nil {
		return err
	}
	tree := newCodeTree(r.divisions)
	for _, a := range r.areas {
		for _, e := range a.extents {
			r.rows = append(r.rows, r.compareArea(a, e, tree))
		}
	}
	r.swing = r.sensitivity(tree)
	return nil
}

func (r *circleRun) searchFar(ctx context.Context) error {
	reaches, err := r.router.Nearest(ctx, []network.Snap{r.snap}, r.at, r.in.direction == coverage.To, network.NoLimit)
	if err != nil {
		return err
	}
	r.far = map[*townPlace]network.Weight{}
	for i, reach := range reaches {
		if r.places[i].collection == "seats" && reach.State == network.Reached {
			r.far[&r.places[i]] = reach.Weight
		}
	}
	return nil
}

// farMinutes are the minutes of a member's own seat, however far; nil where
// they are not known, as no way leads there or a stand-in counts for it.
func (r *circleRun) farMinutes(m *member) *float64 {
	if m.seat == nil || m.standIn {
		return nil
	}
	w, ok := r.far[m.seat]
	if !ok {
		return nil
	}
	minutes := minutesOf(w)
	return &minutes
}

// limit is the largest, which membership is by.
func (r *circleRun) limit() float64 { return r.in.minutes[len(r.in.minutes)-1] }
