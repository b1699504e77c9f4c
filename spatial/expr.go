package spatial

// Expr is a filter: a tree of the nodes below and in relation.go, typed
// against one collection. filter makes them from CQL2; the store compiles them
// to SQL in which every literal is a bound parameter.
//
// What a predicate relates are operands (operand.go), most often a Property
// and a literal. A literal on the right-hand side is a plain Go value of the
// left side's type: string for String and for the elements of a StringList,
// int64 for Integer, float64 for Number, bool for Boolean, time.Time in UTC
// for Date and Timestamp. Everything else there is an Operand.
//
// Truth has three values, as in SQL: a predicate over a null is unknown, and a
// feature is kept when its filter is true.
type Expr interface{ expr() }

// And holds when every item holds; the And of nothing is TRUE.
type And struct{ Items []Expr }

// Or holds when any item holds; the Or of nothing is FALSE.
type Or struct{ Items []Expr }

// Not holds when its item does not; as in SQL, unknown stays unknown.
type Not struct{ Item Expr }

// CompareOp is a comparison operator as CQL2 writes it.
type CompareOp string

// The comparison operators.
const (
	Equal          CompareOp = "="
	NotEqual       CompareOp = "<>"
	Less           CompareOp = "<"
	LessOrEqual    CompareOp = "<="
	Greater        CompareOp = ">"
	GreaterOrEqual CompareOp = ">="
)

// Compare relates a property, or another operand, to a value: a literal of the
// property's type, or an Operand of a type that compares with it. Integers
// compare with numbers, every other type with itself only.
type Compare struct {
	Op       CompareOp
	Property Operand
	Value    any
}

// In holds when the property, or another operand, equals one of the values:
// literals or operands, as in Compare.
type In struct {
	Property Operand
	Values   []any
}

// Between holds when Low <= property <= High; both are literals or operands,
// as in Compare.
type Between struct {
	Property  Operand
	Low, High any
}

// Like matches a string property or operand: % stands for any run of
// characters, _ for one, and a backslash takes away the meaning of the next
// character. The pattern is folded before it is matched.
type Like struct {
	Property Operand
	Pattern  string
	Fold     Fold // of the pattern
}

// IsNull holds when the property, or another operand, has no value.
type IsNull struct{ Property Operand }

func (And) expr()     {}
func (Or) expr()      {}
func (Not) expr()     {}
func (Compare) expr() {}
func (In) expr()      {}
func (Between) expr() {}
func (Like) expr()    {}
func (IsNull) expr()  {}
