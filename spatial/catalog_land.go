package spatial

func controlLines() Collection {
	props := []Property{
		{Name: "kind", Type: String, Enum: []string{"farmland", "ecological", "development"}, Description: "Permanent basic farmland, ecological redline, or urban development boundary."},
		{Name: "version", Column: "line_version", Type: String, Description: "Version label of the line that this part belongs to."},
		{Name: "valid_from", Type: Date, Description: "First day on which the line is in force; null where unknown."},
		{Name: "valid_to", Type: Date, Description: "First day on which it is no longer; null while in force."},
		{Name: "area_mu", Type: Number, Unit: "mu", Description: "Area as its source states it; a mu is 666.67 m2."},
		{Name: "adcode", Type: String, Description: "Code of the division that it lies in."},
		{Name: "legal_basis", Type: String, Description: "Document by which it was drawn or changed."},
		{Name: "note", Type: String, Description: "Remark."},
	}
	return Collection{
		ID: "control-lines", Title: "Control lines", TitleZH: "控制线",
		Description: "The three control lines of territorial planning (三区三线), each version with the dates between which it is in force: datetime asks for those of a day.",
		Geometry:    MultiPolygon, Properties: append(props, evidenceProperties()...), Writable: true,
		Tiles: &TileRule{MinZoom: 0, MaxZoom: 14, MaxFeatures: 5000, Rank: []string{"-area_mu"}, Properties: []string{"name_zh", "name_en", "kind", "version", "area_mu"}},
	}
}

func zones() Collection {
	props := append([]Property{
		{Name: "kind", Type: String, Description: "Open list: heritage, historic-district, scenic, hazard, flood, flood-point, new-area, cooperation, tod, renewal, shrinking, sub-centre, and what an operator adds."},
		{Name: "grade", Type: String, Description: "Grade of protection or approval, such as national or provincial."},
	}, planMention("the zone")...)
	props = append(props,
		Property{Name: "role", Type: String, Description: "What the plan asks of the zone."},
		Property{Name: "status", Type: String, Description: "Stage, such as planned or in force."},
		Property{Name: "designated", Type: Date, Description: "Day of designation or approval."},
		Property{Name: "designated_precision", Type: String, Enum: datePrecision(), Description: "How exactly that day is known."},
		Property{Name: "height_limit_m", Type: Number, Unit: "m", Description: "Greatest height of buildings in the zone."},
		Property{Name: "adcode", Type: String, Description: "Code of the division that it lies in."},
		Property{Name: "member_adcodes", Type: StringList, Description: "Codes of the divisions that make it up, six digits each."},
		partialMembers,
		planMentions("the zone"),
		geometryStatus,
		Property{Name: "note", Type: String, Description: "Remark."})
	return Collection{
		ID: "zones", Title: "Zones", TitleZH: "分区",
		Description: "Areas with rules or aims of their own: protected, hazardous, new, to be renewed, around stations.",
		Geometry:    MultiPolygon, Properties: append(props, evidenceProperties()...), Writable: true,
		Tiles: &TileRule{MinZoom: 0, MaxZoom: 14, MaxFeatures: 5000, Rank: []string{"id"}, Properties: []string{"name_zh", "name_en", "kind", "status", "plan"}},
	}
}

func proposals() Collection {
	return Collection{
		ID: "proposals", Title: "Proposals", TitleZH: "建设项目",
		Description: "Projects and changes of land to be checked against control lines, zones and rules.",
		Geometry:    MultiPolygon, Writable: true,
		Properties: []Property{
			{Name: "kind", Type: String, Description: "Open list: residential, industrial, commercial, public, infrastructure, line-change, and what an operator adds."},
			{Name: "height_m", Type: Number, Unit: "m", Description: "Greatest height of its buildings."},
			{Name: "floor_area_m2", Type: Number, Unit: "m2", Description: "Gross floor area."},
			{Name: "land_area_mu", Type: Number, Unit: "mu", Description: "Land asked for, as the proposal states it."},
			{Name: "new_land_area_mu", Type: Number, Unit: "mu", Description: "Of it, new construction land."},
			{Name: "status", Type: String, Description: "Stage, such as draft, submitted, approved, refused or built."},
			{Name: "adcode", Type: String, Description: "Code of the division that it lies in."},
			{Name: "applicant", Type: String, Description: "Who proposes it."},
			{Name: "submitted", Type: Date, Description: "Day of submission."},
			{Name: "decided", Type: Date, Description: "Day of the decision."},
			{Name: "note", Type: String, Description: "Remark."},
		},
		Tiles: &TileRule{MinZoom: 0, MaxZoom: 14, MaxFeatures: 5000, Rank: []string{"-land_area_mu"}, Properties: []string{"name_zh", "name_en", "kind", "status", "height_m"}},
	}
}

func rules() Collection {
	props := []Property{
		{Name: "applies_to", Type: String, Description: "Kind of proposal that the rule is for; null for every kind."},
		{Name: "collection", Type: String, Description: "Collection whose features it tests against, such as control-lines or zones; null for a rule on the proposal alone."},
		{Name: "feature_kind", Type: String, Description: "Kind of those features; null for every kind."},
		{Name: "measure", Type: String, Description: "What is measured, such as overlap, outside, height_m or quota."},
		{Name: "comparator", Type: String, Description: "How the measure is compared: >=, >, <=, <, =."},
		{Name: "threshold", Type: Number, Description: "Value that the measure is compared with, in unit."},
		{Name: "unit", Type: String, Description: "Unit of threshold."},
		{Name: "verdict", Type: String, Enum: []string{"allowed", "conditional", "forbidden"}, Description: "What follows where the comparison holds."},
		{Name: "adcode", Type: String, Description: "Division that the rule holds in; null everywhere."},
	}
	props = append(props, planMention("the rule")...)
	props = append(props,
		Property{Name: "quote_zh", Type: String, Description: "The plan's words, at most 40 characters."},
		Property{Name: "note", Type: String, Description: "Remark."})
	return Collection{
		ID: "rules", Title: "Land rules", TitleZH: "用地规则",
		Description: "The table of rules that a proposal is checked by; a province adds rows, not code.",
		Properties:  append(props, evidenceProperties()...),
	}
}

func quotaLedger() Collection {
	props := append([]Property{
		{Name: "adcode", Type: String, Description: "Division whose account the entry is in."},
		{Name: "year", Type: Integer, Unit: "year", Description: "Year of the entry."},
		{Name: "kind", Type: String, Description: "Kind of entry, such as quota, split, planned, approved, built, returned or stock-reuse."},
		{Name: "area_mu", Type: Number, Unit: "mu", Description: "New construction land: positive gives to the account, negative takes from it."},
		{Name: "counter_adcode", Type: String, Description: "Division at the other end of a split."},
		{Name: "proposal", Type: String, Description: "Id of the proposal that the entry is for."},
		{Name: "recorded_at", Type: Timestamp, Description: "When it was entered."},
		{Name: "recorded_by", Type: String, Description: "Who entered it."},
		{Name: "override_by", Type: String, Description: "Who allowed the account to go below zero; null where it did not."},
	}, planMention("the quota")...)
	return Collection{
		ID: "quota-ledger", Title: "Land quota ledger", TitleZH: "建设用地指标台账",
		Description: "Entries of the quota of new construction land by division and year. An entry is never changed; another one corrects it.",
		Properties:  append(props, Property{Name: "note", Type: String, Description: "Remark."}),
	}
}
