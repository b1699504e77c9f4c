package seeds

import (
	"time"
)

// checker compares rows with one another; what it finds piles up in faults.
type checker struct {
	tables   map[string]*table
	licences map[string]string // of each dataset
	units    map[[2]string]row // division by level and adcode
	codes    map[string]bool   // adcodes of divisions with a level
	located  map[string]bool   // adcodes of divisions whose seat has a place
	articles map[string]int64  // number of articles by plan
	features map[string]bool   // "collection/id" of every row that is a feature
	faults   []Fault
}

// crossCheck finds what a single cell cannot show: ids that repeat or are out
// of order, references to nothing, a licence that is not its dataset's, and
// figures that contradict each other.
func crossCheck(tables map[string]*table) []Fault {
	c := &checker{tables: tables, licences: map[string]string{}, units: map[[2]string]row{}, codes: map[string]bool{},
		located: map[string]bool{}, articles: map[string]int64{}, features: map[string]bool{}}
	for _, r := range tables[datasetsFile].rows {
		c.licences[r.text("id")] = r.text("licence")
	}
	for _, r := range tables[divisionsFile].rows {
		c.indexDivision(r)
	}
	c.indexFeatures()
	rules := map[string]func(row){
		plansFile: c.plan, articlesFile: c.article, divisionsFile: c.division, seatsFile: c.seat, citiesFile: c.city,
		clustersFile: c.cluster, metropolitanFile: c.metropolitan, axesFile: c.axis, zonesFile: c.zone,
		airportsFile: c.airport, borderPlacesFile: c.borderPlace, borderDistancesFile: c.borderDistance, targetsFile: c.target, mentionsFile: c.mention,
	}
	for _, name := range tableNames() {
		c.order(tables[name])
		for _, r := range tables[name].rows {
			if name == datasetsFile {
				continue
			}
			c.provenance(r)
			rules[name](r)
		}
	}
	return c.faults
}

func (c *checker) add(r row, field, format string, args ...any) {
	c.faults = append(c.faults, r.fault(field, format, args...))
}

// indexDivision remembers a division. The statistical row of a city without
// districts has the code of its city, at another level.
func (c *checker) indexDivision(r row) {
	code, level := r.text("adcode"), r.text("level")
	if level == "" || code == "" {
		return
	}
	key := [2]string{level, code}
	if first, ok := c.units[key]; ok {
		c.add(r, "adcode", "%s is the code of the %s in line %d already", code, level, first.line)
		return
	}
	c.units[key], c.codes[code] = r, true
}

// order holds that ids rise from row to row, which makes them unique and
// changes to the files easy to read.
func (c *checker) order(t *table) {
	for i := 1; i < len(t.rows); i++ {
		last, id := t.rows[i-1].text("id"), t.rows[i].text("id")
		switch {
		case id == last:
			c.add(t.rows[i], "id", "%s repeats the row before", id)
		case id < last:
			c.add(t.rows[i], "id", "%s comes after %s; rows are sorted by id, each once", id, last)
		}
	}
}

func (c *checker) provenance(r row) {
	source := r.text("source")
	licence, ok := c.licences[source]
	if !ok {
		c.add(r, "source", "%s is no dataset of %s", source, datasetsFile)
		return
	}
	if stated := r.text("licence"); stated != "" && stated != licence {
		c.add(r, "licence", "%s is not the licence of dataset %s, which is %s", r.text("licence"), source, licence)
	}
	if s := r.text("population_source"); s != "" {
		if _, ok := c.licences[s]; !ok {
			c.add(r, "population_source", "%s is no dataset of %s", s, datasetsFile)
		}
	}
}

// indexFeatures remembers which features there are, which seats have a place
// and how many articles each plan has.
func (c *checker) indexFeatures() {
	for _, t := range c.tables {
		if t.layout.joined {
			continue
		}
		for _, r := range t.rows {
			c.features[t.layout.collection.ID+"/"+r.text("id")] = true
		}
	}
	for _, r := range c.tables[seatsFile].rows {
		if r.values["lon"] != nil && r.values["lat"] != nil {
			c.located[r.text("adcode")] = true
		}
	}
	for _, r := range c.tables[plansFile].rows {
		c.articles[r.text("id")], _ = r.values["article_count"].(int64)
	}
}

// together holds that two fields are both given or both empty.
func (c *checker) together(r row, a, b string) {
	if (r.values[a] == nil) != (r.values[b] == nil) {
		missing, given := a, b
		if r.values[b] == nil {
			missing, given = b, a
		}
		c.add(r, missing, "is empty while %s is given", given)
	}
}

// precision holds that a date known by month or year only stands on the first
// day of it, and that dates and precisions come in pairs.
func (c *checker) precision(r row, field string) {
	c.together(r, field, field+"_precision")
	d, ok := r.values[field].(time.Time)
	p := r.text(field + "_precision")
	if !ok || p == "" {
		return
	}
	if p != "day" && d.Day() != 1 || p == "year" && d.Month() != time.January {
		c.add(r, field, "%s is known by %s only and must be its first day", d.Format(time.DateOnly), p)
	}
}
