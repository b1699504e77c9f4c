package coverage

import (
	"math"
	"slices"

	"quanyu/spatial/network"
)

// Band holds travel times against a limit at several speed factors, by the
// rule that the package tells of.
type Band struct {
	Factors []float64 // ascending
	Base    int       // index of the base factor
	limit   int64     // milliseconds
}

// NewBand makes a band of factors in any order, at least one.
func NewBand(factors []float64, minutes float64) Band {
	sorted := slices.Sorted(slices.Values(factors))
	return Band{Factors: sorted, Base: (len(sorted) - 1) / 2, limit: int64(math.Round(minutes * msPerMinute))}
}

// First is the index of the slowest factor at which a time is within the
// limit, len(Factors) when there is none.
func (b Band) First(w network.Weight) int {
	for i := range b.Factors {
		if b.at(w, i) <= b.limit {
			return i
		}
	}
	return len(b.Factors)
}

// Minutes is a time at the base factor, and what the limit leaves of it:
// negative is what it misses by.
func (b Band) Minutes(w network.Weight) (minutes, margin float64) {
	ms := b.at(w, b.Base)
	return float64(ms) / msPerMinute, float64(b.limit-ms) / msPerMinute
}

// Within says whether a time is within the limit at the base factor.
func (b Band) Within(w network.Weight) bool { return b.at(w, b.Base) <= b.limit }

// Milliseconds is a travel time at each speed factor, ascending: exact, where
// minutes are rounded.
func (b Band) Milliseconds(w network.Weight) []int64 {
	times := make([]int64, len(b.Factors))
	for i := range times {
		times[i] = b.at(w, i)
	}
	return times
}

// at is a travel time at a speed factor, in whole milliseconds.
func (b Band) at(w network.Weight, factor int) int64 {
	return int64(math.Round(float64(w) / b.Factors[factor]))
}

const msPerMinute = 60_000
