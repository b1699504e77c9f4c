package seeds

import (
	"strings"

	"github.com/paulmach/orb"

	"quanyu/spatial"
)

// composer turns rows into features and adds what other files say of them.
type composer struct {
	seats     map[string]orb.Point // by division code
	distances map[string]row       // by border place
	mentions  map[string][]any     // by "collection/id"
}

func newComposer(tables map[string]*table) *composer {
	c := &composer{seats: map[string]orb.Point{}, distances: map[string]row{}, mentions: map[string][]any{}}
	for _, r := range tables[seatsFile].rows {
		// A capital has a seat of its city and one of its province under two
		// codes; no code has two seats with a place.
		if p, ok := r.point(); ok {
			c.seats[r.text("adcode")] = p
		}
	}
	for _, r := range tables[borderDistancesFile].rows {
		c.distances[r.text("id")] = r
	}
	for _, r := range tables[mentionsFile].rows {
		for _, f := range r.list("features") {
			c.mentions[f] = append(c.mentions[f], r.mention())
		}
	}
	return c
}

// mention is what a feature keeps of the place where a plan names it.
func (r row) mention() map[string]any {
	m := map[string]any{}
	for _, name := range []string{"id", "name_zh", "plan", "article", "role", "note"} {
		if v, ok := r.values[name]; ok {
			m[name] = v
		}
	}
	return m
}

// feature is a row with its mentions; a city stands at its seat, an axis is a
// line through seats, and an extent waits for boundaries to be imported.
func (c *composer) feature(r row) spatial.Feature {
	f := r.feature()
	collection := strings.TrimSuffix(r.file, ".csv")
	if list := c.mentions[collection+"/"+f.ID]; list != nil {
		f.Properties["mentions"] = list
	}
	switch r.file {
	case citiesFile:
		if p, ok := c.seats[r.text("adcode")]; ok {
			f.Geometry = p
		}
	case axesFile:
		c.drawLine(&f, r.list("line_adcodes"))
	case clustersFile, metropolitanFile, zonesFile:
		f.Properties["geometry_status"] = "needs-import"
	case borderPlacesFile:
		c.addDistance(&f)
	}
	return f
}

// drawLine joins the seats of an axis in their order; without places to join
// the course has to be imported.
func (c *composer) drawLine(f *spatial.Feature, codes []string) {
	if len(codes) == 0 {
		f.Properties["geometry_status"] = "needs-import"
		return
	}
	line := make(orb.LineString, len(codes))
	for i, code := range codes {
		line[i] = c.seats[code]
	}
	f.Geometry, f.Properties["geometry_status"] = line, "indicative"
}

func (c *composer) addDistance(f *spatial.Feature) {
	d, ok := c.distances[f.ID]
	if !ok {
		return
	}
	for to, from := range map[string]string{
		"border_distance_km": "border_distance_km", "border_distance_tolerance_km": "border_distance_tolerance_km",
		"border_distance_source": "source", "border_distance_date": "source_date",
	} {
		f.Properties[to] = d.values[from]
	}
}
