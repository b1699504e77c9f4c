package settlement

// PlanCount is what a plan says of its own settlement system: so many cities
// of some classes, or so many towns.
type PlanCount struct {
	Target   string // id in the targets of the plan
	Plan     string
	Article  int
	Province string  // code of the province that it counts in
	Classes  []Class // nil for towns (建制镇)
	Count    int
	QuoteZH  string
}

// PlanCounts are the counts of Sichuan's plan, article 1. It names classes of
// 2014 without their parts, and no year: 37 cities are those of the end of 2021.
func PlanCounts() []PlanCount {
	count := func(target string, n int, quote string, classes ...Class) PlanCount {
		return PlanCount{target, "sichuan-14fyp", 1, "510000", classes, n, quote}
	}
	return []PlanCount{
		count("s01-super-cities", 1, "1个超大城市", SuperLarge),
		count("s01-large-cities", 4, "4个大城市", LargeI, LargeII),
		count("s01-medium-cities", 11, "11个中等城市", Medium),
		count("s01-small-cities", 21, "21个小城市", SmallI, SmallII),
		count("s01-towns", 2016, "2016个建制镇"),
	}
}
