package analysis

import (
	"context"
	"errors"
	"fmt"
	"time"

	"quanyu/spatial"
	"quanyu/spatial/coverage"
)

// chosenTarget is a target with the row that states it.
type chosenTarget struct {
	coverage.Target
	shown targetShown
}

// targetShown is a target in the metric: its value as the plan states it, and
// of coverage the share that this means.
type targetShown struct {
	ID         string   `json:"id"`
	Plan       any      `json:"plan"`
	Article    any      `json:"article"`
	Comparator string   `json:"comparator"`
	Value      float64  `json:"value"`
	Unit       string   `json:"unit"`
	Share      *float64 `json:"share,omitempty"`
	TargetYear any      `json:"target_year"`
}

// judging makes a target of a row that a process can judge; the error says why
// it cannot.
type judging struct {
	process string
	target  func(targetShown) (coverage.Target, error)
}

// judgesShares is coverage, whose figure is a share.
var judgesShares = judging{"coverage", func(t targetShown) (coverage.Target, error) {
	return coverage.NewTarget(t.Comparator, t.Value, t.Unit)
}}

// readTarget finds a target by id. One that is unknown, or that the process
// cannot judge, is a fault that lists those that it can.
func readTarget(ctx context.Context, in Inputs, id string, asOf time.Time, by judging) (*chosenTarget, []spatial.DatasetVersion, error) {
	c, _ := spatial.CollectionByID("targets")
	set, err := in.Features(ctx, spatial.FeatureQuery{Collection: c, AsOf: asOf, Limit: maxRows,
		Properties: []string{"plan", "article", "comparator", "value", "unit", "target_year"}})
	if err != nil {
		return nil, nil, fmt.Errorf("reading targets: %w", err)
	}
	allowed, why := []string{}, fmt.Sprintf("there is no target %s", shown(id))
	var chosen *chosenTarget
	for _, f := range set.Features {
		t, err := by.read(f)
		if err == nil {
			allowed = append(allowed, f.ID)
		}
		if f.ID != id {
			continue
		}
		if chosen = &t; err != nil {
			chosen, why = nil, fmt.Sprintf("%s cannot be judged by %s: %v", id, by.process, err)
		}
	}
	if chosen == nil {
		return nil, nil, spatial.BadField("/inputs/target", why, allowed)
	}
	return chosen, set.Datasets, nil
}

func (by judging) read(f spatial.Feature) (chosenTarget, error) {
	comparator, _ := f.Properties["comparator"].(string)
	unit, _ := f.Properties["unit"].(string)
	value, ok := asFloat(f.Properties["value"])
	if !ok {
		return chosenTarget{}, errors.New("it has no value")
	}
	row := targetShown{ID: f.ID, Plan: f.Properties["plan"], Article: f.Properties["article"], Comparator: comparator, Value: value, Unit: unit, TargetYear: f.Properties["target_year"]}
	t, err := by.target(row)
	if err != nil {
		return chosenTarget{}, err
	}
	if isShare(unit) {
		share := t.Value()
		row.Share = &share
	}
	return chosenTarget{t, row}, nil
}

func isShare(unit string) bool {
	return unit == "percent" || unit == "%" || unit == "fraction" || unit == "share"
}

// asFloat takes the numeric types that features carry.
func asFloat(v any) (float64, bool) {
	switch v := v.(type) {
	case float64:
		return v, true
	case int64:
		return float64(v), true
	case int:
		return float64(v), true
	}
	return 0, false
}
