package seeds

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/paulmach/orb"

	"quanyu/spatial"
)

// maxRows and maxFile bound one fact file: several times what ships.
const (
	maxRows = 50_000
	maxFile = 16 << 20
)

// row is one record of a fact file; values are nil for empty cells.
type row struct {
	file   string
	line   int
	values map[string]any
}

type table struct {
	layout layout
	rows   []row
}

// text is a string value, "" for null.
func (r row) text(field string) string {
	s, _ := r.values[field].(string)
	return s
}

// list is the values of a list, none for null.
func (r row) list(field string) []string {
	l, _ := r.values[field].([]string)
	return l
}

// point is the place in the columns lon and lat, if it is given.
func (r row) point() (orb.Point, bool) {
	lon, ok := r.values["lon"].(float64)
	lat, also := r.values["lat"].(float64)
	return orb.Point{lon, lat}, ok && also
}

func (r row) fault(field, format string, args ...any) Fault {
	return Fault{File: r.file, Line: r.line, Field: field, Detail: fmt.Sprintf(format, args...)}
}

// parseTable reads a CSV file (RFC 4180, UTF-8, header in the first line)
// strictly: the header must be exactly the layout's, and each fault is told.
func parseTable(name string, l layout, content []byte) (*table, []Fault) {
	t := &table{layout: l}
	whole := row{file: name, line: 1}
	if len(content) > maxFile {
		return t, []Fault{whole.fault("", "has %d bytes, at most %d are read", len(content), maxFile)}
	}
	if !utf8.Valid(content) {
		at := bytes.Count(content[:firstInvalid(content)], []byte("\n")) + 1
		return t, []Fault{{File: name, Line: at, Detail: "is not UTF-8"}}
	}
	reader := csv.NewReader(bytes.NewReader(content))
	header, err := reader.Read()
	want := l.header()
	if err != nil || !slices.Equal(header, want) {
		return t, []Fault{whole.fault("", "the header must be exactly %s", strings.Join(want, ","))}
	}
	var faults []Fault
	for {
		cells, err := reader.Read()
		if errors.Is(err, io.EOF) {
			return t, faults
		}
		if err != nil {
			return t, append(faults, csvFault(name, err))
		}
		if len(t.rows) == maxRows {
			return t, append(faults, whole.fault("", "has more than %d rows", maxRows))
		}
		line, _ := reader.FieldPos(0)
		r, found := l.parseRow(row{file: name, line: line, values: map[string]any{}}, cells)
		t.rows, faults = append(t.rows, r), append(faults, found...)
	}
}

func firstInvalid(content []byte) int {
	for i := 0; i < len(content); {
		r, size := utf8.DecodeRune(content[i:])
		if r == utf8.RuneError && size <= 1 {
			return i
		}
		i += size
	}
	return len(content)
}

func csvFault(name string, err error) Fault {
	f := Fault{File: name, Line: 1, Detail: err.Error()}
	var parse *csv.ParseError
	if errors.As(err, &parse) {
		f.Line, f.Detail = parse.StartLine, "is not CSV: "+parse.Err.Error()
	}
	return f
}

func (l layout) header() []string {
	names := make([]string, len(l.columns))
	for i, c := range l.columns {
		names[i] = c.property.Name
	}
	return names
}

func (l layout) parseRow(r row, cells []string) (row, []Fault) {
	var faults []Fault
	for i, c := range l.columns {
		v, problem := parseCell(c, cells[i])
		if problem != "" {
			faults = append(faults, r.fault(c.property.Name, "%s", problem))
			continue
		}
		if v != nil {
			r.values[c.property.Name] = v
		}
	}
	return r, faults
}

// feature is the row as a public feature; lon and lat become its geometry.
func (r row) feature() spatial.Feature {
	f := spatial.Feature{ID: r.text("id"), Properties: map[string]any{"visibility": "public"}}
	for name, v := range r.values {
		if name != "id" && name != "lon" && name != "lat" {
			f.Properties[name] = v
		}
	}
	if p, ok := r.point(); ok {
		f.Geometry = p
	}
	return f
}
