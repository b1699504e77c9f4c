package settlement

// TownType is the type of a small town (小城镇).
type TownType string

// The three types of the national plan, article 20, and Sichuan's, article 11.
const (
	Satellite       TownType = "satellite"     // 卫星镇
	SpecialisedTown TownType = "specialised"   // 专业功能镇
	Comprehensive   TownType = "comprehensive" // 综合性小城镇
)

// TownTypes lists the types in the order in which they are tested.
func TownTypes() []TownType { return []TownType{Satellite, SpecialisedTown, Comprehensive} }

// TownSigns are the figures that a town's type rests on; nil or "" is not
// known.
type TownSigns struct {
	MinutesToCity *float64 // by road to the nearest large city; +Inf where no way leads there
	Specialised   *bool    // it holds a special function: manufacturing, transport, trade, culture and tourism, in Sichuan also modern farming
	Official      TownType // of a published list
}

// TownRule holds the setting of the rule, which the plans do not give.
type TownRule struct {
	Minutes float64 // a town is around a city that is no farther than this
}

// DefaultTownRule takes the hour of the commute circle (national plan,
// article 14) for 大城市周边.
func DefaultTownRule() TownRule { return TownRule{Minutes: 60} }

// TypeOf finds the type of a town: satellite around a large city, else
// specialised where it has a special function, else comprehensive: the plans
// leave that to the towns far from cities, and beyond the hour every town is.
func (r TownRule) TypeOf(s TownSigns) Verdict[TownType] {
	return decide([]test[TownType]{
		{Satellite, atMost(s.MinutesToCity, r.Minutes)},
		{SpecialisedTown, s.Specialised},
	}, Comprehensive, s.Official)
}
