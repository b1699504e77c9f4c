package spatial

// geometryStatus is for polygons that this build may not ship.
var geometryStatus = Property{Name: "geometry_status", Type: String,
	Description: "needs-import while the geometry is null because boundaries or a course have to be imported first; derived when it is the union of the imported divisions of all members, partial while some members have none; indicative when it is a line through seats; present when it was given."}

// planMention says where a plan names a feature. The list of plans is open: a
// province adds its own as data.
func planMention(what string) []Property {
	return []Property{
		{Name: "plan", Type: String, Description: "Plan that names " + what + ": national-14fyp, sichuan-14fyp, or the id of another row of plans."},
		{Name: "article", Type: Integer, Description: "Article of the plan."},
	}
}

func datePrecision() []string { return []string{"day", "month", "year"} }

// partialMembers keeps apart what the published lists say of a part only, such
// as "parts of Kaizhou": the union of the members is then too large by the rest.
var partialMembers = Property{Name: "partial_adcodes", Type: StringList,
	Description: "Codes among member_adcodes of which only a part belongs, the part not being known here."}

// planMentions lists the places where a plan speaks of a feature, one object a
// place with id, plan, article, name_zh, role and note.
func planMentions(what string) Property {
	return Property{Name: "mentions", Type: JSON, Many: true, Description: "Places where a plan names " + what + ", each with plan, article, name and role."}
}

func lifeSpan() []Property {
	precision := datePrecision()
	return []Property{
		{Name: "opened", Type: Date, Description: "Start of service; null means open at any date asked."},
		{Name: "opened_precision", Type: String, Enum: precision, Description: "How exactly the opening date is known."},
		{Name: "closed", Type: Date, Description: "End of service; null while open."},
		{Name: "closed_precision", Type: String, Enum: precision, Description: "How exactly the closing date is known."},
	}
}

func cities() Collection {
	props := []Property{
		{Name: "adcode", Type: String, Description: "Division code of GB/T 2260, six digits, of the city."},
		{Name: "province_adcode", Type: String, Description: "Code of the province that the city lies in."},
		{Name: "level", Type: String, Enum: []string{"province", "prefecture", "county"}, Description: "Administrative level of the city; municipalities are province."},
	}
	props = append(props, population("urban_resident", "Permanent residents of the urban district (城区常住人口), on which size classes rest.")...)
	props = append(props,
		Property{Name: "size_class", Type: String, Description: "Size class of State Council notice 2014 No. 51."},
		Property{Name: "settlement_policy", Type: String, Description: "What the plans ask of settlement in a city of that class."},
		Property{Name: "population_source", Type: String, Description: "Dataset of the population figures."},
		planMentions("the city"))
	return Collection{
		ID: "cities", Title: "Cities", TitleZH: "城市",
		Description: "Cities with their urban permanent residents, size class and the settlement policy that it triggers.",
		Geometry:    Point, Properties: append(props, evidenceProperties()...),
		Tiles: &TileRule{MinZoom: 0, MaxZoom: 14, MaxFeatures: 2000, Rank: []string{"-urban_resident_population"}, Properties: []string{"name_zh", "name_en", "adcode", "level", "size_class", "urban_resident_population"}},
	}
}

func cityClusters() Collection {
	props := []Property{
		{Name: "plan", Type: String, Enum: []string{"national-14fyp", "sichuan-14fyp"}, Description: "Plan that names the cluster."},
		{Name: "tier", Type: String, Description: "Tier that the plan puts the cluster in."},
		{Name: "article", Type: Integer, Description: "Article of the plan."},
		{Name: "role", Type: String, Description: "What the plan asks of the cluster."},
		{Name: "centre_adcodes", Type: StringList, Description: "Codes of the central cities, six digits each."},
		{Name: "member_adcodes", Type: StringList, Description: "Codes of the member divisions, six digits each."},
		partialMembers,
		planMentions("the cluster"),
		geometryStatus,
	}
	return Collection{
		ID: "city-clusters", Title: "City clusters", TitleZH: "城市群",
		Description: "The city clusters that a plan names, with their member divisions. Polygons appear when divisions are imported.",
		Geometry:    MultiPolygon, Properties: append(props, evidenceProperties()...),
		Tiles: &TileRule{MinZoom: 0, MaxZoom: 12, MaxFeatures: 500, Rank: []string{"id"}, Properties: []string{"name_zh", "name_en", "tier", "plan"}},
	}
}

func metropolitanAreas() Collection {
	props := append(planMention("the area"),
		Property{Name: "role", Type: String, Description: "What the plan asks of the area."},
		Property{Name: "centre_adcode", Type: String, Description: "Code of the central city, six digits."},
		Property{Name: "approved", Type: Date, Description: "Approval of its development plan by the state; null where there is none."},
		Property{Name: "approved_precision", Type: String, Enum: datePrecision(), Description: "How exactly the day of approval is known."},
		Property{Name: "member_adcodes", Type: StringList, Description: "Codes of the planned member divisions, six digits each."},
		partialMembers,
		Property{Name: "core_adcodes", Type: StringList, Description: "Codes of the divisions of its narrower extent, where the plan has one inside a wider planning scope."},
		planMentions("the area"),
		geometryStatus)
	return Collection{
		ID: "metropolitan-areas", Title: "Metropolitan areas", TitleZH: "都市圈",
		Description: "Metropolitan areas around a central city, nationally approved ones with the date, and those that only a plan names.",
		Geometry:    MultiPolygon, Properties: append(props, evidenceProperties()...),
		Tiles: &TileRule{MinZoom: 0, MaxZoom: 12, MaxFeatures: 500, Rank: []string{"id"}, Properties: []string{"name_zh", "name_en", "plan", "centre_adcode", "approved"}},
	}
}

func developmentAxes() Collection {
	props := append([]Property{{Name: "kind", Type: String, Enum: []string{"axis", "belt", "corridor"}, Description: "Axis, belt or corridor."}}, planMention("the axis")...)
	props = append(props,
		Property{Name: "role", Type: String, Description: "What the plan asks of the axis."},
		Property{Name: "carrier", Type: String, Description: "What carries it: railway, expressway, road, road+rail, waterway, water or industry; null for an axis of cities."},
		Property{Name: "member_adcodes", Type: StringList, Description: "Codes of the divisions it runs through, in its order, six digits each."},
		Property{Name: "line_adcodes", Type: StringList, Description: "Codes of the divisions whose seats the line joins, in its order."},
		planMentions("the axis"),
		geometryStatus)
	return Collection{
		ID: "development-axes", Title: "Development axes", TitleZH: "发展轴带",
		Description: "Axes, belts and corridors of the plans, drawn as lines through the seats of their members: indicative, not surveyed.",
		Geometry:    LineString, Properties: append(props, evidenceProperties()...),
		Tiles: &TileRule{MinZoom: 0, MaxZoom: 12, MaxFeatures: 500, Rank: []string{"id"}, Properties: []string{"name_zh", "name_en", "kind", "plan", "article"}},
	}
}
