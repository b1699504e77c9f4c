package seeds

import (
	"strings"
	"time"
)

// above are the levels in which a division's parent is looked for.
func above(level string) []string {
	switch level {
	case "province":
		return []string{"country"}
	case "prefecture":
		return []string{"province"}
	default: // a county may stand directly under its province
		return []string{"prefecture", "province"}
	}
}

func (c *checker) division(r row) {
	level, kind := r.text("level"), r.text("division_type")
	unlevelled := kind == "zone" || kind == "management-area"
	if unlevelled != (level == "") {
		c.add(r, "level", "must be empty for a zone or management-area, and only for them")
	}
	if level != "" && r.text("adcode") == "" {
		c.add(r, "adcode", "is empty, a division has a code")
	}
	for _, f := range []string{"resident_population", "urban_population"} {
		c.together(r, f, f+"_year")
	}
	c.together(r, "resident_population", "population_source")
	if level != "country" {
		c.parent(r)
	}
	total, known := r.values["resident_population"].(int64)
	for _, f := range []string{"urban_population", "urban_district_population"} {
		if part, ok := r.values[f].(int64); ok && (!known || part > total) {
			c.add(r, f, "%d is more than the residents, %d", part, total)
		}
	}
}

func (c *checker) parent(r row) {
	parent := r.text("parent_adcode")
	for _, level := range above(r.text("level")) {
		if _, ok := c.units[[2]string{level, parent}]; ok {
			return
		}
	}
	c.add(r, "parent_adcode", "%q is no division of a level above", parent)
}

func (c *checker) province(r row, of string) {
	p := r.text("province_adcode")
	if _, ok := c.units[[2]string{"province", p}]; !ok {
		c.add(r, "province_adcode", "%s is no province", p)
	} else if of != "" && !strings.HasPrefix(of, p[:2]) {
		c.add(r, "province_adcode", "%s is not the province of %s", p, of)
	}
}

func (c *checker) seat(r row) {
	code, level := r.text("adcode"), r.text("level")
	c.province(r, code)
	c.together(r, "lon", "lat")
	d, ok := c.units[[2]string{level, code}]
	if !ok {
		c.add(r, "adcode", "%s is no division of level %s", code, level)
		return
	}
	if r.text("id") != "seat-"+code {
		c.add(r, "id", "must be seat-%s", code)
	}
	for _, f := range []string{"name_zh", "division_type", "parent_adcode", "resident_population", "resident_population_year"} {
		if r.values[f] != d.values[f] {
			c.add(r, f, "%v is not what line %d of %s has, %v", r.values[f], d.line, divisionsFile, d.values[f])
		}
	}
}

func (c *checker) airport(r row) {
	c.province(r, "")
	c.precision(r, "opened")
	c.precision(r, "closed")
	opened, a := r.values["opened"].(time.Time)
	closed, b := r.values["closed"].(time.Time)
	if a && b && !opened.Before(closed) {
		c.add(r, "closed", "%s is not after opened", closed.Format(time.DateOnly))
	}
}

func (c *checker) borderPlace(r row) {
	if code := r.text("adcode"); code != "" {
		if _, ok := c.units[[2]string{"county", code}]; !ok {
			c.add(r, "adcode", "%s is no county-level division", code)
		}
	}
	c.planArticle(r, "article")
	if (r.text("role") == "none") != (r.text("plan") == "") {
		c.add(r, "role", "is none exactly where no plan names the place")
	}
}

// quoteRunes is how much of a plan's wording is shown.
const quoteRunes = 40

func (c *checker) target(r row) {
	c.planArticle(r, "article")
	c.together(r, "baseline_value", "baseline_year")
	if n := len([]rune(r.text("quote_zh"))); n > quoteRunes {
		c.add(r, "quote_zh", "has %d characters, at most %d", n, quoteRunes)
	}
}
