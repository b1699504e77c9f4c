package postgis

import (
	"fmt"
	"strings"

	"quanyu/spatial"
)

// Bounds of a filter; a person's is far below them.
const (
	maxFilterDepth = 64
	maxFilterNodes = 10000 // expressions and operands; a part of a filter that is read has at most four
	maxFilterList  = 10000
)

// filterCompiler turns an Expr into SQL over alias t.
type filterCompiler struct {
	s     *statement
	c     spatial.Collection
	nodes int
	depth int
}

// compileFilter gives the SQL of an expression, "true" for nil. Properties are
// looked up in the collection by name, so an Expr of another collection is
// refused and no column but the catalog's is named. The SQL raises no error
// on any row: what has no value is null.
func compileFilter(s *statement, c spatial.Collection, e spatial.Expr) (string, error) {
	if e == nil {
		return "true", nil
	}
	f := filterCompiler{s: s, c: c}
	return f.node(e)
}

func badFilter(format string, args ...any) error {
	return spatial.BadParameter("filter", fmt.Sprintf(format, args...), nil)
}

// level counts a node and opens a level of the tree, which the caller closes
// by the function given.
func (f *filterCompiler) level() (done func(), err error) {
	f.depth++
	if f.nodes++; f.depth > maxFilterDepth || f.nodes > maxFilterNodes {
		return nil, badFilter("is too large: at most %d levels and %d terms are allowed", maxFilterDepth, maxFilterNodes)
	}
	return func() { f.depth-- }, nil
}

func (f *filterCompiler) node(e spatial.Expr) (string, error) {
	done, err := f.level()
	if err != nil {
		return "", err
	}
	defer done()
	switch e := e.(type) {
	case spatial.And:
		return f.join(e.Items, " AND ", "true")
	case spatial.Or:
		return f.join(e.Items, " OR ", "false")
	case spatial.Not:
		inner, err := f.node(e.Item)
		return "(NOT " + inner + ")", err
	case spatial.Compare:
		return f.compare(e)
	case spatial.In:
		return f.in(e)
	case spatial.Between:
		return f.between(e)
	case spatial.Like:
		return f.like(e)
	case spatial.IsNull:
		return f.isNull(e)
	case spatial.SpatialRelation:
		return f.spatialRelation(e)
	case spatial.TemporalRelation:
		return f.temporalRelation(e)
	case spatial.ArrayRelation:
		return f.arrayRelation(e)
	}
	return "", badFilter("has a term of a kind (%T) that cannot be searched for", e)
}

func (f *filterCompiler) join(items []spatial.Expr, word, empty string) (string, error) {
	if len(items) == 0 {
		return empty, nil
	}
	parts := make([]string, len(items))
	for i, item := range items {
		var err error
		if parts[i], err = f.node(item); err != nil {
			return "", err
		}
	}
	return "(" + strings.Join(parts, word) + ")", nil
}

func (f *filterCompiler) property(p spatial.Property) (spatial.Property, error) {
	found, ok := f.c.Property(p.Name)
	if !ok || found.Type == spatial.JSON {
		return spatial.Property{}, badFilter("names %q, which %s cannot be searched by", p.Name, f.c.ID)
	}
	return found, nil
}

func (f *filterCompiler) isNull(e spatial.IsNull) (string, error) {
	switch o := e.Property.(type) {
	case spatial.FeatureGeometry, spatial.Shape, spatial.BBox:
		shape, err := f.shape(o)
		return "(" + shape + " IS NULL)", err
	case spatial.Period:
		return f.noPeriod(o)
	}
	v, err := f.operand(e.Property)
	return "(" + v.sql + " IS NULL)", err
}

// noPeriod: an interval is null where an end of it is.
func (f *filterCompiler) noPeriod(p spatial.Period) (string, error) {
	start, err := f.end(p.Start, true, timeType(p))
	if err != nil {
		return "", err
	}
	end, err := f.end(p.End, false, timeType(p))
	return "(" + start + " IS NULL OR " + end + " IS NULL)", err
}
