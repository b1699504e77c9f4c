package postgis_test

import (
	"strings"
	"testing"

	"quanyu/spatial"
	"quanyu/spatial/filter"
)

// The largest filters that are read are also run.
func TestLargestFiltersRun(t *testing.T) {
	s, _ := openPlaces(t)
	for name, text := range map[string]string{
		"deepest arithmetic": "area" + strings.Repeat("+1", filter.MaxDepth-1) + " > 0",
		"deepest tree":       strings.Repeat("NOT (", filter.MaxDepth-2) + "staff = area" + strings.Repeat(")", filter.MaxDepth-2),
		"most predicates":    "area BETWEEN rate AND staff" + strings.Repeat(" OR area BETWEEN rate AND staff", filter.MaxNodes-2),
		"most values":        "staff IN (staff" + strings.Repeat(",staff", filter.MaxNodes-2) + ")",
		"most points":        "S_WITHIN(geometry, MULTIPOINT(1 1" + strings.Repeat(",1 1", filter.MaxVertices-1) + "))",
		"longest text":       "name_en LIKE '" + strings.Repeat("%a_", (filter.MaxBytes-20)/3) + "'",
	} {
		e, err := filter.Parse(text, places)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if _, err := s.Count(t.Context(), spatial.ItemsQuery{Collection: places, Limit: 1, Filter: e}); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}
