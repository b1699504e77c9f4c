// Package filter reads filters in CQL2 text and CQL2 JSON (OGC 21-065r2) into
// spatial.Expr, typed against the queryables of one collection, and writes
// them back:
//
//	opened <= DATE('2020-12-31') AND (kind = 'transport' OR name_zh LIKE '成都%')
//	S_WITHIN(geometry, BBOX(97, 26, 109, 35)) AND resident_population / area_km2 > 500
//	{"op":"=","args":[{"property":"kind"},"transport"]}
//
// Understood is all of CQL2 but functions of a server's own: comparisons, LIKE,
// BETWEEN, IN, IS NULL, CASEI and ACCENTI, the spatial, temporal and array
// functions, and arithmetic, with properties and literals on either side.
// docs/filters.md shows each by example.
//
// Reading goes in steps. lex cuts text into tokens and parser follows the
// grammar; decode follows the JSON form. Both give the same tree of terms, in
// which nothing has a type yet and each part knows where it stood. resolver
// then gives every term the type that its neighbours ask for.
//
// Where the standard leaves a choice: types are never cast, so a comparison of
// unlike types is a fault; keywords may be in any case; a backslash inside
// quotes takes a quote, a backslash or one of abtnvfr with it, and before any
// other character is a backslash, so that LIKE '100\%' needs no second one;
// lists hold scalar values of one type; INTERVAL may not end before it begins.
package filter

// Limits on a filter, so that none can cost more than a moment. The store
// compiles 64 levels.
const (
	MaxBytes    = 64 << 10 // length of the text, in either language
	MaxDepth    = 40       // levels of the tree
	MaxNodes    = 2000     // predicates, connectives, operations and values of lists
	MaxVertices = 10000    // points of all geometry literals
)

// maxNesting bounds parentheses, and arrays and objects of JSON, inside one
// another while nothing is known of them yet: those of a tree that is as deep
// as may be, with the four of a geometry and some to spare.
const maxNesting = MaxDepth + 10
