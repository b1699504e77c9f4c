package api

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"quanyu/spatial"
)

// maxCSVBytes bounds a page as CSV. CSV has no place for the address of the
// next page but a header, which goes out first, so a page is made whole in
// memory. One that would be larger has fewer rows than the limit, as a page may
// have, and at least one.
const maxCSVBytes = 8 << 20

// wktColumn holds the geometry; GDAL and QGIS read a column of this name as
// geometry unasked.
const wktColumn = "WKT"

// writeCSV writes a header line, then a line a feature (RFC 4180), geometry
// as WKT in the CRS asked for. Null and empty text look the same in CSV.
func (p *page) writeCSV() error {
	p.query.Format = spatial.WKT
	columns := csvColumns(p.query)
	withGeometry := p.query.Collection.Geometry != spatial.NoGeometry && !p.query.SkipGeometry
	header := slices.Clone(columns)
	if withGeometry {
		header = append(header, wktColumn)
	}
	var lines csvLines
	if err := p.each(func(row spatial.ItemRow) error {
		line, err := csvLine(row, columns)
		if err != nil {
			return err
		}
		if withGeometry {
			line = append(line, string(row.Geometry))
		}
		return lines.add(p, row.Position, line)
	}); err != nil {
		return err
	}
	p.count()
	p.numbers()
	h := p.c.Response().Header()
	h.Set("Content-Disposition", `inline; filename="`+strings.ReplaceAll(p.query.Collection.ID, `"`, "")+`.csv"`)
	h.Set("Content-Type", "text/csv; charset=utf-8; header=present")
	p.c.Response().WriteHeader(http.StatusOK)
	if err := csv.NewWriter(p.c.Response()).WriteAll([][]string{header}); err != nil {
		return err
	}
	_, err := lines.body.WriteTo(p.c.Response())
	return err
}

// csvLines are the lines of a page.
type csvLines struct {
	body  bytes.Buffer
	lines *csv.Writer // into body
	marks []csvMark   // of a backward page, which loses its first rows when it is too large
}

type csvMark struct {
	bytes int
	at    spatial.Position
}

// add takes a line in, and leaves out those furthest from the cursor when all
// together are too long.
func (l *csvLines) add(p *page, at spatial.Position, line []string) error {
	before := l.body.Len()
	if l.lines == nil {
		l.lines = csv.NewWriter(&l.body)
	}
	if err := l.lines.Write(line); err != nil {
		return err
	}
	if l.lines.Flush(); l.lines.Error() != nil {
		return l.lines.Error()
	}
	if !p.query.Backward {
		if l.body.Len() > maxCSVBytes && before > 0 {
			l.body.Truncate(before)
			return errFull
		}
		return nil
	}
	l.marks = append(l.marks, csvMark{l.body.Len() - before, at})
	for l.body.Len() > maxCSVBytes && len(l.marks) > 1 {
		l.body.Next(l.marks[0].bytes)
		l.marks = l.marks[1:]
		p.returned--
		p.first, p.before = l.marks[0].at, true
	}
	return nil
}

// csvColumns are id, then the properties asked for in the collection's order.
func csvColumns(q itemsQuery) []string {
	columns := []string{"id"}
	for _, name := range names(q.Collection.All()) {
		if name != "id" && (q.Properties == nil || slices.Contains(q.Properties, name)) {
			columns = append(columns, name)
		}
	}
	return columns
}

func csvLine(row spatial.ItemRow, columns []string) ([]string, error) {
	var values map[string]json.RawMessage
	if len(row.Properties) > 0 {
		if err := json.Unmarshal(row.Properties, &values); err != nil {
			return nil, fmt.Errorf("properties of %s: %w", row.Position.ID, err)
		}
	}
	line := make([]string, len(columns))
	line[0] = row.Position.ID
	for i, name := range columns[1:] {
		line[i+1] = cell(values[name])
	}
	return line, nil
}

// cell writes a JSON value as text: strings bare, null as nothing, lists and
// objects as their JSON.
func cell(raw json.RawMessage) string {
	var text string
	if len(raw) == 0 || string(raw) == "null" {
		return ""
	}
	if raw[0] == '"' && bytes.IndexByte(raw, '\\') < 0 {
		return string(raw[1 : len(raw)-1])
	}
	if raw[0] == '"' && json.Unmarshal(raw, &text) == nil {
		return text
	}
	return string(raw)
}
