package api

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"

	"quanyu/spatial"
)

// maxCSVBytes bounds a page as CSV. CSV has no place for the address of the
// next page but a header, which goes out first, so a page is made whole.
const maxCSVBytes = 64 << 20

// wktColumn holds the geometry; GDAL and QGIS read a column of this name as
// geometry unasked.
const wktColumn = "WKT"

// writeCSV writes a header line, then a line a feature (RFC 4180), geometry
// as WKT in the CRS asked for. Null and empty text look the same in CSV.
func (p *page) writeCSV() error {
	p.query.Format = spatial.WKT
	columns := csvColumns(p.query)
	hasGeometry := p.query.Collection.Geometry != spatial.NoGeometry && !p.query.SkipGeometry
	var body bytes.Buffer
	w := csv.NewWriter(&body)
	header := slices.Clone(columns)
	if hasGeometry {
		header = append(header, wktColumn)
	}
	if err := w.Write(header); err != nil {
		return err
	}
	err := p.each(func(row spatial.ItemRow) error {
		line, err := csvLine(row, columns)
		if err != nil {
			return err
		}
		if hasGeometry {
			line = append(line, string(row.Geometry))
		}
		if body.Len() > maxCSVBytes {
			return spatial.BadParameter("limit", fmt.Sprintf("gives a page of more than %d MiB as CSV", maxCSVBytes>>20), "a smaller limit")
		}
		return w.Write(line)
	})
	if err != nil {
		return err
	}
	w.Flush()
	if err := w.Error(); err != nil {
		return err
	}
	p.numbers(true)
	h := p.c.Response().Header()
	h.Set("Content-Disposition", `inline; filename="`+p.query.Collection.ID+`.csv"`)
	return p.c.Blob(http.StatusOK, "text/csv; charset=utf-8; header=present", body.Bytes())
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
	if raw[0] == '"' && json.Unmarshal(raw, &text) == nil {
		return text
	}
	return string(raw)
}
