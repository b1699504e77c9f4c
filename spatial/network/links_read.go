package network

import (
	"bufio"
	"fmt"
	"io"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/paulmach/orb"
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

func readVertex(r row, number int, seen map[string]bool) (LinkVertex, error) {
	var v LinkVertex
	if r.cells[0] != strconv.Itoa(number) {
		return v, r.fault(0, fmt.Sprintf("must be %d: rows are numbered from 0", number))
	}
	for i, limit := range []float64{180, 90} {
		deg, err := strconv.ParseFloat(r.cells[1+i], 64)
		if err != nil || !(math.Abs(deg) <= limit) {
			return v, r.fault(1+i, fmt.Sprintf("is not a number of degrees from -%v to %v", limit, limit))
		}
		v.Point[i] = deg
	}
	v.Point = orb.Point(toCoordinate(v.Point).point())
	if r.cells[3] == "" {
		return v, nil
	}
	v.Places = strings.Split(r.cells[3], ";")
	for i, id := range v.Places {
		if id == "" || seen[id] || i > 0 && v.Places[i-1] >= id {
			return v, r.fault(3, fmt.Sprintf("has the id %q empty, twice or out of order", id))
		}
		seen[id] = true
	}
	return v, nil
}

func readLink(r row, vertices int) (Link, error) {
	var l Link
	for i, end := range []*Vertex{&l.From, &l.To} {
		n, err := strconv.ParseUint(r.cells[i], 10, 32)
		if err != nil || n >= uint64(vertices) {
			return l, r.fault(i, fmt.Sprintf("is not a vertex from 0 to %d", vertices-1))
		}
		*end = Vertex(n)
	}
	if l.From >= l.To {
		return l, r.fault(1, "must be above from")
	}
	switch r.cells[2] {
	case "both":
		l.Forward, l.Backward = true, true
	case "forward":
		l.Forward = true
	case "backward":
		l.Backward = true
	default:
		return l, r.fault(2, "is not both, forward or backward")
	}
	var total uint64
	for text := range strings.SplitSeq(r.cells[3], " ") {
		run, ok := parseRun(text)
		if !ok {
			return l, r.fault(3, fmt.Sprintf("has %.40q, not class:metres or class@limit:metres", text))
		}
		if n := len(l.Runs); n > 0 && compareRuns(l.Runs[n-1], run) >= 0 {
			return l, r.fault(3, "has a run twice or out of the order of classes")
		}
		l.Runs = append(l.Runs, run)
		total += uint64(run.Centimeters)
	}
	if total > maxEdgeCentimeters {
		return l, r.fault(3, fmt.Sprintf("is longer than %d km", maxEdgeCentimeters/100_000))
	}
	return l, nil
}

// parseRun reads what runText writes, and nothing else.
func parseRun(text string) (Run, bool) {
	kind, length, found := strings.Cut(text, ":")
	name, posted, limited := strings.Cut(kind, "@")
	class, known := ParseClass(name)
	if !found || !known {
		return Run{}, false
	}
	run := Run{Class: class}
	if limited {
		kmh, err := strconv.ParseUint(posted, 10, 8)
		if err != nil || kmh == 0 {
			return Run{}, false
		}
		run.PostedKMH = uint8(kmh)
	}
	whole, part, pointed := strings.Cut(length, ".")
	m, err := strconv.ParseUint(whole, 10, 32)
	if err != nil || m > maxEdgeCentimeters/100 || pointed && (len(part) == 0 || len(part) > 2) {
		return Run{}, false
	}
	cm, err := strconv.ParseUint((part + "00")[:2], 10, 8)
	if err != nil {
		return Run{}, false
	}
	run.Centimeters = uint32(m*100 + cm)
	var back strings.Builder
	runText(&back, run)
	return run, slices.Equal([]byte(back.String()), []byte(text))
}
