package spatial

// Expr is a filter: a tree of the nodes below, typed against one collection.
// filter makes them from CQL2 text; the store compiles them to SQL in which
// every literal is a bound parameter. Literals have these Go types: string for
// String and for the elements of a StringList, int64 for Integer, float64 for
// Number, bool for Boolean, time.Time in UTC for Date and Timestamp.
type Expr interface{ expr() }

// And holds when every item holds.
type And struct{ Items []Expr }

// Or holds when any item holds.
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

// Compare relates a property to a literal of the property's type.
type Compare struct {
	Op       CompareOp
	Property Property
	Value    any
}

// In holds when the property equals one of the values.
type In struct {
	Property Property
	Values   []any
}

// Between holds when Low <= property <= High.
type Between struct {
	Property  Property
	Low, High any
}

// Like matches a string property: % stands for any run of characters, _ for
// one, and a backslash takes away the meaning of the next character.
type Like struct {
	Property Property
	Pattern  string
}

// IsNull holds when the property has no value.
type IsNull struct{ Property Property }

func (And) expr()     {}
func (Or) expr()      {}
func (Not) expr()     {}
func (Compare) expr() {}
func (In) expr()      {}
func (Between) expr() {}
func (Like) expr()    {}
func (IsNull) expr()  {}
