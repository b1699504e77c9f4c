package main

import (
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"

	"quanyu/spatial"
	"quanyu/spatial/analysis"
)

// print writes a result in the form asked for.
func (c processCommand) print(result analysis.Result, w io.Writer) error {
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
		return printCSV(result, w)
	default:
		return printTables(result, w)
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

// printCSV writes one line a feature: its id, its properties by name, and the
// geometry as GeoJSON in the last column.
func printCSV(result analysis.Result, w io.Writer) error {
	collection, err := features(result)
	if err != nil {
		return err
	}
	names := propertyNames(collection.Features)
	out := csv.NewWriter(w)
	_ = out.Write(append(append([]string{"id"}, names...), "geometry")) // a csv.Writer keeps its first error for Error
	for _, f := range collection.Features {
		geometry, err := spatial.MarshalGeometry(f.Geometry)
		if err != nil {
			return err
		}
		row := []string{f.ID}
		for _, name := range names {
			row = append(row, cell(f.Properties[name]))
		}
		_ = out.Write(append(row, string(geometry)))
	}
	out.Flush()
	return out.Error()
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
		text, err := json.Marshal(v)
		if err != nil {
			return fmt.Sprint(v)
		}
		return strings.Trim(string(text), `"`)
	}
}

// printTables writes every output for a person: feature collections and lists
// of objects as tables, objects as name and value.
func printTables(result analysis.Result, w io.Writer) error {
	for i, output := range result.Outputs {
		if i > 0 {
			fmt.Fprintln(w)
		}
		fmt.Fprintln(w, output.ID)
		rows, err := plainRows(output.Value)
		if err != nil {
			return err
		}
		rows.write(w)
	}
	return nil
}

// plainRows turns any output value into a table by way of its JSON.
func plainRows(value any) (*table, error) {
	if collection, ok := value.(spatial.FeatureCollection); ok {
		return listTable(collection.Features), nil
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
		return listTable(asFeatures), nil
	}
	t := &table{head: []string{"name", "value"}}
	var object map[string]any
	if err := json.Unmarshal(body, &object); err != nil {
		t.add("", string(body))
		return t, nil
	}
	for _, name := range slices.Sorted(maps.Keys(object)) {
		t.add(name, cell(object[name]))
	}
	return t, nil
}

func listTable(list []spatial.Feature) *table {
	names := propertyNames(list)
	t := &table{head: names, right: make([]bool, len(names))}
	for _, f := range list {
		row := make([]string, len(names))
		for i, name := range names {
			row[i] = cell(f.Properties[name])
			if n, isNumber := f.Properties[name].(float64); isNumber {
				row[i], t.right[i] = strings.TrimSuffix(fmt.Sprintf("%.2f", n), ".00"), true
			}
		}
		t.rows = append(t.rows, row)
	}
	return t
}
