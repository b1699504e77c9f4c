package settlement

import (
	"testing"

	"pgregory.net/rapid"
)

// TestPoliciesAtTheirBounds takes the national steps at 3 and 5 million, and
// Sichuan's own.
func TestPoliciesAtTheirBounds(t *testing.T) {
	for _, c := range []struct {
		plan, adcode string
		residents    int64
		want         Limit
		covered      bool
	}{
		{"national-14fyp", "370100", 2_999_999, Abolished, true},
		{"national-14fyp", "370100", 3_000_000, Relaxed, true},
		{"national-14fyp", "370100", 4_999_999, Relaxed, true},
		{"national-14fyp", "370100", 5_000_000, Points, true},
		{"national-14fyp", "510100", 13_340_304, Points, true},
		{"national-14fyp", "513201", 31_083, Abolished, true},
		{"sichuan-14fyp", "510100", 13_340_304, Adjusted, true},
		{"sichuan-14fyp", "510700", 1_382_004, Abolished, true},
		{"sichuan-14fyp", "510700", 3_000_000, Abolished, true},
		{"sichuan-14fyp", "510700", 5_000_000, "", true}, // the plan is silent on such a city other than Chengdu
		{"sichuan-14fyp", "500000", 16_343_989, "", false},
		{"no-plan", "500000", 16_343_989, "", false},
	} {
		p, known, covered := PolicyOf(c.plan, c.adcode, ClassOf(&c.residents))
		if p.Limit != c.want || known != (c.want != "") || covered != c.covered {
			t.Errorf("%s, %s of %d: %q, known %v, covered %v", c.plan, c.adcode, c.residents, p.Limit, known, covered)
		}
	}
	if _, known, covered := PolicyOf("national-14fyp", "511000", ""); known || !covered {
		t.Error("a city of unknown class has a policy")
	}
	if p, known, _ := PolicyOf("sichuan-14fyp", "510100", ""); !known || p.Limit != Adjusted {
		t.Error("Chengdu is named, whatever its class")
	}
}

// TestEveryCityHasOneNationalPolicy, and a larger one never a freer.
func TestEveryCityHasOneNationalPolicy(t *testing.T) {
	strict := map[Limit]int{Abolished: 0, Relaxed: 1, Points: 2}
	rapid.Check(t, func(t *rapid.T) {
		a := rapid.Int64Range(0, 20_000_000).Draw(t, "a")
		b := rapid.Int64Range(a, 20_000_000).Draw(t, "b")
		p, known, _ := PolicyOf("national-14fyp", "330100", ClassOf(&a))
		q, also, _ := PolicyOf("national-14fyp", "330100", ClassOf(&b))
		if !known || !also || strict[q.Limit] < strict[p.Limit] {
			t.Fatalf("%d: %s, %d: %s", a, p.Limit, b, q.Limit)
		}
		n := 0
		for _, row := range Policies() {
			if row.Plan == "national-14fyp" && row.asks("330100", ClassOf(&a)) {
				n++
			}
		}
		if n != 1 {
			t.Fatalf("%d residents: %d rows", a, n)
		}
	})
}
