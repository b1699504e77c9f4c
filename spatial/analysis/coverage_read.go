package analysis

import (
	"context"
	"errors"
	"slices"
	"strconv"
	"time"

	"github.com/paulmach/orb"

	"quanyu/spatial"
	"quanyu/spatial/network"
)

// maxPoints bounds the demand and the facilities of one run, each; more are
// refused with TooLarge by the store.
const maxPoints = 100_000

// maxRows bounds small tables that are read whole.
const maxRows = 10_000

// readPointsOf reads the features of a set with the properties wanted that
// the collection has; open leaves out those not open at the date.
func readPointsOf(ctx context.Context, in Inputs, set pointSet, asOf time.Time, open bool, wanted ...string) (spatial.FeatureSet, error) {
	q := spatial.FeatureQuery{Collection: set.collection, Filter: set.filter, AsOf: asOf, Limit: maxPoints}
	for _, name := range wanted {
		if _, ok := set.collection.Property(name); ok && !slices.Contains(q.Properties, name) {
			q.Properties = append(q.Properties, name)
		}
	}
	if open {
		q.Filter = openAt(set, asOf)
	}
	return in.Features(ctx, q)
}

// openAt adds to a set's filter: opened null or not after the date, closed
// null or after it, as far as the collection has these properties.
func openAt(set pointSet, asOf time.Time) spatial.Expr {
	var items []spatial.Expr
	if set.filter != nil {
		items = append(items, set.filter)
	}
	for _, bound := range []struct {
		property string
		op       spatial.CompareOp
	}{{"opened", spatial.LessOrEqual}, {"closed", spatial.Greater}} {
		if p, ok := set.collection.Property(bound.property); ok {
			items = append(items, spatial.Or{Items: []spatial.Expr{
				spatial.IsNull{Property: p}, spatial.Compare{Op: bound.op, Property: p, Value: asOf}}})
		}
	}
	switch len(items) {
	case 0:
		return nil
	case 1:
		return items[0]
	}
	return spatial.And{Items: items}
}

// chooseNetwork gives the network asked for, or the one that suits the points.
func chooseNetwork(ctx context.Context, in Inputs, named *network.Network, sets ...spatial.FeatureSet) (*network.Network, string, error) {
	if named != nil {
		return named, "", nil
	}
	var points []orb.Point
	for _, set := range sets {
		for _, f := range set.Features {
			if p := pointOf(f); p != nil {
				points = append(points, *p)
			}
		}
	}
	return in.ChooseNetwork(ctx, points)
}

// namedNetwork gives a network by name; an unknown name is a fault.
func namedNetwork(ctx context.Context, in Inputs, name string) (*network.Network, error) {
	n, err := in.Network(ctx, name)
	var e *spatial.Error
	if errors.As(err, &e) && e.Kind == spatial.NotFound {
		var allowed any
		if len(e.Faults) > 0 {
			allowed = e.Faults[0].Allowed
		}
		return nil, spatial.BadField("/inputs/network", e.Detail, allowed)
	}
	return n, err
}

// pointOf is nil for a feature without a point.
func pointOf(f spatial.Feature) *orb.Point {
	p, ok := f.Geometry.(orb.Point)
	if !ok {
		return nil
	}
	return &p
}

// provinceOf is the code of the province that a feature lies in: as it says,
// else by the first two digits of its own code (GB/T 2260), else "".
func provinceOf(f spatial.Feature) string {
	if code, ok := f.Properties["province_adcode"].(string); ok {
		return code
	}
	code, _ := f.Properties["adcode"].(string)
	if _, err := strconv.ParseUint(code, 10, 32); err != nil || len(code) != 6 {
		return ""
	}
	return code[:2] + "0000"
}

// readProvinces reads the provinces for their names.
func readProvinces(ctx context.Context, in Inputs, asOf time.Time) (spatial.FeatureSet, error) {
	c, _ := spatial.CollectionByID("divisions")
	level, _ := c.Property("level")
	return in.Features(ctx, spatial.FeatureQuery{Collection: c, AsOf: asOf, Limit: maxRows,
		Filter:     spatial.Compare{Op: spatial.Equal, Property: level, Value: "province"},
		Properties: []string{"adcode", "name_zh", "name_en"}})
}
