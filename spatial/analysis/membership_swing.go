package analysis

import (
	"fmt"
	"math"
	"slices"

	"quanyu/spatial/network"
	"quanyu/spatial/settlement"
)

// otherThresholds are those that membership is looked at besides the one asked
// for.
var otherThresholds = []float64{0.25, 0.5, 0.75, 1}

// sensitivity counts the members at other thresholds and speeds. By area only
// the speeds as they are can be told of, since only they were drawn.
func (r *circleRun) sensitivity(tree codeTree) []swingShown {
	thresholds := slices.Compact(slices.Sorted(slices.Values(append([]float64{r.in.membership.Threshold}, otherThresholds...))))
	factors := slices.Compact(slices.Sorted(slices.Values(r.in.factors)))
	limits := make([]network.Weight, len(factors))
	for i, f := range factors {
		limits[i] = withinAt(r.limit(), f)
	}
	shares := r.sharesAt(limits)
	if r.in.membership.Measure == byArea {
		factors, shares = []float64{1}, []map[string]*float64{{}}
		for _, m := range r.order {
			shares[0][m.code()] = m.areaShare
		}
	}
	rows := []swingShown{}
	for _, e := range r.allExtents() {
		planned, _, _ := r.plannedOf(e.extent, tree)
		for i, factor := range factors {
			for _, threshold := range thresholds {
				found, n := map[string]*bool{}, 0
				for code, share := range shares[i] {
					if found[code] = settlement.Belongs(share, threshold); found[code] != nil && *found[code] {
						n++
					}
				}
				row := swingShown{Area: orNull(e.area), Extent: orNull(e.name), Threshold: threshold, Factor: factor, Members: n}
				if len(planned) > 0 {
					row.Jaccard = settlement.Compare(planned, found).Jaccard
				}
				rows = append(rows, row)
			}
		}
	}
	return rows
}

// areaExtent is an extent with the id of its area.
type areaExtent struct {
	area string
	extent
}

// allExtents are those of all areas of the run; one of nothing where it has
// none, so that the members found are counted all the same.
func (r *circleRun) allExtents() []areaExtent {
	var list []areaExtent
	for _, a := range r.areas {
		for _, e := range a.extents {
			list = append(list, areaExtent{a.feature.ID, e})
		}
	}
	if len(list) == 0 {
		list = []areaExtent{{}}
	}
	return list
}

// withinAt is the longest time at the speeds as they are that is within a limit
// at a speed factor, by the rule of the package coverage: the time over the
// factor, rounded to milliseconds, is at most the limit.
func withinAt(minutes, factor float64) network.Weight {
	limit := math.Round(minutes * 60_000)
	w := math.Floor((limit + 0.5) * factor)
	for math.Round(w/factor) > limit {
		w--
	}
	return network.Weight(w)
}

// sharesAt gives the share of residents of every division of the level within
// each of some limits, by code; nil where they are not known.
func (r *circleRun) sharesAt(limits []network.Weight) []map[string]*float64 {
	weighed := r.weigh(limits)
	all := make([]map[string]*float64, len(limits))
	for i := range limits {
		all[i] = map[string]*float64{}
		for _, m := range r.order {
			w := weighed[m.feature.ID]
			all[i][m.code()] = nil
			if w.known {
				all[i][m.code()] = ratio(w.inside[i], w.all)
			}
		}
	}
	return all
}

// areaNotes tell how members were compared.
func (r *circleRun) areaNotes() []string {
	if len(r.areas) == 0 {
		if r.in.areas != nil {
			return []string{"No metropolitan area passes the filter, or none is loaded: there is nothing to draw or to compare."}
		}
		return nil
	}
	return []string{
		fmt.Sprintf("Planned members: divisions of level %s that the area names, or that lie in a division that it names. over_minutes is the time of a division's own seat less the limit, %v minutes. A division that the seat above stands in for is not judged against a plan; found_with_stand_ins, jaccard_with_stand_ins and sensitivity take it where that seat is.", r.in.membership.Level, r.limit()),
		"Members hang together where they share at least two vertices of their borders; that is looked at where all members found have polygons. Borders that were drawn or simplified one by one share none.",
	}
}
