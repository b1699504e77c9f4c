package main

import (
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/paulmach/orb/encoding/wkt"

	"quanyu/spatial"
	"quanyu/spatial/analysis"
)

// print writes a result in the form asked for.
func (c processCommand) print(result analysis.Result, w io.Writer) error {
	if c.Name == matrixName && c.Output == "" && c.Format != "json" {
		return c.printWholeMatrix(result, w)
	}
	if c.Output != "" {
		only, ok := result.Output(c.Output)
		if !ok {
			return fmt.Errorf("there is no output %q; there are: %s", c.Output, strings.Join(outputNames(result), ", "))
		}
		result.Outputs = []analysis.Output{only}
	}
	switch c.Format {
	case "json":
		return printJSON(result, w)
	case "geojson":
		return printGeoJSON(result, w)
	case "csv":
		return c.printCSV(result, w)
	default:
		return c.printTables(result, w)
	}
}

func outputNames(result analysis.Result) []string {
	names := make([]string, len(result.Outputs))
	for i, output := range result.Outputs {
		names[i] = output.ID
	}
	return names
}

func printJSON(result analysis.Result, w io.Writer) error {
	document, err := plainDocument(result)
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(w, "%s\n", document)
	return err
}

// features finds the first output that is a feature collection.
func features(result analysis.Result) (spatial.FeatureCollection, error) {
	for _, output := range result.Outputs {
		if collection, ok := output.Value.(spatial.FeatureCollection); ok {
			return collection, nil
		}
	}
	return spatial.FeatureCollection{}, fmt.Errorf("none of the outputs is a feature collection: %s", strings.Join(outputNames(result), ", "))
}

func printGeoJSON(result analysis.Result, w io.Writer) error {
	collection, err := features(result)
	if err != nil {
		return err
	}
	return json.NewEncoder(w).Encode(collection)
}

// printCSV writes a feature collection with its geometry as WKT in the last
// column, a list of objects with a column a member, and any other output as
// names and values. Without --output it takes the first feature collection.
func (c processCommand) printCSV(result analysis.Result, w io.Writer) error {
	out := csv.NewWriter(w)
	if collection, err := features(result); err == nil {
		writeFeatures(out, collection)
	} else if len(result.Outputs) != 1 {
		return err
	} else if err := writeValues(out, result.Outputs[0].Value); err != nil {
		return err
	}
	out.Flush()
	return out.Error()
}

// writeFeatures and writeValues leave a fault of writing to out.Error, where
// a csv.Writer keeps its first.
func writeFeatures(out *csv.Writer, collection spatial.FeatureCollection) {
	names := propertyNames(collection.Features)
	_ = out.Write(append(append([]string{"id"}, names...), "WKT"))
	for _, f := range collection.Features {
		row := []string{f.ID}
		for _, name := range names {
			row = append(row, cell(f.Properties[name]))
		}
		geometry := ""
		if f.Geometry != nil {
			geometry = wkt.MarshalString(f.Geometry)
		}
		_ = out.Write(append(row, geometry))
	}
}

func writeValues(out *csv.Writer, value any) error {
	rows, err := plainRows(value, cell)
	if err != nil {
		return err
	}
	_ = out.Write(rows.head)
	for _, row := range rows.rows {
		_ = out.Write(row)
	}
	return nil
}

func propertyNames(list []spatial.Feature) []string {
	seen := map[string]bool{}
	var names []string
	for _, f := range list {
		for name := range f.Properties {
			if !seen[name] {
				seen[name] = true
				names = append(names, name)
			}
		}
	}
	slices.Sort(names)
	return names
}

// cell writes one value: nothing for null, text as it is, all else as JSON.
func cell(v any) string {
	switch v := v.(type) {
	case nil:
		return ""
	case string:
		return v
	default:
		var text strings.Builder
		encoder := json.NewEncoder(&text)
		encoder.SetEscapeHTML(false)
		if err := encoder.Encode(v); err != nil {
			return fmt.Sprint(v)
		}
		return strings.Trim(text.String(), "\"\n")
	}
}

// printTables writes every output for a person: feature collections and lists
// of objects as tables, objects as name and value.
func (c processCommand) printTables(result analysis.Result, w io.Writer) error {
	for i, output := range result.Outputs {
		if i > 0 {
			fmt.Fprintln(w)
		}
		fmt.Fprintln(w, output.ID)
		rows, left, err := c.outputTable(output)
		if err != nil {
			return err
		}
		rows.write(w)
		if left > 0 {
			fmt.Fprintf(w, "  … and %d more; --output %s has them all\n", left, output.ID)
		}
	}
	return nil
}

// plainRows turns any output value into a table by way of its JSON; cell
// writes one value. Members of objects within objects have dotted names.
func plainRows(value any, cell func(any) string) (*table, error) {
	if collection, ok := value.(spatial.FeatureCollection); ok {
		return listTable(collection.Features, cell), nil
	}
	body, err := json.Marshal(value)
	if err != nil {
		return nil, err
	}
	var list []map[string]any
	if json.Unmarshal(body, &list) == nil {
		asFeatures := make([]spatial.Feature, len(list))
		for i, properties := range list {
			asFeatures[i] = spatial.Feature{Properties: properties}
		}
		return listTable(asFeatures, cell), nil
	}
	var plain any
	if err := json.Unmarshal(body, &plain); err != nil {
		return nil, err
	}
	t := &table{head: []string{"name", "value"}}
	t.flatten("", plain, cell)
	return t, nil
}

// flatten adds a row for every plain value within v.
func (t *table) flatten(name string, v any, cell func(any) string) {
	switch v := v.(type) {
	case map[string]any:
		for _, member := range slices.Sorted(maps.Keys(v)) {
			t.flatten(strings.TrimPrefix(name+"."+member, "."), v[member], cell)
		}
	case []any:
		for i, item := range v {
			t.flatten(fmt.Sprintf("%s.%d", name, i+1), item, cell)
		}
	default:
		t.add(name, cell(v))
	}
}

func listTable(list []spatial.Feature, cell func(any) string) *table {
	names := propertyNames(list)
	t := &table{head: names, right: make([]bool, len(names))}
	for _, f := range list {
		row := make([]string, len(names))
		for i, name := range names {
			row[i] = cell(f.Properties[name])
			if _, isNumber := f.Properties[name].(float64); isNumber {
				t.right[i] = true
			}
		}
		t.rows = append(t.rows, row)
	}
	return t
}

// shortCell writes numbers for the eye; json and csv have them in full.
func shortCell(v any) string {
	n, isNumber := v.(float64)
	switch {
	case !isNumber || n == math.Trunc(n):
		return cell(v)
	case math.Abs(n) >= 1000:
		return strconv.FormatFloat(n, 'f', 0, 64)
	default:
		return strconv.FormatFloat(n, 'g', 4, 64)
	}
}
