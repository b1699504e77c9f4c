package settlement

import (
	"slices"
	"testing"

	"pgregory.net/rapid"
)

func count(n int64) *int64 { return &n }

// TestClassesAtTheirBounds takes the number itself, one less and one more of
// every bound of 国发〔2014〕51号.
func TestClassesAtTheirBounds(t *testing.T) {
	for _, c := range []struct {
		residents int64
		want      Class
	}{
		{0, SmallII}, {199_999, SmallII}, {200_000, SmallI}, {499_999, SmallI}, {500_000, Medium}, {999_999, Medium},
		{1_000_000, LargeII}, {2_999_999, LargeII}, {3_000_000, LargeI}, {3_000_001, LargeI}, {4_999_999, LargeI},
		{5_000_000, Megacity}, {9_999_999, Megacity}, {10_000_000, SuperLarge}, {17_751_681, SuperLarge},
	} {
		if got := ClassOf(&c.residents); got != c.want {
			t.Errorf("%d residents: %s, want %s", c.residents, got, c.want)
		}
	}
	if ClassOf(nil) != "" || ClassOf(count(-1)) != "" || Class("").Size() != -1 {
		t.Error("an unknown count has a class")
	}
}

func TestMoreResidentsNeverMakeAClassSmaller(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a := rapid.Int64Range(0, 40_000_000).Draw(t, "a")
		b := rapid.Int64Range(a, 40_000_000).Draw(t, "b")
		if ClassOf(&b).Size() > ClassOf(&a).Size() {
			t.Fatalf("%d is %s, %d is %s", a, ClassOf(&a), b, ClassOf(&b))
		}
	})
}

// TestBoundsLeadToTheClassesBeside: the missing residents give the class above
// and no fewer do; one more than the spare ones gives the class below.
func TestBoundsLeadToTheClassesBeside(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.OneOf(rapid.Int64Range(0, 30_000_000), rapid.SampledFrom([]int64{0, 200_000, 500_000, 1_000_000, 3_000_000, 5_000_000, 10_000_000})).Draw(t, "n")
		b, own := BoundsOf(n), ClassOf(&n)
		if b.Above == "" != (own == SuperLarge) || b.Below == "" != (own == SmallII) {
			t.Fatalf("%d: %+v", n, b)
		}
		if b.Above != "" && (ClassOf(count(n+b.Missing)) != b.Above || ClassOf(count(n+b.Missing-1)) != own || b.Missing < 1) {
			t.Fatalf("%d: %+v does not lead up", n, b)
		}
		if b.Below != "" && (ClassOf(count(n-b.Spare)) != own || ClassOf(count(n-b.Spare-1)) != b.Below) {
			t.Fatalf("%d: %+v does not lead down", n, b)
		}
	})
	if BoundsOf(-1) != (Bounds{}) {
		t.Error("no count has bounds")
	}
}

// TestBracketsDescend holds the table in the order that ClassOf needs.
func TestBracketsDescend(t *testing.T) {
	table := Brackets()
	for i := 1; i < len(table); i++ {
		if table[i].From >= table[i-1].From {
			t.Errorf("%s comes after %s", table[i].Class, table[i-1].Class)
		}
	}
	if len(slices.Compact(slices.Sorted(slices.Values(Classes())))) != 7 {
		t.Error("there are not seven classes")
	}
}
