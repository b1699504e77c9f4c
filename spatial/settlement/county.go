package settlement

// CountyType is the type of a county seat, which says how a plan wants it to
// develop.
type CountyType string

// The five types of Sichuan's plan, article 10, which are those of the national
// opinion on county seats of May 2022 (关于推进以县城为重要载体的城镇化建设的意见).
const (
	NearCity    CountyType = "near-city"         // 大城市周边县城
	Specialised CountyType = "specialised"       // 专业功能县城
	Farming     CountyType = "farming"           // 农产品主产区县城
	Ecological  CountyType = "ecological"        // 重点生态功能区县城
	Losing      CountyType = "population-losing" // 人口流失县城
)

// CountyTypes lists the types in the order in which they are tested.
func CountyTypes() []CountyType {
	return []CountyType{Losing, NearCity, Ecological, Farming, Specialised}
}

// MainFunction is the main function of a county in the national zoning (主体功能区).
type MainFunction string

// The main functions.
const (
	UrbanFunction      MainFunction = "urban"
	FarmingFunction    MainFunction = "farming"
	EcologicalFunction MainFunction = "ecological"
)

// CountySigns are the figures that a county's type rests on; what is nil or ""
// is not known.
type CountySigns struct {
	PopulationChange *float64     // of residents between two counts, as a fraction: -0.1 is a tenth fewer
	MinutesToCity    *float64     // by road to the nearest large city; +Inf where no way leads there
	MainFunction     MainFunction // of the zoning in force
	Specialised      *bool        // it holds a specialised function, such as a location quotient or a list tells
	Official         CountyType   // of a published list
}

// CountyRule holds the settings of the rule. The plans give none of them.
type CountyRule struct {
	Loss    float64 // a county loses population where its change is this or lower
	Minutes float64 // a county is near a city that is no farther than this
}

// DefaultCountyRule is a tenth fewer residents between two censuses, which are
// ten years apart, and the hour of the commute circle (national plan,
// article 14).
func DefaultCountyRule() CountyRule { return CountyRule{Loss: -0.1, Minutes: 60} }

// TypeOf finds the type of a county seat. The order of the tests is ours:
// losing people comes first, since it calls for another direction (转型) whatever
// else holds; nearness to a city before zoning, zoning before a specialised
// function, as the province may promote the latter anywhere. A county of no
// type has none: the plans do not say that the five cover all.
func (r CountyRule) TypeOf(s CountySigns) Verdict[CountyType] {
	return decide([]test[CountyType]{
		{Losing, atMost(s.PopulationChange, r.Loss)},
		{NearCity, atMost(s.MinutesToCity, r.Minutes)},
		{Ecological, s.zoned(EcologicalFunction)},
		{Farming, s.zoned(FarmingFunction)},
		{Specialised, s.Specialised},
	}, "", s.Official)
}

func (s CountySigns) zoned(as MainFunction) *bool {
	if s.MainFunction == "" {
		return nil
	}
	is := s.MainFunction == as
	return &is
}
