package settlement

import (
	"cmp"
	"slices"
)

// Tier is a place's rank in the border chain of the national plan, article 21:
// border prefecture-level cities drive it, county seats and ports hold it, and
// towns and villages at the border are its footholds.
type Tier string

// The tiers.
const (
	PrefectureTier Tier = "prefecture"
	CountyTier     Tier = "county"
	PortTier       Tier = "port"
	TownTier       Tier = "town"
)

// rank orders tiers from the one that drives to the foothold; a county seat
// and a port stand beside one another. -1 for no tier.
func (t Tier) rank() int {
	switch t {
	case PrefectureTier:
		return 0
	case CountyTier, PortTier:
		return 1
	case TownTier:
		return 2
	}
	return -1
}

// Up and Down list the tiers one step above and below; empty at the ends and
// for no tier.
func (t Tier) Up() []Tier   { return tiersAt(t.rank()-1, t) }
func (t Tier) Down() []Tier { return tiersAt(t.rank()+1, t) }

func tiersAt(rank int, of Tier) []Tier {
	found := []Tier{}
	for _, t := range []Tier{PrefectureTier, CountyTier, PortTier, TownTier} {
		if of.rank() >= 0 && t.rank() == rank {
			found = append(found, t)
		}
	}
	return found
}

// LinkState tells how sound a link of the chain is.
type LinkState string

// The states of a link. A link that is unknown or without data is not judged.
const (
	Sound       LinkState = "sound"   // within the limit, the limit itself included
	Weak        LinkState = "weak"    // a way leads there, and takes longer
	Broken      LinkState = "broken"  // no way leads there, or an end of it is far from any road
	UnknownLink LinkState = "unknown" // the position of an end is not known, or which place it is
	NoData      LinkState = "no-data" // no place of the kind is loaded
	NotDue      LinkState = "not-due" // the place is itself what the link leads to
)

// Link is the way of a border place to a place that it depends on.
type Link struct {
	Place   string // id of the border place
	Kind    string // what it leads to
	State   LinkState
	Minutes *float64 // nil where there is no way, or none is known
	Excess  *float64 // minutes over the limit, of a weak link
}

// Judge finds the state of a link that a way is known of: minutes is nil where
// no way leads there.
func Judge(minutes *float64, limit float64) (LinkState, *float64) {
	switch {
	case minutes == nil:
		return Broken, nil
	case *minutes <= limit:
		return Sound, nil
	}
	excess := *minutes - limit
	return Weak, &excess
}

// Worst lists the broken links, then the weak ones by how far they are over
// the limit, the worst first; of equals by place and kind.
func Worst(links []Link) []Link {
	list := slices.DeleteFunc(slices.Clone(links), func(l Link) bool { return l.State != Broken && l.State != Weak })
	slices.SortFunc(list, func(a, b Link) int {
		return cmp.Or(cmp.Compare(rankState(a.State), rankState(b.State)), -cmp.Compare(orZero(a.Excess), orZero(b.Excess)),
			cmp.Compare(a.Place, b.Place), cmp.Compare(a.Kind, b.Kind))
	})
	return list
}

func rankState(s LinkState) int {
	if s == Broken {
		return 0
	}
	return 1
}

func orZero(v *float64) float64 {
	if v == nil {
		return 0
	}
	return *v
}
