package filter

import (
	"bytes"
	"encoding/json"
	"fmt"

	"quanyu/spatial"
)

// FormatJSON writes an expression as CQL2 JSON, geometries in the axis order
// of their CRS. Whatever ParseJSON gives is read back equal. An And or Or of
// one item is written as that item; of none, as true or false.
func FormatJSON(e spatial.Expr) ([]byte, error) {
	var body bytes.Buffer
	encoder := json.NewEncoder(&body)
	encoder.SetEscapeHTML(false) // <= is an operator
	if err := encoder.Encode(encodeExpr(e)); err != nil {
		return nil, fmt.Errorf("CQL2 JSON: %w", err)
	}
	return bytes.TrimSpace(body.Bytes()), nil
}

// operation is an operator with its arguments.
type operation struct {
	Op   string `json:"op"`
	Args []any  `json:"args"`
}

func encodeExpr(e spatial.Expr) any {
	switch e := e.(type) {
	case spatial.And:
		return encodeChain("and", e.Items, true)
	case spatial.Or:
		return encodeChain("or", e.Items, false)
	case spatial.Not:
		return operation{"not", []any{encodeExpr(e.Item)}}
	case spatial.Compare:
		return operation{string(e.Op), []any{encodeOperand(e.Property), encodeValue(e.Property, e.Value)}}
	case spatial.In:
		values := make([]any, len(e.Values))
		for i, v := range e.Values {
			values[i] = encodeValue(e.Property, v)
		}
		return operation{"in", []any{encodeOperand(e.Property), values}}
	case spatial.Between:
		return operation{"between", []any{encodeOperand(e.Property), encodeValue(e.Property, e.Low), encodeValue(e.Property, e.High)}}
	case spatial.Like:
		return operation{"like", []any{encodeOperand(e.Property), encodeFold(e.Fold, e.Pattern)}}
	case spatial.IsNull:
		return operation{"isNull", []any{encodeOperand(e.Property)}}
	case spatial.SpatialRelation:
		return operation{string(e.Op), []any{encodeOperand(e.Left), encodeOperand(e.Right)}}
	case spatial.TemporalRelation:
		return operation{string(e.Op), []any{encodeOperand(e.Left), encodeOperand(e.Right)}}
	case spatial.ArrayRelation:
		return operation{string(e.Op), []any{encodeOperand(e.Left), encodeOperand(e.Right)}}
	}
	return nil
}

func encodeChain(op string, items []spatial.Expr, none bool) any {
	switch len(items) {
	case 0:
		return none
	case 1:
		return encodeExpr(items[0])
	}
	args := make([]any, len(items))
	for i, item := range items {
		args[i] = encodeExpr(item)
	}
	return operation{op, args}
}

func encodeFold(f spatial.Fold, inside any) any {
	if f.Case {
		inside = operation{"casei", []any{inside}}
	}
	if f.Accent {
		inside = operation{"accenti", []any{inside}}
	}
	return inside
}

func encodeValue(of spatial.Operand, v any) any {
	if o, ok := v.(spatial.Operand); ok {
		return encodeOperand(o)
	}
	return encodeLiteral(of.ValueType(), v)
}

func encodeLiteral(of spatial.PropertyType, v any) any {
	switch of {
	case spatial.Date:
		return map[string]any{"date": instant(of, v)}
	case spatial.Timestamp:
		return map[string]any{"timestamp": instant(of, v)}
	}
	return v
}

func encodeOperand(o spatial.Operand) any {
	switch o := o.(type) {
	case spatial.Property:
		return map[string]any{"property": o.Name}
	case spatial.FeatureGeometry:
		return map[string]any{"property": geometryName}
	case spatial.Literal:
		return encodeLiteral(o.Type, o.Value)
	case spatial.Arithmetic:
		return operation{string(o.Op), []any{encodeOperand(o.Left), encodeOperand(o.Right)}}
	case spatial.Folded:
		return encodeFold(o.Fold, encodeOperand(o.Of))
	case spatial.Condition:
		return encodeExpr(o.Expr)
	case spatial.Shape:
		return encodeShape(o.Geometry, o.CRS.LatLon)
	case spatial.BBox:
		low, high := turned(o.Bound.Min, o.CRS.LatLon), turned(o.Bound.Max, o.CRS.LatLon)
		return map[string]any{"bbox": []float64{low[0], low[1], high[0], high[1]}}
	case spatial.Period:
		return map[string]any{"interval": []any{encodeEnd(o.Start), encodeEnd(o.End)}}
	case spatial.List:
		items := make([]any, len(o.Items))
		for i, item := range o.Items {
			items[i] = encodeOperand(item)
		}
		return items
	}
	return nil
}

func encodeEnd(o spatial.Operand) any {
	switch o := o.(type) {
	case spatial.Literal:
		return instant(o.Type, o.Value)
	case nil:
		return ".."
	}
	return encodeOperand(o)
}
