package spatial

func stations() Collection {
	props := append([]Property{{Name: "kind", Type: String, Enum: []string{"high-speed", "conventional", "metro"}, Description: "High-speed or conventional railway, or metro."}}, lifeSpan()...)
	props = append(props,
		Property{Name: "adcode", Type: String, Description: "Code of the county-level division it lies in; null where not determined."},
		Property{Name: "lines", Type: StringList, Description: "Names of the lines that stop there."})
	return Collection{
		ID: "stations", Title: "Railway and metro stations", TitleZH: "车站",
		Description: "Passenger stations of railways and metros, with opening dates where known.",
		Geometry:    Point, Properties: append(props, evidenceProperties()...),
		Tiles: &TileRule{MinZoom: 0, MaxZoom: 14, MaxFeatures: 4000, Rank: []string{"id"}, Properties: []string{"name_zh", "name_en", "kind", "opened", "closed"}},
	}
}

func facilities() Collection {
	props := []Property{
		{Name: "kind", Type: String, Description: "Open list: hospital, clinic, school, kindergarten, care, shelter, bus-station, parking, park, library, market, p2-lab, and what an operator adds."},
		{Name: "capacity", Type: Number, Description: "How much it holds or serves, in unit."},
		{Name: "unit", Type: String, Description: "Unit of capacity, such as bed, place or seat."},
	}
	props = append(props, lifeSpan()...)
	props = append(props,
		Property{Name: "adcode", Type: String, Description: "Code of the county-level division it lies in; null where not determined."},
		Property{Name: "address_zh", Type: String, Description: "Address."},
		Property{Name: "operator", Type: String, Description: "Who runs it."},
		Property{Name: "status", Type: String, Description: "Stage, such as planned, building, open or closed."},
		Property{Name: "note", Type: String, Description: "Remark."})
	return Collection{
		ID: "facilities", Title: "Public facilities", TitleZH: "公共服务设施",
		Description: "Hospitals, schools, care homes, shelters and other places that serve residents. Empty until an operator adds them.",
		Geometry:    Point, Properties: append(props, evidenceProperties()...), Writable: true,
		Tiles: &TileRule{MinZoom: 0, MaxZoom: 14, MaxFeatures: 4000, Rank: []string{"-capacity"}, Properties: []string{"name_zh", "name_en", "kind", "capacity", "unit"},
			// One for every 13 pixels each way, where a tile has 512 of them; more
			// cannot be told apart.
			Details: []TileDetail{{MaxZoom: 8, MaxFeatures: 1500}}},
	}
}
