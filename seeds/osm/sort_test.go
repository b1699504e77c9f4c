package osm

import (
	"slices"
	"testing"

	"pgregory.net/rapid"
)

func TestSortIDsSortsAsSliceSort(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(0, 3*fewIDs).Draw(t, "n")
		low := rapid.Int64().Draw(t, "low")
		mask := uint64(1)<<rapid.IntRange(0, 63).Draw(t, "bits")*2 - 1
		state := rapid.Uint64().Draw(t, "seed")
		ids := make([]int64, n)
		for i := range ids {
			state = state*6364136223846793005 + 1442695040888963407
			ids[i] = low + int64(state>>1&mask)
		}
		want := slices.Clone(ids)
		slices.Sort(want)
		if sortIDs(ids); !slices.Equal(ids, want) {
			t.Fatalf("%d ids are not in order", n)
		}
	})
}
