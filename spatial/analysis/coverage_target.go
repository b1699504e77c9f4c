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
// the share that this means.
type targetShown struct {
	ID         string  `json:"id"`
	Plan       any     `json:"plan"`
	Article    any     `json:"article"`
	Comparator string  `json:"comparator"`
	Value      float64 `json:"value"`
	Unit       string  `json:"unit"`
	Share      float64 `json:"share"`
	TargetYear any     `json:"target_year"`
}

// readTarget finds a target by id. One that is unknown, or that no share can
// be judged by, is a fault that lists those that can.
func readTarget(ctx context.Context, in Inputs, id string, asOf time.Time) (*chosenTarget, []spatial.DatasetVersion, error) {
	c, _ := spatial.CollectionByID("targets")
	set, err := in.Features(ctx, spatial.FeatureQuery{Collection: c, AsOf: asOf, Limit: maxRows,
		Properties: []string{"plan", "article", "comparator", "value", "unit", "target_year"}})
	if err != nil {
		return nil, nil, fmt.Errorf("reading targets: %w", err)
	}
	allowed, why := []string{}, fmt.Sprintf("there is no target %s", shown(id))
	var chosen *chosenTarget
	for _, f := range set.Features {
		t, err := asTarget(f)
		if err == nil {
			allowed = append(allowed, f.ID)
		}
		if f.ID != id {
			continue
		}
		if chosen = &t; err != nil {
			chosen, why = nil, fmt.Sprintf("%s cannot be judged by coverage: %v", id, err)
		}
	}
	if chosen == nil {
		return nil, nil, spatial.BadField("/inputs/target", why, allowed)
	}
	return chosen, set.Datasets, nil
}

func asTarget(f spatial.Feature) (chosenTarget, error) {
	comparator, _ := f.Properties["comparator"].(string)
	unit, _ := f.Properties["unit"].(string)
	value, ok := asFloat(f.Properties["value"])
	if !ok {
		return chosenTarget{}, errors.New("it has no value")
	}
	t, err := coverage.NewTarget(comparator, value, unit)
	if err != nil {
		return chosenTarget{}, err
	}
	return chosenTarget{t, targetShown{f.ID, f.Properties["plan"], f.Properties["article"], comparator, value, unit, t.Value(), f.Properties["target_year"]}}, nil
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
