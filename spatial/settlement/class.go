package settlement

import "slices"

// Class is the size class of a city.
type Class string

// The size classes, from large to small.
const (
	SuperLarge Class = "super-large" // 超大城市
	Megacity   Class = "megacity"    // 特大城市
	LargeI     Class = "large-i"     // I型大城市
	LargeII    Class = "large-ii"    // II型大城市
	Medium     Class = "medium"      // 中等城市
	SmallI     Class = "small-i"     // I型小城市
	SmallII    Class = "small-ii"    // II型小城市
)

// Bracket is a row of the table of size classes: a city belongs to the first
// row whose From its urban district has residents for.
type Bracket struct {
	Class   Class
	TitleZH string
	From    int64 // permanent residents of the urban district (城区常住人口); the number itself belongs to the class
}

// Brackets is the table of the State Council's notice on adjusting the
// standard of city size classes (国发〔2014〕51号), from large to small. The
// notice says that 以上 includes the number and 以下 does not, so a city of
// exactly 3,000,000 is large-i.
func Brackets() []Bracket {
	return []Bracket{
		{SuperLarge, "超大城市", 10_000_000},
		{Megacity, "特大城市", 5_000_000},
		{LargeI, "I型大城市", 3_000_000},
		{LargeII, "II型大城市", 1_000_000},
		{Medium, "中等城市", 500_000},
		{SmallI, "I型小城市", 200_000},
		{SmallII, "II型小城市", 0},
	}
}

// Classes lists the size classes from large to small.
func Classes() []Class {
	var list []Class
	for _, b := range Brackets() {
		list = append(list, b.Class)
	}
	return list
}

// ClassOf is the class of a city whose urban district has so many permanent
// residents; "" where that is not known (nil) or no count (negative).
func ClassOf(residents *int64) Class {
	if residents == nil {
		return ""
	}
	for _, b := range Brackets() {
		if *residents >= b.From {
			return b.Class
		}
	}
	return ""
}

// Size is a class by its place from large (0) to small; -1 for none.
func (c Class) Size() int { return slices.Index(Classes(), c) }

// Bounds tells how far a city is from the classes beside its own.
type Bounds struct {
	Above   Class // the next larger class, "" for the largest
	Missing int64 // residents that it lacks for that
	Below   Class // the next smaller class, "" for the smallest
	Spare   int64 // residents that it may lose and keep its class
}

// BoundsOf gives the bounds around a count of residents.
func BoundsOf(residents int64) Bounds {
	table := Brackets()
	for i, b := range table {
		if residents < b.From {
			continue
		}
		around := Bounds{Spare: residents - b.From}
		if i > 0 {
			around.Above, around.Missing = table[i-1].Class, table[i-1].From-residents
		}
		if i+1 < len(table) {
			around.Below = table[i+1].Class
		}
		return around
	}
	return Bounds{}
}
