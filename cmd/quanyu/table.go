package main

import (
	"fmt"
	"io"
	"strings"
)

// table lines up columns for a person. Chinese characters take two cells of a
// terminal, so widths are counted in cells and not in runes.
type table struct {
	head  []string
	right []bool // per column: numbers are set to the right
	rows  [][]string
}

func (t *table) add(cells ...string) { t.rows = append(t.rows, cells) }

func (t *table) write(w io.Writer) {
	widths := make([]int, len(t.head))
	for _, row := range append([][]string{t.head}, t.rows...) {
		for i, cell := range row {
			widths[i] = max(widths[i], cells(cell))
		}
	}
	t.line(w, widths, t.head)
	rule := make([]string, len(widths))
	for i, width := range widths {
		rule[i] = strings.Repeat("─", width)
	}
	t.line(w, widths, rule)
	for _, row := range t.rows {
		t.line(w, widths, row)
	}
}

func (t *table) line(w io.Writer, widths []int, row []string) {
	var b strings.Builder
	for i, cell := range row {
		padding := strings.Repeat(" ", widths[i]-cells(cell))
		b.WriteString("  ")
		if i < len(t.right) && t.right[i] {
			b.WriteString(padding + cell)
		} else {
			b.WriteString(cell + padding)
		}
	}
	fmt.Fprintln(w, strings.TrimRight(b.String(), " "))
}

// cells counts terminal cells: two for the wide East Asian blocks (Unicode
// Standard Annex 11, classes W and F, as far as names of places use them).
func cells(s string) int {
	n := 0
	for _, r := range s {
		n++
		if r >= 0x1100 && r <= 0x115F || r >= 0x2E80 && r <= 0xA4CF || r >= 0xAC00 && r <= 0xD7A3 ||
			r >= 0xF900 && r <= 0xFAFF || r >= 0xFE30 && r <= 0xFE6F || r >= 0xFF00 && r <= 0xFF60 || r >= 0x20000 && r <= 0x3FFFD {
			n++
		}
	}
	return n
}
