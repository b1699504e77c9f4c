package analysis

// clustersTarget is the number of clusters that article 13 of the national plan
// names.
const clustersTarget = "n13-clusters"

// judgesTime says whether there is a target, and that of a time.
func (r *citiesRun) judgesTime() bool {
	return r.target != nil && r.target.shown.ID != clustersTarget
}

// judge holds the target against the longest time of the pairs, or against the
// number of clusters. Of all pairs those inside groups count, since the plans
// speak of the cities of one cluster; to a centre, all do.
func (r *citiesRun) judge() judgedShown {
	switch {
	case r.target == nil:
		return judgedShown{}
	case !r.judgesTime():
		n := 0
		if r.kind == byCluster {
			n = len(r.groups)
		}
		return r.target.judgeCount(countsClusters, &n)
	}
	var l longest
	measure := longestPair
	if r.in.pairs == allPairs {
		measure = longestInGroups
	}
	for _, p := range r.pairs {
		if r.in.pairs == toCentre || p.group != "" {
			l.add(p.weight, p.state)
		}
	}
	return r.target.judgeLongest(measure, l, r.band)
}
