package analysis

import (
	"encoding/json"
	"fmt"
	"math"
	"os"
	"reflect"
	"slices"
	"testing"
)

// measured are the members that hang on lengths and speeds of roads. They may
// move by half a minute or half a kilometre, or one in a hundred, before the
// golden file needs another look; all else is equal to the last digit.
var measured = []string{"minutes", "margin_minutes", "distance_km", "excess_minutes",
	"minutes_port", "minutes_county_seat", "minutes_prefecture_seat", "minutes_airport", "minutes_hospital", "minutes_to_city"}

// compareGolden compares JSON with a golden file, both decoded; with -update it
// writes the file anew.
func compareGolden(t *testing.T, path string, got []byte) {
	t.Helper()
	if *update {
		if err := os.WriteFile(path, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var a, b any
	if err := json.Unmarshal(got, &a); err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(want, &b); err != nil {
		t.Fatal(err)
	}
	for _, d := range differences("", "", a, b) {
		t.Error(d)
	}
	if t.Failed() {
		t.Log("look at the changes, and run with -args -update if they are right")
	}
}

// differences lists where two decoded JSON values differ; name is the member
// that holds them.
func differences(at, name string, got, want any) []string {
	switch want := want.(type) {
	case map[string]any:
		got, ok := got.(map[string]any)
		if !ok || len(got) != len(want) {
			return []string{fmt.Sprintf("%s: got the members of %v, want those of %v", at, got, want)}
		}
		var found []string
		for member := range want {
			found = append(found, differences(at+"/"+member, member, got[member], want[member])...)
		}
		slices.Sort(found)
		return found
	case []any:
		got, ok := got.([]any)
		if !ok || len(got) != len(want) {
			return []string{fmt.Sprintf("%s: got %v, want %v", at, got, want)}
		}
		var found []string
		for i := range want {
			found = append(found, differences(fmt.Sprintf("%s/%d", at, i), name, got[i], want[i])...)
		}
		return found
	case float64:
		if got, ok := got.(float64); ok && slices.Contains(measured, name) && math.Abs(got-want) <= max(0.5, math.Abs(want)/100) {
			return nil
		}
	}
	if !reflect.DeepEqual(got, want) {
		return []string{fmt.Sprintf("%s: got %v, want %v", at, got, want)}
	}
	return nil
}
