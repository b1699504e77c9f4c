package seeds

import (
	"fmt"
	"strings"
)

// shownFaults bounds an error's text; FactsError.Faults has them all.
const shownFaults = 20

// Fault is one thing wrong with a fact file. Line counts from 1, the header
// included; Field is the column, "" when the fault is the whole row's.
type Fault struct {
	File   string
	Line   int
	Field  string
	Detail string
}

// String writes the fault as file:line: field: detail.
func (f Fault) String() string {
	if f.Field == "" {
		return fmt.Sprintf("%s:%d: %s", f.File, f.Line, f.Detail)
	}
	return fmt.Sprintf("%s:%d: %s: %s", f.File, f.Line, f.Field, f.Detail)
}

// FactsError tells every fault of a set of fact files, in their order.
type FactsError struct{ Faults []Fault }

// Error lists the first faults, a line each, and counts the others.
func (e *FactsError) Error() string {
	lines := []string{fmt.Sprintf("the fact files have %d fault(s)", len(e.Faults))}
	for i, f := range e.Faults {
		if i == shownFaults {
			lines = append(lines, fmt.Sprintf("and %d more", len(e.Faults)-i))
			break
		}
		lines = append(lines, f.String())
	}
	return strings.Join(lines, "\n")
}
