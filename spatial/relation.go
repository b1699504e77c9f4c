package spatial

// SpatialOp is a spatial comparison function as CQL2 JSON writes it.
type SpatialOp string

// The spatial comparison functions (OGC 21-065r2, clause 7; the meaning is
// that of Simple Features, OGC 06-103r4, clause 6.1.15).
const (
	SIntersects SpatialOp = "s_intersects"
	SEquals     SpatialOp = "s_equals"
	SDisjoint   SpatialOp = "s_disjoint"
	STouches    SpatialOp = "s_touches"
	SWithin     SpatialOp = "s_within"
	SOverlaps   SpatialOp = "s_overlaps"
	SCrosses    SpatialOp = "s_crosses"
	SContains   SpatialOp = "s_contains"
)

// SpatialRelation relates two geometries: FeatureGeometry, Shape or BBox. Both
// are seen on the plane of longitude and latitude, where lines are straight.
type SpatialRelation struct {
	Op          SpatialOp
	Left, Right Operand
}

// TemporalOp is a temporal comparison function as CQL2 JSON writes it.
type TemporalOp string

// The temporal comparison functions (OGC 21-065r2, clause 7; the meaning is
// that of OWL-Time). The first five take instants and intervals, the others
// intervals only.
const (
	TAfter        TemporalOp = "t_after"
	TBefore       TemporalOp = "t_before"
	TDisjoint     TemporalOp = "t_disjoint"
	TEquals       TemporalOp = "t_equals"
	TIntersects   TemporalOp = "t_intersects"
	TContains     TemporalOp = "t_contains"
	TDuring       TemporalOp = "t_during"
	TFinishedBy   TemporalOp = "t_finishedBy"
	TFinishes     TemporalOp = "t_finishes"
	TMeets        TemporalOp = "t_meets"
	TMetBy        TemporalOp = "t_metBy"
	TOverlappedBy TemporalOp = "t_overlappedBy"
	TOverlaps     TemporalOp = "t_overlaps"
	TStartedBy    TemporalOp = "t_startedBy"
	TStarts       TemporalOp = "t_starts"
)

// TakesInstants says whether the function is defined for instants too.
func (op TemporalOp) TakesInstants() bool {
	switch op {
	case TAfter, TBefore, TDisjoint, TEquals, TIntersects:
		return true
	}
	return false
}

// TemporalRelation relates two times: a Period, or an instant (a Property or
// Literal of type Date or Timestamp). All that is bounded in both is of the
// same type. An end that is null leaves what depends on it unknown.
type TemporalRelation struct {
	Op          TemporalOp
	Left, Right Operand
}

// ArrayOp is an array comparison function as CQL2 JSON writes it.
type ArrayOp string

// The array comparison functions (OGC 21-065r2, clause 7).
const (
	AEquals      ArrayOp = "a_equals"
	AContains    ArrayOp = "a_contains"
	AContainedBy ArrayOp = "a_containedBy"
	AOverlaps    ArrayOp = "a_overlaps"
)

// ArrayRelation relates two sets: a Property of type StringList, or a List.
type ArrayRelation struct {
	Op          ArrayOp
	Left, Right Operand
}

func (SpatialRelation) expr()  {}
func (TemporalRelation) expr() {}
func (ArrayRelation) expr()    {}
