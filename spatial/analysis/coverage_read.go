package analysis

import (
	"context"
	"slices"
	"strconv"
	"time"

	"github.com/paulmach/orb"

	"quanyu/spatial"
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

// pointsOf are the points of features that have one.
func pointsOf(lists ...[]spatial.Feature) []orb.Point {
	var points []orb.Point
	for _, list := range lists {
		for _, f := range list {
			if p := pointOf(f); p != nil {
				points = append(points, *p)
			}
		}
	}
	return points
}

// byAdcode finds features by their division code.
func byAdcode(features []spatial.Feature) map[string]spatial.Feature {
	by := map[string]spatial.Feature{}
	for _, f := range features {
		if code, ok := f.Properties["adcode"].(string); ok {
			by[code] = f
		}
	}
	return by
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
