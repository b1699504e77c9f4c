package spatial

// Collections lists every collection that this build serves, in the order in
// which clients see them. Tables are made by migrations; a test compares the
// two, so neither can drift.
func Collections() []Collection {
	return []Collection{
		divisions(), seats(), cities(), cityClusters(), metropolitanAreas(), developmentAxes(), borderPlaces(),
		airports(), stations(), facilities(), roads(),
		controlLines(), zones(), proposals(), rules(), quotaLedger(),
		plans(), articles(), systems(), targets(), indicators(), observations(),
		scenarios(), datasets(), auditLog(),
	}
}

// CollectionByID finds a collection of the catalog.
func CollectionByID(id string) (Collection, bool) {
	for _, c := range Collections() {
		if c.ID == id {
			return c, true
		}
	}
	return Collection{}, false
}

func population(suffix, whose string) []Property {
	return []Property{
		{Name: suffix + "_population", Type: Integer, Unit: "person", Description: whose},
		{Name: suffix + "_population_year", Type: Integer, Unit: "year", Description: "Year of " + suffix + "_population."},
	}
}

func divisionIdentity() []Property {
	return []Property{
		{Name: "adcode", Type: String, Description: "Division code of GB/T 2260, six digits."},
		{Name: "level", Type: String, Enum: []string{"country", "province", "prefecture", "county", "township"}, Description: "Administrative level."},
		{Name: "division_type", Type: String, Description: "Kind of unit: municipality, prefecture-city, prefecture, autonomous-prefecture, league, district, county-city, county, autonomous-county, banner, autonomous-banner, forest-district, special-district, province, autonomous-region, special-administrative-region, statistical (carries population but is no unit)."},
		{Name: "parent_adcode", Type: String, Description: "Code of the division one level up."},
	}
}

func divisions() Collection {
	props := divisionIdentity()
	props = append(props, population("resident", "Permanent residents (census definition).")...)
	props = append(props, population("urban", "Permanent residents living in urban areas (census definition).")...)
	props = append(props, population("hukou", "Registered (hukou) population.")...)
	props = append(props,
		Property{Name: "urban_district_population", Type: Integer, Unit: "person", Description: "Permanent residents of the urban district (城区人口), on which city size classes rest."},
		Property{Name: "area_km2", Type: Number, Unit: "km2", Description: "Land area."},
		Property{Name: "population_source", Type: String, Description: "Dataset of the population figures."})
	return Collection{
		ID: "divisions", Title: "Administrative divisions", TitleZH: "行政区划",
		Description: "Provinces, prefecture-level units and county-level units by GB/T 2260 code with 2020 census counts. Rows of division_type statistical carry population and are no units: level = 'county' AND division_type <> 'statistical' gives the 2,843 county units. Boundaries are null until an operator imports them.",
		Geometry:    MultiPolygon, Properties: append(props, evidenceProperties()...),
		Tiles: &TileRule{MinZoom: 0, MaxZoom: 12, MaxFeatures: 5000, Rank: []string{"-resident_population"}, Properties: []string{"name_zh", "name_en", "adcode", "level", "resident_population"}},
	}
}

func seats() Collection {
	props := append(divisionIdentity(),
		Property{Name: "province_adcode", Type: String, Description: "Code of the province that the division lies in."},
		Property{Name: "seat_name_zh", Type: String, Description: "Place where the government sits."})
	props = append(props, population("resident", "Permanent residents of the division whose seat this is.")...)
	props = append(props, evidenceProperties()...)
	return Collection{
		ID: "seats", Title: "Seats of government", TitleZH: "行政中心",
		Description: "The place of government of each division, one row a division. level = 'prefecture' gives 337: 333 prefecture-level units and the four municipalities. County seats without a coordinate that may be shipped have no geometry.",
		Geometry:    Point, Properties: props,
		Tiles: &TileRule{MinZoom: 0, MaxZoom: 14, MaxFeatures: 4000, Rank: []string{"-level", "-resident_population"}, Properties: []string{"name_zh", "name_en", "adcode", "level", "division_type", "resident_population"}},
	}
}

