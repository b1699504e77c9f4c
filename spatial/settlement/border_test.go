package settlement

import (
	"slices"
	"testing"

	"pgregory.net/rapid"
)

func TestTiersOfTheChain(t *testing.T) {
	for tier, want := range map[Tier][2][]Tier{
		PrefectureTier: {{}, {CountyTier, PortTier}},
		CountyTier:     {{PrefectureTier}, {TownTier}},
		PortTier:       {{PrefectureTier}, {TownTier}},
		TownTier:       {{CountyTier, PortTier}, {}},
		"village":      {{}, {}},
	} {
		if !slices.Equal(tier.Up(), want[0]) || !slices.Equal(tier.Down(), want[1]) {
			t.Errorf("%s: up %v, down %v", tier, tier.Up(), tier.Down())
		}
	}
}

func TestLinksAtTheLimit(t *testing.T) {
	if s, e := Judge(number(60), 60); s != Sound || e != nil {
		t.Errorf("exactly 60 minutes: %s", s)
	}
	if s, e := Judge(number(60.5), 60); s != Weak || *e != 0.5 {
		t.Errorf("60.5 minutes: %s %v", s, e)
	}
	if s, e := Judge(nil, 60); s != Broken || e != nil {
		t.Errorf("no way: %s", s)
	}
}

// TestWorstComesFirst: broken, then weak by excess; nothing else is listed, and
// what is is listed once, in whatever order links come.
func TestWorstComesFirst(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var links []Link
		for i := range rapid.IntRange(0, 20).Draw(t, "n") {
			l := Link{Place: string(rune('a' + i)), Kind: rapid.SampledFrom([]string{"port", "rail"}).Draw(t, "kind"),
				State: rapid.SampledFrom([]LinkState{Sound, Weak, Broken, UnknownLink, NoData, NotDue}).Draw(t, "state")}
			if l.State == Weak {
				l.Excess = number(float64(rapid.IntRange(1, 9).Draw(t, "excess")))
			}
			links = append(links, l)
		}
		worst := Worst(links)
		n := 0
		for _, l := range links {
			if l.State == Weak || l.State == Broken {
				n++
			}
		}
		if len(worst) != n {
			t.Fatalf("%d listed of %d", len(worst), n)
		}
		for i := 1; i < len(worst); i++ {
			a, b := worst[i-1], worst[i]
			if a.State == Weak && b.State == Broken || a.State == Weak && b.State == Weak && *a.Excess < *b.Excess {
				t.Fatalf("%+v before %+v", a, b)
			}
		}
		slices.Reverse(links)
		if again := Worst(links); !slices.EqualFunc(worst, again, func(a, b Link) bool { return a.Place == b.Place && a.Kind == b.Kind }) {
			t.Fatal("the order of links decides")
		}
	})
}
