package main

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/paulmach/orb"

	"quanyu/spatial"
	"quanyu/spatial/analysis"
)

func circleResult() analysis.Result {
	place := func(id string, minutes any) spatial.Feature {
		return spatial.Feature{ID: id, Properties: map[string]any{"name_zh": id, "minutes": minutes, "collection": "seats", "level": nil}}
	}
	places := spatial.FeatureCollection{}
	for _, id := range strings.Split("abcdefghijklmnopqrstuvw", "") {
		places.Features = append(places.Features, place(id, 100-float64(id[0]-'a')))
	}
	return analysis.Result{Outputs: []analysis.Output{
		{ID: "circles", Value: spatial.FeatureCollection{Features: []spatial.Feature{
			{ID: "30-minutes", Properties: map[string]any{"minutes": 30.0, "population": 1234567.0, "area_km2": nil, "indicative": true}}}}},
		{ID: "places", Value: places},
	}}
}

// TestViewsPickColumnsAndRows holds a table against what a view says.
func TestViewsPickColumnsAndRows(t *testing.T) {
	var out strings.Builder
	if err := (processCommand{Name: "commute-circle", Format: "table"}).print(circleResult(), &out); err != nil {
		t.Fatal(err)
	}
	want := "circles\n  minutes  population  indicative\n  ───────  ──────────  ──────────\n       30     1234567  true\n\n" +
		"places\n  minutes  name_zh  collection\n  ───────  ───────  ──────────\n       78  w        seats\n"
	if got := out.String(); !strings.HasPrefix(got, want) || !strings.HasSuffix(got, "\n  … and 3 more; --output places has them all\n") {
		t.Errorf("got\n%s\nwant\n%s…", got, want)
	}
	out.Reset()
	if err := (processCommand{Name: "commute-circle", Format: "table", Output: "places"}).print(circleResult(), &out); err != nil {
		t.Fatal(err)
	}
	if lines := strings.Count(out.String(), "\n"); lines != 3+23 {
		t.Errorf("%d lines of one output:\n%s", lines, out.String())
	}
}

// TestViewsNameWhatThereIs compares views with the descriptions of processes.
func TestViewsNameWhatThereIs(t *testing.T) {
	for name := range views() {
		process, output, _ := strings.Cut(name, "/")
		p, ok := analysis.ProcessByID(processes(), process)
		if !ok {
			t.Errorf("there is no process %s", process)
			continue
		}
		found := false
		for _, o := range p.Spec().Outputs {
			found = found || o.ID == output
		}
		if !found {
			t.Errorf("%s has no output %s", process, output)
		}
	}
	if _, ok := analysis.ProcessByID(processes(), matrixName); !ok {
		t.Errorf("there is no process %s", matrixName)
	}
}

func TestFallingOrderPutsTheUnreachedFirst(t *testing.T) {
	v := view{columns: []string{"id"}, by: "minutes", falling: true}
	rows := []map[string]any{{"id": "near", "minutes": 1.0}, {"id": "far", "minutes": 9.0}, {"id": "never", "minutes": nil}}
	shown, _ := v.show(rows, true)
	if got := shown.rows[0][0] + shown.rows[1][0] + shown.rows[2][0]; got != "neverfarnear" || rows[0]["id"] != "near" {
		t.Errorf("order %s, given %v", got, rows)
	}
}

func matrixResult(t *testing.T) analysis.Result {
	outputs := analysis.Result{}
	for _, o := range []struct{ id, value string }{
		{"minutes", `[[0,12.345],[null,null]]`}, {"states", `[[null,null],["not-snapped","unreachable"]]`},
		{"origins", `[{"id":"a","name_zh":"甲","point":[100,30]},{"id":null,"name_zh":null,"point":[1.25,2]}]`},
		{"destinations", `[{"id":"a","name_zh":"甲","point":[100,30]},{"id":"b","name_zh":null,"point":null}]`},
		{"provenance", `{"network":"n"}`},
	} {
		outputs.Outputs = append(outputs.Outputs, analysis.Output{ID: o.id, Value: json.RawMessage(o.value)})
	}
	return outputs
}

func TestMatrixInEveryForm(t *testing.T) {
	for format, want := range map[string]string{
		"table": "  minutes                 甲            b\n  ─────────────  ───────────  ───────────\n  甲                     0.0         12.3\n  1.2500 2.0000  not-snapped  unreachable\n\nprovenance\n  name     value\n  ───────  ─────\n  network  n\n",
		"csv": "id,destination,destination_id,destination_name,minutes,origin,origin_id,origin_name,state,WKT\n" +
			"0-0,0,a,甲,0,0,a,甲,reached,\"LINESTRING(100 30,100 30)\"\n0-1,1,b,b,12.345,0,a,甲,reached,\n" +
			"1-0,0,a,甲,,1,,1.2500 2.0000,not-snapped,\"LINESTRING(1.25 2,100 30)\"\n1-1,1,b,b,,1,,1.2500 2.0000,unreachable,\n",
	} {
		var out strings.Builder
		if err := (processCommand{Name: matrixName, Format: format}).print(matrixResult(t), &out); err != nil {
			t.Fatal(err)
		}
		if out.String() != want {
			t.Errorf("as %s:\n%s\nwant:\n%s", format, out.String(), want)
		}
	}
	var out strings.Builder
	if err := (processCommand{Name: matrixName, Format: "geojson"}).print(matrixResult(t), &out); err != nil {
		t.Fatal(err)
	}
	var lines struct {
		Features []struct {
			Geometry *struct{ Coordinates orb.LineString }
		}
	}
	if err := json.Unmarshal([]byte(out.String()), &lines); err != nil || len(lines.Features) != 4 || lines.Features[1].Geometry != nil || lines.Features[2].Geometry.Coordinates[1] != (orb.Point{100, 30}) {
		t.Errorf("%v in %s", err, out.String())
	}
}
