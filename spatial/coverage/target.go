package coverage

import (
	"math"
	"math/big"
	"strconv"

	"quanyu/spatial"
)

// Verdict says whether a target is met.
type Verdict string

// The verdicts.
const (
	Met       Verdict = "met"       // at every speed factor
	NotMet    Verdict = "not-met"   // at none
	Uncertain Verdict = "uncertain" // the band straddles the target
)

// Comparators are those that a share can be judged by; > and < are strict, the
// others include the value. No tolerance is applied: a plan that says
// "basically 80 %" without a figure for "basically" is held to 80 %.
func Comparators() []string { return []string{">=", ">", "<=", "<", "="} }

// Target is a share that a plan asks for. It is kept as an exact fraction, so
// that 4 of 5 is 80 % whatever floating point makes of either.
type Target struct {
	Comparator string
	share      *big.Rat
}

// Value is the share as a fraction from 0 to 1.
func (t Target) Value() float64 { v, _ := t.share.Float64(); return v }

// NewTarget makes a target from a row of the targets collection: unit is
// "percent" or "%" for a value out of a hundred, "fraction" or "share" for one
// out of one.
func NewTarget(comparator string, value float64, unit string) (Target, error) {
	known := false
	for _, c := range Comparators() {
		known = known || c == comparator
	}
	if !known {
		return Target{}, spatial.Errorf(spatial.Unprocessable, "its comparator %q is none that a share can be judged by", comparator)
	}
	if math.IsNaN(value) || math.IsInf(value, 0) {
		return Target{}, spatial.Errorf(spatial.Unprocessable, "its value is not a finite number")
	}
	share, _ := new(big.Rat).SetString(strconv.FormatFloat(value, 'f', -1, 64))
	switch unit {
	case "percent", "%":
		share.Quo(share, big.NewRat(100, 1))
	case "fraction", "share":
	default:
		return Target{}, spatial.Errorf(spatial.Unprocessable, "its unit is %q, while coverage is a share", unit)
	}
	return Target{comparator, share}, nil
}

// Judge compares the shares at all factors with the target; false when there
// is no demand, hence no share.
func (t Target) Judge(tally Tally) (Verdict, bool) {
	if tally.Demand == 0 {
		return "", false
	}
	satisfied, below, above := 0, false, false
	for _, covered := range tally.Covered {
		sign := big.NewRat(int64(covered), int64(tally.Demand)).Cmp(t.share)
		below, above = below || sign < 0, above || sign > 0
		if t.satisfiedBy(sign) {
			satisfied++
		}
	}
	switch {
	case satisfied == len(tally.Covered):
		return Met, true
	case satisfied == 0 && !(t.Comparator == "=" && below && above):
		return NotMet, true
	}
	return Uncertain, true
}

// satisfiedBy takes the sign of share - target.
func (t Target) satisfiedBy(sign int) bool {
	switch t.Comparator {
	case ">=":
		return sign >= 0
	case ">":
		return sign > 0
	case "<=":
		return sign <= 0
	case "<":
		return sign < 0
	}
	return sign == 0
}
