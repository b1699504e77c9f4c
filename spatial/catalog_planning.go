package spatial

func cityClusters() Collection {
	return Collection{
		ID: "city-clusters", Title: "City clusters", TitleZH: "城市群",
		Description: "The city clusters that a plan names, with their member divisions. Empty until they are loaded.",
		Geometry:    MultiPolygon,
		Properties: []Property{
			{Name: "plan", Type: String, Enum: []string{"national-14fyp", "sichuan-14fyp"}, Description: "Plan that names the cluster."},
			{Name: "tier", Type: String, Description: "Tier that the plan puts the cluster in."},
			{Name: "article", Type: Integer, Description: "Article of the plan."},
			{Name: "member_adcodes", Type: StringList, Description: "Codes of the member divisions, six digits each."},
			{Name: "mentions", Type: JSON, Many: true, Description: "Other places where a plan names the cluster."},
		},
		Tiles: &TileRule{MinZoom: 0, MaxZoom: 12, MaxFeatures: 500, Rank: []string{"id"}, Properties: []string{"name_zh", "name_en", "tier", "plan"}},
	}
}

func scenarios() Collection {
	return Collection{
		ID: "scenarios", Title: "Scenarios", TitleZH: "情景",
		Description: "Changes to roads and facilities that a process can be run under: give a row's id as the input scenario.",
		Properties: []Property{
			{Name: "base", Type: String, Description: "What the edits are meant to change, such as the name of a network."},
			{Name: "edits", Type: JSON, Many: true, Description: "The edits, in the order in which they apply, as the input scenario of processes takes them."},
			{Name: "status", Type: String, Description: "Stage of the scenario, such as draft."},
		},
	}
}
