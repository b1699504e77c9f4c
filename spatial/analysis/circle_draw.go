package analysis

import (
	"context"
	"fmt"
	"iter"

	"github.com/paulmach/orb"

	"quanyu/spatial"
	"quanyu/spatial/network"
	"quanyu/spatial/reach"
)

const (
	// thinShare of the detail is how far an area's border may be from where it
	// was drawn. It is drawn 1.25 % of the detail nearer to the roads than the
	// detail, so no place comes inside that is too far. Half as much leaves six
	// times the vertices (the raster that crossings lie on shows), twice as much
	// less than half of them.
	thinShare = 0.005
	// fullShare is how many times the vertices of an answer may be drawn before
	// they are thinned, which takes some 70 bytes for each: 1.4 GB at most.
	fullShare = 5
)

// draw finds the roads and the area of each limit. The areas are thinned
// together, so that they stay within one another.
func (r *circleRun) draw(ctx context.Context, field *network.Field) error {
	areas := make([]reach.Area, len(r.circles))
	vertices := 0
	for i := range r.circles {
		c := &r.circles[i]
		field.Stretches(c.limit, func(s network.Stretch) { c.meters += s.To - s.From })
		// One after the other: an outline keeps all processors busy by itself,
		// and two at once would take twice its memory.
		report(ctx, 0.4+0.4*float64(i)/float64(len(r.circles)), fmt.Sprintf("drawing %v minutes", r.in.minutes[i]))
		var err error
		if areas[i], err = reach.Outline(ctx, r.lines(field, c.limit), r.in.detail); err != nil {
			return fmt.Errorf("drawing %v minutes: %w", r.in.minutes[i], err)
		}
		vertices += countVertices(areas[i].Polygon)
		if most := fullShare * r.drawn; vertices > most {
			return spatial.Errorf(spatial.Unprocessable,
				"The areas asked for have more than %d vertices together before they are thinned; ask for a larger detail_m, or for fewer or lower limits.", most)
		}
	}
	report(ctx, 0.8, "thinning areas")
	areas, err := reach.Thin(ctx, areas, thinShare*r.in.detail)
	if err != nil {
		return fmt.Errorf("thinning areas: %w", err)
	}
	vertices = 0
	for i, a := range areas {
		r.circles[i].area = a
		vertices += countVertices(a.Polygon)
	}
	r.vertices = vertices
	return r.mayDraw(vertices)
}

// lines are the reached parts of roads; each is overwritten by the next.
func (r *circleRun) lines(field *network.Field, limit network.Weight) iter.Seq[orb.LineString] {
	return func(yield func(orb.LineString) bool) {
		var line orb.LineString
		more := true
		field.Stretches(limit, func(s network.Stretch) {
			if more {
				line = r.router.Line(s, line[:0])
				more = yield(line)
			}
		})
	}
}

func countVertices(m orb.MultiPolygon) int {
	n := 0
	for _, polygon := range m {
		for _, ring := range polygon {
			n += len(ring)
		}
	}
	return n
}
