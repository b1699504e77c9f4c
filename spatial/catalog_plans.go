package spatial

func plans() Collection {
	props := []Property{
		{Name: "title_zh", Type: String, Description: "Full title."},
		{Name: "issuer", Type: String, Description: "Who issued it."},
		{Name: "document_number", Type: String, Description: "Number of the document."},
		{Name: "issued", Type: Date, Description: "Day of issue."},
		{Name: "period_from", Type: Integer, Unit: "year", Description: "First year of its period."},
		{Name: "period_to", Type: Integer, Unit: "year", Description: "Last year of its period."},
		{Name: "adcode", Type: String, Description: "Division that it holds for; 100000 for the country."},
		{Name: "article_count", Type: Integer, Description: "Number of its articles."},
		{Name: "url", Type: String, Description: "Address of its text."},
	}
	return Collection{
		ID: "plans", Title: "Plans", TitleZH: "规划",
		Description: "The plans whose articles, targets and systems are held here.",
		Properties:  append(props, evidenceProperties()...),
	}
}

func articles() Collection {
	return Collection{
		ID: "articles", Title: "Articles", TitleZH: "规划条文",
		Description: "Articles of the plans by number, with title and chapter.",
		Properties: []Property{
			{Name: "plan", Type: String, Description: "Id of the plan."},
			{Name: "number", Type: Integer, Description: "Number of the article."},
			{Name: "title_zh", Type: String, Description: "Title."},
			{Name: "title_en", Type: String, Description: "Title in English."},
			{Name: "chapter", Type: Integer, Description: "Number of the chapter."},
			{Name: "chapter_title_zh", Type: String, Description: "Title of the chapter."},
			{Name: "chapter_title_en", Type: String, Description: "Title of the chapter in English."},
			{Name: "summary_en", Type: String, Description: "What the article asks, in a sentence of ours."},
		},
	}
}

func systems() Collection {
	return Collection{
		ID: "systems", Title: "Systems", TitleZH: "规划系统",
		Description: "What the plans ask to model, compute, check or monitor, each as a formula over collections, with its honest state.",
		Properties: []Property{
			{Name: "group", Type: String, Description: "Group of systems that it belongs to."},
			{Name: "rank", Type: String, Enum: []string{"core", "main", "extended"}, Description: "Named by the design or a base of that; a plain task of a planner; small or of rare data."},
			{Name: "plan_articles", Type: StringList, Description: "Articles that ask for it, such as N22 or S14."},
			{Name: "formula", Type: String, Description: "Formula that computes it: REACH, POPCOV, PER, HAS, SHARE, EXCL, LEDGER, PACE or DIR."},
			{Name: "inputs", Type: JSON, Many: true, Description: "Its inputs: collection, filter and weight of each."},
			{Name: "parameters", Type: JSON, Description: "Parameters of the formula, with what stands in where the plan leaves them open."},
			{Name: "target_ids", Type: StringList, Description: "Ids of the targets that it answers."},
			{Name: "unit", Type: String, Description: "Unit of its value."},
			{Name: "status", Type: String, Enum: []string{"computed", "ready", "observed", "recorded"}, Description: "Runs on shipped data; runs when a collection is imported; needs a statistic; is shown and not evaluated."},
			{Name: "reason", Type: String, Description: "Why it has that status."},
			{Name: "verification", Type: String, Description: "How its value can be verified."},
		},
	}
}

func indicators() Collection {
	return Collection{
		ID: "indicators", Title: "Indicators", TitleZH: "指标",
		Description: "Definitions of what observations count or measure.",
		Properties: []Property{
			{Name: "definition_zh", Type: String, Description: "Definition."},
			{Name: "definition_en", Type: String, Description: "Definition in English."},
			{Name: "unit", Type: String, Description: "Unit in which observations are kept."},
			{Name: "numerator", Type: String, Description: "Indicator on top of a ratio."},
			{Name: "denominator", Type: String, Description: "Indicator below a ratio."},
			{Name: "roll_up", Type: String, Enum: []string{"sum", "ratio-of-sums", "none"}, Description: "How values of divisions make that of the division above them."},
			{Name: "low", Type: Number, Description: "Least value that can be; a lower one is taken for an error."},
			{Name: "high", Type: Number, Description: "Greatest value that can be; a higher one is taken for an error."},
			{Name: "system", Type: String, Description: "Id of the system that it serves."},
			{Name: "note", Type: String, Description: "Remark."},
		},
	}
}

func observations() Collection {
	props := []Property{
		{Name: "indicator", Type: String, Description: "Id of the indicator."},
		{Name: "adcode", Type: String, Description: "Division that the value is of, by the codes of year."},
		{Name: "year", Type: Integer, Unit: "year", Description: "Year that the value is of."},
		{Name: "value", Type: Number, Description: "Value, in unit."},
		{Name: "unit", Type: String, Description: "Unit of value."},
		{Name: "kind", Type: String, Enum: []string{"measured", "computed", "modelled"}, Description: "Counted or measured, computed here, or the result of a model."},
		{Name: "original", Type: String, Description: "Value and unit as the source writes them."},
		{Name: "note", Type: String, Description: "Remark, such as why it was corrected."},
	}
	return Collection{
		ID: "observations", Title: "Observations", TitleZH: "观测值",
		Description: "Values of indicators by division and year. A correction is a new version: datetime asks what was held true on a day.",
		Properties:  append(props, evidenceProperties()...), Writable: true, KeepsHistory: true,
	}
}
