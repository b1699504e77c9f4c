package filter

import (
	"strings"

	"github.com/paulmach/orb"
)

// shapes are the geometry literals of WKT (OGC 06-103r4, clause 7).
var shapes = []string{"POINT", "LINESTRING", "POLYGON", "MULTIPOINT", "MULTILINESTRING", "MULTIPOLYGON", "GEOMETRYCOLLECTION"}

func isShape(name string) bool {
	for _, s := range shapes {
		if strings.EqualFold(s, name) {
			return true
		}
	}
	return false
}

// atShapeWithZ says whether a geometry with heights begins here.
func (p *parser) atShapeWithZ() bool {
	return p.peek().kind == word && isShape(p.peek().value) && p.ahead(1).isKeyword("Z") && p.ahead(2).isSymbol("(")
}

// shape reads a geometry behind its name. Heights are read and left aside,
// since all relations are of the plane.
func (p *parser) shape(name token) (term, error) {
	p.keyword("Z")
	g, err := p.shapeBody(strings.ToUpper(name.value))
	return term{kind: shapeTerm, shape: g, at: name.place()}, err
}

func (p *parser) shapeBody(name string) (orb.Geometry, error) {
	switch name {
	case "POINT":
		points, err := inParentheses(p, p.point)
		if err == nil && len(points) != 1 {
			return nil, faultAt(p.peek().pos, "POINT takes one point, not %d", len(points))
		}
		if err != nil {
			return nil, err
		}
		return points[0], nil
	case "LINESTRING":
		points, err := inParentheses(p, p.point)
		return orb.LineString(points), err
	case "POLYGON":
		rings, err := inParentheses(p, p.ring)
		return orb.Polygon(rings), err
	case "MULTIPOINT":
		points, err := inParentheses(p, p.pointOfMany)
		return orb.MultiPoint(points), err
	case "MULTILINESTRING":
		lines, err := inParentheses(p, func() (orb.LineString, error) {
			points, err := inParentheses(p, p.point)
			return orb.LineString(points), err
		})
		return orb.MultiLineString(lines), err
	case "MULTIPOLYGON":
		polygons, err := inParentheses(p, func() (orb.Polygon, error) {
			rings, err := inParentheses(p, p.ring)
			return orb.Polygon(rings), err
		})
		return orb.MultiPolygon(polygons), err
	}
	members, err := inParentheses(p, p.member)
	return orb.Collection(members), err
}

// inParentheses reads items between parentheses and commas.
func inParentheses[T any](p *parser, item func() (T, error)) ([]T, error) {
	open := p.peek()
	if !p.symbol("(") {
		return nil, p.expected("(")
	}
	done, err := p.deeper(open.pos)
	if err != nil {
		return nil, err
	}
	defer done()
	var all []T
	for {
		one, err := item()
		if err != nil {
			return nil, err
		}
		all = append(all, one)
		if p.symbol(")") {
			return all, nil
		}
		if !p.symbol(",") {
			return nil, p.expected("a comma or )")
		}
	}
}

// member is a geometry of a collection.
func (p *parser) member() (orb.Geometry, error) {
	name := p.peek()
	if name.kind != word || !isShape(name.value) {
		return nil, p.expected("a geometry")
	}
	p.advance()
	t, err := p.shape(name)
	return t.shape, err
}

func (p *parser) ring() (orb.Ring, error) {
	points, err := inParentheses(p, p.point)
	return orb.Ring(points), err
}

// pointOfMany takes a point of MULTIPOINT with or without its parentheses:
// the grammar has them, the standard's own tests do without.
func (p *parser) pointOfMany() (orb.Point, error) {
	inside := p.symbol("(")
	point, err := p.point()
	if err == nil && inside && !p.symbol(")") {
		err = p.expected(")")
	}
	return point, err
}

// point = number number [number]
func (p *parser) point() (orb.Point, error) {
	at := p.peek().pos
	if p.vertices++; p.vertices > MaxVertices {
		return orb.Point{}, faultAt(at, "geometries have more than %d points", MaxVertices)
	}
	var point orb.Point
	for i := range point {
		v, err := p.signedNumber()
		if err != nil {
			return point, err
		}
		point[i] = v
	}
	if t := p.peek(); t.kind == number || t.isSymbol("-") || t.isSymbol("+") {
		_, err := p.signedNumber()
		return point, err
	}
	return point, nil
}
