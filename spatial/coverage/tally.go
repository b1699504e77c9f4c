package coverage

import "slices"

// Tally counts demand: Covered and CoveredWeight hold one figure for each
// speed factor, ascending.
type Tally struct {
	Demand        int
	Covered       []int
	Weight        float64 // of the demand whose weight is known
	CoveredWeight []float64
	WeightMissing int // demand points without weight
}

func newTally(factors int) Tally {
	return Tally{Covered: make([]int, factors), CoveredWeight: make([]float64, factors)}
}

// Share is the part of the demand covered at a factor, given by index; false
// when there is no demand to share in.
func (t Tally) Share(factor int) (float64, bool) {
	if t.Demand == 0 {
		return 0, false
	}
	return float64(t.Covered[factor]) / float64(t.Demand), true
}

// WeightedShare is the part of the known weight covered at a factor; false
// when there is none.
func (t Tally) WeightedShare(factor int) (float64, bool) {
	if t.Weight <= 0 {
		return 0, false
	}
	return t.CoveredWeight[factor] / t.Weight, true
}

// add counts one point, covered from factor first on: since a time never
// grows with the factor, covered at one means covered at all faster ones.
func (t *Tally) add(d Demand, first int) {
	t.Demand++
	if d.Weight == nil {
		t.WeightMissing++
	} else {
		t.Weight += *d.Weight
	}
	for f := first; f < len(t.Covered); f++ {
		t.Covered[f]++
		if d.Weight != nil {
			t.CoveredWeight[f] += *d.Weight
		}
	}
}

// merge adds the counts of another tally.
func (t *Tally) merge(o Tally) {
	t.Demand += o.Demand
	t.Weight += o.Weight
	t.WeightMissing += o.WeightMissing
	for f := range t.Covered {
		t.Covered[f] += o.Covered[f]
		t.CoveredWeight[f] += o.CoveredWeight[f]
	}
}

// tally counts by province first and adds those up, so that the parts sum to
// the whole to the last bit.
func tally(demand []Demand, first []int, factors int) (Tally, []Province) {
	byCode := map[string]*Tally{}
	for i, d := range demand {
		t := byCode[d.Province]
		if t == nil {
			fresh := newTally(factors)
			t = &fresh
			byCode[d.Province] = t
		}
		t.add(d, first[i])
	}
	codes := make([]string, 0, len(byCode))
	for code := range byCode {
		codes = append(codes, code)
	}
	slices.Sort(codes)
	if len(codes) > 0 && codes[0] == "" {
		codes = append(codes[1:], "")
	}
	total, provinces := newTally(factors), make([]Province, len(codes))
	for i, code := range codes {
		provinces[i] = Province{Code: code, Tally: *byCode[code]}
		total.merge(*byCode[code])
	}
	return total, provinces
}
