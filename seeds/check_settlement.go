package seeds

import (
	"slices"
	"strings"
)

// members holds that every code in a list is a division: an extent with a
// name that nothing resolves is refused.
func (c *checker) members(r row, fields ...string) {
	for _, field := range fields {
		for _, code := range r.list(field) {
			if !c.codes[code] {
				c.add(r, field, "%s is no division", code)
			}
		}
	}
	for _, code := range r.list("partial_adcodes") {
		if !slices.Contains(r.list("member_adcodes"), code) {
			c.add(r, "partial_adcodes", "%s is not among the members", code)
		}
	}
}

func (c *checker) city(r row) {
	code := r.text("adcode")
	c.province(r, code)
	c.together(r, "urban_resident_population", "urban_resident_population_year")
	c.together(r, "urban_resident_population", "population_source")
	level := r.text("level")
	if level == "province" {
		level = "prefecture" // a municipality has a row at both levels
	}
	d, ok := c.units[[2]string{level, code}]
	if !ok {
		c.add(r, "adcode", "%s is no division of level %s", code, level)
		return
	}
	if r.text("id") != "city-"+code {
		c.add(r, "id", "must be city-%s", code)
	}
	if kind := d.text("division_type"); kind != "municipality" && kind != "prefecture-city" && kind != "county-city" {
		c.add(r, "adcode", "%s is a %s, no city", code, kind)
	}
	if r.values["urban_resident_population"] != d.values["urban_district_population"] {
		c.add(r, "urban_resident_population", "%v is not what line %d of %s has, %v", r.values["urban_resident_population"], d.line, divisionsFile, d.values["urban_district_population"])
	}
}

func (c *checker) cluster(r row) {
	c.planArticle(r, "article")
	c.members(r, "centre_adcodes", "member_adcodes")
	for _, code := range r.list("centre_adcodes") {
		if !covers(r.list("member_adcodes"), code) {
			c.add(r, "centre_adcodes", "%s is not among the members", code)
		}
	}
}

func (c *checker) metropolitan(r row) {
	c.planArticle(r, "article")
	c.precision(r, "approved")
	c.members(r, "member_adcodes", "core_adcodes")
	if !covers(r.list("member_adcodes"), r.text("centre_adcode")) {
		c.add(r, "centre_adcode", "%s is not among the members", r.text("centre_adcode"))
	}
	for _, code := range r.list("core_adcodes") {
		if !covers(r.list("member_adcodes"), code) {
			c.add(r, "core_adcodes", "%s lies in no member", code)
		}
	}
}

// covers tells whether a list of members has a code, the prefecture or province
// above it, or a part of it: codes of GB/T 2260 nest by two digits a level.
func covers(members []string, code string) bool {
	stem := func(s string) string { return strings.TrimSuffix(strings.TrimSuffix(s, "00"), "00") }
	return slices.ContainsFunc(members, func(m string) bool {
		return strings.HasPrefix(code, stem(m)) || strings.HasPrefix(m, stem(code))
	})
}

func (c *checker) axis(r row) {
	c.planArticle(r, "article")
	c.members(r, "member_adcodes")
	line := r.list("line_adcodes")
	if len(line) == 1 {
		c.add(r, "line_adcodes", "has one place, a line joins two or more")
	}
	for _, code := range line {
		if !c.located[code] {
			c.add(r, "line_adcodes", "the seat of %s has no place", code)
		}
	}
}

func (c *checker) zone(r row) {
	c.planArticle(r, "article")
	c.precision(r, "designated")
	c.members(r, "member_adcodes")
	if code := r.text("adcode"); code != "" && !c.codes[code] {
		c.add(r, "adcode", "%s is no division", code)
	}
}

func (c *checker) borderDistance(r row) {
	if !c.features["border-places/"+r.text("id")] {
		c.add(r, "id", "%s is no border place of %s", r.text("id"), borderPlacesFile)
	}
	for _, field := range []string{"border_distance_km", "border_distance_tolerance_km"} {
		if km, ok := r.values[field].(float64); ok && km < 0 {
			c.add(r, field, "%v is less than nothing", km)
		}
	}
}