func airports() Collection {
	props := []Property{
		{Name: "iata", Type: String, Description: "IATA code."},
		{Name: "icao", Type: String, Description: "ICAO code."},
		{Name: "kind", Type: String, Enum: []string{"transport", "general"}, Description: "Certified transport airport, or general aviation."},
		{Name: "opened", Type: Date, Description: "Opening to public transport; null means open at any date asked."},
		{Name: "opened_precision", Type: String, Enum: []string{"day", "month", "year"}, Description: "How exactly the opening date is known."},
		{Name: "closed", Type: Date, Description: "End of public transport; null while open."},
		{Name: "closed_precision", Type: String, Enum: []string{"day", "month", "year"}, Description: "How exactly the closing date is known."},
		{Name: "province_adcode", Type: String, Description: "Code of the province that the airport lies in."},
	}
	return Collection{
		ID: "airports", Title: "Airports", TitleZH: "机场",
		Description: "Civil transport airports with opening dates where known.",
		Geometry:    Point, Properties: append(props, evidenceProperties()...),
		Tiles: &TileRule{MinZoom: 0, MaxZoom: 14, MaxFeatures: 2000, Rank: []string{"id"}, Properties: []string{"name_zh", "name_en", "iata", "icao", "kind", "opened", "closed"}},
	}
}

func borderPlaces() Collection {
	props := []Property{
		{Name: "tier", Type: String, Enum: []string{"prefecture", "county", "port", "town"}, Description: "Place in the border chain."},
		{Name: "role", Type: String, Enum: []string{"support", "build", "upgrade", "none"}, Description: "What the plan asks of the place."},
		{Name: "kind", Type: String, Description: "Means of crossing: road, rail, river, or border-town for a settlement."},
		{Name: "neighbour", Type: String, Description: "Neighbouring state, ISO 3166-1 alpha-2."},
		{Name: "adcode", Type: String, Description: "Code of the county-level division it lies in; null where not determined."},
		{Name: "plan", Type: String, Enum: []string{"national-14fyp", "sichuan-14fyp"}, Description: "Plan that names the place."},
		{Name: "article", Type: Integer, Description: "Article of the plan."},
		{Name: "border_distance_km", Type: Number, Unit: "km", Description: "Straight distance to the nearest point of the land border, as quanyu border distances computes it."},
		{Name: "border_distance_tolerance_km", Type: Number, Unit: "km", Description: "How far that distance may be off."},
		{Name: "border_distance_source", Type: String, Description: "Dataset of the border that it was measured to."},
		{Name: "border_distance_date", Type: Date, Description: "Date to which that border speaks."},
		planMentions("the place"),
	}
	return Collection{
		ID: "border-places", Title: "Border ports and towns", TitleZH: "边境口岸与城镇",
		Description: "Border ports and border towns named by the plans.",
		Geometry:    Point, Properties: append(props, evidenceProperties()...),
		Tiles: &TileRule{MinZoom: 0, MaxZoom: 14, MaxFeatures: 2000, Rank: []string{"id"}, Properties: []string{"name_zh", "name_en", "tier", "role", "neighbour"}},
	}
}

