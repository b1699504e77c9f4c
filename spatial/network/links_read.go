package network

import (
	"bufio"
	"fmt"
	"io"
	"strings"
)

// maxLinkRows bounds each of the two tables; the shipped ones hold some tens
// of thousands.
const maxLinkRows = 2_000_000

// ReadLinks reads a condensed network. Both files are UTF-8 text, one row a
// line, cells parted by commas and never quoted, lines that begin with "#"
// before the header being comments.
//
// Vertices: "vertex,lon,lat,places": the number of the row from 0, degrees in
// CRS84, and the ids of the places at it parted by ";". A comment
// "# not-snapped: id;id" names places that no road is near.
//
// Links: "from,to,direction,runs": vertex numbers, from <= to; both, forward
// or backward; and the runs parted by spaces, each class:metres or
// class@limit:metres, metres with at most two decimals.
//
// Anything else is an error that names file ("vertices" or "links"), line and
// column.
func ReadLinks(vertices, links io.Reader) (*LinkTable, error) {
	t := &LinkTable{}
	seen := map[string]bool{}
	err := readRows(vertices, "vertices", vertexHead, t.comment, func(r row) error {
		v, err := readVertex(r, len(t.Vertices), seen)
		t.Vertices = append(t.Vertices, v)
		return err
	})
	if err != nil {
		return nil, err
	}
	for i, id := range t.NotSnapped {
		if seen[id] || i > 0 && t.NotSnapped[i-1] >= id {
			return nil, fmt.Errorf("vertices: not-snapped: %q stands twice, is a vertex too, or is out of order", id)
		}
	}
	return t, readRows(links, "links", linkHead, func(string) {}, func(r row) error {
		l, err := readLink(r, len(t.Vertices))
		if n := len(t.Links); err == nil && n > 0 && t.Links[n-1].compare(l) > 0 {
			return r.fault(0, "is out of order: links ascend by from, to, direction and runs")
		}
		t.Links = append(t.Links, l)
		return err
	})
}

func (t *LinkTable) comment(line string) {
	if ids, ok := strings.CutPrefix(line, lostMark); ok {
		t.NotSnapped = append(t.NotSnapped, strings.Split(ids, ";")...)
	}
}

// row is one line of a table, cut into its cells.
type row struct {
	file  string
	line  int
	head  []string
	cells []string
}

func (r row) fault(i int, what string) error {
	return fmt.Errorf("%s line %d, %s: %.80q %s", r.file, r.line, r.head[i], r.cells[i], what)
}

func readRows(in io.Reader, file, head string, comment func(string), each func(row) error) error {
	r := row{file: file, head: strings.Split(head, ",")}
	lines := bufio.NewScanner(in)
	lines.Buffer(nil, 1<<20)
	started, rows := false, 0
	for lines.Scan() {
		r.line++
		text := lines.Text()
		switch {
		case !started && strings.HasPrefix(text, "#"):
			comment(text)
			continue
		case !started && text != head:
			return fmt.Errorf("%s line %d: the header is %.80q, it must be %q", file, r.line, text, head)
		case !started:
			started = true
			continue
		}
		if r.cells = strings.Split(text, ","); len(r.cells) != len(r.head) {
			return fmt.Errorf("%s line %d: %d cells, the header has %d", file, r.line, len(r.cells), len(r.head))
		}
		if rows++; rows > maxLinkRows {
			return fmt.Errorf("%s line %d: more than %d rows", file, r.line, maxLinkRows)
		}
		if err := each(r); err != nil {
			return err
		}
	}
	if err := lines.Err(); err != nil {
		return fmt.Errorf("%s line %d: %w", file, r.line+1, err)
	}
	if !started {
		return fmt.Errorf("%s: no header", file)
	}
	return nil
}
