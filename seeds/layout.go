package seeds

import (
	"regexp"

	"quanyu/spatial"
)

// The fact files.
const (
	datasetsFile        = "datasets.csv"
	plansFile           = "plans.csv"
	articlesFile        = "articles.csv"
	divisionsFile       = "divisions.csv"
	seatsFile           = "seats.csv"
	citiesFile          = "cities.csv"
	clustersFile        = "city-clusters.csv"
	metropolitanFile    = "metropolitan-areas.csv"
	axesFile            = "development-axes.csv"
	zonesFile           = "zones.csv"
	airportsFile        = "airports.csv"
	borderPlacesFile    = "border-places.csv"
	borderDistancesFile = "border-distances.csv"
	targetsFile         = "targets.csv"
	mentionsFile        = "mentions.csv"
)

// tableNames is the order in which files are read and loaded: what others
// refer to comes first.
func tableNames() []string {
	return []string{datasetsFile, plansFile, articlesFile, divisionsFile, seatsFile, citiesFile, clustersFile, metropolitanFile, axesFile, zonesFile,
		airportsFile, borderPlacesFile, borderDistancesFile, targetsFile, mentionsFile}
}

// column is one column of a fact file. An empty cell is null, and a fault
// where the column is required.
type column struct {
	property spatial.Property
	required bool
	form     *regexp.Regexp // nil for any text
	words    string         // what form asks for
}

// layout is the exact header of a fact file and the collection it fills. The
// rows of a joined file are no features: they add to those of other files.
type layout struct {
	collection spatial.Collection
	columns    []column
	joined     bool
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
		plansFile:        layoutOf("plans", with("id!", "name_zh!", "name_en!", "title_zh!", "issuer!", "document_number", "issued", "period_from!", "period_to!", "adcode!", "article_count!")),
		articlesFile:     layoutOf("articles", []string{"id!", "name_zh!", "name_en!", "plan!", "number!", "title_zh!", "title_en!", "chapter!", "chapter_title_zh!", "source!"}),
		citiesFile: layoutOf("cities", with("id!", "adcode!", "name_zh!", "name_en", "province_adcode!", "level!",
			"urban_resident_population", "urban_resident_population_year", "population_source")),
		clustersFile: layoutOf("city-clusters", with("id!", "name_zh!", "name_en!", "plan!", "article!", "tier!", "role!", "centre_adcodes!", "member_adcodes!", "partial_adcodes")),
		metropolitanFile: layoutOf("metropolitan-areas", with("id!", "name_zh!", "name_en!", "plan", "article", "role", "centre_adcode!", "approved", "approved_precision",
			"member_adcodes!", "core_adcodes", "partial_adcodes")),
		axesFile: layoutOf("development-axes", with("id!", "name_zh!", "name_en!", "kind!", "carrier", "plan!", "article!", "role!", "member_adcodes", "line_adcodes")),
		zonesFile: layoutOf("zones", with("id!", "name_zh!", "name_en!", "kind!", "grade", "plan!", "article!", "role!", "status", "designated", "designated_precision", "adcode",
			"member_adcodes", "partial_adcodes", "note")),
		borderDistancesFile: joined(layoutOf("border-places", with("id!", "border_distance_km!", "border_distance_tolerance_km!"))),
		mentionsFile:        joined(layoutOf("", []string{"id!", "name_zh!", "plan!", "article!", "role!", "features!", "note", "source!"})),
		targetsFile: layoutOf("targets", []string{"id!", "name_zh!", "name_en!", "plan!", "article!", "indicator!", "comparator!", "value!", "unit!", "scope!",
			"target_year", "baseline_value", "baseline_year", "quote_zh!", "source!"}),
	}
}

func joined(l layout) layout {
	l.joined = true
	return l
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

// propertyOf is the catalog's property, or one that only the files have: the
// coordinates, the Chinese title of a dataset, and what a mention consists of.
func propertyOf(c spatial.Collection, name string) spatial.Property {
	if p, ok := c.Property(name); ok {
		return p
	}
	switch name {
	case "lon", "lat":
		return spatial.Property{Name: name, Type: spatial.Number}
	case "article":
		return spatial.Property{Name: name, Type: spatial.Integer}
	case "features":
		return spatial.Property{Name: name, Type: spatial.StringList}
	}
	return spatial.Property{Name: name, Type: spatial.String}
}