func roads() Collection {
	return Collection{
		ID: "roads", Title: "Road networks", TitleZH: "路网",
		Description: "The routing graphs exactly as they are searched, one row an edge, mode and profile, so that anyone can check a travel time.",
		Geometry:    LineString,
		Properties: []Property{
			{Name: "network", Type: String, Description: "Name of the network."},
			{Name: "network_kind", Type: String, Enum: []string{"imported", "condensed"}, Description: "Imported from a road file, or condensed from one (modelled)."},
			{Name: "mode", Type: String, Enum: []string{"car", "bike", "walk"}, Description: "Mode of travel."},
			{Name: "profile", Type: String, Description: "Speed profile that the times are computed under."},
			{Name: "from_node", Type: Integer, Description: "Graph vertex at the first coordinate."},
			{Name: "to_node", Type: Integer, Description: "Graph vertex at the last coordinate."},
			{Name: "class", Type: String, Description: "Road class; of several, the one with most metres."},
			{Name: "length_m", Type: Number, Unit: "m", Description: "Length on the road; more than that of the drawn line where the network is condensed."},
			{Name: "speed_kmh", Type: Number, Unit: "km/h", Description: "Mean speed over the edge."},
			{Name: "seconds_forward", Type: Number, Unit: "s", Description: "Travel time from from_node to to_node; null where not allowed."},
			{Name: "seconds_backward", Type: Number, Unit: "s", Description: "Travel time from to_node to from_node; null where not allowed."},
		},
		Tiles: &TileRule{MinZoom: 0, MaxZoom: 14, MaxFeatures: 20000, Rank: []string{"-length_m", "-speed_kmh"}, Properties: []string{"network", "network_kind", "mode", "class", "speed_kmh"},
			// The longest come first, since a link is long where there are few:
			// neighbouring tiles that are cut then still match.
			// Shorter roads are below a pixel there (4.9 km at zoom 5 on the
			// equator, 1.2 km at 7); roads_geom_5km and _2km index the rest.
			Details: []TileDetail{
				{MaxZoom: 5, MaxFeatures: 4000, Property: "length_m", AtLeast: 5000},
				{MaxZoom: 7, MaxFeatures: 8000, Property: "length_m", AtLeast: 2000},
			}},
	}
}

func targets() Collection {
	return Collection{
		ID: "targets", Title: "Plan targets", TitleZH: "规划指标",
		Description: "Figures and targets that the plans state and this build evaluates.",
		Properties: []Property{
			{Name: "plan", Type: String, Enum: []string{"national-14fyp", "sichuan-14fyp"}, Description: "Plan that states it."},
			{Name: "article", Type: Integer, Description: "Article of the plan."},
			{Name: "indicator", Type: String, Description: "What is measured."},
			{Name: "comparator", Type: String, Description: "How the value is compared: >=, >, <=, <, =."},
			{Name: "value", Type: Number, Description: "Value as the plan states it, in unit."},
			{Name: "unit", Type: String, Description: "Unit of value."},
			{Name: "scope", Type: String, Description: "Territory that it holds for."},
			{Name: "target_year", Type: Integer, Unit: "year", Description: "Year to be reached by."},
			{Name: "baseline_value", Type: Number, Description: "Baseline as the plan states it."},
			{Name: "baseline_year", Type: Integer, Unit: "year", Description: "Year of the baseline."},
			{Name: "quote_zh", Type: String, Description: "The plan's words, at most 40 characters."},
		},
	}
}

func datasets() Collection {
	return Collection{
		ID: "datasets", Title: "Datasets", TitleZH: "数据集",
		Description: "Where every row comes from: licence, date, version and count of each dataset loaded.",
		Properties: []Property{
			{Name: "title", Type: String, Description: "Name of the dataset."},
			{Name: "licence", Type: String, Description: "Licence (SPDX identifier where there is one)."},
			{Name: "attribution", Type: String, Description: "Text to show wherever the data is shown."},
			{Name: "retrieved", Type: Date, Description: "When it was fetched."},
			{Name: "version", Column: "dataset_version", Type: String, Description: "Version label of the dataset."},
			{Name: "sha256", Type: String, Description: "SHA-256 of the file loaded, lower-case hex."},
			{Name: "rows", Type: Integer, Description: "Rows loaded."},
			{Name: "kind", Type: String, Enum: []string{"measured", "modelled"}, Description: "Measured or recorded, or the result of a model."},
			{Name: "report", Type: JSON, Description: "What the load kept, and what it dropped by reason."},
		},
	}
}
