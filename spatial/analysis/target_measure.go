package analysis

import (
	"fmt"
	"maps"
	"math/big"
	"slices"

	"quanyu/spatial"
	"quanyu/spatial/coverage"
	"quanyu/spatial/network"
)

// targetInput is the input that names a target, of the processes of the
// settlement system.
func targetInput(says string) InputSpec {
	return InputSpec{"target", "Target", "Id of a row of the targets collection, " + says + "; gives value and verdict in the metric.", false, Schema{"type": "string"}}
}

// judgedShown is what a target makes of an answer, in the metric; all is null
// without a target.
type judgedShown struct {
	Target  *targetShown      `json:"target"`
	Measure *string           `json:"measure"` // what value is
	Value   *float64          `json:"value"`   // in the target's unit, at the base factor; null where it is not known, or no way leads there
	Verdict *coverage.Verdict `json:"verdict"` // null where nothing can be judged
}

// judgedSchema describes an object with the members of judgedShown.
func judgedSchema(more Schema) Schema {
	return Schema{"type": "object", "properties": judgedMembers(more)}
}

func judgedMembers(more Schema) Schema {
	all := Schema{
		"target":  Schema{"type": "object", "nullable": true, "description": "The target's row."},
		"measure": Schema{"type": "string", "nullable": true, "description": "What value is."},
		"value":   Schema{"type": "number", "nullable": true, "description": "In the target's unit, at the middle speed factor; null where it is not known, or no way leads there."},
		"verdict": Schema{"type": "string", "nullable": true, "enum": []any{coverage.Met, coverage.NotMet, coverage.Uncertain, nil}, "description": "uncertain: the speed factors straddle the target, or not all that it rests on is known. null: nothing can be judged."},
	}
	maps.Copy(all, more)
	return all
}

// judgeCount holds a number of things against a target; nil is not known.
func (t *chosenTarget) judgeCount(measure string, n *int) judgedShown {
	if t == nil {
		return judgedShown{}
	}
	j := judgedShown{Target: &t.shown, Measure: &measure}
	if n != nil {
		v, verdict := float64(*n), t.JudgeEach([]*big.Rat{big.NewRat(int64(*n), 1)})
		j.Value, j.Verdict = &v, &verdict
	}
	return j
}

// longest is the longest of some times, or none yet.
type longest struct {
	weight  network.Weight
	times   int
	endless int // no way leads there
	unknown int // it is not known how long they take
}

func (l *longest) add(w network.Weight, state network.ReachState) {
	if l.times++; state != network.Reached {
		l.endless++
		return
	}
	l.weight = max(l.weight, w)
}

// judgeLongest holds the longest of some times against a target in hours or
// minutes, at every speed factor. What is not known leaves a target that the
// known times meet uncertain.
func (t *chosenTarget) judgeLongest(measure string, l longest, band coverage.Band) judgedShown {
	if t == nil {
		return judgedShown{}
	}
	j := judgedShown{Target: &t.shown, Measure: &measure}
	if l.times == 0 {
		return j
	}
	figures, ms := make([]*big.Rat, len(band.Factors)), msOfUnit[t.shown.Unit]
	if l.endless == 0 {
		for i, time := range band.Milliseconds(l.weight) {
			figures[i] = big.NewRat(time, ms)
		}
		value, _ := figures[band.Base].Float64()
		j.Value = &value
	}
	verdict := t.JudgeEach(figures)
	if verdict == coverage.Met && l.unknown > 0 {
		verdict = coverage.Uncertain
	}
	j.Verdict = &verdict
	return j
}

// notes tell how the target was judged.
func (t *chosenTarget) notes() []string {
	if t == nil {
		return nil
	}
	return []string{"The target is applied to the figure without tolerance, where a plan says basically as well; the verdict is uncertain where the speed factors straddle it or not all that it rests on is known."}
}

// msOfUnit are the units that times of targets have, in milliseconds.
var msOfUnit = map[string]int64{"minutes": 60_000, "hours": 3_600_000}

// What the processes of the settlement system measure. A count tells nothing
// by its unit of what is counted, so those of the plans are listed by id; and
// so are their times, that none is held against ways that it is not about.
const (
	countsClusters   = "city clusters among the groups"
	countsAllCities  = "cities"
	longestPair      = "longest time of a pair"
	longestInGroups  = "longest time of a pair inside a group"
	longestOfMembers = "longest time of a planned member's seat"
)

// timeTargets are the times of the plans, by the process that measures them.
var timeTargets = map[string]string{
	"n14-commute-circle": "commute-circle", "n22-two-hours": "city-reach", "s12-two-hours": "city-reach", "s12-three-hours": "city-reach",
	"n22-airport-minutes": "coverage, as its limit",
}

// judgesTimes takes targets in hours or minutes, at most so many, that no
// other process is for, and the counts given.
func judgesTimes(process string, counts ...string) judging {
	return judging{process, func(t targetShown) (coverage.Target, error) {
		if slices.Contains(counts, t.ID) {
			return coverage.NewFigure(t.Comparator, t.Value)
		}
		if msOfUnit[t.Unit] == 0 {
			return coverage.Target{}, spatial.Errorf(spatial.Unprocessable, "its unit is %q, while what is measured is a time", t.Unit)
		}
		if by, listed := timeTargets[t.ID]; listed && by != process {
			return coverage.Target{}, spatial.Errorf(spatial.Unprocessable, "it is measured by %s", by)
		}
		if t.Comparator != "<=" && t.Comparator != "<" {
			return coverage.Target{}, spatial.Errorf(spatial.Unprocessable, "its comparator is %q, while the longest time is held against a limit (<= or <)", t.Comparator)
		}
		return coverage.NewFigure(t.Comparator, t.Value)
	}}
}

// judgesCounts takes the targets of the plans whose ids are given.
func judgesCounts(process string, ids []string) judging {
	return judging{process, func(t targetShown) (coverage.Target, error) {
		if !slices.Contains(ids, t.ID) {
			return coverage.Target{}, fmt.Errorf("what it counts is none of %v", ids)
		}
		return coverage.NewFigure(t.Comparator, t.Value)
	}}
}
