package analysis

import (
	"context"
	"fmt"
	"time"

	"quanyu/spatial"
)

// placeSource is where places of one form are looked up: a collection, and the
// property that names its features.
type placeSource struct{ collection, property string }

// findPlaces looks up the features that places name, with one query for each
// source. A name that nothing has, and a feature whose position is not known,
// are faults; all are reported.
func findPlaces(ctx context.Context, in Inputs, asOf time.Time, places []place) ([]spot, []spatial.DatasetVersion, error) {
	found, datasets, err := namedFeatures(ctx, in, asOf, places)
	if err != nil {
		return nil, nil, fmt.Errorf("looking up points: %w", err)
	}
	spots, faults := make([]spot, len(places)), []error{}
	for i, p := range places {
		if p.property == "" {
			spots[i] = spot{Point: p.point, Placed: true}
			continue
		}
		f, ok := found[p.source()][p.value]
		if spots[i] = spotOf(f); !ok {
			faults = append(faults, spatial.BadField(p.at, fmt.Sprintf("there is no feature of %s whose %s is %s", p.collection.ID, p.property, shown(p.value)), nil))
		} else if !spots[i].Placed {
			faults = append(faults, spatial.BadField(p.at, fmt.Sprintf("the position of %s in %s is not known", f.ID, p.collection.ID), nil))
		}
	}
	return spots, datasets, spatial.JoinFaults(faults...)
}

func (p place) source() placeSource { return placeSource{p.collection.ID, p.property} }

// namedFeatures gives the features that places name, by source and name; of
// several with one name the first by id.
func namedFeatures(ctx context.Context, in Inputs, asOf time.Time, places []place) (map[placeSource]map[string]spatial.Feature, []spatial.DatasetVersion, error) {
	values, order := map[placeSource][]any{}, []placeSource{}
	for _, p := range places {
		if p.property == "" {
			continue
		}
		if values[p.source()] == nil {
			order = append(order, p.source())
		}
		values[p.source()] = append(values[p.source()], p.value)
	}
	var datasets []spatial.DatasetVersion
	found := map[placeSource]map[string]spatial.Feature{}
	for _, source := range order {
		c, _ := spatial.CollectionByID(source.collection)
		set, err := featuresNamed(ctx, in, asOf, c, source.property, values[source])
		if err != nil {
			return nil, nil, err
		}
		datasets = append(datasets, set.Datasets...)
		found[source] = map[string]spatial.Feature{}
		for _, f := range set.Features {
			name := f.ID
			if source.property != "id" {
				name, _ = f.Properties[source.property].(string)
			}
			if _, twice := found[source][name]; !twice {
				found[source][name] = f
			}
		}
	}
	return found, datasets, nil
}

// featuresNamed gives the features whose property has one of some values.
func featuresNamed(ctx context.Context, in Inputs, asOf time.Time, c spatial.Collection, property string, values []any) (spatial.FeatureSet, error) {
	p, _ := c.Property(property)
	q := spatial.FeatureQuery{Collection: c, AsOf: asOf, Limit: maxPoints, Filter: spatial.In{Property: p, Values: values}}
	q.Properties = existing(c, "adcode", "name_zh", "name_en")
	return in.Features(ctx, q)
}

// existing are those of some properties that a collection has.
func existing(c spatial.Collection, wanted ...string) []string {
	names := []string{}
	for _, name := range wanted {
		if _, ok := c.Property(name); ok {
			names = append(names, name)
		}
	}
	return names
}
