package coverage

import (
	"testing"

	"quanyu/spatial"
)

func TestJudge(t *testing.T) {
	for _, c := range []struct {
		comparator string
		value      float64
		unit       string
		covered    [3]int
		of         int
		want       Verdict
	}{
		{">=", 80, "percent", [3]int{4, 4, 5}, 5, Met}, // 4 of 5 is 80 % exactly
		{">", 80, "percent", [3]int{4, 4, 4}, 5, NotMet},
		{">", 80, "percent", [3]int{4, 5, 5}, 5, Uncertain},
		{">=", 80, "percent", [3]int{3, 3, 3}, 5, NotMet},
		{">=", 80, "percent", [3]int{799, 800, 801}, 1000, Uncertain},
		{">=", 63.89, "percent", [3]int{6389, 6389, 6389}, 10000, Met}, // not so in binary floating point
		{">", 0.6389, "fraction", [3]int{6389, 6389, 6389}, 10000, NotMet},
		{"<=", 10, "%", [3]int{0, 1, 1}, 10, Met},
		{"<", 10, "%", [3]int{0, 1, 2}, 10, Uncertain},
		{"=", 50, "percent", [3]int{5, 5, 5}, 10, Met},
		{"=", 50, "percent", [3]int{4, 4, 6}, 10, Uncertain}, // straddled, though equal at no factor
		{"=", 50, "percent", [3]int{6, 6, 7}, 10, NotMet},
	} {
		target, err := NewTarget(c.comparator, c.value, c.unit)
		if err != nil {
			t.Fatal(err)
		}
		got, ok := target.Judge(Tally{Demand: c.of, Covered: c.covered[:]})
		if !ok || got != c.want {
			t.Errorf("%v of %d %s %v %s: got %s, want %s", c.covered, c.of, c.comparator, c.value, c.unit, got, c.want)
		}
	}
	target, _ := NewTarget(">=", 80, "percent")
	if _, ok := target.Judge(newTally(3)); ok {
		t.Error("a verdict without demand")
	}
	for _, bad := range []struct{ comparator, unit string }{{"about", "percent"}, {"increase", "percent"}, {">=", "minutes"}, {"", ""}} {
		if _, err := NewTarget(bad.comparator, 80, bad.unit); spatial.KindOf(err) != spatial.Unprocessable {
			t.Errorf("%v is judged: %v", bad, err)
		}
	}
}
