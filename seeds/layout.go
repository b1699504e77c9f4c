package seeds

import (
	"regexp"

	"quanyu/spatial"
)

// The fact files.
const (
	datasetsFile     = "datasets.csv"
	divisionsFile    = "divisions.csv"
	seatsFile        = "seats.csv"
	airportsFile     = "airports.csv"
	borderPlacesFile = "border-places.csv"
	targetsFile      = "targets.csv"
)

// tableNames is the order in which files are read and loaded: what others
// refer to comes first.
func tableNames() []string {
	return []string{datasetsFile, divisionsFile, seatsFile, airportsFile, borderPlacesFile, targetsFile}
}

// column is one column of a fact file. An empty cell is null, and a fault
// where the column is required.
type column struct {
	property spatial.Property
	required bool
	form     *regexp.Regexp // nil for any text
	words    string         // what form asks for
}

// layout is the exact header of a fact file and the collection it fills.
type layout struct {
	collection spatial.Collection
	columns    []column
}

// layouts gives the layout of each file. In the lists a trailing "!" marks a
// required column; types and closed lists come from the catalog, so that the
// files cannot drift from it.
func layouts() map[string]layout {
	evidence := []string{"source!", "source_ref!", "licence!", "source_date", "confidence!"}
	with := func(names ...string) []string { return append(names, evidence...) }
	return map[string]layout{
		datasetsFile: layoutOf("datasets", []string{"id!", "title!", "title_zh!", "licence!", "attribution!", "retrieved!", "version!", "sha256", "kind!"}),
		divisionsFile: layoutOf("divisions", with("id!", "adcode", "name_zh!", "name_en", "level", "division_type!", "parent_adcode",
			"resident_population", "resident_population_year", "urban_population", "urban_population_year", "urban_district_population", "population_source")),
		seatsFile: layoutOf("seats", with("id!", "adcode!", "name_zh!", "name_en", "level!", "division_type!", "parent_adcode!", "province_adcode!", "seat_name_zh",
			"lon", "lat", "resident_population", "resident_population_year")),
		airportsFile: layoutOf("airports", with("id!", "name_zh!", "name_en!", "iata!", "icao!", "kind!", "lon!", "lat!", "province_adcode!",
			"opened", "opened_precision", "closed", "closed_precision")),
		borderPlacesFile: layoutOf("border-places", with("id!", "name_zh!", "name_en!", "tier!", "role!", "kind!", "neighbour!", "adcode", "plan", "article", "lon!", "lat!")),
		targetsFile: layoutOf("targets", []string{"id!", "name_zh!", "name_en!", "plan!", "article!", "indicator!", "comparator!", "value!", "unit!", "scope!",
			"target_year", "baseline_value", "baseline_year", "quote_zh!", "source!"}),
	}
}

func layoutOf(collection string, names []string) layout {
	c, _ := spatial.CollectionByID(collection)
	l := layout{collection: c}
	for _, name := range names {
		col := column{required: name[len(name)-1] == '!'}
		if col.required {
			name = name[:len(name)-1]
		}
		col.property = propertyOf(c, name)
		col.form, col.words = formOf(name)
		l.columns = append(l.columns, col)
	}
	return l
}

// propertyOf is the catalog's property, or one of the two that only the files
// have: the coordinates, and the Chinese title of a dataset.
func propertyOf(c spatial.Collection, name string) spatial.Property {
	if p, ok := c.Property(name); ok {
		return p
	}
	if name == "lon" || name == "lat" {
		return spatial.Property{Name: name, Type: spatial.Number}
	}
	return spatial.Property{Name: name, Type: spatial.String}
}
