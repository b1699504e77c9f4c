package analysis

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"quanyu/spatial"
	"quanyu/spatial/coverage"
)

// provenance tells how the figures came about.
func (r *coverageRun) provenance() spatial.Provenance {
	return r.explain(r.shared, r.in.parameters(&r.journey), r.bandNotes(), r.edited, r.facilityNotes(), r.demandNotes(), r.gapNotes())
}

// distinct sorts datasets and leaves out what is named twice or not at all.
func distinct(datasets []spatial.DatasetVersion) []spatial.DatasetVersion {
	kept := slices.DeleteFunc(slices.Clone(datasets), func(d spatial.DatasetVersion) bool { return d.ID == "" })
	slices.SortFunc(kept, func(a, b spatial.DatasetVersion) int {
		return cmp.Or(strings.Compare(a.ID, b.ID), strings.Compare(a.Version, b.Version))
	})
	return append([]spatial.DatasetVersion{}, slices.Compact(kept)...)
}

func (r *coverageRun) bandNotes() []string {
	var notes []string
	factors := make([]string, len(r.found.Factors))
	for i, f := range r.found.Factors {
		factors[i] = fmt.Sprint(f)
	}
	base := r.found.Factors[r.found.Base]
	notes = append(notes, fmt.Sprintf("Speeds are a model. low, base and high are the shares at the slowest, middle and fastest of the speed factors %s; each divides all travel times, access legs included. All other figures are at factor %v.",
		strings.Join(factors, ", "), base))
	if r.target != nil {
		notes = append(notes, "The target is applied to the share of points without tolerance; the verdict is uncertain when the band straddles it.")
	}
	return notes
}

func (r *coverageRun) facilityNotes() []string {
	all, c := r.facilities.Features, r.in.facilities.collection
	if len(all) == 0 {
		return []string{"No facility matches, so nothing is covered."}
	}
	var notes []string
	if _, dated := c.Property("opened"); dated {
		unknown := 0
		for _, f := range all {
			if f.Properties["opened"] == nil {
				unknown++
			}
		}
		notes = append(notes, fmt.Sprintf("Facilities taken as open on %s: %d, of which %d have no known opening date.", r.in.asOf.Format(time.DateOnly), len(all), unknown))
	} else {
		notes = append(notes, fmt.Sprintf("Features of %s have no opening dates; all %d are taken as open.", c.ID, len(all)))
	}
	if len(r.found.Unsnapped) > 0 {
		ids := make([]string, len(r.found.Unsnapped))
		for i, at := range r.found.Unsnapped {
			ids[i] = all[at].ID
		}
		notes = append(notes, fmt.Sprintf("Facilities too far from any road, or without a position, that cover nothing: %d (%s).", len(ids), some(ids)))
	}
	return notes
}

func (r *coverageRun) demandNotes() []string {
	if len(r.demand.Features) == 0 {
		return []string{"No demand matches, so there is no share."}
	}
	var notes []string
	if ids := unplaced(r.demand.Features); len(ids) > 0 {
		notes = append(notes, fmt.Sprintf("Demand features whose position is not known, counted as not covered (state not-snapped): %d (%s). The share without them is higher: filter them out, or import their positions.", len(ids), some(ids)))
	}
	for _, s := range []struct {
		state coverage.State
		says  string
	}{
		{coverage.NotSnapped, "Demand points too far from any road, counted as not covered"},
		{coverage.Unreachable, "Demand points from which no facility can be reached by road, counted as not covered"},
	} {
		var ids []string
		for i, f := range r.found.Findings {
			if f.State == s.state && pointOf(r.demand.Features[i]) != nil {
				ids = append(ids, r.demand.Features[i].ID)
			}
		}
		if len(ids) > 0 {
			notes = append(notes, fmt.Sprintf("%s: %d (%s).", s.says, len(ids), some(ids)))
		}
	}
	if t := r.found.Total; r.in.weight != "" && t.WeightMissing > 0 {
		notes = append(notes, fmt.Sprintf("Demand points without %s: %d. The weighted share leaves them out, above and below the line.", r.in.weight, t.WeightMissing))
	}
	return notes
}

// unplaced lists the features whose position is not known.
func unplaced(features []spatial.Feature) []string {
	var ids []string
	for _, f := range features {
		if pointOf(f) == nil {
			ids = append(ids, f.ID)
		}
	}
	return ids
}

// some lists at most ten ids.
func some(ids []string) string {
	if len(ids) > 10 {
		return strings.Join(ids[:10], ", ") + ", …"
	}
	return strings.Join(ids, ", ")
}
