package analysis

import (
	"slices"

	"quanyu/spatial/settlement"
)

// The states of a plan's own count against the data.
const (
	countEqual   = "equal"
	countDiffers = "differs"
	countNoData  = "no-data"
)

// checkShown is a row of the output checks: what a plan counts, what the data
// counts, and the cities that may explain a difference.
type checkShown struct {
	Target     string   `json:"target"`
	Plan       string   `json:"plan"`
	Article    int      `json:"article"`
	Province   string   `json:"province_adcode"`
	Classes    []string `json:"classes"` // empty for towns
	Stated     int      `json:"stated"`
	Counted    *int     `json:"counted"`
	Difference *int     `json:"difference"` // counted - stated
	State      string   `json:"state"`
	Uncounted  []doubt  `json:"not_classed"` // cities of the province without a class
	Close      []doubt  `json:"close_to_a_bound"`
	Quote      string   `json:"quote_zh"`
}

// doubt is a city that another count of residents could put into, or out of,
// the classes of a check.
type doubt struct {
	Adcode string  `json:"adcode"`
	NameZH any     `json:"name_zh"`
	Class  *string `json:"class"`
	Lacks  *int64  `json:"residents_to_bound"` // positive: it lacks so many for the class above; negative: so many over the lower bound
}

// closeShare is how near to a bound, as a part of it, a city is told of: what
// a city may grow or shrink in about two years.
const closeShare = 0.02

// checks holds the plans' own counts against all cities of the collection,
// whatever the filter is.
func (r *classesRun) checks() []checkShown {
	rows := []checkShown{}
	for _, c := range settlement.PlanCounts() {
		row := checkShown{Target: c.Target, Plan: c.Plan, Article: c.Article, Province: c.Province, Classes: []string{}, Stated: c.Count, State: countNoData, Uncounted: []doubt{}, Close: []doubt{}, Quote: c.QuoteZH}
		for _, class := range c.Classes {
			row.Classes = append(row.Classes, string(class))
		}
		if len(c.Classes) > 0 {
			r.count(&row, c)
		}
		rows = append(rows, row)
	}
	return rows
}

// count fills in what the data has; nothing where it has no city of the
// province with a class.
func (r *classesRun) count(row *checkShown, c settlement.PlanCount) {
	n, classed := 0, 0
	for _, city := range r.all {
		if provinceOf(city.feature) != c.Province {
			continue
		}
		class := city.class()
		if class == "" {
			row.Uncounted = append(row.Uncounted, doubt{Adcode: city.adcode, NameZH: city.feature.Properties["name_zh"]})
			continue
		}
		classed++
		if slices.Contains(c.Classes, class) {
			n++
		}
		if d, near := city.nearBound(c.Classes); near {
			row.Close = append(row.Close, d)
		}
	}
	if classed == 0 {
		return
	}
	difference := n - c.Count
	row.Counted, row.Difference, row.State = &n, &difference, countDiffers
	if difference == 0 {
		row.State = countEqual
	}
}

// nearBound tells of a city so near to a bound that passing it would change a
// count of some classes.
func (c city) nearBound(classes []settlement.Class) (doubt, bool) {
	class, around := c.class(), settlement.BoundsOf(*c.residents)
	name := string(class)
	d := doubt{Adcode: c.adcode, NameZH: c.feature.Properties["name_zh"], Class: &name}
	counts := func(c settlement.Class) bool { return slices.Contains(classes, c) }
	if above := around.Above; above != "" && counts(above) != counts(class) && float64(around.Missing) <= closeShare*float64(*c.residents+around.Missing) {
		d.Lacks = &around.Missing
		return d, true
	}
	if below := around.Below; below != "" && counts(below) != counts(class) && float64(around.Spare) <= closeShare*float64(*c.residents-around.Spare) {
		spare := -around.Spare
		d.Lacks = &spare
		return d, true
	}
	return doubt{}, false
}

// classesMetric is the output metric.
type classesMetric struct {
	Cities  int `json:"cities"`
	Classed int `json:"classed"`
	judgedShown
}

func (r *classesRun) metric(checks []checkShown) classesMetric {
	m := classesMetric{Cities: len(r.cities)}
	for _, c := range r.cities {
		if c.class() != "" {
			m.Classed++
		}
	}
	if r.target == nil {
		return m
	}
	n, measure := len(r.all), countsAllCities
	counted := &n
	for _, row := range checks {
		if row.Target == r.target.shown.ID {
			counted, measure = row.Counted, "cities of the classes in "+row.Province
			if len(row.Classes) == 0 {
				measure = "towns of " + row.Province
			}
		}
	}
	m.judgedShown = r.target.judgeCount(measure, counted)
	return m
}

// allCitiesTarget is the plan's number of all cities (685 at the end of 2020).
const allCitiesTarget = "n01-city-count"

// judgesClasses takes the counts of cities and towns that the plans state.
func judgesClasses() judging {
	ids := []string{allCitiesTarget}
	for _, c := range settlement.PlanCounts() {
		ids = append(ids, c.Target)
	}
	return judgesCounts("settlement-classes", ids)
}
