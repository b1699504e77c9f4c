package settlement

import (
	"slices"
	"strings"
)

// Limit is what a plan lets a city ask of those who register there (落户).
type Limit string

// The limits on registration.
const (
	Abolished Limit = "abolished" // no limit
	Relaxed   Limit = "relaxed"   // conditions relaxed across the board
	Points    Limit = "points"    // admission by points, without a yearly cap where possible
	Adjusted  Limit = "adjusted"  // the city's own scheme is adjusted: conditions and points side by side
)

// Policy is a row of the table of settlement policies: what a plan asks of the
// cities of some classes, or of one city.
type Policy struct {
	Plan     string
	Article  int
	Province string  // first two digits of the codes that the plan covers, "" for the country
	City     string  // code of the one city that the row is for, "" for all others
	Classes  []Class // nil for a row of one city, whose class does not matter
	Limit    Limit
	QuoteZH  string
}

const chengdu = "510100"

// Policies is the table, from the plans' own words. The national plan ties
// each step to residents of the urban district; its bounds are those of the
// size classes, and 以下 excludes the number. Sichuan's plan names Chengdu and
// lets all large, medium and small cities go free, whatever their residents.
func Policies() []Policy {
	return []Policy{
		{"national-14fyp", 6, "", "", []Class{LargeII, Medium, SmallI, SmallII}, Abolished, "全面取消城区常住人口300万以下的城市落户限制"},
		{"national-14fyp", 6, "", "", []Class{LargeI}, Relaxed, "全面放宽城区常住人口300万至500万的I型大城市落户条件"},
		{"national-14fyp", 6, "", "", []Class{SuperLarge, Megacity}, Points, "完善城区常住人口500万以上的超大特大城市积分落户政策"},
		{"sichuan-14fyp", 13, "51", chengdu, nil, Adjusted, "调整优化成都落户政策"},
		{"sichuan-14fyp", 13, "51", "", []Class{LargeI, LargeII, Medium, SmallI, SmallII}, Abolished, "大中小城市和县城全面取消落户限制"},
	}
}

// covers says whether the plan of a row speaks of a city at all.
func (p Policy) covers(adcode string) bool { return strings.HasPrefix(adcode, p.Province) }

// asks says whether the row itself is for a city.
func (p Policy) asks(adcode string, class Class) bool {
	if p.City != "" {
		return adcode == p.City
	}
	return slices.Contains(p.Classes, class)
}

// PolicyOf gives the row of a plan that holds for a city (code of GB/T 2260).
// known is false where the plan covers the city and no row can be told, as the
// class is not known or the plan is silent on it. covered is false where the
// plan does not speak of that part of the country.
func PolicyOf(plan, adcode string, class Class) (p Policy, known, covered bool) {
	for _, row := range Policies() {
		if row.Plan != plan || !row.covers(adcode) {
			continue
		}
		covered = true
		if row.asks(adcode, class) {
			return row, true, true
		}
	}
	return Policy{}, false, covered
}

// Plans lists the plans with settlement policies, in the order of the table.
func Plans() []string {
	var plans []string
	for _, p := range Policies() {
		if !slices.Contains(plans, p.Plan) {
			plans = append(plans, p.Plan)
		}
	}
	return plans
}
