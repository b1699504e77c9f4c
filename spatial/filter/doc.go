// Package filter reads filters in CQL2 text (OGC 21-065r2) into spatial.Expr,
// typed against the queryables of one collection, and writes them back.
//
// Understood now: = <> < <= > >=, AND, OR, NOT, parentheses, [NOT] IN,
// [NOT] BETWEEN, [NOT] LIKE, IS [NOT] NULL, over a property and literals, and
// TRUE and FALSE themselves:
//
//	opened <= DATE('2020-12-31') AND (kind = 'transport' OR name_zh LIKE '成都%')
//
// That is Basic CQL2 with the advanced comparison operators; spatial,
// temporal and array functions, arithmetic, CASEI and property-property
// comparisons are refused with a message that says so.
//
// Reading goes in three steps, so that the rest of CQL2, and its JSON form,
// can be added to one step at a time: lex cuts the text into tokens, parser
// follows the grammar, typed gives each literal the type of the property that
// it stands against.
//
// Keywords may be in any case, and a literal may stand on either side of a
// comparison. One deviation from the letter of the standard: a backslash
// inside quotes is an ordinary character, so that LIKE patterns mean what
// they show; a quote inside text is written twice.
package filter

// Limits on a filter, so that no text can cost more than a moment. A
// parenthesis adds at most three levels (OR, AND, NOT) to the tree, which
// stays below the 64 that the store compiles.
const (
	MaxBytes = 16 << 10 // length of the text
	MaxDepth = 20       // parentheses inside one another
	MaxNodes = 2000     // predicates, connectives and values of IN lists
)
