package main

import (
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"

	"github.com/paulmach/orb"

	"quanyu/spatial"
	"quanyu/spatial/analysis"
)

const matrixName = "travel-time-matrix"

// matrixAnswer is a travel-time matrix as the terminal reads it.
type matrixAnswer struct {
	Minutes               [][]*float64
	States                [][]*string
	Origins, Destinations []matrixEnd
}

type matrixEnd struct {
	ID     string
	NameZH string `json:"name_zh"`
	Point  *orb.Point
}

// label is what a point is called: its name, else its id, else its position.
func (e matrixEnd) label() string {
	switch {
	case e.NameZH != "":
		return e.NameZH
	case e.ID != "":
		return e.ID
	case e.Point != nil:
		return fmt.Sprintf("%.4f %.4f", e.Point[0], e.Point[1])
	}
	return "?"
}

func readMatrixAnswer(result analysis.Result) (matrixAnswer, error) {
	var answer matrixAnswer
	document, err := plainDocument(result)
	if err != nil {
		return answer, err
	}
	return answer, json.Unmarshal(document, &answer)
}

// maxColumns is how many destinations a terminal has room for.
const maxColumns = 12

// printWholeMatrix writes all of a matrix: as a table its minutes, then what
// it rests on; as csv or geojson a line for each pair.
func (c processCommand) printWholeMatrix(result analysis.Result, w io.Writer) error {
	m, err := readMatrixAnswer(result)
	if err != nil {
		return err
	}
	switch c.Format {
	case "geojson":
		return json.NewEncoder(w).Encode(m.lines())
	case "csv":
		out := csv.NewWriter(w)
		writeFeatures(out, m.lines())
		out.Flush()
		return out.Error()
	}
	m.print(w)
	fmt.Fprintln(w)
	provenance, _ := result.Output("provenance")
	result.Outputs = []analysis.Output{provenance}
	return c.printTables(result, w)
}

// print writes the minutes with a row for each origin and a column for each
// destination; a time that does not exist shows its state.
func (m matrixAnswer) print(w io.Writer) {
	columns := min(len(m.Destinations), maxColumns)
	t := &table{head: []string{"minutes"}, right: []bool{false}}
	for _, d := range m.Destinations[:columns] {
		t.head, t.right = append(t.head, d.label()), append(t.right, true)
	}
	for i, o := range m.Origins {
		row := []string{o.label()}
		for j := range columns {
			row = append(row, m.cell(i, j))
		}
		t.add(row...)
	}
	t.write(w)
	if left := len(m.Destinations) - columns; left > 0 {
		fmt.Fprintf(w, "  … and %d destinations more; --format csv has them all\n", left)
	}
}

func (m matrixAnswer) cell(i, j int) string {
	if v := m.Minutes[i][j]; v != nil {
		return fmt.Sprintf("%.1f", *v)
	}
	return *m.States[i][j]
}

// lines gives a straight line for each pair, with its time: what csv and
// geojson hold of a matrix.
func (m matrixAnswer) lines() spatial.FeatureCollection {
	var list spatial.FeatureCollection
	for i, o := range m.Origins {
		for j, d := range m.Destinations {
			f := spatial.Feature{ID: fmt.Sprintf("%d-%d", i, j), Properties: map[string]any{
				"origin": i, "origin_id": orNil(o.ID), "origin_name": o.label(), "destination": j, "destination_id": orNil(d.ID), "destination_name": d.label(), "minutes": nil, "state": "reached"}}
			if o.Point != nil && d.Point != nil {
				f.Geometry = orb.LineString{*o.Point, *d.Point}
			}
			if v := m.Minutes[i][j]; v != nil {
				f.Properties["minutes"] = *v
			} else {
				f.Properties["state"] = *m.States[i][j]
			}
			list.Features = append(list.Features, f)
		}
	}
	return list
}

func orNil(text string) any {
	if text == "" {
		return nil
	}
	return text
}
