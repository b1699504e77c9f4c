package settlement

import (
	"math/rand/v2"
	"reflect"
	"testing"

	"pgregory.net/rapid"
)

func TestChangesAtABound(t *testing.T) {
	got := Changes([]Count{{2021, 3_000_000}, {2019, 2_999_999}, {2020, 2_999_999}, {2024, 2_999_999}})
	want := []Change{
		{Count{2020, 2_999_999}, Count{2021, 3_000_000}, LargeII, LargeI},
		{Count{2021, 3_000_000}, Count{2024, 2_999_999}, LargeI, LargeII},
	}
	if !reflect.DeepEqual(got, want) || !got[0].Grew() || got[1].Grew() {
		t.Errorf("got %+v", got)
	}
	if twice := Changes([]Count{{2020, 10}, {2020, 3_000_000}}); len(twice) != 0 {
		t.Errorf("two counts of one year are a change: %+v", twice)
	}
	if len(Changes(nil)) != 0 {
		t.Error("nothing known is a change")
	}
}

// TestChangesJoinUp: each begins with the class that the one before ended with,
// the first with that of the first year, and the order of a series is no matter.
func TestChangesJoinUp(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		years := rapid.SliceOfNDistinct(rapid.IntRange(1990, 2030), 1, 12, rapid.ID[int]).Draw(t, "years")
		series := make([]Count, len(years))
		first, last := 0, 0
		for i, y := range years {
			series[i] = Count{y, rapid.Int64Range(0, 12_000_000).Draw(t, "residents")}
			if y < years[first] {
				first = i
			}
			if y > years[last] {
				last = i
			}
		}
		changes := Changes(series)
		class := ClassOf(&series[first].Residents)
		for _, c := range changes {
			if c.From != class || c.From == c.To || c.Before.Year >= c.After.Year {
				t.Fatalf("%+v after %s", c, class)
			}
			class = c.To
		}
		if class != ClassOf(&series[last].Residents) {
			t.Fatalf("the changes end at %s", class)
		}
		rand.Shuffle(len(series), func(i, j int) { series[i], series[j] = series[j], series[i] })
		if again := Changes(series); !reflect.DeepEqual(changes, again) {
			t.Fatalf("in another order: %+v, then %+v", changes, again)
		}
	})
}
