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

// Target is a figure that a plan asks for: a share, or a count or time in its
// own unit. It is kept as an exact fraction, so that 4 of 5 is 80 % whatever
// floating point makes of either.
type Target struct {
	Comparator string
	value      *big.Rat
}

// Value is the figure; a share is a fraction from 0 to 1.
func (t Target) Value() float64 { v, _ := t.value.Float64(); return v }

// NewTarget makes a target of a share from a row of the targets collection:
// unit is "percent" or "%" for a value out of a hundred, "fraction" or "share"
// for one out of one.
func NewTarget(comparator string, value float64, unit string) (Target, error) {
	t, err := NewFigure(comparator, value)
	if err != nil {
		return Target{}, err
	}
	switch unit {
	case "percent", "%":
		t.value.Quo(t.value, big.NewRat(100, 1))
	case "fraction", "share":
	default:
		return Target{}, spatial.Errorf(spatial.Unprocessable, "its unit is %q, while coverage is a share", unit)
	}
	return t, nil
}

// NewFigure makes a target of a number; what is judged by it has its unit.
func NewFigure(comparator string, value float64) (Target, error) {
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
	exact, _ := new(big.Rat).SetString(strconv.FormatFloat(value, 'f', -1, 64))
	return Target{comparator, exact}, nil
}

// Judge compares the shares at all factors with the target; false when there
// is no demand, hence no share.
func (t Target) Judge(tally Tally) (Verdict, bool) {
	if tally.Demand == 0 {
		return "", false
	}
	shares := make([]*big.Rat, len(tally.Covered))
	for i, covered := range tally.Covered {
		shares[i] = big.NewRat(int64(covered), int64(tally.Demand))
	}
	return t.JudgeEach(shares), true
}

// JudgeEach compares figures, one for each speed factor, with the target. One
// that is nil is beyond every number, as a time where no way leads.
func (t Target) JudgeEach(figures []*big.Rat) Verdict {
	satisfied, below, above := 0, false, false
	for _, figure := range figures {
		sign := 1
		if figure != nil {
			sign = figure.Cmp(t.value)
		}
		below, above = below || sign < 0, above || sign > 0
		if t.satisfiedBy(sign) {
			satisfied++
		}
	}
	switch {
	case satisfied == len(figures):
		return Met
	case satisfied == 0 && !(t.Comparator == "=" && below && above):
		return NotMet
	}
	return Uncertain
}

// satisfiedBy takes the sign of figure - target.
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
