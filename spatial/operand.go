package spatial

import "github.com/paulmach/orb"

// Operand is what a predicate relates: a Property of the feature, a Literal,
// something computed from such, or a place, a time or a list.
type Operand interface {
	// ValueType is the type of the operand's values.
	ValueType() PropertyType
	operand()
}

// The types that operands have besides those of properties.
const (
	GeometryValue PropertyType = "geometry"
	PeriodValue   PropertyType = "interval"
)

// Literal is a literal where its type cannot be told from the other side, such
// as the left side of 'a' = 'b'. Value is as Expr says for Type.
type Literal struct {
	Type  PropertyType
	Value any
}

// ArithmeticOp is an arithmetic operator as CQL2 JSON writes it.
type ArithmeticOp string

// The arithmetic operators.
const (
	Add             ArithmeticOp = "+"
	Subtract        ArithmeticOp = "-"
	Multiply        ArithmeticOp = "*"
	Divide          ArithmeticOp = "/"
	Modulo          ArithmeticOp = "%"   // remainder of IntegerDivision, with the sign of the left side
	IntegerDivision ArithmeticOp = "div" // the quotient, cut towards zero
	Power           ArithmeticOp = "^"
)

// Arithmetic computes with two numbers, in double precision. What has no value
// there (division by zero, an even root of a negative number, a magnitude
// beyond 1e300) is unknown, as null is.
type Arithmetic struct {
	Op          ArithmeticOp
	Left, Right Operand // of type Integer or Number
}

// Fold says which differences between texts do not count: of case, as Unicode
// case folding has it, and of accents and other diacritics.
type Fold struct{ Case, Accent bool }

// Folded is a text in the form that all texts share that differ only in what
// Fold names.
type Folded struct {
	Of   Operand // of type String
	Fold Fold
}

// Condition is the truth of an expression, as a boolean value.
type Condition struct{ Expr Expr }

// FeatureGeometry is the geometry of the feature itself.
type FeatureGeometry struct{}

// Shape is a geometry literal, longitude or easting first whatever order its
// CRS prescribes on the wire.
type Shape struct {
	Geometry orb.Geometry
	CRS      CRS
}

// Period is a span of time with both ends in it, each a Date, or each a
// Timestamp; a nil end is open. An instant t is the Period from t to t.
type Period struct{ Start, End Operand }

// List is a set of values of one type; their order and number do not matter.
type List struct {
	Type  PropertyType
	Items []Operand
}

// ValueType is the property's type.
func (p Property) ValueType() PropertyType { return p.Type }

// ValueType is the literal's type.
func (l Literal) ValueType() PropertyType { return l.Type }

// ValueType is Number.
func (Arithmetic) ValueType() PropertyType { return Number }

// ValueType is String.
func (Folded) ValueType() PropertyType { return String }

// ValueType is Boolean.
func (Condition) ValueType() PropertyType { return Boolean }

// ValueType is GeometryValue.
func (FeatureGeometry) ValueType() PropertyType { return GeometryValue }

// ValueType is GeometryValue.
func (Shape) ValueType() PropertyType { return GeometryValue }

// ValueType is GeometryValue: a box is the rectangle, or over the antimeridian
// the two rectangles, that it bounds.
func (BBox) ValueType() PropertyType { return GeometryValue }

// ValueType is PeriodValue.
func (Period) ValueType() PropertyType { return PeriodValue }

// ValueType is StringList for a list of texts; lists of other types have no
// name among the properties' types and give that of their items.
func (l List) ValueType() PropertyType {
	if l.Type == String {
		return StringList
	}
	return l.Type
}

func (Property) operand()        {}
func (Literal) operand()         {}
func (Arithmetic) operand()      {}
func (Folded) operand()          {}
func (Condition) operand()       {}
func (FeatureGeometry) operand() {}
func (Shape) operand()           {}
func (BBox) operand()            {}
func (Period) operand()          {}
func (List) operand()            {}
