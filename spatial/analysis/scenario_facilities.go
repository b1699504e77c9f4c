package analysis

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/paulmach/orb"

	"quanyu/spatial"
)

// readAddFacility reads an added facility. Its id, where none is given, is
// made from its place in the world, so that it does not hang on the order of
// edits.
func readAddFacility(o object, e *edit) {
	o.only("type", "collection", "lon", "lat", "id", "properties")
	e.Collection = readCollection(o)
	at, given := readLonLat(o)
	if given {
		e.Lon, e.Lat = &at[0], &at[1]
	}
	e.ID, _ = o.text("id")
	if e.ID == "" && given {
		e.ID = fmt.Sprintf("added-%v-%v", at[0], at[1])
	}
	c, known := spatial.CollectionByID(e.Collection)
	if p, ok := o.object("properties"); ok && known {
		e.Properties = readProperties(p, c)
	}
}

// readProperties reads the attributes of a feature of a collection.
func readProperties(o object, c spatial.Collection) map[string]any {
	values, names := map[string]any{}, []string{}
	for _, p := range c.Queryables() {
		if p.Name == "id" || p.Name == "source" || p.Name == "visibility" {
			continue
		}
		names = append(names, p.Name)
		if _, given := o.raw(p.Name); !given {
			continue
		}
		switch p.Type {
		case spatial.Integer, spatial.Number:
			values[p.Name] = o.number(p.Name, span{low: -1e15, high: 1e15})
		case spatial.Boolean:
			values[p.Name] = o.flag(p.Name)
		case spatial.StringList:
			values[p.Name] = o.texts(p.Name, maxRows)
		default:
			text, _ := o.text(p.Name)
			values[p.Name] = text
		}
	}
	o.only(names...)
	return values
}

// onFacilities applies the edits of facilities, in order, to those that a set
// has found. What is added counts whatever the set's filter and the date say;
// what is removed has to be a feature of the collection.
func (s scenario) onFacilities(ctx context.Context, in Inputs, set pointSet, asOf time.Time, found []spatial.Feature) ([]spatial.Feature, []string, error) {
	edited, added, removed, elsewhere := slices.Clone(found), 0, 0, 0
	var notes []string
	for i, e := range s.edits {
		at := slices.IndexFunc(edited, func(f spatial.Feature) bool { return f.ID == e.ID })
		switch {
		case e.Type != addFacility && e.Type != removeFacility:
		case e.Collection != set.collection.ID:
			elsewhere++
		case e.Type == addFacility && at >= 0:
			return nil, nil, spatial.BadField(s.pointer(i, "id"), fmt.Sprintf("%s is a facility already", shown(e.ID)), nil)
		case e.Type == addFacility:
			edited = append(edited, e.feature())
			added++
		case at >= 0:
			edited = slices.Delete(edited, at, at+1)
			removed++
		default:
			if err := s.mustExist(ctx, in, set.collection, asOf, i); err != nil {
				return nil, nil, err
			}
			notes = append(notes, fmt.Sprintf("The scenario removes %s, which the filter or the date leaves out anyway.", e.ID))
		}
	}
	slices.SortFunc(edited, byID)
	if added+removed > 0 {
		notes = append(notes, fmt.Sprintf("Facilities that the scenario adds: %d, removes: %d. Those added count at any date and whatever the filter.", added, removed))
	}
	if elsewhere > 0 {
		notes = append(notes, fmt.Sprintf("Edits of facilities that bear on no facility asked for: %d.", elsewhere))
	}
	return edited, notes, nil
}

// feature is the facility that an edit adds.
func (e edit) feature() spatial.Feature {
	properties := map[string]any{}
	for name, value := range e.Properties {
		properties[name] = value
	}
	return spatial.Feature{ID: e.ID, Geometry: orb.Point{*e.Lon, *e.Lat}, Properties: properties}
}

// mustExist refuses to remove what is in no row: most likely a slip of the pen,
// which would leave the result unchanged without a word.
func (s scenario) mustExist(ctx context.Context, in Inputs, c spatial.Collection, asOf time.Time, i int) error {
	id, _ := c.Property("id")
	set, err := in.Features(ctx, spatial.FeatureQuery{Collection: c, AsOf: asOf, Limit: 1, Properties: []string{},
		Filter: spatial.Compare{Op: spatial.Equal, Property: id, Value: s.edits[i].ID}})
	if err != nil {
		return fmt.Errorf("reading facilities: %w", err)
	}
	if len(set.Features) == 0 {
		return spatial.BadField(s.pointer(i, "id"), fmt.Sprintf("there is no feature %s in %s", shown(s.edits[i].ID), c.ID), nil)
	}
	return nil
}

// facilityNote tells that a process has no use for edits of facilities.
func (s scenario) facilityNote() []string {
	n := 0
	for _, e := range s.edits {
		if e.Type == addFacility || e.Type == removeFacility {
			n++
		}
	}
	if n == 0 {
		return nil
	}
	return []string{fmt.Sprintf("Edits of facilities, which bear on coverage only: %d.", n)}
}

// byID orders features by id, as the store gives them.
func byID(a, b spatial.Feature) int { return cmp.Compare(a.ID, b.ID) }
