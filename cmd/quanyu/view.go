package main

import (
	"cmp"
	"encoding/json"
	"fmt"
	"math"
	"slices"

	"quanyu/spatial/analysis"
)

// view says how rows of an output look in a terminal: which columns, in which
// order, and how many rows where all outputs are shown.
type view struct {
	columns []string
	rows    int    // 0 for all
	by      string // column that rows are ordered by; "" as they come
	falling bool   // the highest first, those without a value before them
}

// views are by process and output; an output without one shows every member
// by name.
func views() map[string]view {
	return map[string]view{
		"commute-circle/circles":      {columns: []string{"minutes", "area_km2", "reached_road_km", "population", "places", "closed_holes", "indicative"}},
		"commute-circle/members":      {columns: []string{"adcode", "name_zh", "name_en", "minutes", "population_share", "area_share", "member", "stand_in"}, rows: 40},
		"commute-circle/places":       {columns: []string{"minutes", "name_zh", "name_en", "collection", "level", "kind"}, rows: 20, by: "minutes"},
		"commute-circle/areas":        {columns: []string{"area", "name_zh", "extent", "state", "planned", "found", "both", "jaccard", "found_with_stand_ins", "jaccard_with_stand_ins", "contiguous"}},
		"commute-circle/sensitivity":  {columns: []string{"area", "extent", "threshold", "speed_factor", "members", "jaccard"}, rows: 20},
		"settlement-classes/counts":   {columns: []string{"class", "title_zh", "from", "cities", "residents", "share_of_residents", "settlement_policy"}},
		"settlement-classes/cities":   {columns: []string{"adcode", "name_zh", "urban_resident_population", "year", "size_class", "settlement_policy", "province_policy", "class_above", "missing_for_above", "state"}, rows: 40, by: "urban_resident_population", falling: true},
		"settlement-classes/policies": {columns: []string{"plan", "article", "limit", "cities", "quote_zh"}},
		"settlement-classes/changes":  {columns: []string{"adcode", "name_zh", "from_year", "to_year", "from", "to", "settlement_policy_before", "settlement_policy_after"}, rows: 40},
		"settlement-classes/checks":   {columns: []string{"target", "stated", "counted", "difference", "state", "quote_zh"}},
		"border-chain/kinds":          {columns: []string{"kind", "sound", "weak", "broken", "unknown", "no_data", "not_due", "share"}},
		"border-chain/places":         {columns: []string{"name_zh", "tier", "role", "minutes_port", "minutes_county_seat", "minutes_prefecture_seat", "minutes_airport", "minutes_hospital", "minutes_rail", "border_distance_km"}, rows: 60},
		"border-chain/links":          {columns: []string{"place_name_zh", "tier", "kind", "state", "minutes", "excess_minutes", "target_name_zh", "reason"}, rows: 20},
		"border-chain/broken":         {columns: []string{"place_name_zh", "tier", "kind", "state", "minutes", "excess_minutes", "target_name_zh", "reason"}, rows: 30},
		"settlement-types/counts":     {columns: []string{"of", "type", "places", "tests_held", "computed", "listed", "differ"}},
		"settlement-types/places":     {columns: []string{"adcode", "name_zh", "type", "tests_held", "tests_unknown", "minutes_to_city", "city_name_zh", "population_change", "main_function", "listed_type"}, rows: 40},
		"city-reach/structure":        {columns: []string{"id", "name_zh", "tier", "population", "urbanization", "area_km2", "cities", "size_measure", "rank_size_exponent", "primacy_two_city", "polycentricity_slope", "polycentricity_evenness", "share_on_axes"}},
		"city-reach/radiation":        {columns: []string{"kind", "name_zh", "minutes", "state", "city_name_zh"}, rows: 20, by: "minutes", falling: true},
		"city-reach/groups":           {columns: []string{"id", "name_zh", "name_en", "cities", "centre", "other_centres", "numerator", "denominator", "share", "low", "high"}},
		"city-reach/evidence":         {columns: []string{"name_zh", "name_en", "centre", "minutes", "margin_minutes", "cities_reached", "cities_reached_from", "others"}, rows: 20, by: "minutes", falling: true},
		"city-reach/pairs":            {columns: []string{"from", "from_name_zh", "to", "to_name_zh", "minutes", "margin_minutes", "state"}, rows: 20, by: "minutes", falling: true},
	}
}

// show picks the columns and rows of a list; left tells how many rows are not
// shown.
func (v view) show(list []map[string]any, all bool) (t *table, left int) {
	if v.by != "" {
		list = slices.Clone(list)
		slices.SortStableFunc(list, func(a, b map[string]any) int { return v.compare(a[v.by], b[v.by]) })
	}
	if !all && v.rows > 0 && len(list) > v.rows {
		list, left = list[:v.rows], len(list)-v.rows
	}
	columns := slices.DeleteFunc(slices.Clone(v.columns), func(name string) bool {
		return !slices.ContainsFunc(list, func(row map[string]any) bool { return row[name] != nil })
	})
	t = &table{head: columns, right: make([]bool, len(columns))}
	for _, row := range list {
		cells := make([]string, len(columns))
		for i, name := range columns {
			cells[i] = shortCell(row[name])
			if _, isNumber := row[name].(float64); isNumber {
				t.right[i] = true
			}
		}
		t.add(cells...)
	}
	return t, left
}

func (v view) compare(a, b any) int {
	x, y := orInfinity(a), orInfinity(b)
	if v.falling {
		x, y = y, x
	}
	return cmp.Compare(x, y)
}

func orInfinity(v any) float64 {
	if n, ok := v.(float64); ok {
		return n
	}
	return math.Inf(1)
}

// rowsOf are the rows of a list of objects, or the properties of features.
func rowsOf(value any) ([]map[string]any, error) {
	body, err := json.Marshal(value)
	if err != nil {
		return nil, err
	}
	var list []map[string]any
	if json.Unmarshal(body, &list) == nil {
		return list, nil
	}
	var collection struct {
		Features []struct{ Properties map[string]any }
	}
	if err := json.Unmarshal(body, &collection); err != nil {
		return nil, fmt.Errorf("this output is no list: %w", err)
	}
	for _, f := range collection.Features {
		list = append(list, f.Properties)
	}
	return list, nil
}

// outputTable is an output as a table, by its view where it has one; left tells
// how many rows are not shown.
func (c processCommand) outputTable(output analysis.Output) (t *table, left int, err error) {
	v, ok := views()[c.Name+"/"+output.ID]
	if !ok {
		t, err = plainRows(output.Value, shortCell)
		return t, 0, err
	}
	rows, err := rowsOf(output.Value)
	if err != nil {
		return nil, 0, err
	}
	t, left = v.show(rows, c.Output != "")
	return t, left, nil
}
