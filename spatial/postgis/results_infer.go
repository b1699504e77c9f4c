package postgis

import (
	"encoding/json"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"time"

	"quanyu/spatial"
)

// longestName is the longest name of a property: PostgreSQL cuts longer ones.
const longestName = 63

// inferColumns gives the columns of features in the order of their names. A type
// is that of the Go values, nulls aside: whole numbers beside others are
// numbers, any other mixture is JSON, and what is null everywhere is text. Names
// that every collection has for something else get an underscore.
func inferColumns(features []spatial.Feature) ([]resultColumn, error) {
	types := map[string]spatial.PropertyType{}
	many := map[string]bool{}
	for _, f := range features {
		for name, v := range f.Properties {
			types[name] = wider(types[name], typeOf(v))
			if k := reflect.Indirect(reflect.ValueOf(v)).Kind(); k == reflect.Slice || k == reflect.Array {
				many[name] = true
			}
		}
	}
	delete(types, "name_zh")
	delete(types, "name_en")
	if len(types) > maxResultColumns {
		return nil, spatial.Errorf(spatial.TooLarge, "The features have %d properties; %d is the most that is kept.", len(types), maxResultColumns)
	}
	var columns []resultColumn
	for i, name := range slices.Sorted(maps.Keys(types)) {
		if len(name) > longestName {
			return nil, spatial.Errorf(spatial.Internal, "A property's name has %d bytes; %d is the most.", len(name), longestName)
		}
		c := resultColumn{Property: spatial.Property{Name: name, Column: fmt.Sprintf("p%d", i+1), Type: types[name], Description: "As the process gives it."}, key: name}
		if c.Type == "" {
			c.Type = spatial.String
		}
		c.Many = c.Type == spatial.JSON && many[name]
		if slices.ContainsFunc(spatial.CommonProperties(), func(p spatial.Property) bool { return p.Name == name }) {
			c.Name += "_"
		}
		columns = append(columns, c)
	}
	return columns, nil
}

// typeOf is the property type of a Go value; "" for null.
func typeOf(v any) spatial.PropertyType {
	value := reflect.ValueOf(v)
	for value.Kind() == reflect.Pointer || value.Kind() == reflect.Interface {
		value = value.Elem()
	}
	if !value.IsValid() {
		return ""
	}
	switch value.Interface().(type) {
	case time.Time:
		return spatial.Timestamp
	case []string:
		return spatial.StringList
	case json.Marshaler: // what it writes is not known
		return spatial.JSON
	}
	switch k := value.Kind(); {
	case k == reflect.String:
		return spatial.String
	case k == reflect.Bool:
		return spatial.Boolean
	case k == reflect.Float64, k == reflect.Float32:
		return spatial.Number
	case value.CanInt(), value.CanUint():
		return spatial.Integer
	}
	return spatial.JSON
}

// wider is the type that holds values of both.
func wider(a, b spatial.PropertyType) spatial.PropertyType {
	numbers := []spatial.PropertyType{spatial.Integer, spatial.Number}
	switch {
	case a == "" || a == b:
		return b
	case b == "":
		return a
	case slices.Contains(numbers, a) && slices.Contains(numbers, b):
		return spatial.Number
	}
	return spatial.JSON
}

// resultValue brings a value to what COPY takes for its column.
func resultValue(c resultColumn, v any) (any, error) {
	value := reflect.ValueOf(v)
	for value.Kind() == reflect.Pointer || value.Kind() == reflect.Interface {
		value = value.Elem()
	}
	if !value.IsValid() || value.Kind() == reflect.Slice && value.IsNil() {
		return nil, nil
	}
	switch c.Type {
	case spatial.JSON:
		text, err := json.Marshal(v)
		return json.RawMessage(text), err
	case spatial.String:
		return value.String(), nil
	case spatial.Boolean:
		return value.Bool(), nil
	case spatial.Integer, spatial.Number:
		if value.CanFloat() {
			return value.Float(), nil
		}
		whole := value
		if whole.CanUint() {
			whole = whole.Convert(reflect.TypeFor[int64]())
		}
		if c.Type == spatial.Number {
			return float64(whole.Int()), nil
		}
		return whole.Int(), nil
	}
	return value.Interface(), nil
}
